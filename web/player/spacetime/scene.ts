// Everything that one drawing of the space-time diagram needs to know, gathered in one place for
// those who paint and for those who look what is under a pointer. Plain data.

import type { Sign } from "../canvas.js";
import type { CutView } from "../interface.js";
import type { LaneSpan } from "../lanes.js";
import type { Palette } from "../palette.js";
import type { Operation } from "../timeline.js";
import type { Trouble } from "../troubles.js";
import type { Camera } from "./camera.js";
import type { Arrow, Columns, Flying } from "./columns.js";
import { NONE } from "./columns.js";

/** What of the run is emphasised. */
export interface Emphasis {
  /** Events with a ring: the one that is chosen, then a second one. */
  readonly chosen: readonly number[];
  /** Whether an event belongs to what is shown of its past or future. */
  holds(node: number, event: number): boolean;
  /** Ends of the messages on the way from one to the other. */
  readonly path: ReadonlySet<number>;
}

/** A scene. */
export interface Scene {
  readonly columns: Columns;
  readonly camera: Camera;
  readonly palette: Palette;
  readonly signs: readonly Sign[];
  /** Nodes in the order of their lanes. */
  readonly order: readonly number[];
  /** The lane of each node. */
  readonly laneOf: readonly number[];
  readonly names: readonly string[];
  /** The words of the protocol's marks. */
  readonly marks: readonly string[];
  readonly spans: readonly (readonly LaneSpan[])[];
  readonly operations: readonly Operation[];
  /** What clients asked and heard: by `client invoked`. */
  readonly said: ReadonlyMap<string, string>;
  readonly troubles: readonly Trouble[];
  readonly partitions: readonly (readonly [number, number])[];
  readonly cuts: readonly CutView[];
  readonly flying: readonly Flying[];
  /** Stamps of events that are in sight, or nothing. */
  readonly stampOf: ((event: number) => string) | undefined;
  readonly emphasis: Emphasis | undefined;
  /** Event under the pointer, or `NONE`. */
  readonly hovered: number;
  readonly nowUs: number;
  readonly headUs: number;
  /** When a check was violated, and at which event. */
  readonly violation: { readonly time: number; readonly event: number } | undefined;
}

/** Events for each px that is in sight. */
export function density({ columns, camera }: Scene): number {
  const [first, beyond] = columns.between(camera.fromUs, camera.toUs);
  return (beyond - first) / Math.max(1, camera.end - camera.begin);
}

/** How much a message matters: 0 pale, 1 as always, 2 in the cone, 3 on the path. */
export function weightOf({ columns, emphasis }: Scene, arrow: Arrow): number {
  if (emphasis === undefined) return 1;
  if (emphasis.path.has(arrow.end)) return 3;
  if (arrow.end === NONE || arrow.lost) return 0;
  const both =
    emphasis.holds(columns.node[arrow.send] ?? 0, arrow.send) &&
    emphasis.holds(columns.node[arrow.end] ?? 0, arrow.end);
  return both ? 2 : 0;
}

/** Where a message's line runs; a lost one ends before its lane. */
export function lineOf(scene: Scene, arrow: Arrow): [number, number, number, number] {
  const { columns, camera, laneOf } = scene;
  const from = laneOf[columns.node[arrow.send] ?? 0] ?? 0;
  const to = laneOf[columns.peer[arrow.send] ?? 0] ?? 0;
  return [
    camera.along(columns.time[arrow.send] ?? 0),
    camera.across(from),
    camera.along(arrow.until),
    camera.across(to),
  ];
}

/** A stretch of time at an opacity. */
export interface Window {
  readonly fromUs: number;
  readonly toUs: number;
  readonly alpha: number;
}

/** Spans of a lane that lie in a stretch, with those before and the one after. */
export function spansIn(spans: readonly LaneSpan[], { fromUs, toUs }: Window): readonly LaneSpan[] {
  const first = placeOf(spans, fromUs);
  return spans.slice(Math.max(0, first - 2), placeOf(spans, toUs) + 1);
}

/** How a node was at a time. */
export function spanAt({ spans }: Scene, node: number, timeUs: number): LaneSpan | undefined {
  const all = spans[node] ?? [];
  return all[placeOf(all, timeUs + 0.5) - 1];
}

/** The place of the first span that does not begin before a time. */
function placeOf(spans: readonly LaneSpan[], timeUs: number): number {
  let low = 0;
  let high = spans.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((spans[middle]?.time ?? 0) < timeUs) low = middle + 1;
    else high = middle;
  }
  return low;
}
