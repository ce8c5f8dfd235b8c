// Plays with the marked playing engine what the page plays first, for `xtask`: what is not reached
// here is not in the engine that loads before play. Arguments: the marked module,
// where its marks begin and end in its memory, where to write them.
import { readFileSync, writeFileSync } from "node:fs";
import { CATALOGUE } from "./engine.mjs";

const MODULE = new URL("../web/generated/playing.js", import.meta.url);

/** How far a text without an end is played: virtual µs. */
const HORIZON_US = 8_000_000;
/** Between two looks: virtual µs. */
const LOOK_US = 10_000;

const [wasm = "", begin = "", end = "", out = ""] = process.argv.slice(2);
/** @type {typeof import("../web/generated/playing.js")} */
const { initSync, Engine } = await import(MODULE.href);
const { memory } = initSync({ module: readFileSync(wasm) });

/** Everything that the page reads of an instant.
 * @param {import("../web/generated/playing.js").Engine} engine @param {number} lanes */
function look(engine, lanes) {
  engine.changed_groups();
  engine.frame();
  engine.lanes(lanes);
  engine.operation_bars();
  engine.flags();
  engine.lines();
  engine.checks();
  engine.beats();
  engine.actions();
  engine.violation();
  engine.events();
  engine.ended();
  engine.head();
  engine.text();
  engine.quiet_until(engine.time() + 200_000);
  engine.next_time();
}

/** @param {string} text @param {string} shape */
function play(text, shape) {
  const engine = new Engine(text);
  engine.describe();
  engine.seek(425_000);
  engine.picture(shape);
  const last = Math.min(engine.end() ?? HORIZON_US, HORIZON_US);
  for (let now = engine.time(); now < last; now += LOOK_US) {
    engine.advance(now + LOOK_US);
    look(engine, Math.max(0, engine.lanes_length() - 3));
  }
  engine.seek(last / 2);
  look(engine, 0);
  engine.seek(0);
  for (let k = 0; k < 50; k += 1) engine.step_change();
  for (let k = 0; k < 50; k += 1) engine.step();
  look(engine, 0);
  engine.digest();
  engine.free();
}

Engine.version();
for (const { text } of CATALOGUE.filter(({ hero }) => hero))
  for (const shape of ["wide", "phone"]) play(text, shape);
writeFileSync(out, new Uint8Array(memory.buffer, Number(begin), Number(end) - Number(begin)));
