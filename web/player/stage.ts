// The stage's drawings: keeps one <g> for each group that the core draws, makes it equal to
// new markup, and knows where everything is for a hand. Never draws a sign of its own.

import type { Group, Picture, SignDrawing } from "./interface.js";
import { MovingCanvas } from "./canvas.js";
import type { Message, Moment } from "./canvas.js";
import { curveDistance, curvePoint, distance } from "./geometry.js";
import type { Point, Segment } from "./geometry.js";
import { morphMarkup } from "./morph.js";
import { readPalette } from "./palette.js";
import type { Palette } from "./palette.js";

const SVG = "http://www.w3.org/2000/svg";
const MESSAGE_REACH = 20;
/** Servers smaller than this are dots. */
const TOWN_RADIUS = 5;
const LINK_REACH = 12;
const GRIP_REACH = 22;
const SMALLEST_TARGET = 24;
const SMALLEST_TEXT_PX = 12;
/** Below this scale the key's words would not fit beside each other. */
const KEY_NEEDS_SCALE = 0.86;

/** The elements that a stage lives in. */
export interface StageElements {
  readonly box: HTMLElement;
  readonly ring: SVGSVGElement;
  readonly rack: SVGSVGElement;
  readonly canvas: HTMLCanvasElement;
  readonly probe: HTMLElement;
}

/** What is under a point. */
export type Hit =
  | { kind: "node"; name: string }
  | { kind: "message"; message: Message }
  | { kind: "link"; a: string; b: string }
  | { kind: "wall-end"; end: Point; other: Point }
  | { kind: "wall" }
  | { kind: "empty" };

/** Ring, rack and canvas of one player. */
export class Stage {
  readonly #elements: StageElements;
  readonly #groups = new Map<string, SVGGElement>();
  readonly #canvas: MovingCanvas;
  #picture: Picture | undefined;
  #palette: Palette;
  #scale = 1;
  #current = "";

  constructor(elements: StageElements, signs: readonly SignDrawing[]) {
    this.#elements = elements;
    this.#canvas = new MovingCanvas(elements.canvas, signs);
    this.#palette = readPalette(elements.probe);
  }

  get palette(): Palette {
    return this.#palette;
  }

  get picture(): Picture | undefined {
    return this.#picture;
  }

  /** CSS px for one unit of the drawings. */
  get scale(): number {
    return this.#scale;
  }

  /** Colours or fonts have changed. */
  readTheme(): void {
    this.#palette = readPalette(this.#elements.probe);
  }

  /** Another run or another shape: everything anew. */
  setPicture(picture: Picture): void {
    this.#picture = picture;
    this.#groups.clear();
    for (const [svg, size] of [
      [this.#elements.ring, picture.ring],
      [this.#elements.rack, picture.rack],
    ] as const) {
      svg.replaceChildren();
      svg.setAttribute("viewBox", `0 0 ${size.width} ${size.height}`);
    }
    this.#current = picture.nodes.some((node) => node.name === this.#current)
      ? this.#current
      : (picture.nodes[0]?.name ?? "");
    this.update(picture.groups);
  }

  /** Fits the drawings to `scale` CSS px for each unit. */
  resize(scale: number): void {
    this.#scale = scale;
    const picture = this.#picture;
    if (picture === undefined) return;
    for (const [svg, size] of [
      [this.#elements.ring, picture.ring],
      [this.#elements.rack, picture.rack],
    ] as const) {
      svg.style.width = `${size.width * scale}px`;
      svg.style.height = `${size.height * scale}px`;
    }
    const canvas = this.#elements.canvas;
    canvas.style.width = `${picture.ring.width * scale}px`;
    canvas.style.height = `${picture.ring.height * scale}px`;
    this.#elements.box.style.setProperty("--hb-scale", String(scale));
    this.#elements.box.classList.toggle("small", scale < KEY_NEEDS_SCALE);
    for (const g of this.#groups.values()) this.#keepReadable(g);
    const town = picture.nodes.some(({ server, r }) => server && r < TOWN_RADIUS);
    this.#canvas.resize(picture.ring.width, picture.ring.height, scale, town);
  }

  /** Takes groups that have changed. */
  update(groups: readonly Group[]): void {
    for (const group of groups) {
      const g = this.#group(group);
      morphMarkup(g.querySelector<SVGGElement>(":scope > .body") ?? g, group.svg);
      this.#keepReadable(g);
      if (group.label !== "") g.setAttribute("aria-label", group.label);
    }
  }

  /** Where the drawing shrinks, its words shrink no further than can be read. */
  #keepReadable(g: SVGGElement): void {
    const least = SMALLEST_TEXT_PX / this.#scale;
    for (const text of g.querySelectorAll<SVGTextContentElement>("text, tspan[font-size]")) {
      const size = Number(text.getAttribute("font-size") ?? SMALLEST_TEXT_PX);
      text.style.fontSize = size < least ? `${least}px` : "";
    }
  }

  take(frame: Float64Array): void {
    this.#canvas.take(frame);
  }

  forget(): void {
    this.#canvas.forget();
  }

  draw(moment: Moment): void {
    this.#canvas.draw(this.#palette, moment);
  }

  messagesInFlight(now: number): Message[] {
    return this.#canvas.inFlight(now);
  }

  /** From the page's coordinates to the ring's. */
  toRing(event: { clientX: number; clientY: number }): Point {
    const box = this.#elements.ring.getBoundingClientRect();
    return {
      x: (event.clientX - box.left) / this.#scale,
      y: (event.clientY - box.top) / this.#scale,
    };
  }

  /** From the ring's coordinates to the page's. */
  toPage(point: Point): Point {
    const box = this.#elements.ring.getBoundingClientRect();
    return { x: box.left + point.x * this.#scale, y: box.top + point.y * this.#scale };
  }

  /** Accessible name of a node: "n3, leader of term 1, running". */
  label(name: string): string {
    return this.#groups.get(`ring node:${name}`)?.getAttribute("aria-label") ?? name;
  }

  /** Middle of a link, in the page's coordinates. */
  middleOf(a: string, b: string): Point | undefined {
    const link = this.#picture?.links.find((known) => known.a === a && known.b === b);
    return link && this.toPage(curvePoint(link, 0.5));
  }

  /** What is under a point of the ring; `target` is the element that the browser found there. */
  hit(point: Point, now: number, target: EventTarget | null): Hit {
    const picture = this.#picture;
    if (picture === undefined) return { kind: "empty" };
    const smallest = SMALLEST_TARGET / 2 / this.#scale;
    const node = picture.nodes.find(
      ({ x, y, r }) => Math.hypot(point.x - x, point.y - y) <= Math.max(r, smallest),
    );
    if (node) return { kind: "node", name: node.name };
    const wall = this.wall;
    for (const [end, other] of wall
      ? [[wall.from, wall.to] as const, [wall.to, wall.from] as const]
      : []) {
      if (distance(end, point) <= GRIP_REACH) return { kind: "wall-end", end, other };
    }
    const message = this.#canvas.nearest(point, now, MESSAGE_REACH);
    if (message) return { kind: "message", message };
    if (target instanceof Element && target.closest("[data-key=walls]")) return { kind: "wall" };
    let nearest: Hit = { kind: "empty" };
    let best = LINK_REACH;
    for (const link of picture.links) {
      const away = curveDistance(link, point);
      if (away >= best) continue;
      best = away;
      nearest = { kind: "link", a: link.a, b: link.b };
    }
    return nearest;
  }

  /** The only wall, when one straight wall parts the nodes: where its grips are. */
  get wall(): Segment | undefined {
    const [from, to] = this.#elements.ring.querySelectorAll<SVGCircleElement>(
      "[data-key=walls] .hb-grip",
    );
    return from && to && { from: centreOf(from), to: centreOf(to) };
  }

  /** Moves the one tab stop of the ring to a node and focuses it. */
  focusNode(name: string): void {
    this.#setCurrent(name);
    this.#groups.get(`ring node:${name}`)?.focus({ preventScroll: true });
  }

  /** The node that has the ring's tab stop. */
  get current(): string {
    return this.#current;
  }

  /** Names of nodes, in order. */
  get names(): string[] {
    return this.#picture?.nodes.map((node) => node.name) ?? [];
  }

  /** Marks the node whose name is pointed at in the text, or none. */
  highlight(name: string): void {
    for (const [key, g] of this.#groups) {
      g.classList.toggle("pointed", key === `ring node:${name}`);
    }
  }

  #group(group: Group): SVGGElement {
    const key = `${group.drawing} ${group.key}`;
    const there = this.#groups.get(key);
    if (there) return there;
    const g = document.createElementNS(SVG, "g");
    g.dataset["key"] = group.key;
    const node = /^node:(.+)$/.exec(group.key)?.[1];
    if (node !== undefined && group.drawing === "ring") this.#makeButton(g, node);
    this.#groups.set(key, g);
    this.#elements[group.drawing].append(g);
    return g;
  }

  /** A node is a button with a target big enough and a focus ring of its own shape. */
  #makeButton(g: SVGGElement, name: string): void {
    const place = this.#picture?.nodes.find((node) => node.name === name);
    g.classList.add("node");
    g.dataset["node"] = name;
    g.setAttribute("role", "button");
    g.setAttribute("aria-haspopup", "menu");
    g.setAttribute("tabindex", name === this.#current ? "0" : "-1");
    if (place !== undefined) {
      const r = Math.max(place.r, SMALLEST_TARGET / 2);
      g.append(circle("target", place.x, place.y, r), circle("focus", place.x, place.y, r + 15));
    }
    const body = document.createElementNS(SVG, "g");
    body.classList.add("body");
    g.append(body);
    g.addEventListener("focus", () => this.#setCurrent(name));
  }

  #setCurrent(name: string): void {
    this.#groups.get(`ring node:${this.#current}`)?.setAttribute("tabindex", "-1");
    this.#groups.get(`ring node:${name}`)?.setAttribute("tabindex", "0");
    this.#current = name;
  }
}

function centreOf(drawn: SVGCircleElement): Point {
  return { x: Number(drawn.getAttribute("cx")), y: Number(drawn.getAttribute("cy")) };
}

function circle(name: string, x: number, y: number, r: number): SVGCircleElement {
  const made = document.createElementNS(SVG, "circle");
  made.classList.add(name);
  made.setAttribute("cx", String(x));
  made.setAttribute("cy", String(y));
  made.setAttribute("r", String(r));
  return made;
}
