// Paints what moves on the stage: messages with their tails, and the arcs of running timers.
// Where a thing is follows from virtual time alone; nothing here is eased or remembered,
// but for lost messages, whose cross stays a moment.

import { curvePoint } from "./geometry.js";
import type { Curve, Point } from "./geometry.js";
import { epochColours } from "./palette.js";
import type { Palette } from "./palette.js";
import type { SignDrawing } from "./interface.js";

// These strides are those of `Engine::frame` in wasm/src; `checkFrame` says so when they part.
const HEADER = 2;
const MESSAGE_STRIDE = 14;
const TIMER_STRIDE = 6;

/** A layer of a sign: a path and its paints, as the core's table of signs has them. */
interface SignLayer {
  readonly path: Path2D;
  readonly fill: string;
  readonly stroke: string;
  readonly width: number;
}

/** A sign, ready to be painted. */
export interface Sign {
  readonly number: string;
  readonly layers: readonly SignLayer[];
}

// Places in the table of signs; the kinds of messages come before these.
export const LOST_SIGN = 8;
const HELD_SIGN = 9;

// What becomes of a message; 0 arrives.
const LOST = 1;
const HELD = 2;
/** And more: it waits at the end of its link, behind so many less this. */
const WAITS = 3;
const QUEUE_PX = 13;

const TAIL_PX = 44;
const LOST_MS = 600;
const SMALL_ABOVE = 60;
const DOTS_ABOVE = 300;
const SMALL_ARC_PX = 20;
/** How small the cross of a lost message is among dots. */
const LOST_IN_TOWN = 0.45;

/** A message in flight, unpacked. */
export interface Message extends Curve {
  readonly id: number;
  readonly sign: number;
  readonly epoch: number;
  readonly number: number;
  readonly sent: number;
  readonly planned: number;
  readonly until: number;
  readonly flight: number;
}

/** How an instant is to be painted. */
export interface Moment {
  /** Virtual µs. */
  readonly now: number;
  /** Virtual µs for each second on screen. */
  readonly paceUs: number;
  /** Messages as whole arrows, not moving. */
  readonly reduced: boolean;
  /** Message under the pointer, or 0. */
  readonly hovered: number;
}

/** The canvas over the ring. */
export class MovingCanvas {
  readonly #canvas: HTMLCanvasElement;
  readonly #signs: readonly Sign[];
  #frame: Float64Array = new Float64Array(HEADER);
  #messages: Message[] = [];
  #lost = new Map<number, { at: Point; epoch: number; time: number }>();
  #size = { width: 1, height: 1, scale: 1, town: false };

  constructor(canvas: HTMLCanvasElement, signs: readonly SignDrawing[]) {
    this.#canvas = canvas;
    this.#signs = prepareSigns(signs);
  }

  /**
   * The ring's size in its own units, how many CSS px one unit is, and whether its nodes are a
   * town of dots: messages are dots there, too, or they would hide who knows what.
   */
  resize(width: number, height: number, scale: number, town: boolean): void {
    this.#size = { width, height, scale, town };
    const dpr = Math.min(3, window.devicePixelRatio || 1);
    this.#canvas.width = Math.round(width * scale * dpr);
    this.#canvas.height = Math.round(height * scale * dpr);
  }

  /** Takes what the engine says is moving. */
  take(frame: Float64Array): void {
    checkFrame(frame);
    this.#frame = frame;
    this.#messages = unpack(frame);
    for (const message of this.#messages) {
      if (message.flight !== LOST) continue;
      const at = place(message, message.until);
      this.#lost.set(message.id, { at, epoch: message.epoch, time: message.until });
    }
  }

  /** Forgets crosses: time was moved by hand. */
  forget(): void {
    this.#lost.clear();
  }

  /** The message nearest to a point of the ring, within `reach`. */
  nearest(point: Point, now: number, reach: number): Message | undefined {
    let best: Message | undefined;
    let bestDistance = reach;
    for (const message of this.#messages) {
      if (!inFlight(message, now)) continue;
      const at = place(message, now);
      const away = Math.hypot(at.x - point.x, at.y - point.y);
      if (away <= bestDistance) {
        best = message;
        bestDistance = away;
      }
    }
    return best;
  }

  /** Messages in flight now, soonest arrival first. */
  inFlight(now: number): Message[] {
    return this.#messages
      .filter((message) => inFlight(message, now))
      .toSorted((a, b) => a.until - b.until);
  }

  /** Paints an instant. */
  draw(palette: Palette, moment: Moment): void {
    const cx = this.#canvas.getContext("2d");
    if (cx === null) return;
    const unit = this.#canvas.width / this.#size.width;
    cx.setTransform(1, 0, 0, 1, 0, 0);
    cx.clearRect(0, 0, this.#canvas.width, this.#canvas.height);
    cx.setTransform(unit, 0, 0, unit, 0, 0);
    this.#drawTimers(cx, palette, moment.now);
    this.#drawLost(cx, palette, moment);
    const flying = this.#messages.filter((message) => inFlight(message, moment.now));
    const crowd = flying.length > DOTS_ABOVE;
    const dots = crowd || this.#size.town;
    const size = flying.length > SMALL_ABOVE ? 0.7 : 1;
    if (!crowd) for (const message of flying) drawTail(cx, palette, message, moment);
    for (const message of flying) {
      if (dots) drawDot(cx, palette, message, moment.now);
      else this.#drawMessage(cx, palette, message, moment, size);
    }
  }

  #drawTimers(cx: CanvasRenderingContext2D, palette: Palette, now: number): void {
    const frame = this.#frame;
    const start = HEADER + (frame[0] ?? 0) * MESSAGE_STRIDE;
    const count = frame[1] ?? 0;
    for (let k = 0; k < count; k += 1) {
      const o = start + k * TIMER_STRIDE;
      const [x = 0, y = 0, r = 0, since = 0, due = 0] = frame.subarray(o + 1, o + TIMER_STRIDE);
      const left = due > since ? Math.min(1, Math.max(0, (due - now) / (due - since))) : 0;
      if (left <= 0) continue;
      // The track under it stands in the node's group; around a small node both are thin.
      const low = left < 0.25;
      const rest = r < SMALL_ARC_PX ? 2 : 3;
      cx.beginPath();
      cx.arc(x, y, r, -Math.PI / 2, -Math.PI / 2 + left * 2 * Math.PI);
      cx.strokeStyle = low ? palette.ink : palette.ink3;
      cx.lineWidth = low ? rest * 2 - 1 : rest;
      cx.lineCap = "round";
      cx.stroke();
    }
  }

  #drawLost(cx: CanvasRenderingContext2D, palette: Palette, moment: Moment): void {
    const staysUs = (LOST_MS / 1000) * moment.paceUs;
    for (const [id, lost] of this.#lost) {
      if (moment.now > lost.time + staysUs) {
        this.#lost.delete(id);
      } else if (moment.now >= lost.time) {
        const size = this.#size.town ? LOST_IN_TOWN : 1;
        this.#drawSign(cx, palette, LOST_SIGN, lost.epoch, { at: lost.at, size, number: 0 });
      }
    }
  }

  #drawMessage(
    cx: CanvasRenderingContext2D,
    palette: Palette,
    message: Message,
    moment: Moment,
    size: number,
  ): void {
    const at = moment.reduced ? curvePoint(message, 0.5) : place(message, moment.now);
    const number = size === 1 ? message.number : 0;
    this.#drawSign(cx, palette, message.sign, message.epoch, { at, size, number });
    if (message.flight === HELD) {
      const beside = { x: at.x + 10, y: at.y - 10 };
      this.#drawSign(cx, palette, HELD_SIGN, 0, { at: beside, size: 0.6, number: 0 });
    }
    if (message.id === moment.hovered) drawHalo(cx, palette, at);
  }

  #drawSign(
    cx: CanvasRenderingContext2D,
    palette: Palette,
    index: number,
    epoch: number,
    { at, size, number }: { at: Point; size: number; number: number },
  ): void {
    const sign = this.#signs[index];
    if (sign) paintSign(cx, palette, sign, { epoch, at, size, number, scale: this.#size.scale });
  }
}

/** Signs of the core's table as paths. */
export function prepareSigns(signs: readonly SignDrawing[]): Sign[] {
  return signs.map(({ number, layers }) => ({
    number,
    layers: layers.map(({ d, fill, stroke, width }) => ({
      path: new Path2D(d),
      fill,
      stroke,
      width,
    })),
  }));
}

/** A sign's place and number; `scale`: CSS px for one unit of the canvas. */
export interface SignPlace {
  readonly epoch: number;
  readonly at: Point;
  readonly size: number;
  readonly number: number;
  readonly scale: number;
}

/** Paints a sign. */
export function paintSign(
  cx: CanvasRenderingContext2D,
  palette: Palette,
  sign: Sign,
  { epoch, at, size, number, scale }: SignPlace,
): void {
  cx.save();
  cx.translate(at.x, at.y);
  cx.scale(size, size);
  cx.lineJoin = "round";
  cx.lineCap = "round";
  for (const layer of sign.layers) {
    if (layer.fill !== "none") {
      cx.fillStyle = paint(palette, epoch, layer.fill);
      cx.fill(layer.path);
    }
    if (layer.stroke !== "none") {
      cx.strokeStyle = paint(palette, epoch, layer.stroke);
      cx.lineWidth = layer.width;
      cx.stroke(layer.path);
    }
  }
  if (number > 0 && sign.number !== "none") {
    cx.fillStyle = paint(palette, epoch, sign.number);
    drawNumber(cx, palette, number, scale * size);
  }
  cx.restore();
}

/** The colour that a layer of a sign asks for. */
function paint(palette: Palette, epoch: number, name: string): string {
  const colours = epochColours(palette, epoch);
  switch (name) {
    case "fill":
      return colours.fill;
    case "on":
      return colours.on;
    case "line":
      return colours.line;
    case "stage":
      return palette.stage;
    case "edge":
      return palette.edge;
    case "bad":
      return palette.bad;
    case "on-bad":
      return palette.stage;
    default:
      return palette.ink;
  }
}

function unpack(frame: Float64Array): Message[] {
  const messages: Message[] = [];
  const count = frame[0] ?? 0;
  for (let k = 0; k < count; k += 1) {
    const o = HEADER + k * MESSAGE_STRIDE;
    const at = (i: number): number => frame[o + i] ?? 0;
    messages.push({
      id: at(0),
      sign: at(1),
      epoch: at(2),
      number: at(3),
      x0: at(4),
      y0: at(5),
      cx: at(6),
      cy: at(7),
      x1: at(8),
      y1: at(9),
      sent: at(10),
      planned: at(11),
      until: at(12),
      flight: at(13),
    });
  }
  return messages;
}

function checkFrame(frame: Float64Array): void {
  const wanted = HEADER + (frame[0] ?? 0) * MESSAGE_STRIDE + (frame[1] ?? 0) * TIMER_STRIDE;
  if (frame.length !== wanted) {
    throw new Error(`The engine sent ${frame.length} numbers for a frame, not ${wanted}.`);
  }
}

function inFlight(message: Message, now: number): boolean {
  return now >= message.sent && (now < message.until || message.flight >= HELD);
}

function place(message: Message, now: number): Point {
  const span = Math.max(1, message.planned - message.sent);
  const farthest = message.flight === HELD ? 0.5 : message.flight >= WAITS ? queued(message) : 1;
  return curvePoint(message, Math.min(farthest, Math.max(0, (now - message.sent) / span)));
}

/** Where a message stands that waits at the end of its link, as a share of its way. */
function queued(message: Message): number {
  const { x0, y0, cx, cy, x1, y1 } = message;
  const length = Math.hypot(cx - x0, cy - y0) + Math.hypot(x1 - cx, y1 - cy);
  const away = QUEUE_PX * (message.flight - WAITS + 0.5);
  return Math.max(0.3, 1 - away / Math.max(1, length));
}

function drawTail(
  cx: CanvasRenderingContext2D,
  palette: Palette,
  message: Message,
  moment: Moment,
): void {
  const length = Math.max(1, Math.hypot(message.x1 - message.x0, message.y1 - message.y0));
  const span = Math.max(1, message.planned - message.sent);
  const farthest = message.flight >= WAITS ? queued(message) : 1;
  const u = moment.reduced ? 1 : Math.min(farthest, (moment.now - message.sent) / span);
  const from = curvePoint(message, moment.reduced ? 0 : Math.max(0, u - TAIL_PX / length));
  const to = curvePoint(message, u);
  cx.strokeStyle = epochColours(palette, message.epoch).line;
  cx.globalAlpha = 0.38;
  cx.lineWidth = 2;
  cx.lineCap = "butt";
  cx.beginPath();
  cx.moveTo(from.x, from.y);
  cx.lineTo(to.x, to.y);
  cx.stroke();
  cx.globalAlpha = 1;
  if (moment.reduced) drawArrowhead(cx, palette, message, to);
}

function drawArrowhead(
  cx: CanvasRenderingContext2D,
  palette: Palette,
  message: Message,
  tip: Point,
): void {
  const angle = Math.atan2(message.y1 - message.cy, message.x1 - message.cx);
  cx.fillStyle = epochColours(palette, message.epoch).line;
  cx.beginPath();
  cx.moveTo(tip.x, tip.y);
  for (const turn of [2.7, -2.7]) {
    cx.lineTo(tip.x + 9 * Math.cos(angle + turn), tip.y + 9 * Math.sin(angle + turn));
  }
  cx.fill();
}

function drawDot(
  cx: CanvasRenderingContext2D,
  palette: Palette,
  message: Message,
  now: number,
): void {
  const at = place(message, now);
  cx.fillStyle = epochColours(palette, message.epoch).line;
  cx.beginPath();
  cx.arc(at.x, at.y, 2, 0, 2 * Math.PI);
  cx.fill();
}

function drawHalo(cx: CanvasRenderingContext2D, palette: Palette, at: Point): void {
  cx.strokeStyle = palette.ink;
  cx.lineWidth = 1.5;
  cx.beginPath();
  cx.arc(at.x, at.y, 15, 0, 2 * Math.PI);
  cx.stroke();
}

/** The number on a message: never under 12 px on screen, left out where it would not fit. */
function drawNumber(
  cx: CanvasRenderingContext2D,
  palette: Palette,
  number: number,
  scale: number,
): void {
  if (number > 99) return;
  cx.font = `700 ${Math.max(12, 12 / scale)}px ${palette.mono}`;
  cx.textAlign = "center";
  cx.textBaseline = "middle";
  cx.fillText(String(number), 0, 0.5);
}
