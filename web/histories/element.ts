// The custom element `<happens-before-history>`: a history from a file, the verdict on it, and the
// picture of why. Joins the parts: the check runs in a worker, the picture is a canvas, what
// stands beside it says the same in words.

import { html, LitElement, nothing } from "lit";
import type { PropertyValues, TemplateResult } from "lit";
import PICTURE_STYLE from "../generated/picture.css?inline";
import * as icons from "../player/icons.js";
import { acceptDrops, chooseFile } from "../player/recording.js";
import { controlStyles } from "../player/styles/controls.js";
import { BadFile, Check } from "./check.js";
import type { Found } from "./check.js";
import type { Look, Picture, Progress } from "./interface.js";
import { panelTemplate } from "./panel.js";
import type { PanelHost } from "./panel.js";
import { PictureView } from "./picture-view.js";
import { NONE, Rows } from "./rows.js";
import { crowded, keysInOrder, onlyBad } from "./scene.js";
import { historyStyles } from "./styles.js";
import { emptyTemplate, failedTemplate, workingTemplate } from "./states.js";
import { toolsTemplate, zoomTemplate } from "./tools.js";
import { refusalOf, spokenText, verdictOf } from "./words.js";
import type { Tone } from "./words.js";

type State = "empty" | "working" | "decided" | "failed";

const ACCEPTED = ".edn,.json,.jsonl,.txt,.log";
const NO_ORDER = new Uint32Array(0);
const MARKS: Record<Tone, unknown> = {
  good: icons.tick,
  bad: icons.octagon,
  unknown: icons.unknown,
  none: icons.pending,
};

/** A history and its picture. */
export class HistoryView extends LitElement implements PanelHost {
  static override styles = [controlStyles, historyStyles];

  readonly #check = new Check();
  #state: State = "empty";
  #name = "";
  #progress: Progress | undefined;
  #stopped = false;
  #found: Found | undefined;
  #failure: unknown;
  #view: PictureView | undefined;
  #spoken = "";
  /** Which file is open: what is asked about another one is of no use any more. */
  #turn = 0;

  row = NONE;
  pinned = false;
  look: Look | undefined;
  key: number | undefined;
  order = 0;
  taken: ArrayLike<number> = NO_ORDER;
  page = 0;
  listOpen = false;
  ofRun = false;
  #only = false;
  /** Whether processes share lanes; chosen by how many there are if not by hand. */
  #packed: boolean | undefined;
  readonly #theme = new MutationObserver(() => this.#view?.themeChanged());
  readonly #darkSystem = window.matchMedia("(prefers-color-scheme: dark)");

  get picture(): Picture {
    if (this.#found === undefined) throw new Error("No picture yet.");
    return this.#found.picture;
  }

  get rows(): Rows {
    return this.#found?.rows ?? new Rows([]);
  }

  // ---- A file -----------------------------------------------------------------------------

  /** Checks a file and shows what comes of it; `ofRun`: it is what the run on stage has done. */
  async open(file: File, ofRun = false): Promise<void> {
    this.ofRun = ofRun;
    const turn = ++this.#turn;
    this.#check.stop();
    this.#name = file.name;
    this.#found = undefined;
    this.#progress = undefined;
    this.#forget();
    this.#state = "working";
    this.requestUpdate();
    try {
      await this.#check.open(file);
      if (turn === this.#turn) await this.#run(turn);
    } catch (error: unknown) {
      if (turn === this.#turn) this.#fail(error);
    }
  }

  #forget(): void {
    this.row = NONE;
    this.pinned = false;
    this.look = undefined;
    this.order = 0;
    this.taken = NO_ORDER;
    this.page = 0;
    this.#only = false;
    this.#packed = undefined;
  }

  async #run(turn: number): Promise<void> {
    this.#state = "working";
    this.#stopped = false;
    this.requestUpdate();
    await this.#check.run((progress) => {
      this.#progress = progress;
      this.requestUpdate();
    });
    const found = await this.#check.found();
    if (turn !== this.#turn) return;
    // Lines of a run's history are nobody's but ours.
    this.#found = this.ofRun ? { ...found, picture: { ...found.picture, unit: "event" } } : found;
    this.#state = "decided";
    const { bad } = found.picture;
    this.key = keysInOrder(found.picture)[0];
    this.#spoken = verdictOf(found.picture, this.#stopped).title;
    this.requestUpdate();
    await this.updateComplete;
    await this.#layOut();
    if (bad) await this.#choose(bad.operation, true);
  }

  #fail(error: unknown): void {
    this.#state = "failed";
    this.#failure = error;
    // What stopped is not to be trusted with another file.
    if (!(error instanceof BadFile)) this.#check.dismiss();
    this.requestUpdate();
  }

  #guarded(work: Promise<unknown>): void {
    work.catch((error: unknown) => this.#fail(error));
  }

  #stop(): void {
    this.#stopped = true;
    this.#check.stop();
  }

  async #spendMore(): Promise<void> {
    // What was stopped by hand has budget left.
    if (!this.#stopped) await this.#check.raise();
    await this.#run(this.#turn);
  }

  // ---- The picture ------------------------------------------------------------------------

  async #layOut(keep = false): Promise<void> {
    const found = this.#found;
    if (found === undefined || this.#view === undefined) return;
    const { bad } = found.picture;
    const only = this.#only && bad ? onlyBad(bad) : undefined;
    const packed = this.#packed ?? crowded(found.rows, this.key);
    this.#view.show({ ...found, choice: { key: this.key, only, packed }, order: this.order }, keep);
    await this.#join();
  }

  /** Joins the operations of each shown key in an order. */
  async #join(): Promise<void> {
    const view = this.#view;
    const scene = view?.scene;
    for (const { key } of scene?.bands ?? []) {
      const order = await this.#orderOf(key);
      // Another picture may be shown by now.
      if (view?.scene !== scene) return;
      view?.join(key, order);
      if (key === this.key) this.taken = order;
    }
    this.requestUpdate();
  }

  async #orderOf(key: number): Promise<ArrayLike<number>> {
    const { bad } = this.picture;
    if (bad?.key !== key) return this.#check.order(key);
    return bad.orders[this.order]?.operations ?? NO_ORDER;
  }

  choose(row: number): void {
    this.#guarded(this.#choose(row));
  }

  async #choose(row: number, centred = false): Promise<void> {
    this.pinned = row !== NONE;
    if (row !== NONE && !this.#view?.scene?.has(row)) {
      this.key = this.rows.key[row];
      this.#only = false;
      await this.#layOut();
    }
    this.#view?.mark(row, centred);
    await this.#lookAt(row);
    const { look } = this;
    if (row === NONE) await this.#join();
    else if (look?.place) this.#view?.join(this.rows.key[row] ?? 0, look.order);
    const refusal = refusalOf(this.picture.bad, this.order, row);
    this.#spoken = row === NONE ? "" : spokenText(this.picture, this.rows, row, look, refusal);
    this.requestUpdate();
  }

  async #lookAt(row: number): Promise<void> {
    this.row = row;
    const look = row === NONE ? undefined : await this.#check.look(row);
    if (this.row !== row) return;
    this.look = look;
    this.requestUpdate();
  }

  #hover(row: number): void {
    if (this.pinned || this.#found === undefined) return;
    this.#guarded(this.#lookAt(row));
  }

  chooseKey(key: number | undefined): void {
    this.key = key;
    this.page = 0;
    this.#only = false;
    this.#guarded(this.#showKey());
  }

  async #showKey(): Promise<void> {
    await this.#choose(NONE);
    const laidOut = this.#layOut();
    // All keys are looked at from afar.
    if (this.key === undefined) this.#view?.fit();
    await laidOut;
  }

  chooseOrder(order: number): void {
    this.order = order;
    this.#guarded(this.#layOut(true));
  }

  turn(page: number): void {
    this.page = page;
    this.requestUpdate();
  }

  openList(open: boolean): void {
    if (open === this.listOpen) return;
    this.listOpen = open;
    this.requestUpdate();
  }

  toRun(timeUs: number): void {
    this.dispatchEvent(new CustomEvent("seek", { detail: timeUs }));
  }

  #toFirstError(): void {
    const { bad } = this.picture;
    if (bad === null) return;
    this.#guarded(this.#choose(bad.operation, true));
    this.#view?.canvas.focus();
  }

  #toggleOnly(): void {
    const { bad } = this.picture;
    if (bad === null) return;
    this.#only = !this.#only;
    this.key = bad.key;
    this.#guarded(this.#layOut().then(() => this.#choose(bad.operation, true)));
  }

  #togglePacked(): void {
    this.#packed = !(this.#view?.scene?.packed ?? false);
    this.#guarded(this.#layOut(true).then(() => this.#view?.mark(this.row)));
  }

  // ---- Lifecycle --------------------------------------------------------------------------

  override connectedCallback(): void {
    super.connectedCallback();
    this.#theme.observe(document.documentElement, { attributeFilter: ["data-theme"] });
    this.#darkSystem.addEventListener("change", this.#onTheme);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#theme.disconnect();
    this.#darkSystem.removeEventListener("change", this.#onTheme);
    this.#view?.close();
    this.#check.dismiss();
  }

  readonly #onTheme = (): void => this.#view?.themeChanged();

  protected override firstUpdated(): void {
    const root = this.shadowRoot;
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(PICTURE_STYLE);
    if (root) root.adoptedStyleSheets = [sheet, ...root.adoptedStyleSheets];
    acceptDrops(this, (file) => void this.open(file));
    void document.fonts.ready.then(() => this.#view?.themeChanged());
  }

  protected override updated(_changed: PropertyValues): void {
    const canvas = this.shadowRoot?.querySelector("canvas");
    const probe = this.shadowRoot?.querySelector<HTMLElement>(".probe");
    if (!canvas || !probe) {
      this.#view?.close();
      this.#view = undefined;
    } else if (this.#view?.canvas !== canvas) {
      this.#view?.close();
      this.#view = new PictureView(canvas, probe, {
        hover: (row) => this.#hover(row),
        choose: (row) => this.choose(row),
      });
    }
  }

  /** So that keys and readers go on where the run was. */
  override focus(): void {
    this.shadowRoot?.querySelector<HTMLElement>(".sheet")?.focus({ preventScroll: true });
  }

  #chooseFile(): void {
    chooseFile((file) => void this.open(file), ACCEPTED);
  }

  #close(): void {
    this.dispatchEvent(new CustomEvent("close"));
  }

  // ---- Rendering --------------------------------------------------------------------------

  protected override render(): TemplateResult {
    return html`<div class="sheet ${this.#state}" tabindex="-1">
      <header class="head">
        <a class="brand" href="./" aria-label="Happens-Before, first page">${icons.mark}</a>
        <h1>${this.#name === "" ? "Check a history" : this.#name}</h1>
        <div class="head-tools">
          ${
            this.#state === "decided"
              ? html`<button class="button" @click=${() => this.#chooseFile()}>
                  Open another…
                </button>`
              : nothing
          }
          <button class="button" @click=${() => this.#close()}>
            <span>Back</span><span class="wide-only">to the run</span>
          </button>
        </div>
      </header>
      ${this.#body()}
      <div class="unseen" role="status">${this.#spoken}</div>
      <div class="probe" aria-hidden="true"></div>
    </div>`;
  }

  #body(): TemplateResult {
    const host = {
      chooseFile: () => this.#chooseFile(),
      open: (file: File) => void this.open(file),
      stop: () => this.#stop(),
    };
    if (this.#state === "empty") return emptyTemplate(host);
    if (this.#state === "working") return workingTemplate(host, this.#progress);
    if (this.#state === "decided") return this.#decidedTemplate();
    return failedTemplate(host, this.#name, this.#failure);
  }

  #decidedTemplate(): TemplateResult {
    const { picture } = this;
    const verdict = verdictOf(picture, this.#stopped);
    const tools = {
      stopped: this.#stopped,
      only: this.#only,
      spendMore: () => this.#guarded(this.#spendMore()),
      toFirstError: () => this.#toFirstError(),
      toggleOnly: () => this.#toggleOnly(),
    };
    return html`<div class="verdict ${verdict.tone}">
        <span class="mark-of">${MARKS[verdict.tone]}</span>
        <div>
          <h2 class="big">${verdict.title}</h2>
          <p class="under">${verdict.under}</p>
        </div>
        <div class="tools">${toolsTemplate(tools, verdict.tone, picture.bad)}</div>
      </div>
      <div class="field">
        <div class="canvas-box">
          <canvas
            tabindex="0"
            role="application"
            aria-label="Picture of the history"
            aria-description="Arrow keys walk along the operations, comma and full stop along the order, plus and minus zoom."
          ></canvas>
        </div>
        ${zoomTemplate(this.#view, () => this.#togglePacked())}
      </div>
      <aside class="side" aria-label="In words">${panelTemplate(this)}</aside>`;
  }
}
