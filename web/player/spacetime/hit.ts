// What is under a place of the space-time diagram: an event in a lane, else the end of a message.

import { NONE, Shape } from "./columns.js";
import { density, lineOf } from "./scene.js";
import type { Scene } from "./scene.js";
import MEASURES from "../../generated/spacetime.json";

/** How near a pointer must be, px. */
const EVENT_REACH = 12;
const ARROW_REACH = 7;

/** Of several events at one instant of one node, who is meant. */
const RANK: Record<number, number> = {
  [Shape.Violated]: 0,
  [Shape.Commit]: 1,
  [Shape.Mark]: 2,
  [Shape.Answer]: 3,
  [Shape.Request]: 3,
  [Shape.GiveUp]: 3,
  [Shape.Fault]: 3,
  [Shape.Timeout]: 4,
  [Shape.Receive]: 5,
  [Shape.Send]: 6,
  [Shape.Dot]: 7,
};

/** The event under a place, or `NONE`. */
export function eventAt(scene: Scene, x: number, y: number): number {
  const event = inLane(scene, x, y);
  return event === NONE && density(scene) <= MEASURES.dense ? onArrow(scene, x, y) : event;
}

function inLane({ camera, columns, order }: Scene, x: number, y: number): number {
  const [lane, away] = camera.laneAt(x, y);
  if (away > Math.min(EVENT_REACH, camera.pitch / 2)) return NONE;
  const node = order[lane] ?? 0;
  const { items, length } = columns.lane(node);
  const timeUs = camera.timeAt(x, y);
  const reachUs = EVENT_REACH * camera.usPerPx;
  let best = NONE;
  let bestScore = Infinity;
  for (let k = columns.placeAt(node, timeUs - reachUs); k < length; k += 1) {
    const id = items[k] ?? 0;
    const offUs = Math.abs((columns.time[id] ?? 0) - timeUs);
    if ((columns.time[id] ?? 0) > timeUs + reachUs) break;
    // A tenth of a px decides between instants, the rank within one.
    const score =
      Math.round((offUs / camera.usPerPx) * 10) * 10 + (RANK[columns.shape[id] ?? 0] ?? 9);
    if (score < bestScore) {
      best = id;
      bestScore = score;
    }
  }
  return best;
}

function onArrow(scene: Scene, x: number, y: number): number {
  const { camera, columns } = scene;
  const [along, across] = camera.vertical ? [y, x] : [x, y];
  let best = NONE;
  let bestAway = ARROW_REACH;
  columns.arrows(camera.fromUs, camera.toUs, scene.flying, (arrow) => {
    const [a0, c0, a1, c1] = lineOf(scene, arrow);
    const [da, dc] = [a1 - a0, c1 - c0];
    const share = ((along - a0) * da + (across - c0) * dc) / Math.max(1, da * da + dc * dc);
    const u = Math.max(0, Math.min(1, share));
    const away = Math.hypot(along - a0 - u * da, across - c0 - u * dc);
    if (away >= bestAway) return;
    bestAway = away;
    best = arrow.lost || arrow.end === NONE ? arrow.send : arrow.end;
  });
  return columns.shape[best] === Shape.Lost ? (columns.cause[best] ?? NONE) : best;
}
