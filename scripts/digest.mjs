// `npm run -s digest -- FILE`: plays a scenario in the wasm module, to its end or to 10 s, and
// prints its digest. The command `happens-before digest FILE` prints the native one. The module
// is that of the sources as they are now: it is built first, silently unless that fails.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const UNREADABLE = 3;

/** @param {string} text @returns {never} */
function refuse(text) {
  console.error(text);
  process.exit(UNREADABLE);
}

/** @param {string} file */
function read(file) {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error));
  }
}

const file = process.argv[2] ?? refuse("usage: npm run -s digest -- FILE");
const text = read(file);

const generate = fileURLToPath(new URL("generate.mjs", import.meta.url));
const built = spawnSync(process.execPath, [generate], { encoding: "utf8" });
if (built.status !== 0) {
  console.error(built.stdout + built.stderr);
  process.exit(1);
}

const { digest } = await import("./engine.mjs");
try {
  console.log(await digest(text));
} catch (error) {
  if (!Array.isArray(error)) throw error;
  const lines = error.map(
    ({ line, column, message, hint }) => `${file}:${line}:${column}: ${message} ${hint}`,
  );
  refuse(lines.join("\n"));
}
