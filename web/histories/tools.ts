// The buttons on the sheet of a history: what to do about the verdict, and how the picture is seen.
// Templates only.

import { html, nothing } from "lit";
import type { TemplateResult } from "lit";
import type { Bad } from "./interface.js";
import type { PictureView } from "./picture-view.js";
import { onlyBad } from "./scene.js";
import type { Tone } from "./words.js";

const ZOOM = 1.6;

/** What has been chosen, and whom the buttons beside the verdict tell. */
export interface ToolsHost {
  /** By hand, not by the budget. */
  readonly stopped: boolean;
  /** Only what is bad is shown. */
  readonly only: boolean;
  spendMore(): void;
  toFirstError(): void;
  toggleOnly(): void;
}

export function toolsTemplate(
  host: ToolsHost,
  tone: Tone,
  bad: Bad | null,
): TemplateResult | typeof nothing {
  if (tone === "unknown")
    return html`<button class="button filled" @click=${() => host.spendMore()}>
      ${host.stopped ? "Go on" : "Spend five times more"}
    </button>`;
  if (bad === null) return nothing;
  return html`<button class="button filled" @click=${() => host.toFirstError()}>
      Go to the first error
    </button>
    <button class="button" aria-pressed=${host.only} @click=${() => host.toggleOnly()}>
      Only what is bad (${onlyBad(bad).size})
    </button>`;
}

export function zoomTemplate(
  view: PictureView | undefined,
  togglePacked: () => void,
): TemplateResult {
  return html`<div class="zoom">
    <button class="icon-button" aria-label="Zoom in" @click=${() => view?.zoom(ZOOM)}>+</button>
    <button class="icon-button" aria-label="Zoom out" @click=${() => view?.zoom(1 / ZOOM)}>
      −
    </button>
    <button class="button" @click=${() => view?.fit()}>Fit</button>
    <button
      class="button"
      aria-pressed=${view?.scene?.packed ?? false}
      title="Processes share rows, as few as their operations need"
      @click=${togglePacked}
    >
      Packed
    </button>
  </div>`;
}
