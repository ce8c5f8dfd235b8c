// Words beside events, where there is room: what the protocol marks, the new number where a lane
// changes its epoch, what a client asked, stamps. A label that would lie on another is left out.

import { epochColours } from "../palette.js";
import { Shape } from "./columns.js";
import { spansIn } from "./scene.js";
import type { Scene } from "./scene.js";

/** A label that wants a place; `rank`: who comes first gets it. */
interface Label {
  readonly text: string;
  readonly x: number;
  readonly y: number;
  readonly rank: number;
  readonly colour: string;
  readonly font: string;
  readonly pale: boolean;
}

const OVER = 16;
const UNDER = 16;
const HEIGHT = 15;
const PALE = 0.4;
const widths = new Map<string, number>();

/** The labels of one drawing. */
export class Labels {
  readonly #cx: CanvasRenderingContext2D;
  readonly #scene: Scene;
  readonly #wanted: Label[] = [];

  constructor(cx: CanvasRenderingContext2D, scene: Scene) {
    this.#cx = cx;
    this.#scene = scene;
  }

  /** Looks whether an event has a label. */
  consider(id: number, lane: number, pale: boolean): void {
    const { columns, camera, palette, emphasis, stampOf } = this.#scene;
    const shape = columns.shape[id] ?? 0;
    const [x, y] = camera.at(columns.time[id] ?? 0, lane);
    const chosen = emphasis?.chosen.includes(id) ?? false;
    const words = this.#words(id, shape);
    const font = `600 12px ${palette.sans}`;
    if (words !== "") {
      const rank = chosen ? 0 : (RANKS[shape] ?? 5);
      this.#want({ text: words, x, y, rank, colour: palette.ink, font, pale }, true);
    }
    if (stampOf) {
      const text = stampOf(id);
      const stamp = `12px ${palette.mono}`;
      if (text !== "")
        this.#want(
          { text, x, y, rank: chosen ? 1 : 4, colour: palette.ink2, font: stamp, pale },
          false,
        );
    }
  }

  /** Paints those that have room. */
  paint(alpha: number): void {
    this.#epochs();
    const cx = this.#cx;
    const taken: { left: number; right: number; y: number }[] = [];
    cx.lineJoin = "round";
    cx.textBaseline = "middle";
    cx.textAlign = "left";
    for (const label of this.#wanted.toSorted((a, b) => a.rank - b.rank)) {
      const wide = width(cx, label);
      const left = label.x;
      const clash = taken.some(
        (other) =>
          Math.abs(other.y - label.y) < HEIGHT &&
          left < other.right + 6 &&
          other.left < left + wide + 6,
      );
      if (clash) continue;
      taken.push({ left, right: left + wide, y: label.y });
      cx.font = label.font;
      cx.globalAlpha = label.pale ? alpha * PALE : alpha;
      cx.strokeStyle = this.#scene.palette.stage;
      cx.lineWidth = 4;
      cx.strokeText(label.text, left, label.y);
      cx.fillStyle = label.colour;
      cx.fillText(label.text, left, label.y);
    }
    cx.globalAlpha = alpha;
  }

  /** Puts it over the lane (or under), in the middle; beside the lane where time runs down. */
  #want(label: Label, over: boolean): void {
    const { camera } = this.#scene;
    const wide = width(this.#cx, label);
    if (camera.vertical) {
      if (wide > camera.pitch * 1.7) return;
      const x = Math.min(label.x + 10, camera.width - wide - 2);
      this.#wanted.push({ ...label, x, y: label.y + (over ? -7 : 8) });
    } else {
      const left = Math.max(camera.begin, Math.min(camera.end - wide, label.x - wide / 2));
      this.#wanted.push({ ...label, x: left, y: label.y + (over ? -OVER - 6 : UNDER) });
    }
  }

  #words(id: number, shape: number): string {
    const { columns, marks, said } = this.#scene;
    switch (shape) {
      case Shape.Mark:
      case Shape.Commit: {
        const number = columns.number[id] ?? 0;
        const word = (marks[columns.sub[id] ?? 0] ?? "").replaceAll("-", " ");
        return number > 0 ? `${word} ${number}` : word;
      }
      case Shape.Request:
        return said.get(`${columns.node[id] ?? 0} ${columns.time[id] ?? 0}`) ?? "";
      case Shape.GiveUp:
        return "gives up";
      case Shape.Violated:
        return "violated";
      default:
        return "";
    }
  }

  /** The new number where a lane changes its epoch. */
  #epochs(): void {
    const { camera, spans, order, palette } = this.#scene;
    const [low, high] = camera.lanes;
    const font = `650 12px ${palette.mono}`;
    for (let lane = low; lane < high; lane += 1) {
      const window = { fromUs: camera.fromUs, toUs: camera.toUs, alpha: 1 };
      let before = -1;
      for (const span of spansIn(spans[order[lane] ?? 0] ?? [], window)) {
        if (span.time > camera.toUs) break;
        const changed = span.epoch !== before && span.epoch > 0 && before >= 0;
        before = span.epoch;
        if (!changed || span.time < camera.fromUs) continue;
        const [x, y] = camera.at(span.time, lane);
        const colour = epochColours(palette, span.epoch).line;
        this.#wanted.push({
          text: String(span.epoch),
          x: camera.vertical ? x - 16 : x + 3,
          y: camera.vertical ? y + 8 : y + UNDER,
          rank: 3,
          colour,
          font,
          pale: false,
        });
      }
    }
  }
}

/** Who gets a place first: what is violated, decided, marked, asked. */
const RANKS: Record<number, number> = {
  [Shape.Violated]: 0,
  [Shape.Commit]: 1,
  [Shape.Mark]: 1,
  [Shape.GiveUp]: 2,
  [Shape.Request]: 2,
};

function width(cx: CanvasRenderingContext2D, { text, font }: Label): number {
  const key = `${font} ${text}`;
  const known = widths.get(key);
  if (known !== undefined) return known;
  cx.font = font;
  const measured = cx.measureText(text).width;
  if (widths.size > 5000) widths.clear();
  widths.set(key, measured);
  return measured;
}
