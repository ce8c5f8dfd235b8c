// The self-test: plays the run on stage twice from its text and shows that both digests are one.
// A run of the catalogue is also compared with the golden file of the repository.

import { html, nothing } from "lit";
import type { TemplateResult } from "lit";
import { loadCatalogue } from "./catalogue.js";
import { loadWhole } from "./engine.js";
import { clockText } from "./format.js";
import type { Host } from "./host.js";
import { digestAt, digestAtEnd } from "./replay.js";

/** What came out. */
interface Result {
  readonly timeUs: number;
  readonly stage: string;
  readonly first: string;
  readonly second: string;
  /** The golden file's, and this engine's at the same place; none for other texts. */
  readonly golden: { readonly file: string; readonly here: string } | undefined;
}

/** The self-test of one player. */
export class SelfTest {
  #result: Result | undefined;
  #problem = "";

  /** Plays; the dialog shows what comes out. */
  async run(host: Host): Promise<void> {
    this.#result = undefined;
    this.#problem = "";
    host.clock?.settle();
    const { session } = host;
    if (session === undefined) return;
    const { text, time: timeUs } = session;
    const stage = session.read((engine) => engine.digest()) ?? "";
    try {
      const engineClass = await loadWhole();
      this.#result = {
        timeUs,
        stage,
        first: digestAt(engineClass, text, timeUs),
        second: digestAt(engineClass, text, timeUs),
        golden: await this.#golden(text, (known) => digestAtEnd(engineClass, known)),
      };
    } catch (error: unknown) {
      this.#problem = error instanceof Error ? error.message : "The text could not be played.";
    }
    host.requestUpdate();
  }

  async #golden(text: string, play: (text: string) => string): Promise<Result["golden"]> {
    const entry = (await loadCatalogue()).find((known) => known.text === text);
    if (entry === undefined) return undefined;
    const { default: golden } = await import("../../core/src/catalogue/digests.txt?raw");
    const line = golden.split("\n").find((known) => known.startsWith(`${entry.name} `));
    const file = line?.split(" ")[1];
    return file === undefined ? undefined : { file, here: play(text) };
  }

  template(): TemplateResult {
    if (this.#problem !== "") return html`<p role="alert">${this.#problem}</p>`;
    const result = this.#result;
    if (result === undefined) return html`<p role="status">Playing …</p>`;
    const { stage, first, second, golden } = result;
    const same = stage === first && first === second;
    const asGolden = golden === undefined || golden.file === golden.here;
    return html`<p class="lead" role="status">
        ${
          same && asGolden
            ? "The same run, each time."
            : "Not the same run. That is a fault of this page, or of this browser."
        }
      </p>
      <dl class="fields">
        <dt>On stage, at ${clockText(result.timeUs)}</dt>
        <dd class="mono">${stage}</dd>
        <dt>Played from the text</dt>
        <dd class="mono">${first} ${mark(first === stage)}</dd>
        <dt>Played once more</dt>
        <dd class="mono">${second} ${mark(second === first)}</dd>
        ${
          golden === undefined
            ? nothing
            : html`<dt>At its end</dt>
                <dd class="mono">${golden.here}</dd>
                <dt>In the golden file</dt>
                <dd class="mono">${golden.file} ${mark(golden.file === golden.here)}</dd>`
        }
      </dl>
      <p class="dim">
        A digest stands for every step up to then. The same text gives the same one in every
        browser, under Node and natively.
      </p>`;
  }
}

function mark(same: boolean): string {
  return same ? "✓ the same" : "× another";
}
