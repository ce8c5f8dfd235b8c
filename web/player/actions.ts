// The bar of actions: at most four, those that make sense now. What they write is shown
// before it is written.

import { html } from "lit";
import type { TemplateResult } from "lit";
import type { ActionView } from "./interface.js";
import type { Host } from "./host.js";

/** Keeps the bar as it is while a hand is on it, so that nothing changes under the pointer. */
export class ActionBar {
  #shown: readonly ActionView[] = [];
  #touched = false;

  /** The pointer or the focus has come to the bar, or left it. */
  touch(touched: boolean, host: Host): void {
    if (this.#touched === touched) return;
    this.#touched = touched;
    if (!touched) host.requestUpdate();
  }

  /** Something was done: the bar may follow the run again. */
  renew(): void {
    this.#touched = false;
  }

  /** The actions that are shown; keys of the keyboard do these. */
  actions(host: Host): readonly ActionView[] {
    if (!this.#touched) this.#shown = host.view?.actions ?? [];
    return this.#shown;
  }

  template(host: Host): TemplateResult {
    const touch = (on: boolean) => () => this.touch(on, host);
    return html`<div
      class="actions"
      role="group"
      aria-label="Actions"
      @pointerenter=${touch(true)}
      @pointerleave=${touch(false)}
      @focusout=${touch(false)}
    >
      ${this.actions(host).map((action, k) => this.#button(host, action, k === 0))}
    </div>`;
  }

  #button(host: Host, action: ActionView, first: boolean): TemplateResult {
    const writes = !action.action.startsWith("!");
    const show = (): void => {
      if (writes)
        host.showGhost(action.action, action.key === "" ? "press Enter" : `press ${action.key}`);
    };
    const perform = (): void => {
      this.renew();
      host.perform(action.action);
    };
    const filled = first ? (action.action === "!why" ? "button bad" : "button filled") : "button";
    return html`<button
      class=${filled}
      data-action=${action.action}
      aria-keyshortcuts=${action.key}
      @pointerenter=${show}
      @pointerleave=${() => host.hideGhost()}
      @focus=${show}
      @blur=${() => host.hideGhost()}
      @click=${perform}
    >
      <span>${action.label}</span>${action.key === "" ? "" : html`<kbd>${action.key}</kbd>`}
    </button>`;
  }
}
