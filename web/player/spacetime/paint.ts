// Paints the space-time diagram: lanes, messages, events, labels, cones, the playhead. What is
// painted follows from the scene alone. Times come from the camera; nothing is eased.

import MEASURES from "../../generated/spacetime.json";
import { LOST_SIGN, paintSign } from "../canvas.js";
import { drawLane, drawOperation, hatch } from "../lanes.js";
import { epochColours } from "../palette.js";
import { drawTrouble } from "../troubles.js";
import { paintBands } from "./bands.js";
import { tickStep } from "./camera.js";
import { Line, NONE, Shape } from "./columns.js";
import type { Arrow } from "./columns.js";
import { Labels } from "./labels.js";
import { density, lineOf, spanAt, spansIn, weightOf } from "./scene.js";
import type { Scene, Window } from "./scene.js";

type Context = CanvasRenderingContext2D;

const { pale: PALE, ahead: AHEAD, head: HEAD, half_head: HEAD_HALF } = MEASURES;
const DASH = [MEASURES.dash, MEASURES.dash_gap];
const HALF_BAR = MEASURES.bar / 2;
/** The families and statuses of `lanes.ts`. */
const LEADS = 2;
const SEEKS = 1;
const CLIENT = 4;
const DOWN = 2;

/** Paints a scene; the context's unit is a CSS px. */
export function paintScene(cx: Context, scene: Scene): void {
  const { camera } = scene;
  cx.clearRect(0, 0, camera.width, camera.height);
  cx.lineCap = "butt";
  cx.lineJoin = "miter";
  paintTicks(cx, scene);
  const dense = density(scene) > MEASURES.dense;
  cx.save();
  clip(cx, scene, camera.begin, camera.end);
  paintAhead(cx, scene);
  paintDown(cx, scene);
  const now = camera.along(scene.nowUs);
  const head = camera.along(scene.headUs);
  stretch(cx, scene, { from: camera.begin - 60, to: now, alpha: 1 }, dense);
  if (head > now + 0.5) stretch(cx, scene, { from: now, to: head, alpha: AHEAD }, dense);
  paintCuts(cx, scene);
  if (!dense) paintRings(cx, scene);
  else paintChosenTicks(cx, scene);
  cx.restore();
  paintPlayhead(cx, scene);
  paintNames(cx, scene);
}

/** What lies between two places along the lanes, at an opacity. */
function stretch(
  cx: Context,
  scene: Scene,
  { from, to, alpha }: { from: number; to: number; alpha: number },
  dense: boolean,
): void {
  const { camera } = scene;
  const [begin, end] = [Math.max(from, camera.begin - 8), Math.min(to, camera.end + 8)];
  if (end <= begin) return;
  cx.save();
  clip(cx, scene, begin, end);
  cx.globalAlpha = alpha;
  const usAt = (px: number): number => camera.fromUs + (px - camera.begin) * camera.usPerPx;
  const window = { fromUs: usAt(begin), toUs: usAt(end), alpha };
  paintPartitions(cx, scene, window);
  if (dense) paintBands(cx, scene, window);
  paintLanes(cx, scene, window);
  if (!dense) {
    paintArrows(cx, scene, window);
    paintEvents(cx, scene, window);
  }
  cx.restore();
}

function clip(cx: Context, { camera }: Scene, from: number, to: number): void {
  cx.beginPath();
  const [x, y] = camera.turned(from, camera.top);
  const [x1, y1] = camera.turned(to, camera.bottom);
  cx.rect(x, y, x1 - x, y1 - y);
  cx.clip();
}

/** Lanes are painted as if time ran right; where it runs down the canvas is turned over. */
function turned(cx: Context, scene: Scene, paint: () => void): void {
  cx.save();
  if (scene.camera.vertical) cx.transform(0, 1, 1, 0, 0, 0);
  paint();
  cx.restore();
}

// ---- Ground ---------------------------------------------------------------------------------

function paintTicks(cx: Context, { camera, palette }: Scene): void {
  const step = tickStep(camera.usPerPx, camera.vertical ? 64 : 96);
  const first = Math.max(0, Math.ceil(camera.fromUs / step) * step);
  const digits = step >= 1_000_000 ? 0 : Math.max(0, 6 - Math.floor(Math.log10(step)));
  cx.font = `12px ${palette.mono}`;
  cx.lineWidth = 1;
  for (let time = first; time <= camera.toUs; time += step) {
    const along = Math.round(camera.along(time)) + 0.5;
    cx.strokeStyle = palette.line;
    cx.beginPath();
    cx.moveTo(...camera.turned(along, camera.vertical ? camera.begin : camera.top + 6));
    cx.lineTo(...camera.turned(along, camera.bottom));
    cx.stroke();
    const text = `${(time / 1_000_000).toFixed(Math.min(6, digits))} s`;
    cx.fillStyle = palette.ink3;
    if (camera.vertical) {
      // Beside the first lane, over its hairline.
      cx.textAlign = "left";
      cx.textBaseline = "bottom";
      cx.fillText(text, 6, along - 3);
    } else {
      cx.textAlign = "center";
      cx.textBaseline = "middle";
      const half = cx.measureText(text).width / 2;
      const x = Math.max(camera.begin + half - 20, Math.min(camera.width - half - 4, along));
      cx.fillText(text, x, camera.bottom + 10);
    }
  }
}

/** What has not been played: dotted. */
function paintAhead(cx: Context, { camera, palette, headUs }: Scene): void {
  const from = Math.max(camera.begin, camera.along(headUs));
  if (from >= camera.end) return;
  cx.strokeStyle = palette.edge;
  cx.lineWidth = 1;
  cx.setLineDash([1, 4]);
  const [first, beyond] = camera.lanes;
  cx.beginPath();
  for (let lane = first; lane < beyond; lane += 1) {
    cx.moveTo(...camera.turned(from, camera.across(lane)));
    cx.lineTo(...camera.turned(camera.end, camera.across(lane)));
  }
  cx.stroke();
  cx.setLineDash([]);
}

function paintPartitions(cx: Context, scene: Scene, { fromUs, toUs }: Window): void {
  const { camera, palette } = scene;
  const from = camera.across(0) - camera.pitch * 0.4;
  const to = camera.across(scene.order.length - 1) + camera.pitch * 0.4;
  turned(cx, scene, () => {
    for (const [since, until] of scene.partitions) {
      if (until < fromUs || since > toUs) continue;
      const x = camera.along(Math.max(since, fromUs));
      const width = camera.along(Math.min(until, toUs)) - x;
      hatch(
        cx,
        { x, y: from, width, height: to - from },
        { colour: palette.ink2, alpha: MEASURES.band, gap: 9 },
      );
    }
  });
}

// ---- Lanes ----------------------------------------------------------------------------------

function paintLanes(cx: Context, scene: Scene, window: Window): void {
  const { camera, palette, order } = scene;
  const [first, beyond] = camera.lanes;
  const x = (time: number): number => camera.along(time);
  turned(cx, scene, () => {
    for (let lane = first; lane < beyond; lane += 1) {
      const node = order[lane] ?? 0;
      const y = camera.across(lane);
      const all = scene.spans[node] ?? [];
      const spans = spansIn(all, window);
      if (all[0]?.family === CLIENT || all.length === 0) paintClient(cx, scene, window, lane);
      drawLane(cx, palette, {
        spans,
        until: window.toUs,
        x,
        y,
        pitch: camera.pitch,
        bar: MEASURES.bar,
      });
    }
    for (const trouble of scene.troubles) {
      if (trouble.from > window.toUs || trouble.to < window.fromUs) continue;
      const y = camera.across(scene.laneOf[trouble.lane] ?? 0);
      const [from, to] = [x(trouble.from), x(Math.min(trouble.to, window.toUs))];
      drawTrouble(cx, palette, trouble, { from, to, y, pitch: MEASURES.bar * 1.6 });
    }
  });
}

/** A client's lane: a thin line while it is up, its operations as bars. */
function paintClient(cx: Context, scene: Scene, window: Window, lane: number): void {
  const { camera, palette, order, operations } = scene;
  const node = order[lane] ?? 0;
  const y = camera.across(lane);
  const spans = spansIn(scene.spans[node] ?? [], window);
  cx.strokeStyle = palette.edge;
  cx.lineWidth = 1.25;
  cx.beginPath();
  if (spans.length === 0) {
    cx.moveTo(camera.along(window.fromUs), y);
    cx.lineTo(camera.along(window.toUs), y);
  }
  spans.forEach((span, k) => {
    if (span.status === DOWN) return;
    cx.moveTo(camera.along(k === 0 ? Math.min(span.time, window.fromUs) : span.time), y);
    cx.lineTo(camera.along(spans[k + 1]?.time ?? window.toUs), y);
  });
  cx.stroke();
  let painted = -Infinity;
  for (const { node: client, invoked, returned } of operations) {
    if (client !== node || invoked > window.toUs || returned < window.fromUs) continue;
    const open = !(returned <= window.toUs);
    const from = camera.along(Math.max(invoked, window.fromUs - 20 * camera.usPerPx));
    const to = camera.along(open ? window.toUs : returned);
    if (!open && to < painted + 0.5) continue;
    painted = to;
    drawOperation(cx, palette, { from, to, open, y, pitch: MEASURES.operation / 0.6 });
  }
}

// ---- Messages -------------------------------------------------------------------------------

function paintArrows(cx: Context, scene: Scene, { fromUs, toUs, alpha }: Window): void {
  const { columns, camera } = scene;
  const arrows: Arrow[] = [];
  const [low, high] = camera.lanes;
  columns.arrows(fromUs, toUs, scene.flying, (arrow) => {
    const from = scene.laneOf[columns.node[arrow.send] ?? 0] ?? 0;
    const to = scene.laneOf[columns.peer[arrow.send] ?? 0] ?? 0;
    if (Math.max(from, to) >= low && Math.min(from, to) < high) arrows.push(arrow);
  });
  const signed = arrows.length < MEASURES.signs_under;
  for (const weight of [0, 1, 2, 3]) {
    const layer = scene.emphasis === undefined ? (weight === 1 ? arrows : []) : arrows;
    for (const arrow of layer) {
      if (scene.emphasis !== undefined && weightOf(scene, arrow) !== weight) continue;
      cx.globalAlpha = weight === 0 ? alpha * PALE : alpha;
      paintArrow(cx, scene, arrow, weight);
      if (signed) paintGlyph(cx, scene, arrow);
    }
  }
  cx.globalAlpha = alpha;
}

function paintArrow(cx: Context, scene: Scene, arrow: Arrow, weight: number): void {
  const { columns, camera, palette } = scene;
  const [a0, c0, a1, c1] = lineOf(scene, arrow);
  const length = Math.hypot(a1 - a0, c1 - c0);
  if (length < 1) return;
  // Ends a little before the lane, so that the head is seen whole.
  const short = arrow.lost ? MEASURES.lost_before : shortOf(scene, arrow);
  const share = Math.max(0, 1 - short / Math.max(1, Math.abs(c1 - c0)));
  const [ax, cy] = arrow.lost
    ? [a1, c1 - Math.sign(c1 - c0) * short]
    : [a0 + (a1 - a0) * share, c0 + (c1 - c0) * share];
  const line = columns.line[arrow.send] ?? 0;
  const colours = epochColours(palette, messageEpoch(scene, arrow.send));
  const stroke = line === Line.Thin ? MEASURES.thin : MEASURES.stroke;
  cx.strokeStyle = colours.line;
  cx.fillStyle = colours.line;
  cx.lineWidth =
    weight === 3 ? MEASURES.path : weight === 2 ? Math.max(MEASURES.bold, stroke) : stroke;
  if (line === Line.Dashed) cx.setLineDash(DASH);
  cx.beginPath();
  cx.moveTo(...camera.turned(a0, c0));
  cx.lineTo(...camera.turned(ax, cy));
  cx.stroke();
  if (line === Line.Dashed) cx.setLineDash([]);
  if (arrow.lost) {
    const [x, y] = camera.turned(ax, cy);
    const sign = scene.signs[LOST_SIGN];
    const at = {
      epoch: messageEpoch(scene, arrow.send),
      at: { x, y },
      size: 0.8,
      number: 0,
      scale: 1,
    };
    if (sign) paintSign(cx, palette, sign, at);
    return;
  }
  const size = weight === 3 ? 1.35 : weight === 2 ? 1.15 : 1;
  paintHead(cx, camera.turned(ax, cy), camera.turned(ax - a0, cy - c0), size);
}

/** An arrow ends before a bar where there is one. */
function shortOf(scene: Scene, arrow: Arrow): number {
  const node = scene.columns.peer[arrow.send] ?? 0;
  const family = spanAt(scene, node, arrow.until)?.family ?? 0;
  return family === LEADS || family === SEEKS ? HALF_BAR + 0.5 : MEASURES.before_lane;
}

function paintHead(
  cx: Context,
  [x, y]: readonly [number, number],
  [dx, dy]: readonly [number, number],
  size: number,
): void {
  const length = Math.max(1e-6, Math.hypot(dx, dy));
  const [ux, uy] = [dx / length, dy / length];
  const [bx, by] = [x - ux * HEAD * size, y - uy * HEAD * size];
  const half = HEAD_HALF * size;
  cx.beginPath();
  cx.moveTo(x, y);
  cx.lineTo(bx - uy * half, by + ux * half);
  cx.lineTo(bx + uy * half, by - ux * half);
  cx.closePath();
  cx.fill();
}

/** The epoch whose colour a message has; that of clients is ink. */
function messageEpoch({ columns }: Scene, send: number): number {
  return columns.epoch[send] ?? 0;
}

function paintGlyph(cx: Context, scene: Scene, arrow: Arrow): void {
  const { columns, camera, palette, signs } = scene;
  const sign = signs[columns.sign[arrow.send] ?? 0];
  if (sign === undefined || columns.line[arrow.send] === Line.Thin) return;
  const [a0, c0, a1, c1] = lineOf(scene, arrow);
  const [x, y] = camera.turned(
    a0 + (a1 - a0) * MEASURES.sign_at,
    c0 + (c1 - c0) * MEASURES.sign_at,
  );
  const number = columns.number[arrow.send] ?? 0;
  const size = number > 9 && sign.number !== "none" ? 0.92 : MEASURES.sign;
  const epoch = messageEpoch(scene, arrow.send);
  paintSign(cx, palette, sign, { epoch, at: { x, y }, size, number, scale: 1 });
}

// ---- Events ---------------------------------------------------------------------------------

function paintEvents(cx: Context, scene: Scene, window: Window): void {
  const { columns, camera, palette, emphasis } = scene;
  const labels = new Labels(cx, scene);
  const [first, beyond] = columns.between(window.fromUs - 60 * camera.usPerPx, window.toUs);
  const [low, high] = camera.lanes;
  for (let id = first; id < beyond; id += 1) {
    const shape = columns.shape[id] ?? 0;
    if (shape === Shape.None || shape === Shape.Lost) continue;
    const node = columns.node[id] ?? 0;
    const lane = scene.laneOf[node] ?? 0;
    if (lane < low || lane >= high) continue;
    const pale = emphasis !== undefined && !emphasis.holds(node, id);
    cx.globalAlpha = pale ? window.alpha * PALE : window.alpha;
    const span = spanAt(scene, node, columns.time[id] ?? 0);
    const bar = span?.family === LEADS && span.status !== DOWN;
    const epoch = span?.epoch ?? 0;
    const colours = epochColours(palette, epoch);
    // On a bar an event is seen against the bar.
    const colour = bar ? colours.on : epoch > 0 ? colours.line : palette.ink2;
    paintEvent(cx, camera.at(columns.time[id] ?? 0, lane), shape, { colour, bar, scene });
    labels.consider(id, lane, pale);
  }
  labels.paint(window.alpha);
}

function paintEvent(
  cx: Context,
  [x, y]: readonly [number, number],
  shape: number,
  { colour, bar, scene }: { colour: string; bar: boolean; scene: Scene },
): void {
  const { palette, camera } = scene;
  cx.fillStyle = colour;
  if (shape === Shape.Commit) {
    const half = MEASURES.square;
    cx.fillStyle = palette.ink;
    cx.strokeStyle = palette.stage;
    cx.lineWidth = 1.5;
    cx.beginPath();
    cx.rect(x - half, y - half, 2 * half, 2 * half);
    cx.stroke();
    cx.fill();
    return;
  }
  if (shape === Shape.Timeout && !bar) {
    // Points at its lane from above, or from the right where time runs down.
    cx.fillStyle = palette.ink;
    cx.beginPath();
    const tip = HALF_BAR + 1.5;
    const from = camera.vertical ? 1 : -1;
    for (const [along, across] of [
      [0, tip],
      [-5, tip + 8],
      [5, tip + 8],
    ] as const) {
      if (camera.vertical) cx.lineTo(x + across * from, y + along);
      else cx.lineTo(x + along, y + across * from);
    }
    cx.closePath();
    cx.fill();
  }
  cx.beginPath();
  cx.arc(x, y, bar ? 2.2 : MEASURES.dot, 0, 2 * Math.PI);
  cx.fill();
}

/** Rings around what is chosen, hovered or violated. */
function paintRings(cx: Context, scene: Scene): void {
  const { columns, camera, palette, emphasis, hovered, violation, laneOf } = scene;
  const ring = (id: number, radius: number, width: number, colour: string): void => {
    const lane = laneOf[columns.node[id] ?? 0];
    if (lane === undefined || id >= columns.length) return;
    const [x, y] = camera.at(columns.time[id] ?? 0, lane);
    cx.strokeStyle = colour;
    cx.lineWidth = width;
    cx.beginPath();
    cx.arc(x, y, radius, 0, 2 * Math.PI);
    cx.stroke();
  };
  if (hovered !== NONE) ring(hovered, 8, 1.5, palette.ink);
  for (const id of emphasis?.chosen ?? []) {
    ring(id, 9, 5, palette.stage);
    ring(id, 9, 2.5, palette.ink);
  }
  if (violation && violation.time <= scene.nowUs) {
    ring(violation.event, 9, 2, palette.bad);
    ring(violation.event, 13, 2, palette.bad);
  }
}

/** Between bands there is no room for a ring: a line across its lane. */
function paintChosenTicks(cx: Context, scene: Scene): void {
  const { columns, camera, palette, emphasis, laneOf } = scene;
  cx.strokeStyle = palette.ink;
  cx.lineWidth = 2;
  for (const id of emphasis?.chosen ?? []) {
    const along = camera.along(columns.time[id] ?? 0);
    const across = camera.across(laneOf[columns.node[id] ?? 0] ?? 0);
    const half = camera.pitch * 0.4;
    cx.beginPath();
    cx.moveTo(...camera.turned(along, across - half));
    cx.lineTo(...camera.turned(along, across + half));
    cx.stroke();
  }
}

/** Cuts: a line from node to node through their recording events. */
function paintCuts(cx: Context, scene: Scene): void {
  const { columns, camera, palette, cuts, laneOf } = scene;
  for (const cut of cuts) {
    const consistent = cut.backwards.length === 0;
    const points = cut.events
      .map(([node, event]) => [laneOf[node] ?? 0, camera.along(columns.time[event] ?? 0)] as const)
      .toSorted((a, b) => a[0] - b[0]);
    const [first] = points;
    const last = points.at(-1);
    if (first === undefined || last === undefined) continue;
    const half = camera.pitch * 0.42;
    cx.strokeStyle = consistent ? palette.ink : palette.bad;
    cx.lineWidth = 2;
    cx.setLineDash([9, 4]);
    cx.beginPath();
    cx.moveTo(...camera.turned(first[1], camera.across(first[0]) - half));
    for (const [lane, along] of points) cx.lineTo(...camera.turned(along, camera.across(lane)));
    cx.lineTo(...camera.turned(last[1], camera.across(last[0]) + half));
    cx.stroke();
    cx.setLineDash([]);
    for (const [lane, along] of points) {
      const [x, y] = camera.turned(along, camera.across(lane));
      cx.fillStyle = palette.stage;
      cx.beginPath();
      cx.arc(x, y, 5, 0, 2 * Math.PI);
      cx.fill();
      cx.stroke();
    }
    const words = `cut ${cut.number}${consistent ? "" : ", inconsistent"}`;
    const [x, y] = camera.turned(last[1], camera.across(last[0]) + half);
    cx.font = `600 12px ${palette.sans}`;
    cx.fillStyle = consistent ? palette.ink : palette.bad;
    cx.textAlign = "left";
    cx.textBaseline = "middle";
    cx.strokeStyle = palette.stage;
    cx.lineWidth = 4;
    cx.lineJoin = "round";
    cx.strokeText(words, x + 7, y - 4);
    cx.fillText(words, x + 7, y - 4);
  }
}

// ---- Frame ----------------------------------------------------------------------------------

function paintPlayhead(cx: Context, scene: Scene): void {
  const { camera, palette, nowUs, violation } = scene;
  const along = camera.along(nowUs);
  if (along < camera.begin - 1 || along > camera.end + 1) return;
  const broken = violation !== undefined && nowUs >= violation.time;
  const from = camera.vertical ? 30 : camera.top + 6;
  cx.strokeStyle = broken ? palette.bad : palette.ink;
  cx.fillStyle = broken ? palette.bad : palette.ink;
  cx.lineWidth = 2;
  cx.beginPath();
  cx.moveTo(...camera.turned(along, from));
  cx.lineTo(...camera.turned(along, camera.bottom));
  cx.stroke();
  cx.beginPath();
  cx.arc(...camera.turned(along, from), 6, 0, 2 * Math.PI);
  cx.fill();
}

/** Where a lane is empty from the beginning, since when. */
function paintDown(cx: Context, scene: Scene): void {
  const { camera, palette, order } = scene;
  if (camera.vertical || camera.pitch < 20) return;
  const [first, beyond] = camera.lanes;
  cx.font = `12px ${palette.sans}`;
  cx.fillStyle = palette.ink3;
  cx.textAlign = "left";
  cx.textBaseline = "middle";
  for (let lane = first; lane < beyond; lane += 1) {
    const node = order[lane] ?? 0;
    const span = spanAt(scene, node, camera.fromUs);
    if (span?.status !== DOWN) continue;
    cx.fillText(`down since ${seconds(span.time)}`, camera.begin + 8, camera.across(lane));
  }
}

function seconds(timeUs: number): string {
  return `${(Math.floor(timeUs / 1000) / 1000).toFixed(3)} s`;
}

function paintNames(cx: Context, scene: Scene): void {
  const { camera, palette, names, order } = scene;
  const [first, beyond] = camera.lanes;
  cx.font = `640 14px ${palette.sans}`;
  const every = Math.max(1, Math.ceil((camera.vertical ? 22 : 15) / camera.pitch));
  for (let lane = first; lane < beyond; lane += every) {
    const node = order[lane] ?? 0;
    const across = camera.across(lane);
    if (across < camera.top + 4 || across > camera.bottom - 2) continue;
    const down = spanAt(scene, node, scene.nowUs)?.status === DOWN;
    cx.fillStyle = down ? palette.ink3 : palette.ink;
    cx.textBaseline = "middle";
    cx.textAlign = camera.vertical ? "center" : "left";
    if (camera.vertical) cx.fillText(names[node] ?? "", across, 12);
    else cx.fillText(names[node] ?? "", 28, across);
  }
}
