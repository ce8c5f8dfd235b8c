// What stands around the bars of a history: keys and processes before the lanes, lines of the source
// under them, faults as hatched bands behind them, and how far all orders agree.

import { AXIS, BEFORE } from "./camera.js";
import { barY } from "./drawing.js";
import type { Context, Drawing } from "./drawing.js";
import { NONE } from "./rows.js";
import type { Rows } from "./rows.js";
import { HEAD, PITCH } from "./scene.js";
import type { Band } from "./scene.js";

const TICK_PX = 110;

/** Up to where all orders that come furthest are one. */
export function agreement(ctx: Context, drawing: Drawing, band: Band): void {
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

/** The key over its lanes, and the processes before them. */
export function names(ctx: Context, drawing: Drawing, band: Band): void {
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
export function faults(ctx: Context, { picture, camera, scene, palette }: Drawing): void {
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
export function axis(ctx: Context, { camera, scene, rows, palette, picture }: Drawing): void {
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
