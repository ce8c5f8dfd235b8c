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

const WIDEST_BAR = 9;
/** Changes nearer to each other than this cannot be told apart and are not painted. */
const FINEST_PX = 0.3;

/** A rectangle of the canvas. */
export interface Area {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A lane: what happened in it, and where it is. */
export interface Lane {
  readonly spans: readonly LaneSpan[];
  readonly until: number;
  readonly x: (time: number) => number;
  readonly y: number;
  /** Distance to the next lane. */
  readonly pitch: number;
  /** Height of a leader's bar, when it is not the timeline's. */
  readonly bar?: number;
}

/** Paints one node's lane up to `until`. */
export function drawLane(cx: CanvasRenderingContext2D, palette: Palette, lane: Lane): void {
  const { spans, until, x, y } = lane;
  const bar = Math.min(lane.bar ?? WIDEST_BAR, Math.max(1, lane.pitch * 0.7));
  let painted = -Infinity;
  spans.forEach((span, k) => {
    if (span.time > until) return;
    const end = Math.min(until, spans[k + 1]?.time ?? until);
    const before = spans[k - 1];
    if (span.family === CLIENT && span.status === UP) return;
    if (x(end) - painted < FINEST_PX) return;
    painted = x(end);
    drawSpan(cx, palette, span, { from: x(span.time), to: x(end), y, bar });
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
  { from, to, y, bar }: { from: number; to: number; y: number; bar: number },
): void {
  if (span.status === DOWN || to <= from) return;
  const colours = epochColours(palette, span.epoch);
  const line = span.epoch < 1 ? palette.edge : colours.line;
  if (span.status === PAUSED) {
    const area = { x: from, y: y - bar / 2, width: to - from, height: bar };
    hatch(cx, area, { colour: palette.ink2, alpha: 1, gap: 4 });
    return;
  }
  if (span.family === LEADS) {
    cx.fillStyle = colours.fill;
    cx.strokeStyle = line;
    cx.lineWidth = 1;
    cx.beginPath();
    cx.roundRect(from, y - bar / 2, to - from, bar, 3);
    cx.fill();
    cx.stroke();
    return;
  }
  cx.strokeStyle = line;
  if (span.family === SEEKS) {
    cx.fillStyle = palette.bg;
    cx.fillRect(from, y - bar / 2, to - from, bar);
    cx.setLineDash([3, 2]);
    cx.lineWidth = 1.5;
    cx.strokeRect(from + 0.75, y - bar / 2 + 0.75, Math.max(0.5, to - from - 1.5), bar - 1.5);
    cx.setLineDash([]);
    return;
  }
  cx.lineWidth = Math.min(span.family === LEARNS ? 1.25 : 2.5, bar * 0.6);
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
  bar: { from: number; to: number; open: boolean; y: number; pitch: number },
): void {
  const { from, to, open, y } = bar;
  const half = Math.min(3, Math.max(0.5, bar.pitch * 0.3));
  if (!open) {
    cx.fillStyle = palette.ink2;
    cx.beginPath();
    cx.roundRect(from, y - half, Math.max(2, to - from), 2 * half, half);
    cx.fill();
    return;
  }
  cx.strokeStyle = palette.ink2;
  cx.lineWidth = 1.25;
  cx.setLineDash([3, 2]);
  cx.beginPath();
  cx.moveTo(to, y - half);
  cx.lineTo(from, y - half);
  cx.lineTo(from, y + half);
  cx.lineTo(to, y + half);
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

/** Hatching at 45°, clipped to an area; `back` leans the other way. */
export function hatch(
  cx: CanvasRenderingContext2D,
  area: Area,
  { colour, alpha, gap, back }: { colour: string; alpha: number; gap: number; back?: boolean },
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
    const [low, high] = back ? [area.y, area.y + area.height] : [area.y + area.height, area.y];
    cx.moveTo(x, low);
    cx.lineTo(x + area.height, high);
  }
  cx.stroke();
  cx.restore();
}
