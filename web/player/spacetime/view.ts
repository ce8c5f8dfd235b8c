// The space-time view: a canvas, a line that says what is chosen, and the tools. Fetched when it is
// first opened. Shows the run of the player that it stands in, at the player's instant; draws when
// it is told to, and when a hand moves it.

import { html, nothing, render } from "lit";
import type { TemplateResult } from "lit";
import MEASURES from "../../generated/spacetime.json";
import SIGNS from "../../generated/signs.json";
import { prepareSigns } from "../canvas.js";
import { countText } from "../format.js";
import type { Host } from "../host.js";
import type { CutView } from "../interface.js";
import type { Session } from "../session.js";
import type { Timeline } from "../timeline.js";
import { Camera } from "./camera.js";
import { Columns, NONE, Shape } from "./columns.js";
import type { Flying } from "./columns.js";
import { Hand } from "./hand.js";
import { eventAt } from "./hit.js";
import { moveKey } from "./keys.js";
import { paintScene } from "./paint.js";
import { density } from "./scene.js";
import type { Scene } from "./scene.js";
import { Selection } from "./selection.js";
import type { Cone } from "./selection.js";
import { spaceTimeStyles } from "./styles.js";

/** A flight that waits in the network; numbers of `canvas.ts`. */
const HELD = 2;
const ZOOM_STEP = 1.4;
/** A flight is hardly ever longer than so many median ones. */
const LONG_FLIGHTS = 8;

const HINT =
  "Click an event for what happened before it (bold; pale is concurrent or later), press Shift " +
  "and click a second one to compare them. Drag or wheel moves, Ctrl and wheel zooms.";

const HINT_TOUCH = "Tap an event for what happened before it. Drag moves, two fingers zoom.";

const STAMPS = [
  ["", "No stamps"],
  ["lamport", "Lamport clocks"],
  ["vector", "Vector clocks"],
  ["hlc", "Hybrid clocks"],
] as const;

/** Shapes of what passes between a client and its operation. */
const SAID: readonly number[] = [Shape.Request, Shape.Answer, Shape.GiveUp];

/** The view. */
export class SpaceTimeView {
  readonly camera = new Camera();
  readonly host: Host;
  readonly canvas: HTMLCanvasElement;
  columns = new Columns(0, 1);
  selection: Selection | undefined;
  /** Event under the pointer, or `NONE`. */
  hovered = NONE;
  readonly #box: HTMLElement;
  readonly #field: HTMLElement;
  readonly #bar: HTMLElement;
  readonly #timeline: Timeline;
  readonly #signs = prepareSigns(SIGNS);
  readonly #size: ResizeObserver;
  #session: Session | undefined;
  #revision = -1;
  #order: number[] = [];
  #laneOf: number[] = [];
  #marks: string[] = [];
  #said = new Map<string, string>();
  #cuts: CutView[] = [];
  /** The event that stays while another is compared with it, or `NONE`. */
  #pinned = NONE;
  #median = 30_000;
  #stamps = "";
  #stampTexts = new Map<number, string>();
  #wanted: number | undefined;
  /** Whether there has been room to draw in. */
  #sized = false;
  #words = "";

  constructor(host: Host, box: HTMLElement, timeline: Timeline) {
    this.host = host;
    this.#box = box;
    this.#timeline = timeline;
    const sheet = spaceTimeStyles.styleSheet;
    if (sheet && !host.root.adoptedStyleSheets.includes(sheet))
      host.root.adoptedStyleSheets = [...host.root.adoptedStyleSheets, sheet];
    render(FRAME, box);
    this.#field = find(box, ".spacetime-field", HTMLElement);
    this.#bar = find(box, ".spacetime-bar", HTMLElement);
    this.canvas = find(box, "canvas", HTMLCanvasElement);
    const hand = new Hand(this);
    hand.attach(this.canvas);
    this.canvas.addEventListener("keydown", (event) => {
      if (moveKey(this, event)) event.preventDefault();
    });
    this.#size = new ResizeObserver(() => this.resize());
    this.#size.observe(this.#field);
  }

  /** Leaves the page. */
  close(): void {
    this.#size.disconnect();
    if (this.#wanted !== undefined) window.cancelAnimationFrame(this.#wanted);
    this.#wanted = undefined;
    render(nothing, this.#box);
  }

  resize(): void {
    const { clientWidth: width, clientHeight: height } = this.#field;
    if (width === 0 || height === 0) return;
    const dpr = Math.min(3, window.devicePixelRatio || 1);
    this.canvas.width = Math.round(width * dpr);
    this.canvas.height = Math.round(height * dpr);
    this.camera.resize(width, height, this.#order.length);
    // Chosen before there was room for it.
    if (!this.#sized && this.selection) this.#lead(this.selection.event);
    this.#sized = true;
    this.draw();
  }

  /** Takes what has happened; another run begins anew. */
  take(): void {
    const { session } = this.host;
    if (session === undefined || !session.complete) return;
    if (session !== this.#session) this.#reset(session);
    else if (session.revision !== this.#revision) this.#again(session);
    session.ask((engine) => this.columns.take(engine));
  }

  /** Takes what need not be new in every frame. */
  look(): void {
    const { session } = this.host;
    const operations = session?.ask((engine) => engine.operations()) ?? [];
    this.#said = new Map(
      operations.map(({ client, request, invoked }) => [
        `${this.#timeline.names.indexOf(client)} ${invoked}`,
        request,
      ]),
    );
    this.#cuts = session?.ask((engine) => engine.cuts()) ?? [];
    this.#renderBar();
  }

  /** Draws the instant of the player's clock. */
  draw(): void {
    if (this.#wanted !== undefined) {
      window.cancelAnimationFrame(this.#wanted);
      this.#wanted = undefined;
      this.#renderBar();
    }
    const { clock } = this.host;
    const scene = this.scene();
    const cx = this.canvas.getContext("2d");
    if (cx === null || scene === undefined) return;
    if (this.camera.follows && clock) this.camera.follow(clock.now);
    const unit = this.canvas.width / Math.max(1, this.camera.width);
    cx.setTransform(unit, 0, 0, unit, 0, 0);
    paintScene(cx, scene);
  }

  /** Draws in the next frame, once however often it is asked. */
  redraw(): void {
    this.#wanted ??= window.requestAnimationFrame(() => {
      this.#wanted = undefined;
      this.draw();
      this.#renderBar();
    });
  }

  scene(): Scene | undefined {
    const { session, clock, stage } = this.host;
    if (session === undefined || clock === undefined || stage === undefined) return undefined;
    const known = session.read((engine) => ({
      head: engine.head(),
      violation: engine.violation(),
    }));
    const headUs = Math.max(clock.now, known?.head ?? 0);
    return {
      columns: this.columns,
      camera: this.camera,
      palette: stage.palette,
      signs: this.#signs,
      order: this.#order,
      laneOf: this.#laneOf,
      names: this.#timeline.names,
      marks: this.#marks,
      spans: this.#timeline.lanes,
      operations: this.#timeline.operations,
      said: this.#said,
      troubles: this.#timeline.troubles,
      partitions: this.#timeline.partitions(headUs),
      cuts: this.#cuts,
      flying: this.#flying(clock.now),
      stampOf: this.#stamps === "" ? undefined : (event) => this.#stampOf(event),
      emphasis: this.selection,
      hovered: this.hovered,
      nowUs: clock.now,
      headUs,
      violation: known?.violation,
    };
  }

  // ---- What hand and keys ask for ----------------------------------------------------------

  /** Chooses an event; with `second` beside the one that is chosen. None clears. */
  choose(event: number, second = false): void {
    const before = this.selection;
    if (!second) this.#pinned = NONE;
    else if (this.#pinned === NONE) this.#pinned = before?.event ?? NONE;
    const again = !second && before?.event === event && before.relation === undefined;
    if (event === NONE) this.selection = undefined;
    else this.#select(event, again && before.cone === "past" ? "future" : "past");
    this.camera.follows &&= this.selection === undefined;
    this.#say();
  }

  /** The chosen event moves: alone, or away from one that stays. */
  moveTo(event: number): void {
    if (event === NONE) return;
    this.#select(event, this.selection?.cone ?? "past");
    this.camera.follows = false;
    this.camera.reveal(this.columns.time[event] ?? 0);
    this.#revealLane(event);
    this.#say();
  }

  /** Chooses what a client asked or was told at this time, virtual µs. */
  chooseAt(name: string, timeUs: number): void {
    const node = this.#timeline.names.indexOf(name);
    const [first, beyond] = this.columns.between(timeUs, timeUs + 1);
    for (let id = beyond - 1; id >= first; id -= 1)
      if (this.columns.node[id] === node && SAID.includes(this.columns.shape[id] ?? Shape.None)) {
        this.#select(id, "past");
        this.#lead(id);
        this.#say();
        return;
      }
  }

  /** The chosen event stays, the next one chosen is compared with it. */
  pin(): void {
    const { selection } = this;
    if (selection === undefined) return;
    this.#pinned = selection.event;
    this.#select(selection.event, selection.cone);
    this.#say();
  }

  /** Past or future. */
  turn(cone: Cone): void {
    const { selection } = this;
    if (selection === undefined) return;
    this.#select(selection.event, cone);
    this.#say();
  }

  eventAt(x: number, y: number): number {
    const scene = this.scene();
    return scene === undefined ? NONE : eventAt(scene, x, y);
  }

  /** The node whose name is under a place. */
  nodeAt(x: number, y: number): string | undefined {
    const before = this.camera.vertical ? y < 26 : x < this.camera.begin - 8;
    if (!before) return undefined;
    const [lane, away] = this.camera.laneAt(x, y);
    return away <= 14 ? this.#timeline.names[this.#order[lane] ?? -1] : undefined;
  }

  zoom(factor: number, along?: number): void {
    const { camera } = this;
    const now = camera.along(this.host.clock?.now ?? 0);
    const inSight = now >= camera.begin && now <= camera.end;
    camera.zoom(factor, along ?? (inSight ? now : (camera.begin + camera.end) / 2));
    this.redraw();
  }

  fit(): void {
    const head = this.host.session?.read((engine) => engine.head()) ?? 0;
    this.camera.fit(Math.max(head, this.host.clock?.now ?? 0, 1000));
    this.redraw();
  }

  toggleFollow(): void {
    this.camera.follows = !this.camera.follows;
    this.redraw();
  }

  /** The nearest event before or at the instant shown. */
  atPlayhead(): number {
    const { columns } = this;
    const now = (this.host.clock?.now ?? 0) + 1;
    const [, beyond] = columns.between(now, now);
    for (let id = beyond - 1; id >= 0; id -= 1)
      if ((this.#laneOf[columns.node[id] ?? -1] ?? -1) >= 0 && stands(columns, id)) return id;
    return NONE;
  }

  laneOf(node: number): number {
    return this.#laneOf[node] ?? 0;
  }

  nodeOf(lane: number): number | undefined {
    return this.#order[lane];
  }

  // ---- Inside ------------------------------------------------------------------------------

  #lead(event: number): void {
    this.camera.lead(this.columns.time[event] ?? 0);
    this.#revealLane(event);
  }

  #revealLane(event: number): void {
    this.camera.revealLane(this.#laneOf[this.columns.node[event] ?? 0] ?? 0);
  }

  #select(event: number, cone: Cone): void {
    const first = this.#pinned === event ? NONE : this.#pinned;
    this.selection = this.host.session?.ask((engine) => new Selection(engine, event, first, cone));
  }

  #reset(session: Session): void {
    this.#session = session;
    const description = session.read((engine) => engine.describe());
    const names = description?.nodes ?? [];
    const nodes = names.length;
    // Clients first; a protocol's services stand behind its servers.
    const clients = names.findIndex((name) => name.startsWith("c"));
    const before = clients < 0 ? nodes : clients;
    this.#order = names.map((_, k) => (k + before) % nodes);
    this.#laneOf = Array.from({ length: nodes }, (_, node) => this.#order.indexOf(node));
    this.#marks =
      session.ask((engine) => engine.declaration().events.map(({ name }) => name)) ?? [];
    this.#median = description?.median_flight ?? 30_000;
    this.#stampTexts.clear();
    this.camera.usPerPx = Math.max(1, this.#median / MEASURES.flight);
    this.camera.follows = true;
    this.#again(session);
    this.resize();
  }

  /** What is known of the run may no longer be so. */
  #again(session: Session): void {
    this.#revision = session.revision;
    this.columns = new Columns(this.#order.length, this.#median * LONG_FLIGHTS);
    this.selection = undefined;
    this.#pinned = NONE;
    this.hovered = NONE;
    this.#stampTexts.clear();
    this.#say();
  }

  #flying(now: number): Flying[] {
    return (this.host.stage?.messagesInFlight(now) ?? []).map(({ id, planned, sent, flight }) => ({
      id,
      // One that waits has no end yet: half of its way is seen.
      planned: flight >= HELD ? Math.max(planned, now + (now - sent)) : planned,
    }));
  }

  #stampOf(event: number): string {
    const known = this.#stampTexts.get(event);
    if (known !== undefined) return known;
    const text = this.host.session?.ask((engine) => engine.stamp(this.#stamps, event)) ?? "";
    if (this.#stampTexts.size > 20_000) this.#stampTexts.clear();
    this.#stampTexts.set(event, text);
    return text;
  }

  /** Says what is chosen, for all who read and for those who hear. */
  #say(): void {
    this.#words = this.#saying();
    this.canvas.dataset["event"] = String(this.selection?.event ?? "");
    this.canvas.dataset["first"] = String(
      this.#pinned === NONE ? (this.selection?.event ?? "") : this.#pinned,
    );
    this.redraw();
  }

  #saying(): string {
    const { selection, host, columns } = this;
    const { session } = host;
    if (selection === undefined || session === undefined) return "";
    const words = (id: number): string =>
      session.ask((engine) => engine.event_words(id)) ?? "an event";
    const at = exactText(columns.time[selection.event] ?? 0);
    const relation = selection.relation;
    if (relation) return relation.sentence;
    const { events, nodes } = selection.size(columns, this.#order.length);
    const many = `${countText(events)} ${events === 1 ? "event" : "events"} on ${nodes} ${nodes === 1 ? "node" : "nodes"}`;
    const cone =
      selection.cone === "past" ? `${many} happened before it.` : `It happened before ${many}.`;
    const stamp = this.#stamps === "" ? "" : this.#stampOf(selection.event);
    const stamped = stamp === "" ? "" : ` Stamp ${stamp}.`;
    return `${words(selection.event)}, at ${at}.${stamped} ${cone}`;
  }

  #renderBar(): void {
    render(this.#barTemplate(), this.#bar);
  }

  #barTemplate(): TemplateResult {
    const { selection, camera } = this;
    const scene = this.scene();
    const dense = scene !== undefined && density(scene) > MEASURES.dense;
    const hint = dense
      ? "More events than can be told apart: zoom in to see each."
      : this.host.phone
        ? HINT_TOUCH
        : HINT;
    const told = this.host.told;
    return html`<p class="spacetime-said">
        <span role="status" aria-live="polite" class=${told === "" ? "" : "unseen"}
          >${this.#words}</span
        >${told === "" && this.#words !== "" ? nothing : html`<span>${told || hint}</span>`}
      </p>
      <div class="spacetime-tools" role="toolbar" aria-label="Space-time diagram">
        ${
          selection === undefined
            ? nothing
            : html`<div class="pair" role="group" aria-label="What is shown of the event">
                  ${(["past", "future"] as const).map(
                    (cone) =>
                      html`<button
                        aria-pressed=${selection.cone === cone}
                        @click=${() => this.turn(cone)}
                      >
                        ${cone === "past" ? "Past" : "Future"}
                      </button>`,
                  )}
                </div>
                <button title="Move the run to this event" @click=${() => this.#goThere()}>
                  Go there
                </button>
                <button @click=${() => this.choose(NONE)}>Clear</button>`
        }
        <span class="gap"></span>
        <select
          aria-label="Stamps"
          @change=${(event: Event) => {
            if (event.target instanceof HTMLSelectElement) this.#stampWith(event.target.value);
          }}
        >
          ${STAMPS.map(
            ([value, name]) =>
              html`<option value=${value} .selected=${value === this.#stamps}>${name}</option>`,
          )}
        </select>
        <button aria-label="Zoom out" title="Zoom out (-)" @click=${() => this.zoom(ZOOM_STEP)}>
          −
        </button>
        <button aria-label="Zoom in" title="Zoom in (+)" @click=${() => this.zoom(1 / ZOOM_STEP)}>
          +
        </button>
        <button title="All that is known of the run (0)" @click=${() => this.fit()}>Fit</button>
        <button
          aria-pressed=${camera.follows}
          title="Keep the playhead in sight"
          @click=${() => this.toggleFollow()}
        >
          Follow
        </button>
      </div>`;
  }

  #goThere(): void {
    if (this.selection) this.host.seek(this.columns.time[this.selection.event] ?? 0);
  }

  #stampWith(kind: string): void {
    this.#stamps = kind;
    this.#stampTexts.clear();
    this.#say();
  }
}

const FRAME = html`<div class="spacetime-view">
  <div class="spacetime-field">
    <canvas
      tabindex="0"
      role="application"
      aria-roledescription="diagram"
      aria-label="Space-time diagram"
      aria-describedby="spacetime-how"
    ></canvas>
    <p id="spacetime-how" class="unseen">
      Enter chooses the event at the playhead, then the arrows go along its lane and to its causes
      and effects. Enter again shows its future. Shift and Enter keeps an event, to compare the next
      one with it. Without a choice the arrows move the diagram; plus and minus zoom, 0 fits.
    </p>
  </div>
  <div class="spacetime-bar"></div>
</div>`;

function stands(columns: Columns, id: number): boolean {
  const node = columns.node[id] ?? 0;
  const { items, length } = columns.lane(node);
  const place = columns.placeOf(node, id);
  return place < length && items[place] === id;
}

function exactText(timeUs: number): string {
  return `${(timeUs / 1_000_000).toFixed(timeUs % 1000 === 0 ? 3 : 6)} s`;
}

function find<E extends Element>(box: Element, selector: string, kind: abstract new () => E): E {
  const element = box.querySelector(selector);
  if (!(element instanceof kind)) throw new Error(`The page lacks its ${selector}.`);
  return element;
}
