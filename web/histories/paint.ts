// Draws the picture of a history: bars from call to return, the order as a line through numbered
// points, what no order explains in red. What stands around them is in `paint-frame.ts`. Draws
// only what is in sight. Decides nothing; measures only texts.

import { BEFORE } from "./camera.js";
import type { Camera } from "./camera.js";
import { barY, PALE } from "./drawing.js";
import type { Context, Drawing } from "./drawing.js";
import { agreement, axis, faults, names } from "./paint-frame.js";
import { Fate, NONE } from "./rows.js";
import { PITCH } from "./scene.js";
import type { Band, Lane, Role, Thread } from "./scene.js";

const BAR = 24;
const RADIUS = 10;
/** The point's middle, below its bar's. */
const DROP = BAR / 2 + 8;
/** Points closer than this have no number; closer than the second, none is drawn. */
const NUMBERED_PX = 22;
const DOTTED_PX = 7;
const LABEL_PX = 34;
/** Bars wider than this have an outline. */
const OUTLINED_PX = 3;

/** Px. */
type Place = readonly [x: number, y: number];

/** Draws everything anew. */
export function paint(ctx: Context, drawing: Drawing): void {
  const { camera, palette, scene } = drawing;
  ctx.clearRect(0, 0, camera.width, camera.height);
  ctx.lineJoin = "round";
  ctx.textBaseline = "middle";
  ctx.save();
  ctx.beginPath();
  ctx.rect(0, 0, camera.width, camera.bottom);
  ctx.clip();
  faults(ctx, drawing);
  for (const band of scene.bands) {
    const y = camera.y(band.top);
    if (y > camera.bottom || y + band.height < 0) continue;
    agreement(ctx, drawing, band);
    // Bars hide the line where it would cross their words.
    within(ctx, camera, () => {
      line(ctx, drawing, band);
      lanes(ctx, drawing, band);
      points(ctx, drawing, band);
    });
    callOut(ctx, drawing, band);
    names(ctx, drawing, band);
  }
  ctx.restore();
  axis(ctx, drawing);
  ctx.fillStyle = palette.line;
  ctx.fillRect(0, camera.bottom, camera.width, 1);
}

/** Draws nothing over the names. */
function within(ctx: Context, camera: Camera, draw: () => void): void {
  ctx.save();
  ctx.beginPath();
  ctx.rect(BEFORE, 0, camera.width - BEFORE, camera.bottom);
  ctx.clip();
  draw();
  ctx.restore();
}

function lanes(ctx: Context, drawing: Drawing, band: Band): void {
  const { camera } = drawing;
  band.lanes.forEach((lane, index) => {
    const y = barY(camera, band, index);
    if (y > -PITCH && y < camera.bottom + PITCH) bars(ctx, drawing, lane, y);
  });
}

/** The bars of a lane; where they are smaller than a px, one stands for its neighbours. */
function bars(ctx: Context, drawing: Drawing, lane: Lane, y: number): void {
  const { scene, camera } = drawing;
  const { rows } = lane;
  let drawnTo = -Infinity;
  for (let k = firstInSight(drawing, lane); k < rows.length; k++) {
    const row = rows[k] ?? 0;
    const x = camera.x(scene.from(row));
    if (x > camera.width) break;
    const to = camera.x(scene.to(row));
    const important = drawing.role(row) === "culprit" || row === drawing.chosen;
    if (to < drawnTo + 1 && !important) continue;
    drawnTo = to;
    bar(ctx, drawing, row, x, y);
  }
}

/** Operations of one process follow each other: the first that ends in sight. */
function firstInSight({ scene, camera }: Drawing, { rows }: Lane): number {
  const edge = camera.along(BEFORE);
  let [low, high] = [0, rows.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (scene.to(rows[middle] ?? 0) < edge) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** It is not at issue: before all orders part, or after no order goes on. */
function isPale(role: Role): boolean {
  return role === "past" || role === "later";
}

function bar(ctx: Context, drawing: Drawing, row: number, x: number, y: number): void {
  const { scene, camera, rows, palette } = drawing;
  const role = drawing.role(row);
  const open = rows.fate[row] === Fate.Open;
  const end = open ? camera.width + 8 : camera.x(scene.to(row));
  const width = Math.max(1.5, end - x);
  ctx.globalAlpha = isPale(role) ? PALE : 1;
  ctx.beginPath();
  ctx.roundRect(x, y - BAR / 2, width, BAR, width > 10 ? 5 : 0);
  const red = role === "culprit" || role === "refused";
  const plain = role === "failed" ? palette.stage : palette.sunken;
  // What is too small for an outline has its colour.
  if (width <= OUTLINED_PX) ctx.fillStyle = red ? palette.bad : palette.edge;
  else ctx.fillStyle = red ? palette.badTint : plain;
  ctx.fill();
  ctx.lineWidth = role === "culprit" ? 3 : red ? 2 : 1.25;
  ctx.strokeStyle = red ? palette.bad : palette.edge;
  ctx.setLineDash(role === "failed" ? [2, 4] : open ? [7, 4] : []);
  if (width > OUTLINED_PX) ctx.stroke();
  ctx.setLineDash([]);
  ctx.globalAlpha = 1;
  label(ctx, drawing, row, Math.max(x, BEFORE), Math.min(end, camera.width), y);
  ring(ctx, drawing, row, x, y, width);
}

function label(
  ctx: Context,
  { rows, palette, role, picture, scene }: Drawing,
  row: number,
  x: number,
  end: number,
  y: number,
): void {
  const room = end - x - 16;
  if (room < LABEL_PX - 16) return;
  ctx.font = `500 12px ${palette.mono}`;
  const its = role(row);
  ctx.fillStyle = its === "failed" || isPale(its) ? palette.ink3 : palette.ink;
  ctx.textAlign = "left";
  // Where processes share lanes, whose it is stands in the bar.
  const whose = scene.packed ? `${picture.processes[rows.process[row] ?? 0] ?? ""}: ` : "";
  const key = picture.keys[rows.key[row] ?? 0]?.name ?? "";
  const text = fitted(ctx, whose + withoutKey(rows.label(row), key), room);
  if (text !== "") ctx.fillText(text, x + 8, y + 0.5);
}

/** The key stands over the band already. */
function withoutKey(words: string, key: string): string {
  if (key === "") return words;
  return words.replace(`(${key}, `, "(").replace(`(${key})`, "").replace(` of ${key}`, "");
}

/** What the first result is that nothing explains, over its bar. */
function callOut(
  ctx: Context,
  { picture, scene, camera, rows, palette }: Drawing,
  band: Band,
): void {
  const row = picture.bad?.operation ?? NONE;
  if (scene.bandOf(row) !== band) return;
  const x = camera.x(scene.from(row));
  const y = barY(camera, band, scene.laneOf(row)) - BAR / 2 - 13;
  ctx.font = `600 12px ${palette.sans}`;
  const text = `× ${cut(rows.label(row), 40)}: no order explains this`;
  const width = ctx.measureText(text).width;
  const left = Math.min(Math.max(x, BEFORE + 4), camera.width - width - 12);
  if (x > camera.width || camera.x(scene.to(row)) < BEFORE) return;
  ctx.fillStyle = palette.stage;
  ctx.fillRect(left - 3, y - 8, width + 6, 16);
  ctx.fillStyle = palette.bad;
  ctx.textAlign = "left";
  ctx.fillText(text, left, y);
}

function cut(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
}

/** A text, cut where there is no room for all of it; nothing where little would be left. */
function fitted(ctx: Context, text: string, room: number): string {
  const most = Math.floor(room / ctx.measureText("0").width);
  return most < 4 && text.length > most ? "" : cut(text, most);
}

function ring(
  ctx: Context,
  { palette, hovered, chosen }: Drawing,
  row: number,
  x: number,
  y: number,
  width: number,
): void {
  if (row !== hovered && row !== chosen) return;
  ctx.lineWidth = 2;
  ctx.strokeStyle = row === chosen ? palette.focus : palette.ink;
  ctx.beginPath();
  ctx.roundRect(x - 3.5, y - BAR / 2 - 3.5, width + 7, BAR + 7, 8);
  ctx.stroke();
}

/** Px of the point of an order's k-th operation. */
function pointAt({ camera, scene }: Drawing, band: Band, thread: Thread, k: number): Place {
  const lane = scene.laneOf(thread.rows[k] ?? 0);
  return [camera.x(thread.along[k] ?? 0), barY(camera, band, lane) + DROP];
}

/** The lanes, and the order as a line from point to point. */
function line(ctx: Context, drawing: Drawing, band: Band): void {
  const { camera, palette } = drawing;
  ctx.fillStyle = palette.line;
  band.lanes.forEach((_, index) => {
    const y = Math.round(barY(camera, band, index));
    ctx.fillRect(BEFORE, y, camera.width - BEFORE, 1);
  });
  const thread = drawing.threads.get(band.key);
  if (thread === undefined) return;
  const [first, last] = inSight(thread.along, camera);
  // From afar the line would cover what it joins.
  ctx.lineWidth = spacing(camera, thread) < DOTTED_PX ? 0.75 : 2;
  ctx.strokeStyle = palette.epochs[0]?.line ?? palette.ink;
  for (const pale of [true, false]) {
    ctx.globalAlpha = pale ? PALE : 1;
    ctx.beginPath();
    for (let k = Math.max(first, 1); k <= last; k++) {
      if ((drawing.role(thread.rows[k] ?? 0) === "past") !== pale) continue;
      ctx.moveTo(...pointAt(drawing, band, thread, k - 1));
      ctx.lineTo(...pointAt(drawing, band, thread, k));
    }
    ctx.stroke();
  }
  ctx.globalAlpha = 1;
}

/** Where the operations take effect, numbered where there is room. */
function points(ctx: Context, drawing: Drawing, band: Band): void {
  const { camera, picture, threads } = drawing;
  const thread = threads.get(band.key);
  if (thread === undefined || thread.rows.length === 0) return;
  const { rows, along } = thread;
  const [first, last] = inSight(along, camera);
  const apart = spacing(camera, thread);
  const drawn = apart >= DOTTED_PX ? last : -1;
  for (let k = first; k <= drawn; k++) {
    const number = apart >= NUMBERED_PX ? String(thread.numbers[k]) : "";
    const pale = drawing.role(rows[k] ?? 0) === "past";
    point(ctx, drawing, pointAt(drawing, band, thread, k), number, pale);
  }
  if (picture.bad?.key === band.key && last === rows.length - 1)
    stop(ctx, drawing, pointAt(drawing, band, thread, last));
}

/** No order goes on from here. */
function stop(ctx: Context, { palette }: Drawing, [x, y]: Place): void {
  ctx.strokeStyle = palette.bad;
  ctx.lineWidth = 2.5;
  ctx.beginPath();
  ctx.moveTo(x + 16, y - 5);
  ctx.lineTo(x + 26, y + 5);
  ctx.moveTo(x + 26, y - 5);
  ctx.lineTo(x + 16, y + 5);
  ctx.stroke();
}

function point(
  ctx: Context,
  { palette }: Drawing,
  [x, y]: Place,
  number: string,
  pale: boolean,
): void {
  const colours = palette.epochs[0];
  ctx.font = `600 12px ${palette.mono}`;
  const half = number === "" ? 4 : Math.max(RADIUS, ctx.measureText(number).width / 2 + 5);
  const high = number === "" ? 4 : RADIUS - 1;
  ctx.fillStyle = palette.stage;
  ctx.beginPath();
  ctx.roundRect(x - half - 1.5, y - high - 1.5, 2 * half + 3, 2 * high + 3, high + 1.5);
  ctx.fill();
  ctx.beginPath();
  ctx.roundRect(x - half, y - high, 2 * half, 2 * high, high);
  ctx.fillStyle = colours?.fill ?? palette.ink;
  ctx.strokeStyle = palette.edge;
  ctx.lineWidth = 1.5;
  if (pale) ctx.stroke();
  else ctx.fill();
  if (number === "") return;
  ctx.fillStyle = pale ? palette.ink3 : (colours?.on ?? palette.bg);
  ctx.textAlign = "center";
  ctx.fillText(number, x, y + 0.5);
}

/** Px from point to point, about. */
function spacing(camera: Camera, { along, rows }: Thread): number {
  return camera.scale * ((along.at(-1) ?? 0) / Math.max(1, rows.length));
}

/** The first and the last of a sorted list within a stretch, one more on each side. */
function inSight(along: Float64Array, camera: Camera): [number, number] {
  const bound = (value: number): number => {
    let [low, high] = [0, along.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((along[middle] ?? 0) < value) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  const [from, to] = [camera.along(BEFORE), camera.along(camera.width)];
  return [Math.max(0, bound(from) - 1), Math.min(along.length - 1, bound(to))];
}
