// The dock: steps, play, clock, pace, timeline; and the one-line peek into the text where the
// panel is away.

import { html, nothing } from "lit";
import type { TemplateResult } from "lit";
import { clockText, countdownText, paceName, PACES, spanText } from "./format.js";
import { verdictText } from "./checks.js";
import type { Host } from "./host.js";
import * as icons from "./icons.js";

const QUIET = "Nothing but heartbeats and timers ahead: that passes up to 20 times faster.";

/** What the dock needs of the element. */
export interface DockHost extends Host {
  scrub(event: PointerEvent): void;
  /** The pointer is over the timeline, or has left it. */
  pointTime(event?: PointerEvent): void;
  scrubEnd(): void;
}

export function dockTemplate(host: DockHost, spanUs: number): TemplateResult {
  const clock = host.clock;
  const playing = clock?.playing ?? false;
  const now = clock?.now ?? 0;
  const paceUs = clock?.paceUs ?? 50_000;
  return html`<section class="dock" aria-label="Time">
    <div class="transport">
      <button
        class="round"
        aria-label="One event back"
        title="One event back (,)"
        @click=${() => host.stepBack()}
      >
        ${icons.stepBack}
      </button>
      <button
        class="round main"
        aria-label=${playing ? "Pause" : "Play"}
        title="${playing ? "Pause" : "Play"} (Space)"
        @click=${() => host.togglePlay()}
      >
        ${playing ? icons.pause : icons.play}
      </button>
      <button
        class="round"
        aria-label="One event on"
        title="One event on (.)"
        @click=${() => host.step()}
      >
        ${icons.step}
      </button>
      <div class="reading">
        <span class="clock"><span class="clock-value"></span><span class="unit">s</span></span>
        <span class="clock-note" title=${clock?.quiet ? QUIET : nothing}
          >${clock?.held ? "held" : clock?.quiet ? "≫ quiet" : ""}</span
        >
      </div>
      <label class="pace">
        <span class="pace-name">${paceName(paceUs)}</span>
        <span class="pace-value" aria-hidden="true"
          >1 s<span class="wide-only"> here</span> = ${spanText(paceUs)}<span class="wide-only">
            there</span
          ></span
        >
        <select
          aria-label="Pace"
          @change=${(event: Event) => {
            if (event.target instanceof HTMLSelectElement) host.setPace(Number(event.target.value));
          }}
        >
          ${PACES.map(
            (pace) =>
              html`<option value=${pace} .selected=${pace === paceUs}>
                1 s here = ${spanText(pace)} there
              </option>`,
          )}
        </select>
        ${icons.chevron}
      </label>
      <button class="verdict-peek plain" @click=${() => host.togglePanel(true)}>
        ${verdictPeek(host)}
      </button>
    </div>
    <div
      class="timeline"
      role="slider"
      tabindex="0"
      aria-label="Time of the run"
      aria-valuemin="0"
      aria-valuemax=${Math.round(spanUs / 1000)}
      aria-valuenow=${Math.round(now / 1000)}
      aria-valuetext=${clockText(now)}
      @pointerdown=${(event: PointerEvent) => host.scrub(event)}
      @pointermove=${(event: PointerEvent) => {
        if (event.buttons > 0) host.scrub(event);
        else host.pointTime(event);
      }}
      @pointerleave=${() => host.pointTime()}
      @pointerup=${() => host.scrubEnd()}
      @pointercancel=${() => host.scrubEnd()}
    >
      <canvas></canvas>
    </div>
  </section>`;
}

function verdictPeek(host: Host): TemplateResult | typeof nothing {
  const checks = host.view?.checks;
  if (checks === undefined) return nothing;
  const bad = checks.some((check) => check.state === "violated");
  return html`${bad ? icons.octagon : icons.tick}<span class=${bad ? "violated-word" : ""}
      >${verdictText(checks)}</span
    >`;
}

/** The last line played or written, else the next with its countdown. */
export function peekTemplate(host: Host): TemplateResult {
  const { view, clock } = host;
  const now = clock?.now ?? 0;
  const lines = view?.text.split("\n") ?? [];
  const views = view?.lines ?? [];
  const next = views.findIndex((line) => line.at !== undefined && line.at > now);
  const last = views.findLastIndex((line) => line.at !== undefined && line.at <= now);
  const shown = last >= 0 ? last : next;
  const line = shown >= 0 ? (lines[shown] ?? "") : (lines[0] ?? "");
  const state = views[shown];
  let note = "";
  if (last < 0 && next >= 0 && clock) note = countdownText(now, state?.at ?? 0, clock.paceUs);
  else if (host.session?.isWritten(line)) note = "you";
  else if (state?.state === "skipped") note = state.reason;
  else if (state?.resolved) note = `→ ${state.resolved}`;
  return html`<button
    class="peek"
    aria-expanded=${host.panelOpen}
    @click=${() => host.togglePanel()}
  >
    <span class="peek-line mono">${line}</span><span class="note">${note}</span>
    <span class="peek-text">Text ${icons.chevronUp}</span>
  </button>`;
}
