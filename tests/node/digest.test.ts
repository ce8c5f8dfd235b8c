// The same text gives the same digest natively and in the wasm module under Node. The native
// digests are those of `digests.txt`, to which the Rust tests hold the native build.
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { CATALOGUE, digest } from "../../scripts/engine.mjs";

const lines = readFileSync("core/src/catalogue/digests.txt", "utf8").split("\n");
const native = new Map(
  lines.flatMap((line) => {
    const [, name, value] = /^([a-z0-9-]+) ([0-9a-f]{16})$/.exec(line) ?? [];
    return name !== undefined && value !== undefined ? [[name, value]] : [];
  }),
);

test("every scenario of the catalogue has a native digest", () => {
  expect(CATALOGUE.length).toBeGreaterThan(0);
  expect([...native.keys()].toSorted()).toEqual(CATALOGUE.map(({ name }) => name).toSorted());
});

test.each(CATALOGUE)("$name", async ({ name, text }) => {
  expect(await digest(text)).toBe(native.get(name));
});
