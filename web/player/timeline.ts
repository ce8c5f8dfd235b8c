// The timeline: the space-time diagram in small, on one canvas. Shows what the run was, where
// the playhead stands and what lies ahead. Reads the run; only the hand on it moves time.

import type { FlagView, Playing, Violation } from "./interface.js";
import { hatch, drawFlag, drawLane, drawOperation } from "./lanes.js";
import type { LaneSpan } from "./lanes.js";
import type { Palette } from "./palette.js";
import { drawTrouble, readTroubles } from "./troubles.js";
import type { Trouble } from "./troubles.js";

// These strides are those of `Engine::lanes` and `Engine::operation_bars` in wasm/src.
const LANE_STRIDE = 5;
/** Between a lane and its name, and the room for one letter of it. */
const NAME_GAP_PX = 10;
const NAME_LETTER_PX = 8.5;
const OPERATION_STRIDE = 3;

/** What the timeline shows besides its lanes. */
export interface TimelineState {
  readonly now: number;
  readonly head: number;
  readonly end: number | undefined;
  readonly violation: Violation | undefined;
  /** Where a run and the one that it was forked from part. */
  readonly partingUs: number | undefined;
}

/** Places inside the canvas, CSS px. */
interface Frame {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly pitch: number;
  readonly axis: number;
  readonly words: boolean;
}

/** A client's operation. */
export interface Operation {
  readonly node: number;
  readonly invoked: number;
  readonly returned: number;
}

const SPANS_S = [1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 25, 30, 40, 50, 60, 80, 100, 120, 150, 200];
const AHEAD_ALPHA = 0.35;
const WIDEST_PITCH = 13;

/** The canvas of the dock. */
export class Timeline {
  readonly #canvas: HTMLCanvasElement;
  #names: readonly string[] = [];
  #lanes: LaneSpan[][] = [];
  #records = 0;
  #operations: Operation[] = [];
  #flags: readonly FlagView[] = [];
  #troubles: readonly Trouble[] = [];
  #size = { width: 1, height: 1 };
  #spanUs = 2_000_000;
  #frame: Frame = { left: 36, right: 1, top: 40, pitch: WIDEST_PITCH, axis: 1, words: true };

  constructor(canvas: HTMLCanvasElement) {
    this.#canvas = canvas;
  }

  /** Time from the left edge to the right one, virtual µs. */
  get spanUs(): number {
    return this.#spanUs;
  }

  /** Names of the nodes, in order. */
  get names(): readonly string[] {
    return this.#names;
  }

  /** How each node was, from when on. */
  get lanes(): readonly (readonly LaneSpan[])[] {
    return this.#lanes;
  }

  /** What clients have asked, by the time of asking. */
  get operations(): readonly Operation[] {
    return this.#operations;
  }

  /** What was wrong, and from when until when. */
  get troubles(): readonly Trouble[] {
    return this.#troubles;
  }

  /** Another run: forget everything. */
  reset(names: readonly string[]): void {
    this.#names = names;
    this.#lanes = names.map(() => []);
    this.#records = 0;
    this.#operations = [];
    this.#troubles = [];
    this.#spanUs = 0;
  }

  resize(width: number, height: number): void {
    const dpr = Math.min(3, window.devicePixelRatio || 1);
    this.#size = { width, height };
    this.#canvas.width = Math.round(width * dpr);
    this.#canvas.height = Math.round(height * dpr);
    const words = height >= 120;
    const top = words ? 40 : 8;
    const lanes = Math.max(1, this.#names.length - 1);
    const pitch = Math.min(WIDEST_PITCH, (height - (words ? 29 : 22) - top) / lanes);
    const axis = words ? Math.max(height - 22, top + lanes * pitch + 18) : height - 8;
    const longest = Math.max(0, ...this.#names.map((name) => name.length));
    const left = Math.max(words ? 36 : 32, NAME_GAP_PX + NAME_LETTER_PX * longest);
    this.#frame = { left, right: width - 20, top, pitch, axis, words };
  }

  /** Takes the changes of nodes since the last time. */
  take(engine: Playing): void {
    const length = engine.lanes_length();
    if (length < this.#records) {
      this.#lanes = this.#names.map(() => []);
      this.#records = 0;
    }
    if (length > this.#records) {
      const packed = engine.lanes(this.#records);
      for (let o = 0; o + LANE_STRIDE <= packed.length; o += LANE_STRIDE) {
        const [time = 0, node = 0, status = 0, family = 0, epoch = 0] = packed.subarray(
          o,
          o + LANE_STRIDE,
        );
        this.#lanes[node]?.push({ time, status, family, epoch });
      }
      this.#records = length;
    }
  }

  /** Takes operations and flags; they are few, but all of them each time. */
  takeRest(engine: Playing): void {
    const bars = engine.operation_bars();
    this.#operations = [];
    for (let o = 0; o + OPERATION_STRIDE <= bars.length; o += OPERATION_STRIDE) {
      const [node = 0, invoked = 0, returned = NaN] = bars.subarray(o, o + OPERATION_STRIDE);
      this.#operations.push({ node, invoked, returned });
    }
    this.#flags = engine.flags();
  }

  /** Takes what began and ended to be wrong. */
  takeTroubles(packed: Float64Array): void {
    this.#troubles = readTroubles(packed);
  }

  /** The time under a place in the canvas. */
  timeAt(x: number): number {
    const { left, right } = this.#frame;
    const share = Math.min(1, Math.max(0, (x - left) / (right - left)));
    return share * this.#spanUs;
  }

  /** The flag under a place in the canvas. */
  flagAt(x: number, y: number): FlagView | undefined {
    if (!this.#frame.words || y > this.#frame.top - 8) return undefined;
    return this.#flags.find((flag) => Math.abs(this.#x(flag.time) + 6 - x) <= 12);
  }

  draw(palette: Palette, state: TimelineState): void {
    const cx = this.#canvas.getContext("2d");
    if (cx === null) return;
    this.#fitSpan(state);
    const unit = this.#canvas.width / this.#size.width;
    cx.setTransform(unit, 0, 0, unit, 0, 0);
    cx.clearRect(0, 0, this.#size.width, this.#size.height);
    cx.lineCap = "butt";
    this.#drawAxis(cx, palette);
    this.#drawNames(cx, palette);
    this.#drawAhead(cx, palette, state.head);
    this.#clipped(cx, 0, state.now, 1, () => this.#drawPast(cx, palette, state.now));
    if (state.head > state.now) {
      this.#clipped(cx, state.now, state.head, AHEAD_ALPHA, () =>
        this.#drawPast(cx, palette, state.head),
      );
    }
    this.#drawFlags(cx, palette);
    if (state.partingUs !== undefined) this.#drawParting(cx, palette, state.partingUs);
    this.#drawPlayhead(cx, palette, state);
  }

  #x(time: number): number {
    const { left, right } = this.#frame;
    return left + (Math.min(time, this.#spanUs) / this.#spanUs) * (right - left);
  }

  #y(lane: number): number {
    return this.#frame.top + lane * this.#frame.pitch;
  }

  get #bottom(): number {
    return this.#y(Math.max(0, this.#names.length - 1)) + 7;
  }

  /** The span only ever jumps to the next round number, and never shrinks during a run. */
  #fitSpan({ now, head, end, violation }: TimelineState): void {
    const last = Math.max(0, ...this.#flags.map((flag) => flag.time));
    const wanted =
      end ?? Math.max(head * 1.04, now * 1.04, last * 1.2, (violation?.time ?? 0) * 1.3, 1);
    if (end !== undefined && this.#spanUs !== end) this.#spanUs = end;
    if (wanted <= this.#spanUs && this.#spanUs > 0) return;
    const seconds = SPANS_S.find((s) => s * 1_000_000 >= wanted);
    this.#spanUs = end ?? (seconds === undefined ? wanted * 1.25 : seconds * 1_000_000);
  }

  #clipped(
    cx: CanvasRenderingContext2D,
    from: number,
    to: number,
    alpha: number,
    draw: () => void,
  ): void {
    cx.save();
    cx.beginPath();
    cx.rect(
      this.#x(from) - (from === 0 ? 4 : 0),
      0,
      this.#x(to) - this.#x(from) + 4,
      this.#size.height,
    );
    cx.clip();
    cx.globalAlpha = alpha;
    draw();
    cx.restore();
  }

  #drawAxis(cx: CanvasRenderingContext2D, palette: Palette): void {
    const { axis, left, right, top, words } = this.#frame;
    const step = tickStep(this.#spanUs, (right - left) / (words ? 110 : 84));
    const digits = step % 1_000_000 === 0 ? 0 : step % 100_000 === 0 ? 1 : 2;
    cx.font = `12px ${palette.mono}`;
    cx.textBaseline = "middle";
    for (let time = 0; time <= this.#spanUs + 1; time += step) {
      const x = Math.round(this.#x(time)) + 0.5;
      cx.strokeStyle = palette.line;
      cx.lineWidth = 1;
      cx.beginPath();
      cx.moveTo(x, top - 7);
      cx.lineTo(x, axis - 9);
      cx.stroke();
      const text = (time / 1_000_000).toFixed(digits) + (time === 0 ? " s" : "");
      cx.fillStyle = palette.ink3;
      cx.textAlign = time === 0 ? "left" : x > right - 16 ? "right" : "center";
      cx.fillText(text, time === 0 ? left : x > right - 16 ? right : x, axis);
    }
  }

  #drawNames(cx: CanvasRenderingContext2D, palette: Palette): void {
    const { left, pitch } = this.#frame;
    cx.font = `600 12px ${palette.sans}`;
    cx.fillStyle = palette.ink2;
    cx.textAlign = "right";
    cx.textBaseline = "middle";
    const every = Math.max(1, Math.ceil(12 / pitch));
    this.#names.forEach((name, k) => {
      if (k % every === 0) cx.fillText(name, left - NAME_GAP_PX, this.#y(k));
    });
  }

  #drawAhead(cx: CanvasRenderingContext2D, palette: Palette, head: number): void {
    cx.strokeStyle = palette.line;
    cx.lineWidth = 1;
    cx.setLineDash([1, 4]);
    for (let lane = 0; lane < this.#names.length; lane += 1) {
      cx.beginPath();
      cx.moveTo(this.#x(head), this.#y(lane));
      cx.lineTo(this.#frame.right, this.#y(lane));
      cx.stroke();
    }
    cx.setLineDash([]);
  }

  #drawPast(cx: CanvasRenderingContext2D, palette: Palette, until: number): void {
    for (const [from, to] of this.partitions(until)) {
      const [x, width] = [this.#x(from), this.#x(to) - this.#x(from)];
      const area = { x, y: this.#frame.top - 7, width, height: this.#bottom - this.#frame.top + 7 };
      hatch(cx, area, { colour: palette.ink2, alpha: 0.2, gap: 6 });
    }
    const x = (time: number): number => this.#x(time);
    this.#lanes.forEach((spans, lane) => {
      drawLane(cx, palette, { spans, until, x, y: this.#y(lane), pitch: this.#frame.pitch });
    });
    for (const trouble of this.#troubles) {
      if (trouble.from > until) continue;
      const [from, to] = [x(trouble.from), x(Math.min(trouble.to, until))];
      drawTrouble(cx, palette, trouble, {
        from,
        to,
        y: this.#y(trouble.lane),
        pitch: this.#frame.pitch,
      });
    }
    // Of many in one pixel the first is enough: a long run has more than can be told apart.
    const painted = new Map<number, number>();
    for (const { node, invoked, returned } of this.#operations) {
      if (invoked > until) continue;
      const open = !(returned <= until);
      const [from, to] = [x(invoked), x(open ? until : returned)];
      if (!open && to < (painted.get(node) ?? -1) + 0.5) continue;
      painted.set(node, to);
      drawOperation(cx, palette, {
        from,
        to,
        open,
        y: this.#y(node),
        pitch: this.#frame.pitch,
      });
    }
  }

  /** Stretches in which a partition was in force, read off the lines of the text. */
  partitions(until: number): [number, number][] {
    const bands: [number, number][] = [];
    let since: number | undefined;
    for (const { time, label } of this.#flags.toSorted((a, b) => a.time - b.time)) {
      if (time > until) break;
      const parts = label.startsWith("partition");
      if (!parts && label !== "heal") continue;
      if (since !== undefined) bands.push([since, time]);
      since = parts ? time : undefined;
    }
    if (since !== undefined) bands.push([since, until]);
    return bands;
  }

  #drawFlags(cx: CanvasRenderingContext2D, palette: Palette): void {
    if (!this.#frame.words) return;
    const flags = this.#flags.toSorted((a, b) => a.time - b.time);
    flags.forEach((flag, k) => {
      if (flag.time > this.#spanUs) return;
      const x = Math.round(this.#x(flag.time)) + 0.5;
      const next = flags[k + 1];
      const room = next ? this.#x(next.time) - 4 : this.#size.width - 8;
      const label = room - x > 48 ? flag.label : "";
      drawFlag(cx, palette, { x, bottom: this.#bottom, label, played: flag.played, room });
    });
  }

  /** Two lines where two runs part. */
  #drawParting(cx: CanvasRenderingContext2D, palette: Palette, time: number): void {
    const x = Math.round(this.#x(time)) + 0.5;
    cx.strokeStyle = palette.ink;
    cx.lineWidth = 1;
    cx.beginPath();
    for (const beside of [-2, 2]) {
      cx.moveTo(x + beside, this.#frame.top - 10);
      cx.lineTo(x + beside, this.#bottom);
    }
    cx.stroke();
  }

  #drawPlayhead(cx: CanvasRenderingContext2D, palette: Palette, state: TimelineState): void {
    const { violation, now } = state;
    const broken = violation !== undefined && now >= violation.time;
    const top = this.#frame.words ? 28 : 6;
    const bottom = this.#frame.axis - 8;
    if (broken) {
      const x = this.#x(violation.time);
      const area = {
        x,
        y: this.#frame.top - 7,
        width: this.#frame.right - x,
        height: bottom - this.#frame.top + 7,
      };
      hatch(cx, area, { colour: palette.bad, alpha: 0.45, gap: 7 });
      if (this.#frame.words) {
        cx.fillStyle = palette.bad;
        cx.font = `600 12px ${palette.sans}`;
        cx.textBaseline = "middle";
        const text = violation.check;
        const wide = cx.measureText(text).width;
        const left = x + 12 + wide > this.#size.width;
        cx.textAlign = left ? "right" : "left";
        cx.fillText(text, left ? x - 12 : x + 12, top);
      }
    }
    const x = this.#x(now);
    cx.strokeStyle = broken ? palette.bad : palette.ink;
    cx.fillStyle = broken ? palette.bad : palette.ink;
    cx.lineWidth = 2;
    cx.beginPath();
    cx.moveTo(x, top);
    cx.lineTo(x, bottom);
    cx.stroke();
    cx.beginPath();
    cx.arc(x, top, 6, 0, 2 * Math.PI);
    cx.fill();
    cx.strokeStyle = palette.bg;
    cx.lineWidth = 2;
    cx.stroke();
  }
}

/** A round step, so that about `wanted` of them make the span. */
function tickStep(spanUs: number, wanted: number): number {
  const least = spanUs / Math.max(1, wanted);
  for (let decade = 1000; ; decade *= 10) {
    for (const factor of [1, 2, 2.5, 5]) {
      if (factor * decade >= least) return factor * decade;
    }
  }
}
