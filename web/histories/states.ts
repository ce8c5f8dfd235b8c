// What stands on the sheet of a history as long as there is no verdict: where to drop a file, how
// far the check is, what is wrong with the file. Templates only.

import { html, nothing } from "lit";
import type { TemplateResult } from "lit";
import { BadFile } from "./check.js";
import { EXAMPLES } from "./examples.js";
import type { Progress } from "./interface.js";
import { progressText, unreadableText } from "./words.js";

/** Whom the buttons tell. */
export interface StatesHost {
  chooseFile(): void;
  open(file: File): void;
  stop(): void;
}

export function emptyTemplate(host: StatesHost): TemplateResult {
  return html`<div class="start drop">
    <h2 class="big">Is this history linearizable?</h2>
    <p class="under">
      Drop a file here: who called what when, and what came back. If no order explains it, the
      picture shows where the orders end, and why.
    </p>
    <div class="tools">
      <button class="button filled" @click=${() => host.chooseFile()}>Choose a file…</button>
      ${EXAMPLES.map(
        ({ label, name, text }) =>
          html`<button class="button" @click=${() => host.open(new File([text], name))}>
            ${label}
          </button>`,
      )}
    </div>
    <p class="dim">
      Read are Jepsen's histories (EDN, JSON, text), the console log of its etcd test, Porcupine's
      key-value logs, and Maelstrom's messages. Nothing leaves the browser.
    </p>
  </div>`;
}

export function workingTemplate(host: StatesHost, progress: Progress | undefined): TemplateResult {
  return html`<div class="start" aria-busy="true">
    <h2 class="big">Looking for an order</h2>
    <p class="under">${progressText(progress)}</p>
    <div class="tools">
      <button class="button filled" ?disabled=${progress === undefined} @click=${() => host.stop()}>
        Stop
      </button>
    </div>
  </div>`;
}

/** A file that cannot be read, or a checker that stopped. */
export function failedTemplate(host: StatesHost, name: string, failure: unknown): TemplateResult {
  const it = failure instanceof BadFile ? failure.unreadable : undefined;
  const message = failure instanceof Error ? failure.message : "";
  const trouble =
    failure instanceof BadFile
      ? message
      : `The checker stopped${message === "" ? "" : ` (${message})`}: a fault of its own, or there was not enough memory. The file is as it was.`;
  return html`<div class="start" role="alert">
    <h2 class="big">
      ${failure instanceof BadFile ? unreadableText(name, it) : "This cannot be checked"}
    </h2>
    <p class="under">${it?.reason ?? trouble}</p>
    ${
      it === undefined || it.text === ""
        ? nothing
        : html`<pre class="line" tabindex="0"><span class="dim">${it.line}</span> ${it.text}</pre>`
    }
    <div class="tools">
      <button class="button filled" @click=${() => host.chooseFile()}>Choose a file…</button>
    </div>
  </div>`;
}
