// Numbers of a run in words: times, paces, spans. Never reads a clock and never touches the page.

/** Paces offered, virtual µs for each second on screen. */
export const PACES: readonly number[] = [
  5_000, 10_000, 20_000, 50_000, 100_000, 200_000, 500_000, 1_000_000, 5_000_000, 30_000_000,
];

const FLIGHT_ON_SCREEN_S = 0.6;

/** "0.660 s": the whole milliseconds gone by. The last µs of one already shows the next: what
 * is done there is written there. */
export function clockText(timeUs: number): string {
  return `${(Math.floor((timeUs + 1) / 1000) / 1000).toFixed(3)} s`;
}

/** "50 ms", "1 s": a span without needless digits. */
export function spanText(spanUs: number): string {
  return spanUs < 1_000_000 ? `${trimmed(spanUs / 1000)} ms` : `${trimmed(spanUs / 1_000_000)} s`;
}

/** "in 4.8 s": how long until then on screen at this pace. */
export function countdownText(fromUs: number, toUs: number, paceUs: number): string {
  const seconds = Math.max(0, toUs - fromUs) / paceUs;
  if (seconds >= 90) return `in ${Math.round(seconds / 60)} min`;
  return seconds >= 10 ? `in ${Math.round(seconds)} s` : `in ${seconds.toFixed(1)} s`;
}

/** The pace at which a median flight takes nearest to 0.6 s on screen. */
export function defaultPace(medianFlightUs: number): number {
  const wanted = Math.max(1, medianFlightUs) / FLIGHT_ON_SCREEN_S;
  const distance = (pace: number): number => Math.abs(Math.log(pace / wanted));
  return PACES.reduce((best, pace) => (distance(pace) < distance(best) ? pace : best));
}

/** The next slower (-1) or faster (1) pace. */
export function neighbourPace(paceUs: number, direction: 1 | -1): number {
  const at = PACES.indexOf(paceUs);
  const next = PACES[at < 0 ? 3 : at + direction];
  return next ?? paceUs;
}

/** "slow motion" below real time, "time lapse" above it. */
export function paceName(paceUs: number): string {
  if (paceUs === 1_000_000) return "real time";
  return paceUs < 1_000_000 ? "slow motion" : "time lapse";
}

/** "1,506" */
export function countText(count: number): string {
  return count.toLocaleString("en-US");
}

/** "n3->n1 append #4" out of "drop n3->n1 append #4". */
export function messageName(action: string): string {
  return /\S+->\S+ \S+ #\d+/.exec(action)?.[0] ?? action;
}

function trimmed(value: number): string {
  return String(Math.round(value * 1000) / 1000);
}
