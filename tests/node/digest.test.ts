// The same text gives the same digest natively and in the wasm module under Node.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { CATALOGUE, digest } from "../../scripts/engine.mjs";

const folder = mkdtempSync(join(tmpdir(), "happens-before-"));
// Built before a test's time counts.
beforeAll(() => {
  execFileSync("cargo", ["build", "--quiet", "--package", "happens-before-cli"]);
}, 900_000);
afterAll(() => rmSync(folder, { recursive: true }));

test("the catalogue is not empty", () => {
  expect(CATALOGUE.length).toBeGreaterThan(0);
});

test.each(CATALOGUE)("$name", async ({ name, text }) => {
  const file = join(folder, `${name}.hb`);
  writeFileSync(file, text);
  const native = execFileSync(
    "cargo",
    ["run", "--quiet", "--package", "happens-before-cli", "--", "digest", file],
    { encoding: "utf8" },
  );
  expect(await digest(text)).toBe(native.trim());
  expect(native).toMatch(/^[0-9a-f]{16}\n$/);
});
