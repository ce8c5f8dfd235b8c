// A text played again, apart from the run on stage: what the self-test compares, and the few
// digests on the way that a link carries, so that a page that plays it differently can say from
// when on. Never touches the run on stage.

import type { EngineClass } from "./interface.js";

/** What `advance` gives when it can go on: a violation, or the budget of one call. */
const GO_ON: readonly number[] = [1, 3];
/** A link carries the digests at so many equal steps on the way to its instant. */
const STEPS = 8;
/** Hex digits of each. */
const DIGITS = 4;
/** How far a text without an end is played, virtual µs; so far the golden file goes. */
export const HORIZON_US = 10_000_000;

/** The digests of a fresh run of a text at these instants, in order. */
function digestsAt(engineClass: EngineClass, text: string, instants: readonly number[]): string[] {
  const engine = new engineClass(text);
  try {
    return instants.map((instant) => {
      while (GO_ON.includes(engine.advance(instant)));
      return engine.digest();
    });
  } finally {
    engine.free();
  }
}

/** The digest of a fresh run at an instant. */
export function digestAt(engineClass: EngineClass, text: string, timeUs: number): string {
  return digestsAt(engineClass, text, [timeUs])[0] ?? "";
}

/** The digest of a fresh run at the text's end, or at 10 s. */
export function digestAtEnd(engineClass: EngineClass, text: string): string {
  const engine = new engineClass(text);
  const end = engine.end() ?? HORIZON_US;
  engine.free();
  return digestAt(engineClass, text, end);
}

function instantsOf(timeUs: number): number[] {
  return Array.from({ length: STEPS }, (_, k) => Math.floor((timeUs * (k + 1)) / STEPS));
}

/** Digests on the way to an instant, a few digits of each, in one word. */
export function digestsOnTheWay(engineClass: EngineClass, text: string, timeUs: number): string {
  const digests = digestsAt(engineClass, text, instantsOf(timeUs));
  return digests.map((digest) => digest.slice(0, DIGITS)).join("");
}

/** Up to when a run is as its link says, and from when on it is not; none when it is. */
export function firstDifference(
  engineClass: EngineClass,
  text: string,
  timeUs: number,
  way: string,
): { sameUs: number; differsUs: number } | undefined {
  if (way.length !== STEPS * DIGITS) return undefined;
  const here = digestsOnTheWay(engineClass, text, timeUs);
  const differs = instantsOf(timeUs).findIndex(
    (_, k) => here.slice(k * DIGITS, (k + 1) * DIGITS) !== way.slice(k * DIGITS, (k + 1) * DIGITS),
  );
  if (differs < 0) return undefined;
  const instants = [0, ...instantsOf(timeUs)];
  return { sameUs: instants[differs] ?? 0, differsUs: instants[differs + 1] ?? timeUs };
}
