// The keys of the space-time diagram, while it has the focus.

import { NONE, Shape } from "./columns.js";
import type { SpaceTimeView } from "./view.js";

const PAN_PX = 80;
const ZOOM = 1.4;

/** Does what a key means; true when it meant something. */
export function moveKey(view: SpaceTimeView, event: KeyboardEvent): boolean {
  if (event.altKey || event.ctrlKey || event.metaKey) return false;
  switch (event.key) {
    case "Enter":
      if (event.shiftKey) view.pin();
      else view.choose(view.selection?.event ?? view.atPlayhead());
      return true;
    case "Escape":
      if (view.selection === undefined) return false;
      view.choose(NONE);
      return true;
    case "+":
    case "=":
      view.zoom(1 / ZOOM);
      return true;
    case "-":
      view.zoom(ZOOM);
      return true;
    case "0":
      view.fit();
      return true;
    default:
      return !event.shiftKey && arrow(view, event.key);
  }
}

function arrow(view: SpaceTimeView, key: string): boolean {
  const direction = DIRECTIONS[key];
  if (direction === undefined) return false;
  const [right, down] = direction;
  const { camera, selection } = view;
  const along = camera.vertical ? down : right;
  const across = camera.vertical ? right : down;
  if (selection === undefined) {
    if (along !== 0) camera.pan(along * PAN_PX);
    if (across !== 0) camera.scroll(across * camera.pitch);
    view.redraw();
    return true;
  }
  view.moveTo(
    along === 0
      ? acrossFrom(view, selection.event, across)
      : alongLane(view, selection.event, along),
  );
  return true;
}

const DIRECTIONS: Record<string, readonly [number, number]> = {
  ArrowRight: [1, 0],
  ArrowLeft: [-1, 0],
  ArrowDown: [0, 1],
  ArrowUp: [0, -1],
};

/** The next event of the same node. */
function alongLane({ columns }: SpaceTimeView, event: number, step: number): number {
  const node = columns.node[event] ?? 0;
  const { items, length } = columns.lane(node);
  const place = columns.placeOf(node, event) + step;
  return place < 0 || place >= length ? NONE : (items[place] ?? NONE);
}

/**
 * Across the lanes: the other end of a message when it lies on that side, else the event of the
 * next lane that is nearest in time.
 */
function acrossFrom(view: SpaceTimeView, event: number, step: number): number {
  const { columns } = view;
  const lane = view.laneOf(columns.node[event] ?? 0);
  const other = otherEnd(view, event);
  if (other !== NONE) {
    const there = view.laneOf(columns.node[other] ?? 0);
    if (Math.sign(there - lane) === Math.sign(step)) return other;
  }
  const node = view.nodeOf(lane + step);
  if (node === undefined) return NONE;
  const { items, length } = columns.lane(node);
  const timeUs = columns.time[event] ?? 0;
  const place = columns.placeAt(node, timeUs);
  const [before, after] = [
    items[place - 1] ?? NONE,
    place < length ? (items[place] ?? NONE) : NONE,
  ];
  if (before === NONE || place === 0) return after;
  if (after === NONE) return before;
  const near = (id: number): number => Math.abs((columns.time[id] ?? 0) - timeUs);
  return near(before) <= near(after) ? before : after;
}

/** The receipt of what was sent, the sending of what was received. */
function otherEnd({ columns }: SpaceTimeView, event: number): number {
  if (columns.shape[event] === Shape.Receive) return columns.cause[event] ?? NONE;
  if (columns.shape[event] !== Shape.Send) return NONE;
  const end = columns.endOf(event);
  return columns.shape[end] === Shape.Receive ? end : NONE;
}
