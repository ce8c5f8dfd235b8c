// The search for a seed under which the run breaks a check, and the small text that is left of
// it: asks the crew, tells how far it is. Fetched when it is first opened; never decides what a
// violation is, nor what is smaller.

import { html, nothing } from "lit";
import type { TemplateResult } from "lit";
import { Refused } from "./engine.js";
import { hire } from "./explore-crew.js";
import type { Hand } from "./explore-crew.js";
import { countText } from "./format.js";
import type { Host } from "./host.js";
import type { ShrinkProgress } from "./interface.js";
import { paced } from "./worker-hand.js";

/** Smaller texts that are tried at first in one request. */
const FIRST_SHRINKS = 8;

type Stage = "ready" | "hiring" | "searching" | "shrinking" | "done" | "stopped" | "broken";

/** One search, from the press on the button to the text that it finds. */
export class Exploration {
  #stage: Stage = "ready";
  /** Intensity of the chaos to add; empty adds none. */
  #chaos = "";
  #crew: Hand[] = [];
  /** Who found the seed; it shrinks the run as well. */
  #finder: Hand | undefined;
  #next = 1;
  #tried = 0;
  #begunMs = 0;
  #seed = 0;
  #check = "";
  #text = "";
  #progress: ShrinkProgress | undefined;
  #problem = "";

  /** Nobody works any more. */
  stop(): void {
    for (const hand of this.#crew) hand.dismiss();
    this.#crew = [];
    if (this.#stage === "shrinking" && this.#progress !== undefined) this.#stage = "done";
    else if (this.#stage !== "done") this.#stage = "stopped";
  }

  async #start(host: Host): Promise<void> {
    const text = this.#troubled(host);
    if (text === undefined) return;
    this.#stage = "hiring";
    host.requestUpdate();
    try {
      const crew = await hire(text);
      if (this.#isStopped()) {
        for (const hand of crew) hand.dismiss();
        return;
      }
      this.#crew = crew;
      this.#stage = "searching";
      this.#begunMs = performance.now();
      await Promise.all(crew.map((hand) => this.#search(hand, host)));
      if (this.#isShrinking()) await this.#shrink(host);
    } catch (error: unknown) {
      this.#problem = error instanceof Error ? error.message : "";
      this.stop();
      this.#stage = "broken";
    }
    host.requestUpdate();
  }

  // The stage changes while a promise is awaited: what the compiler knows of it is too old.
  #isStopped(): boolean {
    return this.#stage === "stopped";
  }

  #isShrinking(): boolean {
    return this.#stage === "shrinking";
  }

  /** The text of the run, with chaos if that was asked for. */
  #troubled(host: Host): string | undefined {
    host.clock?.settle();
    if (this.#chaos === "") return host.session?.text;
    const line = `chaos intensity=${this.#chaos}`;
    return host.session?.ask((engine) => engine.with_chaos(line));
  }

  /** Plays seeds until someone has found one. */
  async #search(hand: Hand, host: Host): Promise<void> {
    let count = 1;
    while (this.#stage === "searching") {
      const from = this.#next;
      this.#next += count;
      const begunMs = performance.now();
      const { seed } = await hand.ask({ kind: "search", from, count });
      if (this.#stage !== "searching") return;
      this.#tried += seed === undefined ? count : seed - from + 1;
      if (seed !== undefined) {
        this.#seed = seed;
        this.#stage = "shrinking";
        this.#finder = hand;
      }
      count = paced(count, performance.now() - begunMs, hand.sliceMs);
      host.requestUpdate();
    }
  }

  async #shrink(host: Host): Promise<void> {
    const hand = this.#finder;
    if (hand === undefined) return;
    for (const other of this.#crew) if (other !== hand) other.dismiss();
    this.#check = (await hand.ask({ kind: "begin", seed: this.#seed })).check ?? "";
    let most = FIRST_SHRINKS;
    while (this.#stage === "shrinking") {
      const begunMs = performance.now();
      const { shrunk } = await hand.ask({ kind: "shrink", most });
      if (this.#stage !== "shrinking" || shrunk === undefined) return;
      this.#progress = shrunk.progress;
      this.#text = shrunk.text;
      if (shrunk.progress.over) this.stop();
      most = paced(most, performance.now() - begunMs, hand.sliceMs);
      host.requestUpdate();
    }
  }

  template(host: Host): TemplateResult {
    if (this.#stage === "ready") return this.#readyTemplate(host);
    if (this.#stage === "shrinking" || this.#stage === "done") return this.#shrinkTemplate(host);
    if (this.#stage === "broken")
      return html`<p role="alert">The search stopped: ${this.#problem}</p>`;
    return this.#searchTemplate(host);
  }

  #readyTemplate(host: Host): TemplateResult {
    const has = /^[ \t]*chaos\b/m.test(host.view?.text ?? "");
    return html`<p>
        Plays this text under one seed after another until a check is violated, then takes away all
        that is not needed for it. Nothing leaves this browser.
      </p>
      ${
        has
          ? nothing
          : html`<label class="field"
              >Faults
              <select
                @change=${(event: Event) => {
                  if (event.target instanceof HTMLSelectElement) this.#chaos = event.target.value;
                }}
              >
                <option value="" selected>only those of the text</option>
                <option value="2">and chaos: a fault now and then</option>
                <option value="5">and chaos: something is always wrong somewhere</option>
                <option value="8">and chaos: much goes wrong at once</option>
              </select>
            </label>`
      }
      <div class="dialog-tools">
        <button class="button filled" autofocus @click=${() => void this.#start(host)}>
          Search
        </button>
      </div>`;
  }

  #searchTemplate(host: Host): TemplateResult {
    const seconds = (performance.now() - this.#begunMs) / 1000;
    const rate = this.#tried > 0 && seconds > 0 ? Math.round(this.#tried / seconds) : 0;
    const stopped = this.#stage === "stopped";
    return html`<p class="lead" role="status">
        ${countText(this.#tried)} seeds, 0
        violations${rate > 0 ? `, ${countText(rate)}/s` : nothing}
      </p>
      ${
        stopped
          ? html`<p>
              This says only that these seeds hold. Chaos, more clients or a longer run reach more.
            </p>`
          : html`<p class="dim">${this.#crewText()}</p>`
      }
      <div class="dialog-tools">
        ${
          stopped
            ? html`<button class="button" @click=${() => host.overlays.closeDialog()}>
                Close
              </button>`
            : html`<button class="button filled" @click=${() => this.#halt(host)}>Stop</button>`
        }
      </div>`;
  }

  #crewText(): string {
    const workers = this.#crew.length;
    if (workers === 0) return "Getting ready";
    return workers === 1 ? "One worker" : `${workers} workers`;
  }

  #shrinkTemplate(host: Host): TemplateResult {
    const done = this.#stage === "done";
    const progress = this.#progress;
    return html`<p class="lead" role="status">
        Seed ${this.#seed} breaks it${this.#check === "" ? "." : `: ${this.#check}.`}
      </p>
      ${
        progress === undefined
          ? html`<p class="dim">Making it smaller</p>`
          : html`<p>
              ${progress.before.lines} lines${done ? " became" : ", now"} ${progress.now.lines},
              ${progress.now.faults} of them faults; ${countText(progress.played)} smaller texts
              tried.
            </p>`
      }
      ${this.#text === "" ? nothing : html`<pre class="would mono" tabindex="0">${this.#text}</pre>`}
      <div class="dialog-tools">
        ${
          done
            ? html`<button class="button filled" @click=${() => this.#open(host)}>
                Open the shrunk run
              </button>`
            : html`<button class="button filled" @click=${() => this.#halt(host)}>
                ${progress === undefined ? "Stop" : "Small enough"}
              </button>`
        }
      </div>`;
  }

  #halt(host: Host): void {
    this.stop();
    host.requestUpdate();
  }

  #open(host: Host): void {
    const { before, now } = this.#progress ?? {};
    const text = this.#text;
    host.overlays.closeDialog();
    try {
      host.editText(text);
      host.seek(0);
      host.say(`${before?.lines ?? 0} lines became ${now?.lines ?? 0}.`, true);
    } catch (error: unknown) {
      if (!(error instanceof Refused)) throw error;
      host.say(error.message);
    }
  }
}
