// The picture that stands in the page before the engine has loaded: the hero scenario at the
// instant at which the player opens it, drawn by the same engine.
import { loadEngine } from "./engine.mjs";

/** Where the player opens the hero scenario: virtual µs. */
export const HERO_US = 425_000;

/** What the page shows before the player runs: the picture with its style, and the text.
 * @returns {Promise<{ picture: string, text: string }>} */
export async function poster() {
  const Engine = await loadEngine();
  /** @type {{ text: string, hero: boolean }[]} */
  const catalogue = Engine.catalogue();
  const hero = catalogue.find((entry) => entry.hero);
  if (!hero) throw new Error("no scenario of the catalogue is the hero");
  const picture = Engine.poster(hero.text, HERO_US, "wide");
  const text = hero.text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  return { picture: `<style>${Engine.style()}</style>${picture}`, text };
}
