// The picture that stands in the page before the engine has loaded: the hero scenario at the
// instant at which the player opens it, drawn by the same engine.
import { loadEngine } from "./engine.mjs";

/** Where the player opens the hero scenario: virtual µs. */
export const HERO_US = 425_000;

/** The SVG markup of the poster, with the style that it needs. */
export async function poster() {
  const Engine = await loadEngine();
  /** @type {{ text: string, hero: boolean }[]} */
  const catalogue = Engine.catalogue();
  const hero = catalogue.find((entry) => entry.hero);
  if (!hero) throw new Error("no scenario of the catalogue is the hero");
  return `<style>${Engine.style()}</style>${Engine.poster(hero.text, HERO_US, "wide")}`;
}
