// What is drawn: stage and timeline of one player, how large they are, and what of the run
// they have taken in. Redraws when told to; never asks for a frame by itself.

import SIGNS from "../generated/signs.json";
import type { FlagView } from "./interface.js";
import type { Session } from "./session.js";
import { Stage } from "./stage.js";
import { Timeline } from "./timeline.js";

const WIDE_STAGE_PX = 700;
const WIDE_PICTURE_PX = 884;
const LARGEST_SCALE = 1.6;
const SMALLEST_SCALE = 0.5;

/** How the moment is drawn, besides what the session says. */
export interface Drawing {
  readonly reduced: boolean;
  /** Where a run and the one that it was forked from part, virtual µs. */
  readonly partingUs: number | undefined;
  /** Message under the pointer, or 0. */
  readonly hovered: number;
  /** Whether the stage is to be seen. */
  readonly stage: boolean;
}

/** Stage and timeline of one player. */
export class Surface {
  readonly stage: Stage;
  readonly timeline: Timeline;
  readonly ringBox: HTMLElement;
  readonly #root: ShadowRoot;
  readonly #host: HTMLElement;
  readonly #box: HTMLElement;
  readonly #line: HTMLElement;
  #drawn = { scale: 0, shape: "" };

  constructor(root: ShadowRoot, host: HTMLElement) {
    this.#root = root;
    this.#host = host;
    this.#box = this.#find(".picture", HTMLElement);
    this.#line = this.#find(".timeline", HTMLElement);
    this.ringBox = this.#find(".ring-box", HTMLElement);
    this.stage = new Stage(
      {
        box: this.#box,
        ring: this.#find(".ring", SVGSVGElement),
        rack: this.#find(".rack", SVGSVGElement),
        canvas: this.#find(".moving", HTMLCanvasElement),
        probe: this.#find(".probe", HTMLElement),
      },
      SIGNS,
    );
    this.timeline = new Timeline(this.#find(".timeline canvas", HTMLCanvasElement));
  }

  /** Elements whose size decides the layout. */
  get sized(): readonly HTMLElement[] {
    return [this.#box, this.#line];
  }

  /** Another run: everything anew. */
  reset(session: Session): void {
    this.#drawn = { scale: 0, shape: "" };
    this.timeline.reset(session.read((engine) => engine.describe().nodes) ?? []);
    this.layout(session);
  }

  /** Another engine plays the same run: it is told what the page has of the picture. */
  adopt(session: Session): void {
    session.read((engine) => engine.picture(this.#drawn.shape));
  }

  /** Fits both to the room there is. */
  layout(session: Session | undefined): void {
    this.timeline.resize(this.#line.clientWidth, this.#line.clientHeight);
    if (session === undefined) return;
    const { clientWidth: width, clientHeight: height } = this.#box;
    const shape = width >= WIDE_STAGE_PX ? "wide" : "phone";
    if (shape !== this.#drawn.shape) this.#shape(session, shape);
    const picture = this.stage.picture;
    if (picture === undefined) return;
    const { ring, rack } = picture;
    const wanted =
      shape === "wide"
        ? { width: WIDE_PICTURE_PX, height: Math.max(ring.height, rack.height) }
        : { width: ring.width, height: ring.height + (this.#rackBelow ? rack.height : 0) };
    const fits = Math.min(width / wanted.width, height / wanted.height, LARGEST_SCALE);
    const scale = Math.max(SMALLEST_SCALE, fits);
    if (Math.abs(scale - this.#drawn.scale) < 0.001) return;
    this.#drawn.scale = scale;
    this.stage.resize(scale);
  }

  /** Whether the rack stands under the ring; on a short phone it is a page of its own, and the
   * run as it was has none. */
  get #rackBelow(): boolean {
    return !this.#paged && !this.#host.hasAttribute("twin");
  }

  /** Takes from the engine what has changed; returns what is new to say of nodes. */
  refresh(session: Session): string[] {
    const groups = session.read((engine) => engine.changed_groups()) ?? [];
    this.stage.update(groups);
    const frame = session.read((engine) => engine.frame());
    if (frame) this.stage.take(frame.slice());
    session.read((engine) => this.timeline.take(engine));
    return groups.map((group) => group.label).filter((label) => label !== "");
  }

  /** Takes what need not be new in every frame. */
  look(session: Session): void {
    session.read((engine) => this.timeline.takeRest(engine));
    if (session.complete) {
      const troubles = session.ask((engine) => engine.troubles());
      if (troubles) this.timeline.takeTroubles(troubles);
    }
  }

  /** Draws the instant of the session's clock. */
  draw(session: Session, drawing: Drawing): void {
    const { clock } = session;
    if (drawing.stage) this.stage.draw({ now: clock.now, paceUs: clock.paceUs, ...drawing });
    const known = session.read((engine) => ({
      head: engine.head(),
      end: engine.end(),
      violation: engine.violation(),
    }));
    this.timeline.draw(this.stage.palette, {
      now: clock.now,
      head: Math.max(clock.now, known?.head ?? 0),
      end: known?.end,
      violation: known?.violation,
      partingUs: drawing.partingUs,
    });
  }

  /** The flag under the pointer, if there is one. */
  flagAt(event: PointerEvent): FlagView | undefined {
    const box = this.#line.getBoundingClientRect();
    return this.timeline.flagAt(event.clientX - box.left, event.clientY - box.top);
  }

  /** The hand on the timeline: to the flag or the instant under it. */
  scrub(event: PointerEvent, session: Session): void {
    const pressed = event.type === "pointerdown";
    if (pressed) this.#line.setPointerCapture(event.pointerId);
    const box = this.#line.getBoundingClientRect();
    const x = event.clientX - box.left;
    const flag = pressed ? this.timeline.flagAt(x, event.clientY - box.top) : undefined;
    if (flag) session.seek(flag.time);
    else session.scrub(this.timeline.timeAt(x));
  }

  #shape(session: Session, shape: string): void {
    const picture = session.read((engine) => engine.picture(shape));
    if (picture) this.stage.setPicture(picture);
    const frame = session.read((engine) => engine.frame());
    if (frame) this.stage.take(frame.slice());
    this.#drawn = { scale: 0, shape };
    this.#host.dataset["shape"] = shape;
  }

  /** On a short phone the rack is a page of its own. */
  get #paged(): boolean {
    return getComputedStyle(this.#box).overflowX === "auto";
  }

  #find<E extends Element>(selector: string, kind: abstract new () => E): E {
    const element = this.#root.querySelector(selector);
    if (!(element instanceof kind)) throw new Error(`The page lacks its ${selector}.`);
    return element;
  }
}
