// The hand on the stage: pressing a node, a message or a link opens its menu, dragging draws
// a partition, moving shows what is under the pointer. The clock holds while it acts.

import { cutBetween, clearCut, DRAW_BETWEEN, drawCut, isDrag, sidesOf } from "./partition.js";
import type { Cut } from "./partition.js";
import type { Point } from "./geometry.js";
import type { Picture } from "./interface.js";
import type { Host } from "./host.js";
import { aboutNode } from "./notes.js";
import type { Hit } from "./stage.js";
import { messageName } from "./format.js";

/** What moving a wall says that leaves all as it is. */
const SAME_SIDES = "The same nodes on each side. Drag on.";

/** What the element does for the hand. */
export interface PointerHost extends Host {
  /** Something about the hand has changed: message under it, line being drawn. */
  handChanged(): void;
}

/** The pointer on one stage. */
export class Pointer {
  readonly #host: PointerHost;
  /** Number of the message under the pointer, or 0. */
  hovered = 0;
  /** What the help line says instead of its usual words. */
  help = "";
  /** Whether a touch draws a line instead of scrolling the page. */
  armed = false;
  #from: { id: number; ring: Point; hit: Hit; touch: boolean } | undefined;
  #cut: Cut | undefined;
  #dragging = false;
  #pointed = "";

  constructor(host: PointerHost) {
    this.#host = host;
  }

  /** Listens on the box of the ring. */
  attach(box: HTMLElement): void {
    box.addEventListener("pointerdown", (event) => this.down(event));
    box.addEventListener("pointermove", (event) => this.move(event));
    box.addEventListener("pointerup", (event) => this.up(event));
    box.addEventListener("pointercancel", () => this.cancel());
    box.addEventListener("pointerleave", () => this.leave());
    // Parts of an SVG cannot say by themselves that the page must not scroll under a finger.
    box.addEventListener("touchstart", (event) => this.#keepPage(event), { passive: false });
    box.addEventListener("contextmenu", (event) => this.contextMenu(event));
  }

  #keepPage(event: TouchEvent): void {
    const { stage } = this.#host;
    const [finger] = event.touches;
    if (stage === undefined || finger === undefined) return;
    if (stage.hit(stage.toRing(finger), 0, event.target).kind === "wall-end")
      event.preventDefault();
  }

  get dragging(): boolean {
    return this.#dragging;
  }

  /** Makes the next drag a line, also under a finger. */
  arm(): void {
    this.armed = true;
    this.help = `${DRAW_BETWEEN} Escape cancels.`;
    this.#host.handChanged();
  }

  down(event: PointerEvent): void {
    const stage = this.#host.stage;
    if (stage === undefined || event.button !== 0 || this.#from) return;
    const ring = stage.toRing(event);
    const touch = event.pointerType === "touch";
    this.#host.clock?.hold("hand");
    const hit = stage.hit(ring, this.#host.clock?.now ?? 0, event.target);
    this.#from = { id: event.pointerId, ring, hit, touch };
    // A wall's end follows a finger at once; elsewhere it may be about to scroll the page.
    if (
      (!touch || this.armed || hit.kind === "wall-end") &&
      event.currentTarget instanceof Element
    ) {
      event.currentTarget.setPointerCapture(event.pointerId);
    }
  }

  move(event: PointerEvent): void {
    if (this.#from) this.#drag(event);
    else this.#hover(event);
  }

  up(event: PointerEvent): void {
    const from = this.#from;
    if (from === undefined || from.id !== event.pointerId) return;
    const cut = this.#cut;
    const dragged = this.#dragging;
    this.cancel();
    if (!dragged) {
      // A tap beside everything may be the beginning of a scroll; a long one is meant.
      if (from.touch && from.hit.kind === "empty") return;
      this.#press(from.hit, { x: event.clientX, y: event.clientY });
    } else if (cut && cut.action !== "") {
      this.#host.perform(cut.action);
    } else if (cut?.smaller.length === 0) {
      this.#host.say(DRAW_BETWEEN);
    }
  }

  /** Takes back what the hand has begun; true when there was something. */
  cancel(): boolean {
    const began = this.#from !== undefined || this.armed;
    const ring = this.#ring();
    if (ring) clearCut(ring);
    ring?.classList.remove("moving-wall");
    this.#from = undefined;
    this.#cut = undefined;
    this.#dragging = false;
    this.armed = false;
    this.help = "";
    this.#host.clock?.release("hand");
    this.#host.handChanged();
    return began;
  }

  leave(): void {
    this.#pointAt("");
    if (this.#from || this.hovered === 0) return;
    this.hovered = 0;
    this.help = "";
    this.#host.handChanged();
  }

  contextMenu(event: MouseEvent): void {
    const stage = this.#host.stage;
    if (stage === undefined) return;
    const hit = stage.hit(stage.toRing(event), this.#host.clock?.now ?? 0, event.target);
    event.preventDefault();
    this.cancel();
    this.#press(hit, { x: event.clientX, y: event.clientY });
  }

  #press(hit: Hit, at: Point): void {
    switch (hit.kind) {
      case "node":
        this.#host.stage?.focusNode(hit.name);
        this.#host.overlays.openNodeMenu(hit.name, at);
        break;
      case "message":
        this.#host.overlays.openMessageMenu(hit.message.id, at);
        break;
      case "link":
        this.#host.overlays.openLinkMenu(hit.a, hit.b, at);
        break;
      case "wall-end":
      case "wall":
      case "empty":
        this.#host.overlays.openNetworkMenu(at);
        break;
    }
  }

  #drag(event: PointerEvent): void {
    const { stage } = this.#host;
    const from = this.#from;
    const ring = this.#ring();
    if (!from || !ring || !stage?.picture || from.id !== event.pointerId) return;
    const end = from.hit.kind === "wall-end" ? from.hit : undefined;
    if (from.hit.kind === "node" || (from.touch && !this.armed && !end)) return;
    const to = stage.toRing(event);
    const scaled = (point: Point): Point => ({
      x: point.x * stage.scale,
      y: point.y * stage.scale,
    });
    if (!this.#dragging && !isDrag(scaled(from.ring), scaled(to))) return;
    this.#dragging = true;
    this.#cut = end
      ? this.#turned(stage.picture, cutBetween(stage.picture, end.other, to))
      : cutBetween(stage.picture, from.ring, to);
    ring.classList.toggle("moving-wall", end !== undefined);
    drawCut(ring, stage.picture, this.#cut);
    const { action, smaller } = this.#cut;
    this.help = action === "" ? (smaller.length === 0 ? DRAW_BETWEEN : SAME_SIDES) : action;
    if (action === "") this.#host.hideGhost();
    else this.#host.showGhost(action, "let go");
    this.#host.handChanged();
  }

  /** The wall turned about its other end: where it parts the same nodes, nothing is to be done. */
  #turned(picture: Picture, cut: Cut): Cut {
    const wall = this.#host.stage?.wall;
    const [now] = wall ? sidesOf(picture, wall) : [[]];
    const same = now.join() === cut.smaller.join() || now.join() === cut.larger.join();
    return same ? { ...cut, action: "" } : cut;
  }

  #hover(event: PointerEvent): void {
    const stage = this.#host.stage;
    if (stage === undefined || this.armed || event.pointerType === "touch") return;
    const hit = stage.hit(stage.toRing(event), this.#host.clock?.now ?? 0, event.target);
    const id = hit.kind === "message" ? hit.message.id : 0;
    if (event.currentTarget instanceof HTMLElement) {
      event.currentTarget.dataset["under"] = hit.kind;
    }
    this.#pointAt(hit.kind === "node" ? hit.name : "");
    if (id === this.hovered) return;
    this.hovered = id;
    const first =
      id === 0 ? undefined : this.#host.session?.ask((engine) => engine.message_menu(id))?.[0];
    this.help = first ? messageName(first.action) : "";
    this.#host.handChanged();
  }

  /** Marks a node's name in the text, and tells what is wrong with it. */
  #pointAt(node: string): void {
    if (node === this.#pointed) return;
    this.#pointed = node;
    this.#host.pointAt(node);
    this.#host.tell(node === "" ? "" : aboutNode(this.#host, node));
  }

  #ring(): SVGSVGElement | null {
    const root = this.#host.root;
    return root.querySelector<SVGSVGElement>(".ring");
  }
}
