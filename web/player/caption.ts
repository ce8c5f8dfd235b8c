// The caption of the moment. While the run plays each one stays long enough to be read; at
// rest it is the one that belongs to the instant.

import type { Beat } from "./interface.js";
import type { View } from "./view.js";

const STAYS_MS = 2500;

/** Caption and what stands under it. */
export interface CaptionText {
  readonly caption: string;
  readonly under: string;
  /** It is the statement of the violation. */
  readonly violated: boolean;
}

/** Remembers since when a caption is shown. */
export class CaptionKeeper {
  #shown: Beat | undefined;
  #sinceMs = 0;

  /** What to show of this view. */
  now(view: View | undefined, playing: boolean, nowMs: number): CaptionText {
    const beat = view?.beats.spoken.at(-1);
    // Where the story goes on after it, it is told on.
    const violation = view?.violation;
    if (violation && (beat === undefined || beat.time <= violation.time)) {
      return { caption: violation.statement, under: violation.cause, violated: true };
    }
    const other = beat?.time !== this.#shown?.time || beat?.text !== this.#shown?.text;
    const early = playing && this.#shown !== undefined && nowMs - this.#sinceMs < STAYS_MS;
    if (other && !early) {
      this.#shown = beat;
      this.#sinceMs = nowMs;
    }
    const title = view?.description.title ?? "";
    const { text = title, under = "" } = this.#shown ?? {};
    return { caption: text, under, violated: false };
  }
}
