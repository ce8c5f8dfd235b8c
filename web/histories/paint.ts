// Draws the picture of a history: bars from call to return, the order as a line through numbered
// points, what no order explains in red, what was wrong with the system as hatched bands. Draws
// only what is in sight. Decides nothing; measures only texts.

import type { Palette } from "../player/palette.js";
import { AXIS, BEFORE } from "./camera.js";
import type { Camera } from "./camera.js";
import type { Picture } from "./interface.js";
import { Fate, NONE } from "./rows.js";
import type { Rows } from "./rows.js";
import { HEAD, PITCH } from "./scene.js";
import type { Band, Lane, Role, Scene, Thread } from "./scene.js";

const BAR = 24;
/** A bar's middle stands so far above its lane's: the point has room below. */
const LIFT = 8;
const RADIUS = 10;
/** The point's middle, below its bar's. */
const DROP = BAR / 2 + 8;
/** Points closer than this have no number; closer than the second, none is drawn. */
const NUMBERED_PX = 22;
const DOTTED_PX = 7;
const LABEL_PX = 34;
const TICK_PX = 110;
const PALE = 0.38;

/** All that is drawn. */
export interface Drawing {
  readonly scene: Scene;
  readonly camera: Camera;
  readonly rows: Rows;
  readonly picture: Picture;
  readonly palette: Palette;
  /** By key. */
  readonly threads: ReadonlyMap<number, Thread>;
  readonly role: (row: number) => Role;
  /** Row under the pointer, and the one that is chosen, or `NONE`. */
  readonly hovered: number;
  readonly chosen: number;
}

type Context = CanvasRenderingContext2D;
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

/** Middle of a lane's bars, px. */
function barY(camera: Camera, band: Band, lane: number): number {
  return camera.y(band.top + HEAD + (lane + 0.5) * PITCH) - LIFT;
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

function bar(ctx: Context, drawing: Drawing, row: number, x: number, y: number): void {
  const { scene, camera, rows, palette } = drawing;
  const role = drawing.role(row);
  const open = rows.fate[row] === Fate.Open;
  const end = open ? camera.width + 8 : camera.x(scene.to(row));
  const width = Math.max(1.5, end - x);
  ctx.globalAlpha = role === "past" || role === "later" ? PALE : 1;
  ctx.beginPath();
  ctx.roundRect(x, y - BAR / 2, width, BAR, width > 10 ? 5 : 0);
  const red = role === "culprit" || role === "refused";
  ctx.fillStyle = red ? palette.badTint : role === "failed" ? palette.stage : palette.sunken;
  ctx.fill();
  ctx.lineWidth = role === "culprit" ? 3 : red ? 2 : 1.25;
  ctx.strokeStyle = red ? palette.bad : palette.edge;
  ctx.setLineDash(role === "failed" ? [2, 4] : open ? [7, 4] : []);
  if (width > 3) ctx.stroke();
  ctx.setLineDash([]);
  label(ctx, drawing, row, Math.max(x, BEFORE), Math.min(end, camera.width), y);
  ctx.globalAlpha = 1;
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
  ctx.fillStyle = role(row) === "failed" ? palette.ink3 : palette.ink;
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

/** Up to where all orders that come furthest are one. */
function agreement(ctx: Context, drawing: Drawing, band: Band): void {
  const { picture, camera, palette, threads } = drawing;
  const agreed = picture.bad?.key === band.key ? picture.bad.agreed : 0;
  const along = threads.get(band.key)?.along[agreed - 1];
  if (along === undefined) return;
  const x = Math.round(camera.x(along)) + 14.5;
  if (x < BEFORE || x > camera.width) return;
  const top = camera.y(band.top) + 4;
  ctx.strokeStyle = palette.ink3;
  ctx.lineWidth = 1;
  ctx.setLineDash([3, 4]);
  ctx.beginPath();
  ctx.moveTo(x, top);
  ctx.lineTo(x, camera.y(band.top + band.height));
  ctx.stroke();
  ctx.setLineDash([]);
  ctx.font = `400 12px ${palette.sans}`;
  ctx.fillStyle = palette.ink3;
  const words = "all orders agree up to here";
  const left = x - ctx.measureText(words).width - 8;
  ctx.textAlign = "left";
  if (left > BEFORE) ctx.fillText(words, left, top + 8);
  else ctx.fillText("from here on they differ", x + 8, top + 8);
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
  ctx.lineWidth = 2;
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
  const spacing = camera.scale * ((along.at(-1) ?? 0) / Math.max(1, rows.length));
  const numbered = spacing >= NUMBERED_PX;
  const drawn = spacing >= DOTTED_PX ? last : -1;
  for (let k = first; k <= drawn; k++) {
    ctx.globalAlpha = drawing.role(rows[k] ?? 0) === "past" ? PALE : 1;
    point(
      ctx,
      drawing,
      pointAt(drawing, band, thread, k),
      numbered ? String(thread.numbers[k]) : "",
    );
  }
  ctx.globalAlpha = 1;
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

function point(ctx: Context, { palette }: Drawing, [x, y]: Place, number: string): void {
  const colours = palette.epochs[0];
  ctx.font = `600 12px ${palette.mono}`;
  const half = number === "" ? 4 : Math.max(RADIUS, ctx.measureText(number).width / 2 + 5);
  const high = number === "" ? 4 : RADIUS - 1;
  // What lies below must not show through a pale point.
  const alpha = ctx.globalAlpha;
  ctx.globalAlpha = 1;
  ctx.fillStyle = palette.stage;
  ctx.beginPath();
  ctx.roundRect(x - half - 1.5, y - high - 1.5, 2 * half + 3, 2 * high + 3, high + 1.5);
  ctx.fill();
  ctx.globalAlpha = alpha;
  ctx.fillStyle = colours?.fill ?? palette.ink;
  ctx.beginPath();
  ctx.roundRect(x - half, y - high, 2 * half, 2 * high, high);
  ctx.fill();
  if (number === "") return;
  ctx.fillStyle = colours?.on ?? palette.bg;
  ctx.textAlign = "center";
  ctx.fillText(number, x, y + 0.5);
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

/** The key over its lanes, and the processes before them. */
function names(ctx: Context, drawing: Drawing, band: Band): void {
  const { camera, palette, picture } = drawing;
  const key = picture.keys[band.key];
  const top = camera.y(band.top);
  ctx.fillStyle = palette.stage;
  ctx.fillRect(0, top + HEAD - 4, BEFORE - 6, band.height - HEAD + 4);
  ctx.textAlign = "right";
  ctx.font = `400 12px ${palette.mono}`;
  ctx.fillStyle = palette.ink3;
  band.lanes.forEach((lane, index) => {
    const y = barY(camera, band, index);
    if (y < -PITCH || y > camera.bottom + PITCH) return;
    const process = lane.process === undefined ? "" : (picture.processes[lane.process] ?? "");
    ctx.fillText(process.slice(0, 6), BEFORE - 14, y + 0.5);
  });
  if (key === undefined || key.name === "") return;
  // The name stays in sight as long as its band does.
  const y = Math.max(0, Math.min(top, top + band.height - HEAD)) + HEAD / 2 - 2;
  const red = key.verdict === "violated";
  ctx.textAlign = "left";
  ctx.font = `640 14px ${palette.sans}`;
  const note = NOTES[key.verdict];
  const width = ctx.measureText(key.name).width;
  if (y > top + HEAD / 2 - 2) {
    ctx.fillStyle = palette.stage;
    ctx.fillRect(0, y - 15, camera.width, HEAD - 2);
    ctx.fillStyle = palette.line;
    ctx.fillRect(0, y + HEAD / 2, camera.width, 1);
  }
  ctx.fillStyle = red ? palette.bad : palette.ink;
  ctx.fillText(key.name, 16, y);
  ctx.font = `400 12px ${palette.sans}`;
  ctx.fillStyle = red ? palette.bad : palette.ink3;
  ctx.fillText(note, 16 + width + 10, y + 1);
}

const NOTES = {
  violated: "no order explains it",
  holds: "an order explains it",
  undecided: "not decided",
} as const;

/** What was wrong with the system: hatched bands over all lanes. */
function faults(ctx: Context, { picture, camera, scene, palette }: Drawing): void {
  for (const { name, from, to } of picture.faults) {
    // It stands between two events.
    const x = camera.x(scene.along(from) - 0.5);
    // What was over at once still has a width.
    const end = to === null ? camera.width : Math.max(x + 3, camera.x(scene.along(to) - 0.5));
    if (end < BEFORE || x > camera.width) continue;
    ctx.save();
    ctx.beginPath();
    ctx.rect(Math.max(BEFORE, x), 0, end - Math.max(BEFORE, x), camera.bottom);
    ctx.clip();
    ctx.globalAlpha = 0.2;
    ctx.strokeStyle = palette.ink2;
    ctx.lineWidth = 1.5;
    ctx.beginPath();
    for (let at = x - camera.bottom; at < end; at += 9) {
      ctx.moveTo(at, camera.bottom);
      ctx.lineTo(at + camera.bottom, 0);
    }
    ctx.stroke();
    ctx.globalAlpha = 1;
    ctx.font = `560 12px ${palette.sans}`;
    ctx.textAlign = "left";
    ctx.fillStyle = palette.ink2;
    ctx.fillText(name, Math.max(BEFORE, x) + 6, camera.bottom - 10);
    ctx.restore();
  }
}

/** Lines of the source, or indexes of its records, under the lanes. */
function axis(ctx: Context, { camera, scene, rows, palette, picture }: Drawing): void {
  const y = camera.bottom + AXIS / 2;
  ctx.font = `400 12px ${palette.mono}`;
  ctx.fillStyle = palette.ink3;
  ctx.textAlign = "center";
  const step = Math.max(1, Math.ceil(TICK_PX / camera.scale));
  const first = Math.floor(Math.max(0, camera.from) / step) * step;
  for (let along = first; along < scene.length; along += step) {
    const x = camera.x(along);
    if (x > camera.right) break;
    if (x < BEFORE) continue;
    const at = sourceAt(rows, scene.placeAt(along));
    const words = `${picture.unit} ${at ?? ""}`;
    const half = ctx.measureText(words).width / 2;
    if (at !== undefined && x + half < camera.width) ctx.fillText(words, Math.max(half + 4, x), y);
  }
}

/** Line or index of the event at a place: of a call or of a return. */
function sourceAt(rows: Rows, place: number): number | undefined {
  // Calls stand in the order of their places.
  let [low, high] = [0, rows.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((rows.call[middle] ?? 0) < place) low = middle + 1;
    else high = middle;
  }
  if (rows.call[low] === place) return rows.callAt[low];
  const row = rows.end.indexOf(place);
  return row === NONE ? undefined : rows.endAt[row];
}
