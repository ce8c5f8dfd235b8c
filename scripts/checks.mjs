// How long checks of histories take in the module that the page loads, beside the native ones: the
// same files, drawn by the benchmark. `node scripts/checks.mjs` after `npm run build`; prints a
// line for each workload, judges nothing.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Failure, output } from "./stages.mjs";

const WORKLOADS = [
  "register-log",
  "kv-50-clients-ok",
  "kv-50-clients-bad",
  "kv-50-clients-few-values",
  "list-append-20k",
  "hundred-keys-100k",
];
const BENCH = "run --quiet --release --package happens-before-bench -- --json".split(" ");
/** As much as the page allows at first, and how much of it at once. */
const STEPS_MAX = 50_000_000;
const STEPS = 1_000_000;

/** @type {typeof import("../web/generated/checker.js")} */
const { initSync, Checker } = await import(
  new URL("../web/generated/checker.js", import.meta.url).href
);
initSync({ module: readFileSync(new URL("../web/generated/checker_bg.wasm", import.meta.url)) });

/** Milliseconds from the text to its verdict. @param {string} text */
function millis(text) {
  const begun = performance.now();
  const checker = new Checker(text, STEPS_MAX);
  while (!checker.advance(STEPS).done);
  const took = performance.now() - begun;
  checker.free();
  return took;
}

/** @param {number[]} values */
const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

const folder = mkdtempSync(join(tmpdir(), "happens-before-checks-"));
try {
  const native = output("cargo", [...BENCH, "--keep", folder, ...WORKLOADS]);
  if (native === undefined) throw new Failure("the benchmark does not run");
  const files = readdirSync(folder);
  for (const line of native.trim().split("\n")) {
    /** @type {{ workload: string, setting: string, subject: string, unit: string, median: number }} */
    const result = JSON.parse(line);
    const { workload, setting, unit } = result;
    const own = files.filter((file) => file.startsWith(`${workload}, ${setting}, `));
    if (unit !== "ms" || own.length === 0) continue;
    const here = median(own.map((file) => millis(readFileSync(join(folder, file), "utf8"))));
    const ratio = (here / result.median).toFixed(2);
    console.log(
      `${workload} (${setting}): ${here.toFixed(2)} ms, ${ratio} of native ${result.median.toFixed(2)}`,
    );
  }
} finally {
  rmSync(folder, { recursive: true });
}
