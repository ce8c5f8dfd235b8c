// The text pane: the run's text with its playhead, the ghost of a line that a button would
// write, and a plain editor. The text is the run; this pane never plays anything by itself.

import { html, nothing } from "lit";
import type { TemplateResult } from "lit";
import type { Diagnostic, Edit, LineView } from "./interface.js";
import { Refused } from "./engine.js";
import { countdownText } from "./format.js";
import type { Host } from "./host.js";
import { aboutFault } from "./notes.js";
import { WATCHED } from "./recording.js";
import { playheadLine } from "./view.js";

const TYPING_PAUSE_MS = 300;
const MARGIN_PX = 40;
/** Its clock is painted with the dock's, in every frame. */
const PLAYHEAD = html`<div class="playhead" aria-hidden="true"><span></span></div>`;
const STILL_THERE = "The last run without errors is still on stage.";

/** State of the text pane. */
export class ScriptPane {
  readonly #host: Host;
  /** The line that a button would write, while it is pointed at. */
  ghost: { edit: Edit; how: string } | undefined;
  #draft: string | undefined;
  #diagnostics: readonly Diagnostic[] = [];
  #typing: number | undefined;

  constructor(host: Host) {
    this.#host = host;
  }

  /** Whether the editor is open. */
  get editing(): boolean {
    return this.#draft !== undefined;
  }

  /** What is wrong with the draft. */
  get diagnostics(): readonly Diagnostic[] {
    return this.#diagnostics;
  }

  /** Opens the editor with the cursor at the end of a line (0-based), or at the end. */
  open(root: ShadowRoot, line: number): void {
    if (this.#host.session?.recorded) {
      this.#host.say(WATCHED);
      return;
    }
    this.#host.whenWhole(() => this.#open(root, line));
  }

  #open(root: ShadowRoot, line: number): void {
    const text = this.#host.view?.text ?? "";
    if (this.#draft === undefined) {
      this.#draft = text;
      this.#diagnostics = [];
    }
    this.#host.requestUpdate();
    const caret = text
      .split("\n")
      .slice(0, line + 1)
      .join("\n").length;
    // The editor is there after the next update.
    requestAnimationFrame(() => {
      const area = root.querySelector<HTMLTextAreaElement>(".editor textarea");
      area?.focus({ preventScroll: true });
      area?.setSelectionRange(caret, caret);
    });
  }

  /** A text that could not be opened at all: shows it with what is wrong. */
  refuse(text: string, diagnostics: readonly Diagnostic[]): void {
    this.#draft = text;
    this.#diagnostics = diagnostics;
  }

  /** Marks a node's name wherever it stands in the text. */
  highlight(root: ShadowRoot, node: string): void {
    for (const word of root.querySelectorAll<HTMLElement>(".code [data-name]")) {
      word.classList.toggle("pointed", word.dataset["name"] === node);
    }
  }

  /** Keeps the playhead in sight, unless a hand is on the text. */
  follow(root: ShadowRoot): void {
    const pane = root.querySelector<HTMLElement>(".text-scroll");
    const playhead = pane?.querySelector<HTMLElement>(".playhead");
    if (!pane || !playhead || pane.matches(":hover")) return;
    const top = playhead.offsetTop - pane.offsetTop;
    const low = pane.scrollTop + MARGIN_PX;
    const high = pane.scrollTop + pane.clientHeight - 2 * MARGIN_PX;
    if (top < low || top > high) pane.scrollTop = top - pane.clientHeight / 2;
  }

  /** Brings a line into sight once it is shown. */
  scrollTo(root: ShadowRoot, line: number): void {
    requestAnimationFrame(() => {
      const row = root.querySelector<HTMLElement>(`.row[data-line="${line}"]`);
      const pane = root.querySelector<HTMLElement>(".text-scroll");
      if (!row || !pane) return;
      const { top, bottom } = row.getBoundingClientRect();
      const box = pane.getBoundingClientRect();
      if (top < box.top || bottom > box.bottom) pane.scrollTop += top - box.top - box.height / 2;
    });
  }

  /** Leaves the editor; a draft with errors stays open, nothing typed is thrown away. */
  close(): void {
    this.#settle();
    if (this.#diagnostics.length === 0) this.#draft = undefined;
    this.#host.requestUpdate();
  }

  /** Throws the draft away: the text was replaced by other means. */
  drop(): void {
    if (this.#typing !== undefined) window.clearTimeout(this.#typing);
    this.#typing = undefined;
    this.#draft = undefined;
    this.#diagnostics = [];
  }

  template(): TemplateResult {
    const { view, session } = this.#host;
    return html`<section class="script" aria-label="Text of this run">
      <div class="panel-head">
        <h2>${session?.recorded ? "Recorded from this text" : "This run is this text"}</h2>
        <span class="panel-tools">
          <button class="plain" ?disabled=${!session?.canUndo} @click=${() => this.#host.undo()}>
            Undo
          </button>
          <button
            class="plain"
            ?disabled=${!session?.canRedo}
            ?hidden=${!session?.canRedo}
            @click=${() => this.#host.redo()}
          >
            Redo
          </button>
          <button
            class="plain"
            title="Keep this run beside what you do next"
            ?hidden=${this.#host.fork.open}
            @click=${() => this.#host.perform("!fork")}
          >
            Fork
          </button>
          <button class="plain" @click=${() => void this.#copy()}>Copy</button>
        </span>
      </div>
      <div class="text-scroll" tabindex="-1">
        ${this.editing || view === undefined ? this.#editor() : this.#rows(view.text, view.lines)}
      </div>
      ${this.#host.told === "" ? nothing : html`<p class="told">${this.#host.told}</p>`}
      ${this.#errors()}
    </section>`;
  }

  async #copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(this.#draft ?? this.#host.view?.text ?? "");
      this.#host.say("The text is on the clipboard.");
    } catch {
      this.#host.say("This browser did not let the page copy. Select the text instead.");
    }
  }

  #rows(text: string, views: readonly LineView[]): TemplateResult {
    const now = this.#host.clock?.now ?? 0;
    const lines = text.replace(/\n$/, "").split("\n");
    const head = playheadLine(views, now);
    const next = views.findIndex((line) => line.at !== undefined && line.at > now);
    const rows = lines.map((line, k) => {
      const after = k >= head;
      return this.#row(line, k, views[k], { after, next: k === next });
    });
    rows.splice(Math.min(head, rows.length), 0, PLAYHEAD);
    if (this.ghost) {
      const at = this.ghost.edit.line - 1;
      rows.splice(at >= head ? at + 1 : at, 0, this.#ghostRow(this.ghost));
    }
    return html`<div class="rows">${rows}</div>`;
  }

  #ghostRow({ edit, how }: { edit: Edit; how: string }): TemplateResult {
    return html`<div class="row ghost">
      <span class="number">+</span><span class="code">${code(edit.text)}</span>
      <span class="note">${how}</span>
    </div>`;
  }

  #row(
    line: string,
    k: number,
    view: LineView | undefined,
    { after, next }: { after: boolean; next: boolean },
  ): TemplateResult {
    const { session } = this.#host;
    const you = session?.isWritten(line) ?? false;
    const state = [
      "row",
      view?.state ?? "header",
      after ? "after" : "",
      you ? "you" : "",
      view?.violated ? "violated" : "",
      session?.lastWritten === k + 1 ? "fresh" : "",
    ].join(" ");
    const about = view ? aboutFault(this.#host, view) : "";
    return html`<div
      class=${state}
      data-line=${k + 1}
      @pointerenter=${() => this.#host.tell(about)}
      @pointerleave=${() => this.#host.tell("")}
    >
      ${this.#number(k, view, about)}<span
        class="code"
        @click=${(event: Event) => this.#onCode(event, k)}
        @pointerover=${(event: Event) => this.#pointAt(event)}
        @pointerleave=${() => this.#host.pointAt("")}
        >${code(line)}</span
      >${this.#note(line, k, view, you, next)}
    </div>`;
  }

  /** A line's number: goes to its moment, and tells what its fault models. */
  #number(k: number, view: LineView | undefined, about: string): TemplateResult {
    const at = view?.at;
    if (at === undefined && about === "") return html`<span class="number">${k + 1}</span>`;
    return html`<button
      class="number"
      title=${at === undefined ? nothing : "Go to this moment"}
      aria-label=${at === undefined ? `What line ${k + 1} models` : `Go to line ${k + 1}`}
      aria-description=${about === "" ? nothing : about}
      @focus=${() => this.#host.tell(about)}
      @blur=${() => this.#host.tell("")}
      @click=${() => (at === undefined ? this.#host.tell(about) : this.#host.seek(at))}
    >
      ${k + 1}
    </button>`;
  }

  #note(
    line: string,
    k: number,
    view: LineView | undefined,
    you: boolean,
    next: boolean,
  ): TemplateResult | typeof nothing {
    const clock = this.#host.clock;
    let text = "";
    if (view?.violated) text = "×";
    else if (view?.state === "skipped") text = view.reason;
    else if (next && clock) return countdownNote(clock.now, view?.at ?? 0, clock.paceUs);
    else if (view?.state === "played" && line.includes("{")) text = this.#spokenOf(line, k);
    else if (view && view.beyond !== "") text = "not tolerated";
    else if (view && isResolved(line, view)) text = `→ ${view.resolved}${you ? " · you" : ""}`;
    else if (you) text = "you";
    return text === "" ? nothing : html`<span class="note">${text}</span>`;
  }

  /** Whom a caption that has been spoken was about. */
  #spokenOf(line: string, k: number): string {
    const beat = this.#host.view?.beats.spoken.findLast((spoken) => spoken.line === k + 1);
    const node = beat === undefined ? undefined : valueOf("node", line, beat.text);
    return node === undefined ? "" : `→ ${node}`;
  }

  #onCode(event: Event, line: number): void {
    const root =
      event.currentTarget instanceof Node ? event.currentTarget.getRootNode() : undefined;
    if (root instanceof ShadowRoot) this.open(root, line);
  }

  #pointAt(event: Event): void {
    const target = event.target;
    this.#host.pointAt(target instanceof HTMLElement ? (target.dataset["name"] ?? "") : "");
  }

  #editor(): TemplateResult {
    const text = this.#draft ?? "";
    const lines = text.split("\n");
    return html`<div class="editor">
      <div class="backdrop" aria-hidden="true">
        ${lines.map(
          (line, k) =>
            html`<div class="row">
              <span class="number">${k + 1}</span><span class="code">${this.#marked(line, k)}</span>
            </div>`,
        )}
      </div>
      <textarea
        aria-label="Text of this run"
        aria-invalid=${this.#diagnostics.length > 0}
        aria-describedby="text-errors"
        spellcheck="false"
        autocapitalize="off"
        autocomplete="off"
        .value=${text}
        @input=${(event: InputEvent) => this.#onInput(event)}
        @blur=${() => this.close()}
        @keydown=${(event: KeyboardEvent) => this.#onKey(event)}
      ></textarea>
    </div>`;
  }

  /** A line with what is wrong in it underlined. */
  #marked(line: string, k: number): TemplateResult | string {
    const wrong = this.#diagnostics.find((diagnostic) => diagnostic.line === k + 1);
    if (wrong === undefined) return line === "" ? "\u200b" : line;
    const letters = Array.from(line);
    const start = Math.max(0, wrong.column - 1);
    const end = start + Math.max(1, wrong.length);
    const part = letters.slice(start, end).join("") || "\u00a0";
    return html`${letters.slice(0, start).join("")}<u>${part}</u>${letters.slice(end).join("")}`;
  }

  #errors(): TemplateResult {
    const shown = this.#diagnostics.slice(0, 3);
    return html`<div id="text-errors" class="errors" role="status">
      ${shown.map(
        (wrong) =>
          html`<p>
            <strong>Line ${wrong.line}, column ${wrong.column}: ${wrong.message}</strong>
            ${wrong.hint}
          </p>`,
      )}
      ${shown.length > 0 && this.#host.session ? html`<p>${STILL_THERE}</p>` : nothing}
    </div>`;
  }

  #onKey(event: KeyboardEvent): void {
    event.stopPropagation();
    if (event.key !== "Escape" || !(event.currentTarget instanceof HTMLElement)) return;
    event.currentTarget.blur();
  }

  #onInput(event: InputEvent): void {
    if (!(event.target instanceof HTMLTextAreaElement)) return;
    this.#host.clock?.pause();
    this.#draft = event.target.value;
    if (this.#typing !== undefined) window.clearTimeout(this.#typing);
    this.#typing = window.setTimeout(() => this.#settle(), TYPING_PAUSE_MS);
    this.#host.requestUpdate();
  }

  /** Plays the draft to the same instant, or says what is wrong with it. */
  #settle(): void {
    if (this.#typing !== undefined) window.clearTimeout(this.#typing);
    this.#typing = undefined;
    if (this.#draft === undefined) return;
    try {
      this.#host.editText(this.#draft);
      this.#diagnostics = [];
    } catch (error: unknown) {
      if (!(error instanceof Refused)) throw error;
      this.#diagnostics = error.diagnostics;
    }
    this.#host.requestUpdate();
  }
}

/** Whether a selector has been resolved to nodes that the line does not name itself. */
function isResolved(line: string, view: LineView): boolean {
  return view.state === "played" && view.resolved !== "" && !line.includes(view.resolved);
}

/** How long until a line acts, in seconds of the screen. */
function countdownNote(nowUs: number, atUs: number, paceUs: number): TemplateResult {
  return html`<span
    class="note"
    title="Seconds on your screen, at this pace; quiet stretches pass faster"
    >${countdownText(nowUs, atUs, paceUs)}</span
  >`;
}

/** What a place-holder of a caption stood for when it was spoken. */
export function valueOf(name: string, line: string, spoken: string): string | undefined {
  const template = / say "([^"]*)"/.exec(line)?.[1];
  if (template === undefined) return undefined;
  const slots = [...template.matchAll(SLOT)].map(([slot]) => slot);
  const words = template.split(SLOT).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  const values = new RegExp(`^${words.join("(.+?)")}$`).exec(spoken);
  const place = slots.indexOf(`{${name}}`);
  return place < 0 ? undefined : values?.[place + 1];
}

const SLOT = /\{[a-z]+\}/g;
const WORDS = /^(\s*)(at\s+\S+|\S+)?(.*)$/s;

/** A line with its keyword bold and its nodes' names to point at. */
function code(line: string): TemplateResult | string {
  if (line === "" || line.startsWith("#")) return line === "" ? "\u200b" : line;
  const [, indent = "", keyword = "", rest = ""] = WORDS.exec(line) ?? [];
  const parts = rest.split(/(\b[nc]\d+\b|\{[a-z]+\})/);
  return html`${indent}<b>${keyword}</b>${parts.map((part, k) => {
    if (k % 2 === 0) return part;
    return part.startsWith("{")
      ? html`<span class="slot" title="Filled in when the caption is spoken">${part}</span>`
      : html`<span data-name=${part}>${part}</span>`;
  })}`;
}
