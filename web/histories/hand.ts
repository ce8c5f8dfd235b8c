// The hand on the picture of a history: a press chooses an operation, dragging moves the picture,
// the wheel moves and zooms it, two fingers zoom; and the keys while it has the focus.

import type { PictureView } from "./picture-view.js";
import { NONE } from "./rows.js";

const CLICK_PX = 5;
const WHEEL_LINE_PX = 20;
/** So many px of the wheel show twice as much. */
const WHEEL_DOUBLES = 240;
const ZOOM = 1.4;

interface Finger {
  x: number;
  y: number;
}

/** The hand on one picture. */
export class Hand {
  readonly #view: PictureView;
  readonly #fingers = new Map<number, Finger>();
  #moved = 0;

  constructor(view: PictureView) {
    this.#view = view;
  }

  attach(canvas: HTMLCanvasElement): void {
    canvas.addEventListener("pointerdown", (event) => this.#down(event));
    canvas.addEventListener("pointermove", (event) => this.#move(event));
    canvas.addEventListener("pointerup", (event) => this.#up(event));
    canvas.addEventListener("pointercancel", (event) => this.#fingers.delete(event.pointerId));
    canvas.addEventListener("pointerleave", () => this.#view.hover(NONE));
    canvas.addEventListener("wheel", (event) => this.#wheel(event), { passive: false });
    canvas.addEventListener("keydown", (event) => {
      if (this.#key(event)) event.preventDefault();
    });
  }

  #place(event: MouseEvent): [number, number] {
    const box = this.#view.canvas.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  }

  #down(event: PointerEvent): void {
    const [x, y] = this.#place(event);
    if (this.#fingers.size === 0) this.#moved = 0;
    this.#fingers.set(event.pointerId, { x, y });
    this.#view.canvas.setPointerCapture(event.pointerId);
  }

  #move(event: PointerEvent): void {
    const [x, y] = this.#place(event);
    const finger = this.#fingers.get(event.pointerId);
    if (finger === undefined) {
      if (event.pointerType === "mouse") this.#view.hover(this.#view.rowAt(x, y));
      return;
    }
    const other = [...this.#fingers.values()].find((it) => it !== finger);
    const { camera } = this.#view;
    if (other) {
      const before = Math.max(20, Math.abs(finger.x - other.x));
      camera.zoom(Math.max(20, Math.abs(x - other.x)) / before, (x + other.x) / 2);
    }
    this.#moved += Math.abs(x - finger.x) + Math.abs(y - finger.y);
    if (this.#moved > CLICK_PX) {
      camera.pan((finger.x - x) / (other ? 2 : 1));
      camera.scroll((finger.y - y) / (other ? 2 : 1));
      this.#view.redraw();
    }
    finger.x = x;
    finger.y = y;
  }

  #up(event: PointerEvent): void {
    this.#fingers.delete(event.pointerId);
    if (this.#moved > CLICK_PX || this.#fingers.size > 0) return;
    this.#view.choose(this.#view.rowAt(...this.#place(event)));
  }

  #wheel(event: WheelEvent): void {
    event.preventDefault();
    const unit = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? WHEEL_LINE_PX : 1;
    const [dx, dy] = [event.deltaX * unit, event.deltaY * unit];
    const { camera } = this.#view;
    if (event.ctrlKey || event.metaKey) {
      camera.zoom(2 ** (-dy / WHEEL_DOUBLES), this.#place(event)[0]);
    } else if (event.shiftKey) {
      camera.pan(dx + dy);
    } else {
      camera.pan(dx);
      const before = camera.scrolled;
      camera.scroll(dy);
      // Where all lanes are in sight the wheel moves along them.
      if (camera.scrolled === before) camera.pan(dy);
    }
    this.#view.redraw();
  }

  #key(event: KeyboardEvent): boolean {
    if (event.altKey || event.ctrlKey || event.metaKey) return false;
    const view = this.#view;
    const chosen = CHOICES[event.key]?.(view);
    if (chosen !== undefined) {
      if (chosen !== NONE) view.choose(chosen);
      return true;
    }
    switch (event.key) {
      case "Escape":
        if (view.chosen === NONE) return false;
        view.choose(NONE);
        return true;
      case "+":
      case "=":
        view.zoom(ZOOM);
        return true;
      case "-":
        view.zoom(1 / ZOOM);
        return true;
      case "0":
        view.fit();
        return true;
      default:
        return false;
    }
  }
}

/** Keys that choose an operation. */
const CHOICES: Record<string, (view: PictureView) => number> = {
  ArrowRight: (view) => view.neighbour(1, 0),
  ArrowLeft: (view) => view.neighbour(-1, 0),
  ArrowDown: (view) => view.neighbour(0, 1),
  ArrowUp: (view) => view.neighbour(0, -1),
  ".": (view) => view.inOrder(1),
  ",": (view) => view.inOrder(-1),
};
