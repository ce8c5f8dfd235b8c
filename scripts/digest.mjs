// `npm run -s digest -- FILE`: plays a scenario in the wasm module, to its end or to 10 s, and
// prints its digest. The command `happens-before digest FILE` prints the native one.
import { readFileSync } from "node:fs";
import { digest } from "./engine.mjs";

const UNREADABLE = 3;
const file = process.argv[2];
if (!file) {
  console.error("usage: npm run -s digest -- FILE");
  process.exit(UNREADABLE);
}

try {
  console.log(await digest(readFileSync(file, "utf8")));
} catch (error) {
  if (Array.isArray(error)) {
    for (const { line, column, message, hint } of error)
      console.error(`${file}:${line}:${column}: ${message} ${hint}`);
  } else {
    console.error(error instanceof Error ? error.message : error);
  }
  process.exit(UNREADABLE);
}
