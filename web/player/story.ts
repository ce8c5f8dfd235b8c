// The captions as a story with pages: to the one before, to the next that will be spoken.

import type { Session } from "./session.js";

const FARTHEST = 64;

/** Seeks to the caption before (-1) or after (1) the one that is shown. */
export function stepToBeat(session: Session, direction: 1 | -1): void {
  const beats = session.read((engine) => engine.beats());
  if (beats === undefined) return;
  if (direction < 0) {
    const before = beats.spoken.at(-2);
    session.seek(before?.time ?? 0);
    return;
  }
  // Faults lie between captions: go from flag to flag until one more has been spoken.
  for (let k = 0; k < FARTHEST; k += 1) {
    const time = session.time;
    session.seekFlag(1);
    const spoken = session.read((engine) => engine.beats())?.position ?? 0;
    if (spoken > beats.position || session.time === time) return;
  }
}
