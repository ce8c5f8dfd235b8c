// What a worker does for the search, request by request: play some seeds, try some smaller
// texts. The page does the same itself where there are no workers. Keeps no time.

import type { Explorer, ShrinkProgress } from "./interface.js";

/** Asked of a worker. */
export type Request =
  | { readonly kind: "search"; readonly from: number; readonly count: number }
  | { readonly kind: "begin"; readonly seed: number }
  | { readonly kind: "shrink"; readonly most: number };

/** What it answers. */
export interface Answer {
  /** The first failing seed; none, or not asked for: undefined. */
  readonly seed?: number;
  /** How far the shrinking is, the smallest text so far, and the check that it violates. */
  readonly shrunk?: { readonly progress: ShrinkProgress; readonly text: string };
  readonly check?: string;
}

/** Does what is asked. */
export function answer(explorer: Explorer, request: Request): Answer {
  if (request.kind === "search") {
    const seed = explorer.search(request.from, request.count);
    return Number.isNaN(seed) ? {} : { seed };
  }
  if (request.kind === "begin") {
    explorer.begin(request.seed);
    return { check: explorer.check() };
  }
  const progress = explorer.shrink(request.most);
  return progress === undefined ? {} : { shrunk: { progress, text: explorer.text() } };
}
