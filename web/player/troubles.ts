// What is wrong with nodes and links over time, for the lanes of the timeline: spans read off the
// engine's record, and how they are painted. Pure data and drawing.

import { hatch } from "./lanes.js";
import type { Palette } from "./palette.js";

// The layout of `Engine::troubles` in wasm/src.
const STRIDE = 6;
const STANDS = 0;
const SLOW = 1;
const CLOCK = 2;
const DISK = 3;
const CLOGGED = 4;
/** The disk's code for "all is well again". */
const SOUND = 6;
/** The disk's code for a record that rots: that has no end. */
const ROTS = 5;

/** From one time to another something is wrong in a lane. */
export interface Trouble {
  readonly kind: number;
  /** Which of its kind: a disk can have several things. */
  readonly which: number;
  readonly lane: number;
  readonly from: number;
  readonly to: number;
}

/** Spans out of the engine's record; what has no end goes on for ever. */
export function readTroubles(packed: Float64Array): Trouble[] {
  const done: Trouble[] = [];
  const open = new Map<string, Trouble>();
  const end = (key: string, time: number): void => {
    const trouble = open.get(key);
    if (trouble) done.push({ ...trouble, to: time });
    open.delete(key);
  };
  for (let o = 0; o + STRIDE <= packed.length; o += STRIDE) {
    const [time = 0, node = 0, peer = 0, kind = 0, sub = 0, begins = 0] = packed.subarray(
      o,
      o + STRIDE,
    );
    // A clog is seen where messages fail to come.
    const lane = kind === CLOGGED ? peer : node;
    const which = kind === CLOGGED ? node : kind === DISK ? sub : 0;
    const key = [kind, lane, which].join();
    if (kind === DISK && which === SOUND) {
      for (const other of [0, 1, 2, 3, 4]) end([kind, lane, other].join(), time);
    } else {
      end(key, time);
      if (begins > 0) open.set(key, { kind, which, lane, from: time, to: Infinity });
    }
  }
  return [...done, ...open.values()];
}

/** Where a trouble is painted. */
export interface TroublePlace {
  readonly from: number;
  readonly to: number;
  readonly y: number;
  /** Distance to the next lane. */
  readonly pitch: number;
}

/**
 * Paints one span: over the lane what comes from outside (a clog), under it what ails the node:
 * slow is dashed, a clock dotted, a disk a thin double line. A machine that stands is hatched
 * across what the pause is hatched.
 */
export function drawTrouble(
  cx: CanvasRenderingContext2D,
  palette: Palette,
  trouble: Trouble,
  { from, to, y, pitch }: TroublePlace,
): void {
  if (pitch < 8) return;
  const wide = Math.max(3, to - from);
  if (trouble.kind === STANDS) {
    const bar = Math.min(9, pitch * 0.7);
    const area = { x: from, y: y - bar / 2, width: wide, height: bar };
    hatch(cx, area, { colour: palette.ink2, alpha: 1, gap: 4, back: true });
    return;
  }
  const above = trouble.kind === CLOGGED;
  const line = (at: number, dash: number[], width: number): void => {
    cx.setLineDash(dash);
    cx.lineWidth = width;
    cx.beginPath();
    cx.moveTo(from, at);
    cx.lineTo(from + (trouble.which === ROTS && trouble.kind === DISK ? 3 : wide), at);
    cx.stroke();
  };
  cx.strokeStyle = palette.ink;
  const at = above ? y - 6 : y + 6;
  if (trouble.kind === SLOW) line(at, [5, 3], 1.5);
  if (trouble.kind === CLOCK) line(at, [1.5, 2.5], 1.5);
  if (trouble.kind === DISK) {
    line(at - 1, [], 1);
    line(at + 1, [], 1);
  }
  if (above) line(at, [2, 1.5], 3);
  cx.setLineDash([]);
}
