// The events of a run in columns, as the space-time diagram needs them: what each is and where,
// which messages go from which event to which, and what lies in a stretch of time. Plain data; the
// engine says what an event is.

import type { Engine } from "../interface.js";

// The layout of `picture::spacetime::record` in core.
const RECORD = 8;
/** Events in one crossing: 1 MB. */
const BATCH = 32_768;

/** What an event is: the numbers of `picture::spacetime::Shape` in core. */
export const Shape = {
  None: 0,
  Dot: 1,
  Send: 2,
  Receive: 3,
  Lost: 4,
  Timeout: 5,
  Mark: 6,
  Commit: 7,
  Request: 8,
  Answer: 9,
  GiveUp: 10,
  Fault: 11,
  Violated: 12,
} as const;

/** How a message's line is: plain, dashed, thin. */
export const Line = { Plain: 0, Dashed: 1, Thin: 2 } as const;

/** No event. */
export const NONE = 0xffff_ffff;
const NO_NODE = 0xffff;

/** Shapes that stand in a lane. */
const stands = (shape: number): boolean => shape !== Shape.None && shape !== Shape.Lost;

/** A message, from its sending to its end. */
export interface Arrow {
  readonly send: number;
  /** The event that ends it, or `NONE` while it is on its way. */
  readonly end: number;
  /** When it ends, or is planned to end, virtual µs. */
  readonly until: number;
  readonly lost: boolean;
}

/** A message on its way, as the engine's frame has it. */
export interface Flying {
  readonly id: number;
  readonly planned: number;
}

/** Numbers that grow. */
class Ids {
  #items = new Uint32Array(256);
  length = 0;

  get items(): Uint32Array {
    return this.#items;
  }

  push(id: number): void {
    if (this.length === this.#items.length) {
      const more = new Uint32Array(this.length * 2);
      more.set(this.#items);
      this.#items = more;
    }
    this.#items[this.length] = id;
    this.length += 1;
  }

  /** The place of the first that is not smaller. */
  from(id: number): number {
    return lowerBound(this.#items, this.length, id);
  }
}

/** The place of the first of so many sorted numbers that is not smaller than this one. */
export function lowerBound(sorted: ArrayLike<number>, length: number, value: number): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** A larger column with what the old one holds. */
function grown<A extends Float64Array | Uint32Array | Uint16Array | Uint8Array>(
  old: A,
  fresh: A,
): A {
  fresh.set(old);
  return fresh;
}

/** Columns over all events that are known. */
export class Columns {
  length = 0;
  time = new Float64Array(0);
  cause = new Uint32Array(0);
  node = new Uint16Array(0);
  peer = new Uint16Array(0);
  shape = new Uint8Array(0);
  /** What the protocol calls it: kind of message, or mark. */
  sub = new Uint8Array(0);
  sign = new Uint8Array(0);
  line = new Uint8Array(0);
  epoch = new Uint32Array(0);
  number = new Uint32Array(0);
  /** For each node its events that stand in its lane. */
  readonly #lanes: Ids[];
  /** Ends of messages, in order. */
  readonly #ends = new Ids();
  /** Those whose flight was longer than `#long`. */
  readonly #longEnds = new Ids();
  readonly #open = new Set<number>();
  readonly #longUs: number;

  /** Of so many nodes; `longUs`: messages are hardly ever longer under way. */
  constructor(nodes: number, longUs: number) {
    this.#lanes = Array.from({ length: nodes }, () => new Ids());
    this.#longUs = longUs;
  }

  /** Takes what has happened since the last time. */
  take(engine: Engine): void {
    for (;;) {
      const packed = engine.spacetime(this.length, BATCH);
      const count = packed.length / RECORD;
      if (count === 0) return;
      this.#reserve(this.length + count);
      for (let k = 0; k < count; k += 1) this.#push(packed, k * RECORD);
      if (count < BATCH) return;
    }
  }

  /** Events that stand in a node's lane. */
  lane(node: number): { items: Uint32Array; length: number } {
    return this.#lanes[node] ?? { items: new Uint32Array(0), length: 0 };
  }

  /** Numbers of the events from one time on and before another. */
  between(fromUs: number, toUs: number): [number, number] {
    return [lowerBound(this.time, this.length, fromUs), lowerBound(this.time, this.length, toUs)];
  }

  /** The place in a lane of its first event at or after a time. */
  placeAt(node: number, timeUs: number): number {
    const { items, length } = this.lane(node);
    let low = 0;
    let high = length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.time[items[middle] ?? 0] ?? 0) < timeUs) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** The place of an event in its lane, or of the next one after it. */
  placeOf(node: number, id: number): number {
    const { items, length } = this.lane(node);
    return lowerBound(items, length, id);
  }

  /** Calls for each message that is under way between two times. */
  arrows(fromUs: number, toUs: number, flying: readonly Flying[], call: (arrow: Arrow) => void) {
    const [first, beyond] = this.between(fromUs, toUs);
    const ends = this.#ends.items;
    const lastUs = toUs + this.#longUs;
    for (let k = this.#ends.from(first); k < this.#ends.length; k += 1) {
      const end = ends[k] ?? 0;
      const until = this.time[end] ?? 0;
      if (until > lastUs) break;
      const send = this.cause[end] ?? 0;
      if (send < beyond) call({ send, end, until, lost: this.shape[end] === Shape.Lost });
    }
    const long = this.#longEnds.items;
    for (let k = this.#longEnds.from(first); k < this.#longEnds.length; k += 1) {
      const end = long[k] ?? 0;
      const until = this.time[end] ?? 0;
      const send = this.cause[end] ?? 0;
      if (until > lastUs && send < beyond)
        call({ send, end, until, lost: this.shape[end] === Shape.Lost });
    }
    for (const { id, planned } of flying) {
      if (!this.#open.has(id) || id >= beyond || planned < fromUs) continue;
      call({ send: id, end: NONE, until: planned, lost: false });
    }
  }

  /** How the message of a sending ends: at the first of its ends. */
  endOf(send: number): number {
    const ends = this.#ends.items;
    const sent = this.time[send] ?? 0;
    for (let k = this.#ends.from(send); k < this.#ends.length; k += 1) {
      const end = ends[k] ?? 0;
      if (this.cause[end] === send) return end;
      if ((this.time[end] ?? 0) > sent + this.#longUs && !this.#isLong(send)) break;
    }
    return NONE;
  }

  #isLong(send: number): boolean {
    const long = this.#longEnds;
    for (let k = long.from(send); k < long.length; k += 1)
      if (this.cause[long.items[k] ?? 0] === send) return true;
    return false;
  }

  #push(packed: Uint32Array, o: number): void {
    const id = this.length;
    const what = packed[o + 4] ?? 0;
    const ends = packed[o + 3] ?? 0;
    const node = ends & 0xffff;
    const shape = what & 0xff;
    this.time[id] = (packed[o] ?? 0) + (packed[o + 1] ?? 0) * 2 ** 32;
    this.cause[id] = packed[o + 2] ?? NONE;
    this.node[id] = node;
    this.peer[id] = ends >>> 16;
    this.shape[id] = shape;
    this.sub[id] = (what >>> 8) & 0xff;
    this.sign[id] = (what >>> 16) & 0xff;
    this.line[id] = what >>> 24;
    this.epoch[id] = packed[o + 5] ?? 0;
    this.number[id] = packed[o + 6] ?? 0;
    this.length += 1;
    if (shape === Shape.Send) this.#open.add(id);
    if (shape === Shape.Receive || shape === Shape.Lost) this.#end(id);
    if (node !== NO_NODE && stands(shape)) this.#lanes[node]?.push(id);
  }

  #end(id: number): void {
    const send = this.cause[id] ?? NONE;
    this.#open.delete(send);
    this.#ends.push(id);
    const flight = (this.time[id] ?? 0) - (this.time[send] ?? 0);
    if (flight > this.#longUs) this.#longEnds.push(id);
  }

  #reserve(length: number): void {
    if (length <= this.time.length) return;
    const size = Math.max(length, this.time.length * 2, 1024);
    this.time = grown(this.time, new Float64Array(size));
    this.cause = grown(this.cause, new Uint32Array(size));
    this.node = grown(this.node, new Uint16Array(size));
    this.peer = grown(this.peer, new Uint16Array(size));
    this.shape = grown(this.shape, new Uint8Array(size));
    this.sub = grown(this.sub, new Uint8Array(size));
    this.sign = grown(this.sign, new Uint8Array(size));
    this.line = grown(this.line, new Uint8Array(size));
    this.epoch = grown(this.epoch, new Uint32Array(size));
    this.number = grown(this.number, new Uint32Array(size));
  }
}
