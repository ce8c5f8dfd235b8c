// Which stretch of time and which lanes the space-time diagram shows, and where in it a time and a
// lane are. Time runs right, or down where there is little width. Pure numbers, no page.

import MEASURES from "../../generated/spacetime.json";

const { pitch: PITCH, least_pitch: LEAST_PITCH } = MEASURES;

/** A place in the canvas, CSS px. */
export type Place = readonly [x: number, y: number];

/** What lies around the lanes, CSS px: names before them, labels over the first, times after. */
interface Margins {
  readonly before: number;
  readonly after: number;
  readonly over: number;
  readonly under: number;
}

const WIDE: Margins = { before: 66, after: 24, over: 36, under: 50 };
const NARROW: Margins = { before: 34, after: 12, over: 64, under: 30 };
/** Height of the row of times. */
const AXIS = 24;
/** The shortest and the longest stretch that a screen shows, virtual µs. */
const SHORTEST_US = 200;
const LONGEST_US = 3_600_000_000;
/** The playhead that is followed stands at this share of the way. */
const FOLLOWED_AT = 0.8;

/** The camera. */
export class Camera {
  /** Time at the beginning of the lanes, virtual µs. */
  fromUs = 0;
  /** Virtual µs for each px. */
  usPerPx = 300;
  /** Whether the playhead is kept in sight. */
  follows = true;
  #width = 1;
  #height = 1;
  #lanes = 1;
  #vertical = false;
  #pitch = PITCH;
  /** The lanes may need more room than there is: so many px of them are out of sight. */
  #scrolled = 0;

  resize(width: number, height: number, lanes: number): void {
    this.#width = width;
    this.#height = height;
    this.#lanes = Math.max(1, lanes);
    this.#vertical = width < 560;
    const room = (this.#across - this.#margins.over - this.#margins.under) / Math.max(1, lanes - 1);
    this.#pitch = Math.max(LEAST_PITCH, Math.min(PITCH, room));
    this.scroll(0);
  }

  /** Time runs down. */
  get vertical(): boolean {
    return this.#vertical;
  }

  get width(): number {
    return this.#width;
  }

  get height(): number {
    return this.#height;
  }

  get pitch(): number {
    return this.#pitch;
  }

  /** Where the lanes begin and end along the time, px. */
  get begin(): number {
    return this.#margins.before;
  }

  get end(): number {
    return (this.#vertical ? this.#height : this.#width) - this.#margins.after;
  }

  /** Where lanes may be seen across, px. */
  get top(): number {
    return this.#vertical ? 0 : this.#margins.over - 34;
  }

  get bottom(): number {
    return this.#across - (this.#vertical ? 0 : AXIS);
  }

  /** Time at the end of the lanes, virtual µs. */
  get toUs(): number {
    return this.fromUs + this.spanUs;
  }

  get spanUs(): number {
    return (this.end - this.begin) * this.usPerPx;
  }

  /** Px along the lanes. */
  along(timeUs: number): number {
    return this.begin + (timeUs - this.fromUs) / this.usPerPx;
  }

  /** Px across the lanes. */
  across(lane: number): number {
    return this.#margins.over + lane * this.#pitch - this.#scrolled;
  }

  at(timeUs: number, lane: number): Place {
    return this.turned(this.along(timeUs), this.across(lane));
  }

  /** A place by its px along and across. */
  turned(along: number, across: number): Place {
    return this.#vertical ? [across, along] : [along, across];
  }

  /** Time under a place. */
  timeAt(x: number, y: number): number {
    return this.fromUs + ((this.#vertical ? y : x) - this.begin) * this.usPerPx;
  }

  /** The lane next to a place, and how many px away. */
  laneAt(x: number, y: number): [lane: number, away: number] {
    const across = (this.#vertical ? x : y) + this.#scrolled - this.#margins.over;
    const lane = Math.max(0, Math.min(this.#lanes - 1, Math.round(across / this.#pitch)));
    return [lane, Math.abs(across - lane * this.#pitch)];
  }

  /** Lanes that may be in sight: from one up to before another. */
  get lanes(): [number, number] {
    const first = Math.floor((this.#scrolled - this.#margins.over) / this.#pitch) - 1;
    const count = Math.ceil(this.#across / this.#pitch) + 3;
    return [Math.max(0, first), Math.min(this.#lanes, first + count)];
  }

  /** Whether some lanes are out of sight. */
  get scrolls(): boolean {
    return this.#overflow > 0;
  }

  /** Moves the lanes by so many px. */
  scroll(px: number): void {
    this.#scrolled = Math.max(0, Math.min(this.#overflow, this.#scrolled + px));
  }

  /** Moves the time by so many px. */
  pan(px: number): void {
    this.fromUs = Math.max(-40 * this.usPerPx, this.fromUs + px * this.usPerPx);
    this.follows = false;
  }

  /** Shows less (a factor below 1) or more around a place along the lanes. */
  zoom(factor: number, along: number): void {
    const pivotUs = this.fromUs + (along - this.begin) * this.usPerPx;
    const length = Math.max(1, this.end - this.begin);
    const wanted = this.usPerPx * factor;
    this.usPerPx = Math.max(SHORTEST_US / length, Math.min(LONGEST_US / length, wanted));
    this.fromUs = Math.max(-40 * this.usPerPx, pivotUs - (along - this.begin) * this.usPerPx);
  }

  /** Shows all up to a time. */
  fit(untilUs: number): void {
    this.fromUs = 0;
    this.usPerPx = Math.max(1, (untilUs * 1.02) / Math.max(1, this.end - this.begin));
    this.follows = false;
  }

  /** Keeps a time where a playhead is followed. */
  follow(timeUs: number): void {
    this.fromUs = Math.max(0, timeUs - FOLLOWED_AT * this.spanUs);
  }

  /** Moves only as far as needed to have a time in sight; true when it moved. */
  reveal(timeUs: number): boolean {
    const margin = Math.min(60 * this.usPerPx, this.spanUs / 4);
    const low = timeUs - margin;
    const high = timeUs + margin - this.spanUs;
    if (this.fromUs <= low && this.fromUs >= high) return false;
    this.fromUs = Math.max(0, this.fromUs > low ? low : high);
    this.follows = false;
    return true;
  }

  /** Shows what led to a time: it stands near the end. */
  lead(timeUs: number): void {
    const margin = Math.min(60 * this.usPerPx, this.spanUs / 4);
    this.fromUs = Math.max(0, timeUs + margin - this.spanUs);
    this.follows = false;
  }

  /** Moves the lanes so that one is in sight. */
  revealLane(lane: number): void {
    const across = this.across(lane);
    if (across < this.#margins.over) this.scroll(across - this.#margins.over);
    const most = this.#across - this.#margins.under;
    if (across > most) this.scroll(across - most);
  }

  get #margins(): Margins {
    return this.#vertical ? NARROW : WIDE;
  }

  get #across(): number {
    return this.#vertical ? this.#width : this.#height;
  }

  get #overflow(): number {
    const needed = this.#margins.over + (this.#lanes - 1) * this.#pitch + this.#margins.under;
    return Math.max(0, needed - this.#across);
  }
}

/** A round step of time so that ticks stand at least so many px apart. */
export function tickStep(usPerPx: number, px: number): number {
  const least = usPerPx * px;
  for (let decade = 1; ; decade *= 10) {
    for (const factor of [1, 2, 5]) if (factor * decade >= least) return factor * decade;
  }
}
