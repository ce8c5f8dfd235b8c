// The canvas of a history: what is laid out, which stretch of it is seen, and the hand on it.
// Draws when it is told to and when a hand moves it; no frames at rest.

import { readPalette } from "../player/palette.js";
import type { Palette } from "../player/palette.js";
import { BEFORE, Camera } from "./camera.js";
import type { Picture } from "./interface.js";
import { Hand } from "./hand.js";
import { paint } from "./paint.js";
import { NONE } from "./rows.js";
import type { Rows } from "./rows.js";
import { HEAD, PITCH, roles, Scene } from "./scene.js";
import type { Band, Choice, Role, Thread } from "./scene.js";

/** Whom the hand tells. */
export interface PictureListener {
  hover(row: number): void;
  choose(row: number): void;
}

/** What is shown. */
export interface Shown {
  readonly picture: Picture;
  readonly rows: Rows;
  readonly choice: Choice;
  /** Which of the orders that end at the violation. */
  readonly order: number;
}

/** The picture. */
export class PictureView {
  readonly camera = new Camera();
  readonly canvas: HTMLCanvasElement;
  readonly #listener: PictureListener;
  readonly #probe: HTMLElement;
  readonly #size: ResizeObserver;
  #palette: Palette;
  #shown: Shown | undefined;
  #scene: Scene | undefined;
  #role: (row: number) => Role = () => "plain";
  #threads = new Map<number, Thread>();
  #hovered = NONE;
  #chosen = NONE;
  #wanted: number | undefined;
  #opened = false;

  constructor(canvas: HTMLCanvasElement, probe: HTMLElement, listener: PictureListener) {
    this.canvas = canvas;
    this.#probe = probe;
    this.#listener = listener;
    this.#palette = readPalette(probe);
    this.#size = new ResizeObserver(() => this.#resize());
    this.#size.observe(canvas.parentElement ?? canvas);
    new Hand(this).attach(canvas);
  }

  get scene(): Scene | undefined {
    return this.#scene;
  }

  get chosen(): number {
    return this.#chosen;
  }

  /** Lays out anew; `keep`: what is seen stays. */
  show(shown: Shown, keep = false): void {
    this.#shown = shown;
    this.#scene = new Scene(shown.rows, shown.picture, shown.choice);
    this.#role = roles(shown.rows, shown.picture, shown.order);
    this.#threads.clear();
    this.#resize();
    if (keep) return;
    this.#opened = this.camera.width > 1;
    this.camera.open();
  }

  /** The order in which operations of a key are joined. */
  join(key: number, order: ArrayLike<number>): void {
    if (this.#scene === undefined) return;
    this.#threads.set(key, this.#scene.thread(order));
    this.redraw();
  }

  hover(row: number): void {
    if (row === this.#hovered) return;
    this.#hovered = row;
    this.#listener.hover(row);
    this.redraw();
  }

  choose(row: number): void {
    this.#listener.choose(row);
  }

  /** Shows which row is chosen, and brings it into sight. */
  mark(row: number, centred = false): void {
    this.#chosen = row;
    const scene = this.#scene;
    if (scene?.has(row)) {
      if (centred) this.camera.centre(scene.from(row), 0.6);
      this.camera.reveal(scene.from(row), scene.to(row), scene.across(row));
    }
    this.redraw();
  }

  /** The row at a place of the canvas, px, or `NONE`. */
  rowAt(x: number, y: number): number {
    const { scene } = this;
    if (scene === undefined || x < BEFORE || y > this.camera.bottom) return NONE;
    const across = this.camera.across(y);
    const band = scene.bands.find(({ top, height }) => across >= top && across < top + height);
    const lane = band?.lanes[Math.floor((across - (band?.top ?? 0) - HEAD) / PITCH)];
    const along = this.camera.along(x);
    const slack = 3 / this.camera.scale;
    const hit = lane?.rows.find(
      (row) => scene.from(row) - slack <= along && along <= scene.to(row) + slack,
    );
    return hit ?? NONE;
  }

  /** The operation next to the chosen one in a direction: in its lane, or in another's. */
  neighbour(right: number, down: number): number {
    const { scene } = this;
    const band = scene?.bandOf(this.#chosen);
    if (scene === undefined) return NONE;
    if (band === undefined) return scene.bands[0]?.lanes[0]?.rows[0] ?? NONE;
    if (down !== 0) return this.#across(scene, band, down);
    const rows = band.lanes[scene.laneOf(this.#chosen)]?.rows ?? [];
    return rows[rows.indexOf(this.#chosen) + right] ?? this.#chosen;
  }

  /** The operation of the lane above or below, beyond its band of the next one, that is nearest. */
  #across(scene: Scene, band: Band, down: number): number {
    let lane = band.lanes[scene.laneOf(this.#chosen) + down];
    if (lane === undefined) {
      const next = scene.bands[scene.bands.indexOf(band) + down];
      lane = down > 0 ? next?.lanes[0] : next?.lanes.at(-1);
    }
    const from = scene.from(this.#chosen);
    const away = (row: number): number => Math.abs(scene.from(row) - from);
    const nearest = lane?.rows.reduce((best, row) => (away(row) < away(best) ? row : best));
    return nearest ?? this.#chosen;
  }

  /** The operation before or after the chosen one in the order. */
  inOrder(step: number): number {
    const band = this.#scene?.bandOf(this.#chosen) ?? this.#scene?.bands[0];
    const rows = Array.from(this.#threads.get(band?.key ?? NONE)?.rows ?? []);
    const index = rows.indexOf(this.#chosen);
    if (index < 0) return (step > 0 ? rows[0] : rows.at(-1)) ?? NONE;
    return rows[index + step] ?? this.#chosen;
  }

  zoom(factor: number, x?: number): void {
    this.camera.zoom(factor, x);
    this.redraw();
  }

  fit(): void {
    this.camera.fit();
    this.redraw();
  }

  themeChanged(): void {
    this.#palette = readPalette(this.#probe);
    this.redraw();
  }

  redraw(): void {
    this.#wanted ??= window.requestAnimationFrame(() => {
      this.#wanted = undefined;
      this.#draw();
    });
  }

  close(): void {
    this.#size.disconnect();
    if (this.#wanted !== undefined) window.cancelAnimationFrame(this.#wanted);
  }

  #resize(): void {
    const { clientWidth: width, clientHeight: height } = this.canvas.parentElement ?? this.canvas;
    if (width === 0 || height === 0) return;
    const dpr = Math.min(3, window.devicePixelRatio || 1);
    this.canvas.width = Math.round(width * dpr);
    this.canvas.height = Math.round(height * dpr);
    this.camera.resize(width, height);
    this.camera.show(this.#scene?.length ?? 1, this.#scene?.height ?? 1);
    if (!this.#opened && this.#scene) {
      this.#opened = true;
      this.camera.open();
      this.mark(this.#chosen, true);
    }
    this.#draw();
  }

  #draw(): void {
    const ctx = this.canvas.getContext("2d");
    if (ctx === null || this.#shown === undefined || this.#scene === undefined) return;
    const dpr = this.canvas.width / Math.max(1, this.camera.width);
    ctx.setTransform(dpr, 0, 0, dpr, 0, 0);
    paint(ctx, {
      scene: this.#scene,
      camera: this.camera,
      rows: this.#shown.rows,
      picture: this.#shown.picture,
      palette: this.#palette,
      threads: this.#threads,
      role: this.#role,
      hovered: this.#hovered,
      chosen: this.#chosen,
    });
  }
}
