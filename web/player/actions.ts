// The bar of actions: at most four, those that make sense now. What they write is shown
// before it is written.

import { html } from "lit";
import type { TemplateResult } from "lit";
import type { ActionView } from "./interface.js";
import type { Host } from "./host.js";

function asksWhy(actions: readonly ActionView[]): boolean {
  return actions.some(({ action }) => action === "!why");
}

/** Keeps the bar as it is while a hand is on it, so that nothing changes under the pointer. */
export class ActionBar {
  #shown: readonly ActionView[] = [];
  #pointed = false;
  #focused = false;

  /** The actions that are shown; keys of the keyboard do these. */
  actions(host: Host): readonly ActionView[] {
    const now = host.view?.actions ?? [];
    // Red without a violation would be a lie: that alone goes at once.
    const lies = asksWhy(this.#shown) && !asksWhy(now);
    if (lies || (!this.#pointed && !this.#focused)) this.#shown = now;
    return this.#shown;
  }

  template(host: Host): TemplateResult {
    const point = (pointed: boolean) => (): void => {
      this.#pointed = pointed;
      host.requestUpdate();
    };
    const focus = (event: FocusEvent): void => {
      const { target } = event;
      this.#focused =
        event.type === "focusin" && target instanceof Element && target.matches(":focus-visible");
      host.requestUpdate();
    };
    return html`<div
      class="actions"
      role="group"
      aria-label="Actions"
      @pointerenter=${point(true)}
      @pointerleave=${point(false)}
      @focusin=${focus}
      @focusout=${focus}
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
    const filled = first ? (action.action === "!why" ? "button bad" : "button filled") : "button";
    return html`<button
      class=${filled}
      data-action=${action.action}
      aria-keyshortcuts=${action.key}
      @pointerenter=${show}
      @pointerleave=${() => host.hideGhost()}
      @focus=${show}
      @blur=${() => host.hideGhost()}
      @click=${() => host.perform(action.action)}
    >
      <span>${action.label}</span>${action.key === "" ? "" : html`<kbd>${action.key}</kbd>`}
    </button>`;
  }
}
