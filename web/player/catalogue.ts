// The scenarios that come with the player. Only texts: the engine knows none of them.

import entries from "../generated/catalogue.json";
import type { CatalogueEntry } from "./interface.js";

export const CATALOGUE: readonly CatalogueEntry[] = entries;
