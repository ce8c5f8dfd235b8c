// What of a history is drawn, and where: a band for each key, a lane in it for each process (or as
// few lanes as the operations need, where many processes take turns), a bar for each operation, and a point in the bar for its place in the order. Along
// the axis stand the calls and returns of what is shown, one after another. Pure numbers.

import type { Bad, Picture } from "./interface.js";
import { Fate, NEVER } from "./rows.js";
import type { Rows } from "./rows.js";

/** Height of a lane, and of what stands over the lanes of a band, CSS px. */
export const PITCH = 50;
export const HEAD = 34;

/** With more processes than this they share lanes. */
const MANY_PROCESSES = 12;

/** Operations one after another. */
export interface Lane {
  /** Whose they are: index in `Picture.processes`; none where several share the lane. */
  readonly process: number | undefined;
  /** In the order of their calls. */
  readonly rows: readonly number[];
}

/** The order in which the operations of a band can have taken effect. */
export interface Thread {
  readonly rows: ArrayLike<number>;
  /** The place of each in the whole order, from 1. */
  readonly numbers: ArrayLike<number>;
  /** Where each takes effect, on the axis. */
  readonly along: Float64Array;
}

/** One key. */
export interface Band {
  readonly key: number;
  readonly lanes: readonly Lane[];
  /** Px from the top of the scene. */
  readonly top: number;
  readonly height: number;
}

/** What is chosen to be drawn. */
export interface Choice {
  /** One key; all without. */
  readonly key: number | undefined;
  /** Only these rows; all without. */
  readonly only: ReadonlySet<number> | undefined;
  /** Whether processes share lanes. */
  readonly packed: boolean;
}

/** A laid out history. */
export class Scene {
  readonly bands: readonly Band[];
  /** Length of the axis. */
  readonly length: number;
  readonly height: number;
  /** Whether processes share lanes. */
  readonly packed: boolean;
  readonly #rows: Rows;
  /** Places of all events that are shown, in order. */
  readonly #places: Uint32Array;
  /** Lane of each row that is shown, counted within its band, plus one. */
  readonly #laneOf: Uint32Array;

  constructor(rows: Rows, picture: Picture, choice: Choice) {
    this.#rows = rows;
    this.packed = choice.packed;
    this.#laneOf = new Uint32Array(rows.length);
    const shown = chosen(rows, choice);
    this.#places = placesOf(rows, shown);
    this.length = this.#places.length;
    this.bands = this.#layOut(
      shown,
      choice.key === undefined ? keysInOrder(picture) : [choice.key],
      choice.packed,
    );
    const last = this.bands.at(-1);
    this.height = last ? last.top + last.height : 0;
  }

  /** Whether a row is drawn. */
  has(row: number): boolean {
    return (this.#laneOf[row] ?? 0) > 0;
  }

  bandOf(row: number): Band | undefined {
    if (!this.has(row)) return undefined;
    return this.bands.find((band) => band.key === this.#rows.key[row]);
  }

  /** Its lane, within its band. */
  laneOf(row: number): number {
    return (this.#laneOf[row] ?? 0) - 1;
  }

  /** Where a bar begins, on the axis. */
  from(row: number): number {
    return this.along(this.#rows.call[row] ?? 0);
  }

  /** Where it ends: what never returned ends where all does. */
  to(row: number): number {
    const end = this.#rows.end[row] ?? NEVER;
    return end === NEVER ? this.length : this.along(end);
  }

  /** Where a place among all events is on the axis. */
  along(place: number): number {
    return lowerBound(this.#places, place);
  }

  /** The place among all events that stands somewhere on the axis. */
  placeAt(along: number): number {
    return this.#places[Math.max(0, Math.min(this.length - 1, Math.round(along)))] ?? 0;
  }

  /** The middle of a row's lane, px from the top of the scene. */
  across(row: number): number {
    const band = this.bandOf(row);
    return band === undefined ? 0 : band.top + HEAD + (this.laneOf(row) + 0.5) * PITCH;
  }

  /** An order, each operation at a point of its bar, none before the one that it follows. */
  thread(order: ArrayLike<number>): Thread {
    const taken = Array.from(order, (row, k) => ({ row, number: k + 1 }));
    const shown = taken.filter(({ row }) => this.has(row));
    return {
      rows: shown.map(({ row }) => row),
      numbers: shown.map(({ number }) => number),
      along: spread(shown.map(({ row }) => [this.from(row), this.to(row)])),
    };
  }

  #layOut(shown: readonly number[], keys: readonly number[], packed: boolean): Band[] {
    const byKey = new Map<number, number[]>();
    for (const row of shown) {
      const key = this.#rows.key[row] ?? 0;
      const its = byKey.get(key);
      if (its) its.push(row);
      else byKey.set(key, [row]);
    }
    let top = 0;
    return keys.flatMap((key) => {
      const its = byKey.get(key);
      if (its === undefined) return [];
      const lanes = packed ? this.#packed(its) : this.#ofProcesses(its);
      lanes.forEach(({ rows }, index) => {
        for (const row of rows) this.#laneOf[row] = index + 1;
      });
      const band = { key, lanes, top, height: HEAD + lanes.length * PITCH };
      top += band.height;
      return [band];
    });
  }

  /** A lane for each process, in the order of their first calls. */
  #ofProcesses(its: readonly number[]): Lane[] {
    const lanes = new Map<number, number[]>();
    for (const row of its) {
      const process = this.#rows.process[row] ?? 0;
      const lane = lanes.get(process);
      if (lane) lane.push(row);
      else lanes.set(process, [row]);
    }
    const inOrder = [...lanes].toSorted(([a], [b]) => a - b);
    return inOrder.map(([process, rows]) => ({ process, rows }));
  }

  /** Each operation in the first lane that is free when it is called. */
  #packed(its: readonly number[]): Lane[] {
    const lanes: number[][] = [];
    const ends: number[] = [];
    for (const row of its) {
      const call = this.#rows.call[row] ?? 0;
      const free = ends.findIndex((end) => end < call);
      const index = free < 0 ? lanes.length : free;
      (lanes[index] ??= []).push(row);
      ends[index] = this.#rows.end[row] ?? NEVER;
    }
    return lanes.map((rows) => ({ process: undefined, rows }));
  }
}

/** Rows in the order of their calls, as they come. */
function chosen(rows: Rows, { key, only }: Choice): number[] {
  const shown: number[] = [];
  for (let row = 0; row < rows.length; row++) {
    if (key !== undefined && rows.key[row] !== key) continue;
    if (only !== undefined && !only.has(row)) continue;
    shown.push(row);
  }
  return shown;
}

/** Bad keys first, then what is not decided, then as they come. */
export function keysInOrder(picture: Picture): number[] {
  const RANKS = { violated: 0, undecided: 1, holds: 2 };
  const rank = (key: number): number => RANKS[picture.keys[key]?.verdict ?? "holds"];
  return picture.keys.map((_, key) => key).toSorted((a, b) => rank(a) - rank(b) || a - b);
}

function placesOf(rows: Rows, shown: readonly number[]): Uint32Array {
  const places = new Uint32Array(shown.length * 2);
  let count = 0;
  for (const row of shown) {
    places[count++] = rows.call[row] ?? 0;
    const end = rows.end[row] ?? NEVER;
    if (end !== NEVER) places[count++] = end;
  }
  return places.subarray(0, count).toSorted();
}

/** Rows of the few operations that are bad whatever else happened. */
export function onlyBad(bad: Bad): ReadonlySet<number> {
  return new Set([...bad.shrunk, bad.operation]);
}

/** Whether so many processes act on a key, or on all, that a lane for each would be mostly empty. */
export function crowded(rows: Rows, key: number | undefined): boolean {
  const processes = new Set<number>();
  for (let row = 0; row < rows.length && processes.size <= MANY_PROCESSES; row++)
    if (key === undefined || rows.key[row] === key) processes.add(rows.process[row] ?? 0);
  return processes.size > MANY_PROCESSES;
}

/** How many numbers of a sorted list are smaller. */
function lowerBound(sorted: Uint32Array, value: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * A point in each stretch, none before the one of the stretch before: as early as that allows,
 * and those that would fall together apart as far as their stretches allow.
 */
export function spread(stretches: readonly (readonly [number, number])[]): Float64Array {
  const count = stretches.length;
  const latest = new Float64Array(count);
  let bound = Infinity;
  for (let k = count - 1; k >= 0; k--) {
    bound = Math.min(bound, stretches[k]?.[1] ?? Infinity);
    latest[k] = bound;
  }
  const along = new Float64Array(count);
  let earliest = -Infinity;
  for (let k = 0; k < count; k++) {
    earliest = Math.max(earliest, stretches[k]?.[0] ?? 0);
    along[k] = earliest;
  }
  for (let begin = 0; begin < count;) {
    const from = along[begin] ?? 0;
    let end = begin + 1;
    while (end < count && along[end] === from) end++;
    const to = Math.min(latest[begin] ?? from, end < count ? (along[end] ?? from) : Infinity);
    const room = Number.isFinite(to) ? to - from : 1;
    for (let k = begin; k < end; k++)
      along[k] = from + (room * (k - begin + 1)) / (end - begin + 1);
    begin = end;
  }
  return along;
}

/** How a bar is drawn. */
export type Role = "plain" | "past" | "refused" | "culprit" | "failed" | "later";

/** Says how bars are drawn: of a bad key by where the shown order ends. */
export function roles(rows: Rows, picture: Picture, order: number): (row: number) => Role {
  const { bad } = picture;
  const shown = bad?.orders[order];
  const past = new Set(shown?.operations.slice(0, bad?.agreed ?? 0));
  const refused = new Set(shown?.refused.map((refusal) => refusal.operation));
  const culprit = bad?.operation ?? -1;
  const blocked = rows.end[culprit] ?? NEVER;
  return (row) => {
    if (row === culprit) return "culprit";
    if (rows.fate[row] === Fate.Failed) return "failed";
    if (bad === null || rows.key[row] !== bad.key) return "plain";
    if (refused.has(row)) return "refused";
    if (past.has(row)) return "past";
    return (rows.call[row] ?? 0) > blocked ? "later" : "plain";
  };
}
