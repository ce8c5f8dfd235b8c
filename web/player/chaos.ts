// Letting chaos in: a form for the one `chaos` line of the text. It shows the line before it is
// written, and writes out what it draws. The text stays the only place where chaos stands.

import { html, nothing } from "lit";
import type { TemplateResult } from "lit";
import { Refused } from "./engine.js";
import type { Host } from "./host.js";
import type { ChaosKind } from "./interface.js";

const LINE = /^[ \t]*chaos\b.*$/m;
const KEPT = /\b(?:from|until) \S+/g;

/** What has been chosen, as in the line of the text. */
export class ChaosForm {
  #there = false;
  #kinds = new Set<string>();
  #intensity = 3;
  #seed = "";
  #majority = true;
  #beyond = false;
  /** `from 1s until 5s`: kept as they stand in the line. */
  #bounds = "";

  /** Begins with what the text says; what is new begins now, so that the past stays. */
  read(text: string, nowUs: number): void {
    const line = LINE.exec(text)?.[0].replace(/#.*/, "") ?? "";
    this.#there = line !== "";
    const words = line.trim().split(/\s+/).slice(1);
    const number = (name: string): string =>
      words.find((word) => word.startsWith(`${name}=`))?.slice(name.length + 1) ?? "";
    this.#kinds = new Set(words.filter((word) => /^[a-z]+$/.test(word)));
    for (const word of ["from", "until"]) this.#kinds.delete(word);
    this.#intensity = Number(number("intensity") || 3);
    this.#seed = number("seed");
    this.#majority = !this.#there || words.includes("keep-majority");
    this.#beyond = words.includes("beyond-model");
    const since = nowUs === 0 ? "" : `from ${Math.floor(nowUs / 1000) + 1}ms`;
    this.#bounds = this.#there ? (line.match(KEPT) ?? []).join(" ") : since;
  }

  /** The line as it would stand in the text. */
  #line(kinds: readonly ChaosKind[]): string {
    const named = kinds.map(({ word }) => word).filter((word) => this.#kinds.has(word));
    return [
      "chaos",
      this.#seed === "" ? "" : `seed=${this.#seed}`,
      `intensity=${this.#intensity}`,
      ...(named.length === kinds.length ? [] : named),
      this.#majority ? "keep-majority" : "",
      this.#beyond ? "beyond-model" : "",
      this.#bounds,
    ]
      .filter((part) => part !== "")
      .join(" ");
  }

  template(host: Host): TemplateResult {
    const kinds = host.session?.ask((engine) => engine.chaos_kinds()) ?? [];
    const line = this.#line(kinds);
    const change = (set: (input: HTMLInputElement) => void) => (event: Event) => {
      if (event.target instanceof HTMLInputElement) set(event.target);
      host.requestUpdate();
    };
    return html`<p>
        Faults come and go by themselves, drawn from one line of the text: the same line, the same
        faults.
      </p>
      <label class="intensity"
        >Intensity <output>${this.#intensity}</output>
        <input
          type="range"
          min="1"
          max="10"
          .value=${String(this.#intensity)}
          @input=${change((input) => (this.#intensity = Number(input.value)))}
        />
        <span class="dim">${this.#pace()}</span>
      </label>
      <fieldset class="kinds">
        <legend>Which faults; none chosen is all of them</legend>
        ${kinds.map((kind) => this.#kindTemplate(kind, change))}
      </fieldset>
      <label class="switch">
        <input
          type="checkbox"
          .checked=${this.#majority}
          @change=${change((input) => (this.#majority = input.checked))}
        />
        Keep a majority up and connected
      </label>
      <label class="switch">
        <input
          type="checkbox"
          .checked=${this.#beyond}
          @change=${change((input) => (this.#beyond = input.checked))}
        />
        <span>Also what ${host.view?.description.protocol.title ?? "it"} does not tolerate</span>
      </label>
      <label class="seed"
        >Seed of its own
        <input
          class="mono"
          inputmode="numeric"
          pattern="[0-9]*"
          maxlength="19"
          placeholder="that of the run"
          .value=${this.#seed}
          @input=${change((input) => (this.#seed = input.value.replace(/\D/g, "")))}
        />
      </label>
      <p class="mono would">${line}</p>
      <div class="dialog-tools">
        <button class="button filled" @click=${() => this.#write(host, line)}>
          ${this.#there ? "Change the line" : "Let it in"}
        </button>
        ${
          this.#there
            ? html`<button class="button" @click=${() => this.#freeze(host)}>
                  Freeze it into lines
                </button>
                <button class="button" @click=${() => this.#write(host, undefined)}>
                  Send it away
                </button>`
            : nothing
        }
      </div>`;
  }

  #kindTemplate(
    { word, faults, beyond }: ChaosKind,
    change: (set: (input: HTMLInputElement) => void) => (event: Event) => void,
  ): TemplateResult {
    const drawn = this.#beyond ? [...faults, ...beyond] : faults;
    return html`<label class="switch">
      <input
        type="checkbox"
        .checked=${this.#kinds.has(word)}
        @change=${change((input) => {
          if (input.checked) this.#kinds.add(word);
          else this.#kinds.delete(word);
        })}
      />
      <span><span class="mono">${word}</span> <span class="dim">${drawn.join(", ")}</span></span>
    </label>`;
  }

  #pace(): string {
    if (this.#intensity <= 2) return "a fault now and then";
    if (this.#intensity <= 5) return "something is always wrong somewhere";
    return this.#intensity <= 8 ? "much goes wrong at once" : "hardly a quiet moment";
  }

  #write(host: Host, line: string | undefined): void {
    const text = host.session?.ask((engine) => engine.with_chaos(line));
    const said = line === undefined ? "The chaos line is gone." : line;
    this.#replace(host, text, said);
  }

  #freeze(host: Host): void {
    const text = host.session?.ask((engine) => engine.with_chaos_frozen());
    this.#replace(host, text, "Chaos is written out: the same run, each fault a line of its own.");
  }

  #replace(host: Host, text: string | undefined, said: string): void {
    host.overlays.closeDialog();
    if (text === undefined) return;
    try {
      host.editText(text);
      host.say(said, true);
    } catch (error: unknown) {
      if (!(error instanceof Refused)) throw error;
      host.say(error.diagnostics[0]?.message ?? error.message);
    }
  }
}
