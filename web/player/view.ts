// What the page shows of a run between two events: read from the engine in one go, at most
// ten times a second. Plain data, no page.

import type {
  ActionView,
  Beat,
  Beats,
  CheckView,
  Description,
  LineView,
  Violation,
} from "./interface.js";
import type { Session } from "./session.js";

/** Everything that is text on the page. */
export interface View {
  readonly text: string;
  readonly description: Description;
  readonly lines: readonly LineView[];
  readonly checks: readonly CheckView[];
  readonly beats: Beats;
  readonly actions: readonly ActionView[];
  readonly violation: Violation | undefined;
  readonly events: number;
  readonly ended: boolean;
}

/** Reads a view; nothing when the engine has stopped. What only the text decides is kept. */
export function readView(session: Session, before: View | undefined): View | undefined {
  return session.read((engine) => {
    const violation = engine.violation();
    const text = engine.text();
    return {
      text,
      description: before?.text === text ? before.description : engine.describe(),
      lines: engine.lines(),
      checks: engine.checks(),
      beats: engine.beats(),
      actions: engine.actions(),
      violation: violation !== undefined && violation.time <= engine.time() ? violation : undefined,
      events: engine.events(),
      ended: engine.ended(),
    };
  });
}

/** The caption of the moment: what has been spoken last. */
export function lastBeat(view: View): Beat | undefined {
  return view.beats.spoken.at(-1);
}

/** Position in the text before which the playhead stands, 0-based. */
export function playheadLine(lines: readonly LineView[], nowUs: number): number {
  const ahead = lines.findIndex((line) => line.at !== undefined && line.at > nowUs);
  if (ahead >= 0) return ahead;
  const played = lines.findLastIndex((line) => line.at !== undefined);
  if (played >= 0) return played + 1;
  const standing = lines.findIndex((line) => line.state === "standing");
  return standing >= 0 ? standing : lines.length;
}
