// Weighs what the page loads before it plays, from dist/index.html on: prints a table and fails
// when a part is over its budget. What is fetched later, on demand, is not counted.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { extname, join, posix } from "node:path";
import { gzipSync } from "node:zlib";

const DIST = "dist";
/** All that loads before play weighs at most this, gzip -9, in bytes; and so it is split. */
const TOTAL = 200_000;
const BUDGETS = { wasm: 88_000, scripts: 67_000, fonts: 35_000, rest: 10_000 };
/** How xtask built the wasm: with a standard library of its own, or a larger one. */
const LIBRARY = "web/generated/library.txt";

/** @typedef {keyof typeof BUDGETS} Part */
/** @type {Record<string, Part>} */
const PARTS = { ".wasm": "wasm", ".js": "scripts", ".woff2": "fonts" };

/** @param {string} file */
const weight = (file) => gzipSync(readFileSync(join(DIST, file)), { level: 9 }).length;

/**
 * The files that a file names and that the browser fetches with it: links and scripts of HTML,
 * static imports and addresses of scripts, addresses of style sheets. A dynamic `import()` is
 * left out: it is made on demand.
 * @param {string} file
 */
function references(file) {
  const text = readFileSync(join(DIST, file), "utf8");
  /** @type {Record<string, RegExp[]>} */
  const patterns = {
    ".html": [/<(?:link|script|img)\b[^>]*?\b(?:href|src)="([^"#:]+)"/g],
    ".js": [/\b(?:import|from)\s*["'`]([^"'`]+)["'`]/g, /new URL\(\s*["'`]([^"'`]+)["'`]/g],
    ".css": [/url\(\s*["']?([^"')]+)["']?\s*\)/g],
  };
  const own = patterns[extname(file)] ?? [];
  const found = own.flatMap((pattern) =>
    [...text.matchAll(pattern)].map((match) => match[1] ?? ""),
  );
  return found
    .map((name) => posix.join(posix.dirname(file), name))
    .filter((name) => extname(name) !== "" && existsSync(join(DIST, name)));
}

/** Everything reachable from index.html. */
function loadedBeforePlay() {
  const seen = new Set(["index.html"]);
  for (const file of seen) for (const next of references(file)) seen.add(next);
  return [...seen].toSorted();
}

const files = loadedBeforePlay().map((file) => ({
  file,
  part: PARTS[extname(file)] ?? "rest",
  bytes: weight(file),
}));
/** @param {(entry: typeof files[number]) => boolean} keep */
const sum = (keep) => files.filter(keep).reduce((total, { bytes }) => total + bytes, 0);
/** @param {number} bytes */
const kilo = (bytes) => (bytes / 1000).toFixed(1).padStart(7);

let over = false;
/** @param {string} part @param {number} bytes @param {number} budget */
function row(part, bytes, budget) {
  const verdict = bytes > budget ? "  OVER" : "";
  over ||= bytes > budget;
  console.log(`${part.padEnd(22)}${kilo(bytes)}${kilo(budget)}${verdict}`);
}
console.log("before play, gzip -9        kB  budget");
for (const [part, budget] of Object.entries(BUDGETS)) {
  for (const { file, bytes } of files.filter((entry) => entry.part === part))
    console.log(`  ${file.padEnd(40)}${kilo(bytes)}`);
  row(
    part,
    sum((entry) => entry.part === part),
    budget,
  );
}
row(
  "all",
  sum(() => true),
  TOTAL,
);

const LOADER = "embed.js";
if (readdirSync(DIST).includes(LOADER)) {
  const bytes = readFileSync(join(DIST, LOADER)).length;
  over ||= bytes > 1000;
  console.log(
    `${`${LOADER} (not gzipped)`.padEnd(22)}${kilo(bytes)}${kilo(1000)}${bytes > 1000 ? "  OVER" : ""}`,
  );
}
if (over && !readFileSync(LIBRARY, "utf8").startsWith("own")) {
  console.warn("over budget, because the wasm was built without rust-src");
} else if (over) {
  console.error("over budget");
  process.exit(1);
}
