// The engine under Node: the same wasm module that the page loads.
import { readFileSync } from "node:fs";

const MODULE = new URL("../web/generated/happens_before.js", import.meta.url);
const WASM = new URL("../web/generated/happens_before_bg.wasm", import.meta.url);

/** How far a text without an end is played: virtual µs. */
const HORIZON_US = 10_000_000;
/** `advance` stopped at a violation, or has spent its budget of events for one call. */
const GO_ON = [1, 3];

/** The scenarios that come with the page.
 * @type {{ tab: string, name: string, title: string, about: string, text: string, hero: boolean }[]} */
export const CATALOGUE = JSON.parse(
  readFileSync(new URL("../web/generated/catalogue.json", import.meta.url), "utf8"),
);

/** Loads the module and gives its class Engine. */
export async function loadEngine() {
  /** @type {typeof import("../web/generated/happens_before.js")} */
  const { initSync, Engine } = await import(MODULE.href);
  initSync({ module: readFileSync(WASM) });
  return Engine;
}

/**
 * The digest of a scenario played to its end, or to 10 s; violations do not stop it.
 * @param {string} text
 */
export async function digest(text) {
  const Engine = await loadEngine();
  const engine = new Engine(text);
  const until = engine.end() ?? HORIZON_US;
  while (GO_ON.includes(engine.advance(until)));
  return engine.digest();
}
