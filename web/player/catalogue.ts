// The scenarios that come with the player. Only texts: the engine knows none of them. The first one
// is there at once, the others when somebody asks for them.

import hero from "../generated/hero.json";
import type { CatalogueEntry } from "./interface.js";

/** The one that plays first. */
export const HERO: CatalogueEntry = hero;

/** All of them, in their order. */
export async function loadCatalogue(): Promise<readonly CatalogueEntry[]> {
  const { default: entries } = await import("../generated/catalogue.json");
  return entries;
}
