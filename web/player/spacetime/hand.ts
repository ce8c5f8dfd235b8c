// The hand on the space-time diagram: dragging moves it, a press chooses an event, the playhead and
// the row of times move the run, the wheel moves and zooms, two fingers zoom.

import { NONE } from "./columns.js";
import type { SpaceTimeView } from "./view.js";

const CLICK_PX = 4;
const PLAYHEAD_REACH = 9;
const WHEEL_LINE_PX = 20;
/** So many px of the wheel show twice as much. */
const WHEEL_DOUBLES = 240;

/** A pointer that is down. */
interface Finger {
  x: number;
  y: number;
  readonly startX: number;
  readonly startY: number;
}

type Grip = "time" | "field";

function middle(a: number, b: number): number {
  return (a + b) / 2;
}

/** The hand on one diagram. */
export class Hand {
  readonly #view: SpaceTimeView;
  readonly #fingers = new Map<number, Finger>();
  #grip: Grip = "field";
  #dragging = false;

  constructor(view: SpaceTimeView) {
    this.#view = view;
  }

  attach(canvas: HTMLCanvasElement): void {
    canvas.addEventListener("pointerdown", (event) => this.#down(event));
    canvas.addEventListener("pointermove", (event) => this.#move(event));
    canvas.addEventListener("pointerup", (event) => this.#up(event));
    canvas.addEventListener("pointercancel", (event) => this.#end(event));
    canvas.addEventListener("pointerleave", () => this.#hover(NONE, ""));
    canvas.addEventListener("wheel", (event) => this.#wheel(event), { passive: false });
    canvas.addEventListener("dblclick", (event) => {
      const id = this.#eventAt(event);
      if (id !== NONE) this.#view.host.seek(this.#view.columns.time[id] ?? 0);
    });
    canvas.addEventListener("contextmenu", (event) => {
      const name = this.#nameAt(event);
      if (name === undefined) return;
      event.preventDefault();
      this.#view.host.overlays.openNodeMenu(name, { x: event.clientX, y: event.clientY });
    });
  }

  #place(event: MouseEvent): readonly [number, number] {
    const box = this.#view.canvas.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  }

  #eventAt(event: MouseEvent): number {
    return this.#view.eventAt(...this.#place(event));
  }

  #nameAt(event: MouseEvent): string | undefined {
    return this.#view.nodeAt(...this.#place(event));
  }

  /** The row of times, or the playhead's knob. */
  #onTime(x: number, y: number): boolean {
    const { camera, host } = this.#view;
    const along = camera.vertical ? y : x;
    const across = camera.vertical ? x : y;
    const near = Math.abs(along - camera.along(host.clock?.now ?? 0)) <= PLAYHEAD_REACH;
    if (camera.vertical) return near && across < 44;
    return across > camera.bottom || (near && across < camera.top + 18);
  }

  #down(event: PointerEvent): void {
    if (event.button !== 0) return;
    const [x, y] = this.#place(event);
    this.#fingers.set(event.pointerId, { x, y, startX: x, startY: y });
    this.#view.canvas.setPointerCapture(event.pointerId);
    if (this.#fingers.size > 1) {
      this.#dragging = true;
      return;
    }
    this.#dragging = false;
    this.#grip = this.#onTime(x, y) ? "time" : "field";
    if (this.#grip === "time") {
      this.#view.host.clock?.hold("scrub");
      this.#scrub(x, y);
    }
  }

  #move(event: PointerEvent): void {
    const [x, y] = this.#place(event);
    const finger = this.#fingers.get(event.pointerId);
    if (finger === undefined) {
      this.#point(x, y);
      return;
    }
    const view = this.#view;
    if (this.#fingers.size === 2) {
      this.#pinch(event.pointerId, x, y);
      return;
    }
    if (this.#grip === "time") {
      this.#scrub(x, y);
      return;
    }
    this.#dragging ||= Math.hypot(x - finger.startX, y - finger.startY) > CLICK_PX;
    if (!this.#dragging) return;
    view.canvas.toggleAttribute("data-dragging", true);
    const { camera } = view;
    camera.pan(camera.vertical ? finger.y - y : finger.x - x);
    camera.scroll(camera.vertical ? finger.x - x : finger.y - y);
    finger.x = x;
    finger.y = y;
    view.redraw();
  }

  #up(event: PointerEvent): void {
    const click = this.#fingers.size === 1 && !this.#dragging && this.#grip === "field";
    const known = this.#fingers.has(event.pointerId);
    this.#end(event);
    if (!known || !click) return;
    const name = this.#nameAt(event);
    if (name !== undefined) {
      this.#view.host.overlays.openNodeMenu(name, { x: event.clientX, y: event.clientY });
      return;
    }
    this.#view.choose(this.#eventAt(event), event.shiftKey);
  }

  #end(event: PointerEvent): void {
    this.#fingers.delete(event.pointerId);
    this.#view.canvas.removeAttribute("data-dragging");
    if (this.#fingers.size === 0) this.#view.host.clock?.release("scrub");
  }

  #scrub(x: number, y: number): void {
    this.#view.host.session?.scrub(Math.max(0, this.#view.camera.timeAt(x, y)));
  }

  /** Two fingers: what is under them stays under them. */
  #pinch(id: number, x: number, y: number): void {
    const { camera } = this.#view;
    const moved = this.#fingers.get(id);
    const [still] = [...this.#fingers].filter(([other]) => other !== id).map(([, at]) => at);
    if (moved === undefined || still === undefined) return;
    const before = Math.hypot(moved.x - still.x, moved.y - still.y);
    const after = Math.hypot(x - still.x, y - still.y);
    const along = camera.vertical ? middle(y, still.y) : middle(x, still.x);
    const was = camera.vertical ? middle(moved.y, still.y) : middle(moved.x, still.x);
    camera.pan(was - along);
    if (after > 8 && before > 8) camera.zoom(before / after, along);
    moved.x = x;
    moved.y = y;
    this.#view.redraw();
  }

  #point(x: number, y: number): void {
    if (this.#onTime(x, y)) this.#hover(NONE, "time");
    else if (this.#view.nodeAt(x, y) !== undefined) this.#hover(NONE, "name");
    else {
      const id = this.#view.eventAt(x, y);
      this.#hover(id, id === NONE ? "" : "event");
    }
  }

  #hover(event: number, under: string): void {
    this.#view.canvas.dataset["under"] = under;
    if (this.#view.hovered === event) return;
    this.#view.hovered = event;
    this.#view.redraw();
  }

  /** In another page's text the wheel is the page's, until the diagram has the focus. */
  #wheel(event: WheelEvent): void {
    const { camera, host, canvas } = this.#view;
    const zooms = event.ctrlKey || event.metaKey;
    if (!zooms && !host.lab && host.root.activeElement !== canvas) return;
    event.preventDefault();
    const unit = event.deltaMode === WheelEvent.DOM_DELTA_PIXEL ? 1 : WHEEL_LINE_PX;
    const [dx, dy] = [event.deltaX * unit, event.deltaY * unit];
    const [x, y] = this.#place(event);
    if (zooms) {
      this.#view.zoom(2 ** (dy / WHEEL_DOUBLES), camera.vertical ? y : x);
      return;
    }
    const over = event.shiftKey || !camera.scrolls;
    if (camera.vertical) {
      camera.pan(dy);
      camera.scroll(dx);
    } else if (over) {
      camera.pan(Math.abs(dx) > Math.abs(dy) ? dx : dy);
    } else {
      if (dx !== 0) camera.pan(dx);
      camera.scroll(dy);
    }
    this.#view.redraw();
  }
}
