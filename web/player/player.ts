// The custom element `<happens-before>`: one run, on a stage, with everything around it that
// the attribute `lab` asks for. It joins the parts; what each part does stands in its file.

import { html, LitElement, nothing } from "lit";
import type { TemplateResult } from "lit";
import type { CatalogueEntry, CheckView, Engine, Violation } from "./interface.js";
import PICTURE_STYLE from "../generated/picture.css?inline";
import { ActionBar } from "./actions.js";
import { Announcer } from "./announce.js";
import { CaptionKeeper } from "./caption.js";
import { checksTemplate } from "./checks.js";
import type { Clock, Screen } from "./clock.js";
import { dockTemplate, peekTemplate } from "./dock.js";
import { loadCatalogue } from "./catalogue.js";
import {
  engineSize,
  engineVersion,
  loadEngine,
  loadWhole,
  NeedsWhole,
  Refused,
  Stopped,
} from "./engine.js";
import { clockText } from "./format.js";
import { Handover } from "./handover.js";
import type { HandoverHost } from "./handover.js";
import { headerTemplate } from "./header.js";
import type { Host, Mode } from "./host.js";
import * as icons from "./icons.js";
import { Fork } from "./fork.js";
import { handleKey } from "./keys.js";
import { textOfChild } from "./opening.js";
import type { Opening } from "./opening.js";
import { aboutAction } from "./notes.js";
import { Overlays } from "./overlays.js";
import { pageAction } from "./page-actions.js";
import { Pointer } from "./pointer.js";
import { firstDifference } from "./replay.js";
import { ScriptPane } from "./script.js";
import { Session } from "./session.js";
import type { Stage } from "./stage.js";
import { stageTemplate } from "./stage-template.js";
import type { StageState } from "./stage-template.js";
import { stepToBeat } from "./story.js";
import { styles } from "./styles.js";
import { Surface } from "./surface.js";
import { Surroundings } from "./surroundings.js";
import { acceptDrops, chooseFile, holdsRun, readRecording, WATCHED } from "./recording.js";
import { recall, remember } from "./theme.js";
import type { Timeline } from "./timeline.js";
import { Toast } from "./toast.js";
import { playheadLine, readView } from "./view.js";
import type { View } from "./view.js";
import { Views } from "./views.js";
import { anotherSeed, redo, showGhost, undo, writeAction } from "./writing.js";

const NOTHING_YET = "Nothing to run yet. Start from one of these:";
const LOOK_EVERY_MS = 100;

const screen: Screen = {
  requestFrame: (callback) => window.requestAnimationFrame(callback),
  cancelFrame: (id) => window.cancelAnimationFrame(id),
  setTimeout: (callback, ms) => window.setTimeout(callback, ms),
  clearTimeout: (id) => window.clearTimeout(id),
};

export class HappensBefore extends LitElement implements Host, HandoverHost {
  static override styles = styles;
  static override properties = {
    lab: { type: Boolean, reflect: true },
    scenario: { attribute: false, noAccessor: true },
  };

  declare lab: boolean;

  session: Session | undefined;
  view: View | undefined;
  phone = false;
  panelOpen = false;
  keysOn = recall("keys") !== "off";

  readonly #script = new ScriptPane(this);
  readonly #bar = new ActionBar();
  readonly #announcer = new Announcer();
  readonly #toast = new Toast(() => this.requestUpdate());
  readonly #pointer = new Pointer(this);
  readonly #caption = new CaptionKeeper();
  readonly overlays = new Overlays(this);
  readonly fork = new Fork(this);
  readonly #views = new Views(this);
  readonly #surroundings = new Surroundings(this, {
    themeChanged: () => this.#onTheme(),
    sightChanged: () => this.clock?.setVisible(this.#surroundings.visible),
    sizeChanged: () => this.#layout(),
  });

  readonly #handover = new Handover(this);

  #text: string | undefined;
  #opening: Opening = {};
  /** Commands that wait for a run. */
  #waiting: (() => void)[] = [];
  #surface: Surface | undefined;
  #lookedMs = 0;
  #stillReason = "";
  #slow = false;
  #fromHere = false;

  constructor() {
    super();
    this.lab = false;
  }

  // ---- The element's own interface -------------------------------------------------------

  /** The scenario's text. */
  get scenario(): string {
    return this.session?.text ?? this.#text ?? "";
  }

  set scenario(text: string) {
    this.open(text);
  }

  /** The instant shown, virtual µs. */
  get time(): number {
    return Math.floor(this.clock?.now ?? this.#opening.timeUs ?? 0);
  }

  set time(timeUs: number) {
    this.seek(timeUs);
  }

  /** Digest of the run at this instant, 16 hex digits. */
  get digest(): string {
    this.clock?.settle();
    return this.session?.read((engine) => engine.digest()) ?? "";
  }

  /** All checks as they stand at this instant. */
  get verdicts(): readonly CheckView[] {
    return this.session?.read((engine) => engine.checks()) ?? [];
  }

  /** Whether the run has come to its end. */
  get ended(): boolean {
    return this.session?.read((engine) => engine.ended()) ?? false;
  }

  get clock(): Clock | undefined {
    return this.session?.clock;
  }

  get stage(): Stage | undefined {
    return this.#surface?.stage;
  }

  get timeline(): Timeline | undefined {
    return this.#surface?.timeline;
  }

  /** Whether the stage or the space-time diagram is shown. */
  get mode(): Mode {
    return this.#views.mode;
  }

  show(mode: Mode): void {
    this.#views.show(mode);
  }

  play(): void {
    this.#whenReady(() => {
      this.#fromHere = false;
      this.clock?.play();
    });
  }

  pause(): void {
    this.#whenReady(() => this.clock?.pause());
  }

  /** Shows the instant of another player, which leads. */
  follow(timeUs: number): void {
    const { session, clock } = this;
    const target = Math.floor(timeUs);
    if (session === undefined || clock === undefined || target === Math.floor(clock.now)) return;
    if (target < clock.now) session.seek(target);
    else if (!this.ended) {
      clock.advanceTo(target);
      this.#frame(true);
    }
  }

  seek(timeUs: number): void {
    this.#whenReady(() => this.session?.seek(timeUs));
  }

  /** Shows in the space-time diagram what a client's call of this time, virtual µs, came to. */
  showCall(invokedUs: number): void {
    this.#views.showCall(invokedUs);
  }

  step(): void {
    this.#whenReady(() => this.session?.step());
  }

  stepBack(): void {
    this.whenWhole(() => this.session?.stepBack());
  }

  /** Does an action now, by writing a line of the text. */
  apply(action: string): void {
    this.whenWhole(() => this.#write(action));
  }

  /** Opens a text. Throws nothing: a text that cannot be played is shown with its errors. */
  open(text: string, opening: Opening = {}): void {
    this.#text = text;
    this.#opening = opening;
    if (this.#surface !== undefined) this.#start();
  }

  /** Plays the recorded run in a file, or opens the text in it; says what is wrong with it. What
   * holds no run is for the page around the player. */
  async openFile(file: File): Promise<void> {
    try {
      if (this.lab && !(await holdsRun(file))) {
        this.#emit("history", { file });
        return;
      }
      if (file.name.endsWith(".hb")) {
        this.open(await file.text(), { playing: true });
        return;
      }
      const recording = await readRecording(file);
      this.#text = recording.text();
      this.#opening = { playing: true };
      this.#start(recording);
    } catch (error: unknown) {
      this.say(error instanceof Error ? error.message : `${file.name} cannot be read.`);
    }
  }

  chooseRecording(): void {
    chooseFile((file) => void this.openFile(file));
  }

  checkHistory(whose: "clients" | "elsewhere"): void {
    if (whose === "elsewhere") this.#emit("history", {});
    else
      this.whenWhole(() => {
        const text = this.session?.ask((engine) => engine.exported("jepsen")) ?? "";
        const file = new File([text], `What the clients saw up to ${clockText(this.time)}`);
        this.#emit("history", { file, ofRun: true });
      });
  }

  // ---- Lifecycle -------------------------------------------------------------------------

  override connectedCallback(): void {
    super.connectedCallback();
    this.#text ??= textOfChild(this);
    this.#surroundings.connect(this.lab);
    this.#surroundings.observe(this.#surface?.sized ?? []);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.clock?.pause();
    this.#surroundings.disconnect();
  }

  protected override firstUpdated(): void {
    this.addEventListener("keydown", (event) => this.#onKey(event));
    acceptDrops(this, (file) => void this.openFile(file));
    void this.#load();
  }

  protected override updated(): void {
    this.overlays.rendered(this.root);
    this.#script.follow(this.root);
  }

  async #load(): Promise<void> {
    const slow = window.setTimeout(() => {
      this.#slow = true;
      this.requestUpdate();
    }, 1500);
    try {
      await loadEngine();
    } catch (error: unknown) {
      console.error("happens-before: the engine cannot run here", error);
      this.#stillReason =
        "This page may not run WebAssembly here. This is a still of the run; below, its events as a list.";
      this.requestUpdate();
      return;
    } finally {
      window.clearTimeout(slow);
      this.#slow = false;
    }
    this.#adoptPictureStyle();
    this.#makeParts();
    if (this.#text === undefined || this.#text.trim() === "") {
      this.#text = undefined;
      await this.#offerStarts();
      return;
    }
    this.#start();
  }

  #start(recording?: Engine): void {
    const text = this.#text ?? "";
    this.session?.dispose();
    this.session = undefined;
    this.view = undefined;
    this.#script.drop();
    this.fork.close();
    try {
      this.session = new Session(text, screen, this.#listener, recording);
    } catch (error: unknown) {
      if (error instanceof NeedsWhole) void this.#handover.complete();
      else this.#onBadText(error, text);
      return;
    }
    const { timeUs = 0, paceUs = 0, playing = false, fromHere = false } = this.#opening;
    const clock = this.session.clock;
    clock.setReduced(this.#surroundings.reducedMotion);
    clock.setVisible(this.#surroundings.visible);
    if (paceUs > 0) clock.paceUs = paceUs;
    if (timeUs > 0) this.session.seek(timeUs);
    if (this.session.atBorder) {
      this.session = undefined;
      void this.#handover.complete();
      return;
    }
    this.#fromHere = fromHere;
    this.#surface?.reset(this.session);
    this.phone = this.clientWidth < 700;
    this.#jumped();
    if (playing && !this.#surroundings.reducedMotion) clock.play();
    const waiting = this.#waiting.splice(0);
    if (this.lab && document.activeElement === document.body) this.#focusFrame();
    if (this.session.atBorder) this.whenWhole(() => this.#ready());
    else this.#ready();
    for (const command of waiting) command();
    this.#handover.afterFirstFrames();
  }

  whenWhole(command: () => void): void {
    if (this.session) this.#handover.whenWhole(this.session, command);
    else this.#waiting.push(() => this.whenWhole(command));
  }

  #ready(): void {
    void this.#compare();
    this.#emit("ready", { time: this.time, digest: this.digest });
  }

  /** In the lab the player is the page: its keys work from the start. */
  #focusFrame(): void {
    this.root.querySelector<HTMLElement>(".frame")?.focus({ preventScroll: true });
  }

  /** A link says which digest its run had: when this engine plays it differently, say so. */
  async #compare(): Promise<void> {
    const made = this.#opening.made;
    if (made === undefined || made.digest === "" || made.digest === this.digest) return;
    const version = made.version === "" ? "an older version" : made.version;
    const found = firstDifference(await loadWhole(), this.scenario, this.time, made.way);
    const how =
      found === undefined
        ? "it plays differently here."
        : `it differs from ${clockText(found.differsUs)} on.`;
    const words = `Made with ${version}, this is ${engineVersion()}: ${how}`;
    this.overlays.openDialog("differs", `${words}|${found?.sameUs ?? ""}`);
  }

  /** Nothing runs: four runs to start from. */
  async #offerStarts(): Promise<void> {
    this.#starts = (await loadCatalogue()).slice(0, 4);
    this.requestUpdate();
  }

  openWaiting(): void {
    this.#start();
  }

  refuseWaiting(error: unknown): void {
    this.#onBadText(error, this.#text ?? "");
  }

  adopted(session: Session): void {
    this.#surface?.adopt(session);
  }

  #onBadText(error: unknown, text: string): void {
    if (error instanceof Refused) {
      this.#script.refuse(text, error.diagnostics);
      void this.#offerStarts();
      this.panelOpen = true;
      this.#emit("error", { message: error.message, diagnostics: error.diagnostics });
    } else {
      this.#stillReason = `The engine stopped: ${error instanceof Stopped ? error.message : String(error)}. Your text is safe.`;
      this.#emit("error", { message: this.#stillReason });
    }
    this.requestUpdate();
  }

  #whenReady(command: () => void): void {
    if (this.session) command();
    else this.#waiting.push(command);
  }

  #emit(name: string, detail: unknown): void {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
  }

  get root(): ShadowRoot {
    return this.shadowRoot ?? this.attachShadow({ mode: "open" });
  }

  /** The style of the drawings comes from where the drawings come from. */
  #adoptPictureStyle(): void {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(PICTURE_STYLE);
    this.root.adoptedStyleSheets = [sheet, ...this.root.adoptedStyleSheets];
  }

  #makeParts(): void {
    const surface = new Surface(this.root, this);
    this.#surface = surface;
    this.#announcer.attach(this.root.querySelector<HTMLElement>(".announcer"));
    this.#pointer.attach(surface.ringBox);
    this.#surroundings.observe(surface.sized);
    void this.#awaitFonts();
  }

  async #awaitFonts(): Promise<void> {
    await document.fonts.ready;
    this.#onTheme();
  }

  // ---- What the run tells ----------------------------------------------------------------

  readonly #listener = {
    frame: (happened: boolean) => this.#frame(happened),
    jumped: () => this.#jumped(),
    state: () => this.#look(),
    violated: (violation: Violation) => {
      this.#look();
      this.#announcer.announce(`Violated: ${violation.statement}`);
      this.#emit("verdict", { check: violation.check, state: "violated", time: violation.time });
    },
    ended: () => {
      this.#look();
      this.#announcer.announce(`The run ends here, at ${clockText(this.time)}.`);
      this.#emit("end", { time: this.time, digest: this.digest });
    },
    incomplete: () => this.whenWhole(() => undefined),
  };

  #dirty = false;
  /** Runs to start from when there is none. */
  #starts: readonly CatalogueEntry[] = [];

  #frame(happened: boolean): void {
    if (happened) {
      this.#dirty = true;
      this.#refresh();
    }
    const now = performance.now();
    if (now - this.#lookedMs >= LOOK_EVERY_MS) {
      if (this.#dirty) this.#look();
      else this.requestUpdate();
      this.#lookedMs = now;
    }
    this.#draw();
  }

  /** Time was moved by hand: nothing may glide. */
  #jumped(): void {
    this.dataset["still"] = "";
    this.stage?.forget();
    this.#refresh();
    this.#look();
    this.#draw();
    window.requestAnimationFrame(() => {
      window.requestAnimationFrame(() => delete this.dataset["still"]);
    });
  }

  /** Takes from the engine what is drawn. */
  #refresh(): void {
    if (this.session === undefined || this.#surface === undefined) return;
    const labels = this.#surface.refresh(this.session);
    this.#views.take();
    this.#announcer.nodes(labels, this.clock?.playing ?? false);
  }

  /** Reads what is text, at most ten times a second while playing. */
  #look(): void {
    if (this.session === undefined) return;
    const before = this.view;
    this.view = readView(this.session, before) ?? this.view;
    this.#surface?.look(this.session);
    this.#views.look();
    this.fork.compare();
    this.#dirty = false;
    this.#lookedMs = performance.now();
    this.#tell(before, this.view);
    this.requestUpdate();
    this.#draw();
  }

  #tell(before: View | undefined, view: View | undefined): void {
    if (view === undefined) return;
    const beat = view.beats.spoken.at(-1);
    if (beat && beat.time !== before?.beats.spoken.at(-1)?.time) {
      this.#announcer.announce(beat.text);
      this.#emit("event", { time: beat.time, text: beat.text });
    }
    const changed = view.checks.filter(
      (check, k) => before && check.state !== before.checks[k]?.state,
    );
    for (const check of changed) {
      if (check.state !== "violated")
        this.#emit("verdict", { check: check.plain, state: check.state, time: this.time });
    }
  }

  #draw(): void {
    if (this.session === undefined || this.#surface === undefined) return;
    this.fork.follow();
    this.#surface.draw(this.session, {
      partingUs: this.fork.partingUs,
      reduced: this.#surroundings.reducedMotion,
      hovered: this.#pointer.hovered,
      stage: this.mode === "stage",
    });
    this.#views.draw();
    // Dock and playhead show one clock.
    const now = clockText(this.session.clock.now);
    const value = this.root.querySelector(".clock-value");
    if (value) value.textContent = now.replace(" s", "");
    const chip = this.root.querySelector(".playhead span");
    if (chip) chip.textContent = now;
  }

  // ---- Layout, theme, sight --------------------------------------------------------------

  #layout(): void {
    this.phone = this.clientWidth < 700;
    this.#surface?.layout(this.session);
    this.#draw();
  }

  #onTheme(): void {
    this.clock?.setReduced(this.#surroundings.reducedMotion);
    this.stage?.readTheme();
    this.#draw();
    this.requestUpdate();
  }

  cycleTheme(): void {
    const theme = this.#surroundings.cycleTheme(this.lab);
    this.say(theme === "auto" ? "Theme: as the system says." : `Theme: ${theme}.`);
  }

  // ---- What parts ask for ----------------------------------------------------------------

  togglePlay(): void {
    if (this.clock?.playing) this.pause();
    else this.play();
  }

  perform(action: string): void {
    if (action.startsWith("!")) {
      if (action.startsWith("!partition")) this.overlays.openDialog("partition");
      else this.whenWhole(() => pageAction(this, action));
      return;
    }
    this.whenWhole(() => this.#write(action));
  }

  #write(action: string): void {
    this.hideGhost();
    if (this.session?.recorded) {
      this.say(WATCHED);
      return;
    }
    if (writeAction(this, this.#script, action)) this.#fromHere = false;
  }

  showGhost(action: string, how: string): void {
    showGhost(this, this.#script, action, how);
  }

  hideGhost(): void {
    if (this.#script.ghost === undefined) return;
    this.#script.ghost = undefined;
    this.requestUpdate();
  }

  told = "";

  tell(about: string): void {
    if (about === this.told) return;
    this.told = about;
    this.requestUpdate();
  }

  undo(): void {
    undo(this, this.#script);
  }

  redo(): void {
    redo(this, this.#script);
  }

  openCatalogue(): void {
    void this.overlays.openCatalogue((name, text) => this.#choose(name, text));
  }

  #choose(name: string, text: string): void {
    this.open(text, { playing: true });
    this.#emit("choose", { name });
  }

  loadText(text: string): void {
    this.open(text, { playing: true });
  }

  editText(text: string): void {
    if (this.session?.recorded) {
      this.say(WATCHED);
      return;
    }
    if (this.session) this.session.edit(text);
    else {
      this.session = new Session(text, screen, this.#listener);
      this.session.dispose();
      this.open(text);
    }
  }

  editScript(): void {
    this.panelOpen = true;
    const head = this.view ? playheadLine(this.view.lines, this.time) : 0;
    this.#script.open(this.root, Math.max(0, head - 1));
  }

  anotherSeed(): void {
    this.whenWhole(() => anotherSeed(this));
  }

  setPace(paceUs: number): void {
    if (this.clock) this.clock.paceUs = paceUs;
    this.#look();
  }

  setKeys(on: boolean): void {
    this.keysOn = on;
    remember("keys", on ? "on" : "off");
    this.requestUpdate();
  }

  togglePanel(open = !this.panelOpen): void {
    this.panelOpen = open;
    this.requestUpdate();
  }

  say(message: string, undoable = false): void {
    this.#toast.show(message, undoable);
  }

  pointAt(node: string): void {
    this.stage?.highlight(node);
    this.#script.highlight(this.root, node);
  }

  story(direction: 1 | -1): void {
    this.clock?.pause();
    this.whenWhole(() => this.session && stepToBeat(this.session, direction));
  }

  seekFlag(direction: 1 | -1): void {
    this.whenWhole(() => this.session?.seekFlag(direction));
  }

  handChanged(): void {
    this.requestUpdate();
    this.#draw();
  }

  armCut(): void {
    this.overlays.closeDialog();
    this.#pointer.arm();
  }

  /** Tells what the flag under the pointer models. */
  pointTime(event?: PointerEvent): void {
    const flag = event && this.#surface?.flagAt(event);
    this.tell(flag ? aboutAction(this, flag.label) : "");
  }

  scrub(event: PointerEvent): void {
    if (event.type === "pointerdown") this.clock?.hold("scrub");
    if (this.session) this.#surface?.scrub(event, this.session);
  }

  scrubEnd(): void {
    this.clock?.release("scrub");
  }

  #onKey(event: KeyboardEvent): void {
    if (event.key === "Escape" && this.#pointer.cancel()) return;
    if (this.overlays.open || event.defaultPrevented) return;
    if (handleKey(this, event, this.#bar.actions(this))) event.preventDefault();
  }

  // ---- Rendering -------------------------------------------------------------------------

  protected override render(): TemplateResult {
    if (this.#stillReason !== "") {
      return html`<p class="still-note" role="status">${this.#stillReason}</p>
        <slot></slot>`;
    }
    const stopped = this.session?.stopped ?? "";
    const { caption, under, violated } = this.#caption.now(
      this.view,
      this.clock?.playing ?? false,
      performance.now(),
    );
    const empty = this.#starts.length > 0 && this.session === undefined && !this.#handover.fetching;
    const state: StageState = {
      caption: empty
        ? NOTHING_YET
        : stopped === ""
          ? caption
          : `The engine stopped: ${stopped}. Your text is safe.`,
      under: stopped === "" ? under : "",
      violated: violated && stopped === "",
      help: this.#pointer.help || this.told,
      armed: this.#pointer.armed,
      loading: this.#slow
        ? `Loading the engine${engineSize() === "" ? "" : `, ${engineSize()}`}`
        : "",
      fromHere: this.#fromHere && !(this.clock?.playing ?? false),
      starts: empty ? this.#starts : [],
      bar: this.#bar.template(this),
    };
    return html`<div class=${this.#frameClass()} tabindex="-1">
      ${this.lab ? headerTemplate(this) : nothing} ${stageTemplate(this, state)}
      ${
        this.lab
          ? html`${peekTemplate(this)}
              <aside class="panel" aria-label="Text and checks">
                <button
                  class="icon-button quiet panel-close"
                  aria-label="Close"
                  @click=${() => this.togglePanel(false)}
                >
                  ${icons.close}
                </button>
                ${this.fork.template()}${this.#script.template()}${checksTemplate(this)}
              </aside>`
          : nothing
      }
      ${dockTemplate(this, this.#surface?.timeline.spanUs ?? 0)} ${this.#toast.template(this)}
      <div class="announcer unseen" aria-live="polite"></div>
      <div class="probe" aria-hidden="true"></div>
      ${this.overlays.template()}
    </div>`;
  }

  #frameClass(): string {
    return ["frame", this.phone ? "phone" : "", this.panelOpen ? "panel-open" : ""]
      .join(" ")
      .trim();
  }
}
