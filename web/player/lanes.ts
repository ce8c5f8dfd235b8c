// How one lane, one operation and one flag of the timeline are painted. Pure drawing: times
// come in as places.

import { epochColours } from "./palette.js";
import type { Palette } from "./palette.js";

/** From this time on a node is so, until its next span. */
export interface LaneSpan {
  readonly time: number;
  readonly status: number;
  readonly family: number;
  readonly epoch: number;
}

// The numbers of `Engine::lanes` in wasm/src.
const UP = 0;
const PAUSED = 1;
const DOWN = 2;
const SEEKS = 1;
const LEADS = 2;
const LEARNS = 3;
const CLIENT = 4;

const BAR = 9;

/** A rectangle of the canvas. */
export interface Area {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Paints one node's lane up to `until`. */
export function drawLane(
  cx: CanvasRenderingContext2D,
  palette: Palette,
  lane: { spans: readonly LaneSpan[]; until: number; x: (time: number) => number; y: number },
): void {
  const { spans, until, x, y } = lane;
  spans.forEach((span, k) => {
    if (span.time > until) return;
    const end = Math.min(until, spans[k + 1]?.time ?? until);
    const before = spans[k - 1];
    if (span.family === CLIENT && span.status === UP) return;
    drawSpan(cx, palette, span, { from: x(span.time), to: x(end), y });
    const fell = span.status === DOWN && before?.status !== DOWN;
    const rose = span.status !== DOWN && before?.status === DOWN;
    if (fell) drawEnd(cx, palette, x(span.time), y, "cross");
    if (rose) drawEnd(cx, palette, x(span.time), y, "ring");
  });
}

function drawSpan(
  cx: CanvasRenderingContext2D,
  palette: Palette,
  span: LaneSpan,
  { from, to, y }: { from: number; to: number; y: number },
): void {
  if (span.status === DOWN || to <= from) return;
  const colours = epochColours(palette, span.epoch);
  const line = span.epoch < 1 ? palette.edge : colours.line;
  if (span.status === PAUSED) {
    const area = { x: from, y: y - BAR / 2, width: to - from, height: BAR };
    hatch(cx, area, { colour: palette.ink2, alpha: 1, gap: 4 });
    return;
  }
  if (span.family === LEADS) {
    cx.fillStyle = colours.fill;
    cx.strokeStyle = line;
    cx.lineWidth = 1;
    cx.beginPath();
    cx.roundRect(from, y - BAR / 2, to - from, BAR, 3);
    cx.fill();
    cx.stroke();
    return;
  }
  cx.strokeStyle = line;
  if (span.family === SEEKS) {
    cx.fillStyle = palette.bg;
    cx.fillRect(from, y - BAR / 2, to - from, BAR);
    cx.setLineDash([3, 2]);
    cx.lineWidth = 1.5;
    cx.strokeRect(from + 0.75, y - BAR / 2 + 0.75, Math.max(0.5, to - from - 1.5), BAR - 1.5);
    cx.setLineDash([]);
    return;
  }
  cx.lineWidth = span.family === LEARNS ? 1.25 : 2.5;
  cx.beginPath();
  cx.moveTo(from, y);
  cx.lineTo(to, y);
  cx.stroke();
}

function drawEnd(
  cx: CanvasRenderingContext2D,
  palette: Palette,
  x: number,
  y: number,
  kind: "cross" | "ring",
): void {
  cx.strokeStyle = palette.ink;
  cx.lineWidth = 2;
  cx.beginPath();
  if (kind === "cross") {
    cx.moveTo(x, y - 4);
    cx.lineTo(x + 8, y + 4);
    cx.moveTo(x, y + 4);
    cx.lineTo(x + 8, y - 4);
  } else {
    cx.fillStyle = palette.bg;
    cx.arc(x, y, 3, 0, 2 * Math.PI);
    cx.fill();
  }
  cx.stroke();
}

/** Paints a client's operation: a bar when answered, open at the right while it is pending. */
export function drawOperation(
  cx: CanvasRenderingContext2D,
  palette: Palette,
  bar: { from: number; to: number; open: boolean; y: number },
): void {
  const { from, to, open, y } = bar;
  if (!open) {
    cx.fillStyle = palette.ink2;
    cx.beginPath();
    cx.roundRect(from, y - 3, Math.max(2, to - from), 6, 3);
    cx.fill();
    return;
  }
  cx.strokeStyle = palette.ink2;
  cx.lineWidth = 1.25;
  cx.setLineDash([3, 2]);
  cx.beginPath();
  cx.moveTo(to, y - 3);
  cx.lineTo(from, y - 3);
  cx.lineTo(from, y + 3);
  cx.lineTo(to, y + 3);
  cx.stroke();
  cx.setLineDash([]);
}

/** Paints a flag over the lanes; its words end before `room`. */
export function drawFlag(
  cx: CanvasRenderingContext2D,
  palette: Palette,
  flag: { x: number; bottom: number; label: string; played: boolean; room: number },
): void {
  const { x, bottom, label, played, room } = flag;
  cx.strokeStyle = palette.ink;
  cx.fillStyle = palette.ink;
  cx.lineWidth = 1.5;
  cx.setLineDash(played ? [] : [2, 3]);
  cx.beginPath();
  cx.moveTo(x, 12);
  cx.lineTo(x, bottom);
  cx.stroke();
  cx.setLineDash([]);
  cx.lineJoin = "round";
  cx.beginPath();
  cx.moveTo(x, 13);
  cx.lineTo(x + 12, 13);
  cx.lineTo(x + 8.5, 17.5);
  cx.lineTo(x + 12, 22);
  cx.lineTo(x, 22);
  cx.closePath();
  if (played) cx.fill();
  else {
    cx.fillStyle = palette.bg;
    cx.fill();
  }
  cx.stroke();
  if (label === "") return;
  cx.font = `600 12px ${palette.sans}`;
  cx.textAlign = "left";
  cx.textBaseline = "middle";
  cx.fillStyle = played ? palette.ink : palette.ink2;
  cx.fillText(fitted(cx, label, room - x - 17), x + 17, 17.5);
}

function fitted(cx: CanvasRenderingContext2D, text: string, room: number): string {
  if (cx.measureText(text).width <= room) return text;
  let kept = text;
  while (kept.length > 1 && cx.measureText(`${kept}…`).width > room) kept = kept.slice(0, -1);
  return `${kept}…`;
}

/** Hatching at 45°, clipped to an area. */
export function hatch(
  cx: CanvasRenderingContext2D,
  area: Area,
  { colour, alpha, gap }: { colour: string; alpha: number; gap: number },
): void {
  if (area.width <= 0 || area.height <= 0) return;
  cx.save();
  cx.beginPath();
  cx.rect(area.x, area.y, area.width, area.height);
  cx.clip();
  cx.globalAlpha *= alpha;
  cx.strokeStyle = colour;
  cx.lineWidth = 1;
  cx.beginPath();
  const start = Math.floor((area.x - area.height) / gap) * gap;
  for (let x = start; x < area.x + area.width; x += gap) {
    cx.moveTo(x, area.y + area.height);
    cx.lineTo(x + area.height, area.y);
  }
  cx.stroke();
  cx.restore();
}
