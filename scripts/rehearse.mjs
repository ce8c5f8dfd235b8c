// Plays with the marked playing engine what the page plays first, for `xtask`: what is not reached
// here is not in the engine that loads before play. Prints a hash of all that the engine said.
// Arguments: the module; when it is marked, where the marks begin and end in its memory and where
// to write them.
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { CATALOGUE } from "./engine.mjs";

const MODULE = new URL("../web/generated/playing.js", import.meta.url);

/** How far a text without an end is played, virtual µs: to the last caption of the first run,
 * half a minute on screen. By then the whole engine has long taken over. */
const HORIZON_US = 2_000_000;
/** Between two looks: virtual µs. */
const LOOK_US = 10_000;
/** Single steps that are made. */
const STEPS = 50;

const [wasm = "", begin = "", end = "", out = ""] = process.argv.slice(2);
/** @type {typeof import("../web/generated/playing.js")} */
const { initSync, Engine } = await import(MODULE.href);
const { memory } = initSync({ module: readFileSync(wasm) });

const said = createHash("sha256");
/** @param {unknown[]} answers */
const hear = (...answers) => void said.update(JSON.stringify(answers));

/** Everything that the page reads of an instant.
 * @param {import("../web/generated/playing.js").Engine} engine @param {number} lanes */
function look(engine, lanes) {
  hear(engine.changed_groups(), [...engine.frame()], [...engine.lanes(lanes)]);
  hear([...engine.operation_bars()], engine.flags(), engine.lines(), engine.checks());
  hear(engine.beats(), engine.actions(), engine.violation(), engine.text());
  hear(engine.events(), engine.ended(), engine.head(), engine.next_time(), engine.fades());
}

/** @param {string} text @param {string} shape */
function play(text, shape) {
  const engine = new Engine(text);
  hear(engine.describe());
  engine.seek(425_000);
  hear(engine.picture(shape));
  const last = Math.min(engine.end() ?? HORIZON_US, HORIZON_US);
  for (let now = engine.time(); now < last; now += LOOK_US) {
    hear(engine.advance(now + LOOK_US));
    look(engine, Math.max(0, engine.lanes_length() - 3));
  }
  // Scrubbing, then play with reduced motion and step by step.
  engine.seek(last / 2);
  look(engine, 0);
  engine.seek(0);
  for (let k = 0; k < STEPS; k += 1) hear(engine.step_change(), engine.step());
  look(engine, 0);
  hear(engine.digest());
  engine.free();
}

hear(Engine.version());
for (const { text } of CATALOGUE.filter(({ hero }) => hero))
  for (const shape of ["wide", "phone"]) play(text, shape);
if (out !== "")
  writeFileSync(out, new Uint8Array(memory.buffer, Number(begin), Number(end) - Number(begin)));
console.log(said.digest("hex"));
