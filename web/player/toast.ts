// One short message at a time over the stage, with Undo where there is something to undo.

import { html, nothing } from "lit";
import type { TemplateResult } from "lit";
import type { Host } from "./host.js";

const STAYS_MS = 6000;

/** The message that is shown. */
export class Toast {
  readonly #changed: () => void;
  #shown: { message: string; undo: boolean } | undefined;
  #timer: number | undefined;

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  show(message: string, undo: boolean): void {
    if (this.#timer !== undefined) window.clearTimeout(this.#timer);
    this.#shown = { message, undo };
    this.#timer = window.setTimeout(() => this.hide(), STAYS_MS);
    this.#changed();
  }

  hide(): void {
    if (this.#timer !== undefined) window.clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#shown = undefined;
    this.#changed();
  }

  /** The button goes with its message: the focus stays in the player, where the keys are heard. */
  #undo(host: Host): void {
    host.root.querySelector<HTMLElement>(".frame")?.focus({ preventScroll: true });
    host.undo();
  }

  /** The live region is always there; only its content comes and goes. */
  template(host: Host): TemplateResult {
    const shown = this.#shown;
    return html`<div class="toast" role="status" ?data-empty=${shown === undefined}>
      ${
        shown === undefined
          ? nothing
          : html`<span>${shown.message}</span>${
                shown.undo
                  ? html`<button class="plain" @click=${() => this.#undo(host)}>Undo</button>`
                  : nothing
              }`
      }
    </div>`;
  }
}
