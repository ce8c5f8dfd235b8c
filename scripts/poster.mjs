// The picture that stands in the page before the engine has loaded: the hero scenario at the
// instant at which the player opens it, drawn by the same engine.
import { readFileSync } from "node:fs";
import { CATALOGUE, loadEngine } from "./engine.mjs";

const STYLE = new URL("../web/generated/picture.css", import.meta.url);

/** Where the player opens the hero scenario: virtual µs. */
export const HERO_US = 425_000;

/** How far its events are listed when it has no end: virtual µs. */
const HORIZON_US = 10_000_000;

/** @param {string} text */
const escaped = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");

/** What the page shows before the player runs: the pictures with their style, and the text.
 * @returns {Promise<{ wide: string, phone: string, caption: string, under: string, text: string, events: string }>} */
export async function poster() {
  const Engine = await loadEngine();
  const hero = CATALOGUE.find((entry) => entry.hero);
  if (!hero) throw new Error("no scenario of the catalogue is the hero");
  const engine = new Engine(hero.text);
  engine.seek(HERO_US);
  /** @type {{ text: string, under: string } | undefined} */
  const beat = engine.beats().spoken.at(-1);
  const caption = escaped(beat?.text ?? "");
  const under = escaped(beat?.under ?? "");
  engine.seek(engine.end() ?? HORIZON_US);
  /** @type {{ time: number, text: string }[]} */
  const spoken = engine.beats().spoken;
  const events = spoken
    .map(({ time, text }) => `<li>${(time / 1e6).toFixed(3)} s: ${escaped(text)}</li>`)
    .join("");
  const text = escaped(hero.text);
  const style = readFileSync(STYLE, "utf8");
  const wide = Engine.poster(hero.text, HERO_US, "wide");
  const phone = Engine.poster(hero.text, HERO_US, "phone");
  return { wide: `<style>${style}</style>${wide}`, phone, caption, under, text, events };
}
