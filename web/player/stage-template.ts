// The stage's frame: caption, story position, the drawings, one line of help, the actions.

import { html, nothing } from "lit";
import type { TemplateResult } from "lit";
import { keyed } from "lit/directives/keyed.js";
import type { Host } from "./host.js";
import type { CatalogueEntry } from "./interface.js";
import * as icons from "./icons.js";
import { WATCHED } from "./recording.js";

/** What the frame shows besides the view. */
export interface StageState {
  readonly caption: string;
  readonly under: string;
  /** The caption states the violation. */
  readonly violated: boolean;
  readonly help: string;
  readonly armed: boolean;
  /** The engine is loading for so long that it should be said; what to say. */
  readonly loading: string;
  readonly fromHere: boolean;
  /** Runs to start from when there is none; empty when there is one. */
  readonly starts: readonly CatalogueEntry[];
  readonly bar: TemplateResult;
}

const HELP = "Click a node, a message or a link. Drag across the stage to cut the network.";
const HELP_QUIET = "≫ Nothing but heartbeats and timers ahead: that passes up to 20 times faster.";
const HELP_WATCHED = `${WATCHED} Click a node to see what it knows.`;
const HELP_VIOLATED = "Stopped at the event that broke the rule. The run itself can go on.";

export function stageTemplate(host: Host, state: StageState): TemplateResult {
  const violated = host.view?.violation !== undefined;
  return html`<section class=${violated ? "stage violated" : "stage"} aria-label="Stage">
    ${state.loading === "" ? nothing : html`<div class="loading" role="status">${state.loading}</div>`}
    <div class="caption-box">
      ${keyed(
        state.caption,
        html`<p class="caption">
            ${state.violated ? html`<span class="violated-word">Violated:</span> ` : nothing}${state.caption}
          </p>
          <p class="under">${state.under}</p>`,
      )}
      ${storyTemplate(host)}
    </div>
    <div
      class="picture"
      ?inert=${state.starts.length > 0 || host.mode !== "stage"}
      data-armed=${state.armed}
      @scroll=${markPage}
    >
      <div class="ring-box">
        <svg class="ring hb-picture" role="group" aria-label="Cluster"></svg>
        <canvas class="moving" aria-hidden="true"></canvas>
      </div>
      <div class="rack-box">
        <svg class="rack hb-picture" role="img" aria-label=${rackLabel(host)}></svg>
      </div>
    </div>
    <div class="space-time" ?hidden=${host.mode !== "space-time"}></div>
    <div class="touch-hints" ?hidden=${host.mode !== "stage"}>
      <button class="plain" @click=${() => host.overlays.openDialog("signs")}>Signs</button>
      <button class="plain" @click=${() => host.show("space-time")}>Space-time</button>
      <span>Tap a node<br />to act on it</span>
    </div>
    <div class="pages" aria-hidden="true" data-page="0"><i></i><i></i></div>
    ${state.starts.length === 0 ? nothing : emptyTemplate(host, state.starts)}
    <div class="stage-foot">
      <p class="help-line" ?hidden=${host.mode !== "stage"}>${helpText(host, state)}</p>
      ${footTemplate(host, state)}
    </div>
  </section>`;
}

/** No run: four cards to start from. */
function emptyTemplate(host: Host, starts: readonly CatalogueEntry[]): TemplateResult {
  return html`<div class="starts">
    ${starts.map(
      (entry) =>
        html`<button @click=${() => host.loadText(entry.text)}>
          <strong>${entry.title}</strong><span>${entry.about}</span>
        </button>`,
    )}
  </div>`;
}

/** On a short phone ring and rack are two pages: the dots say which one is seen. */
function markPage(event: Event): void {
  const box = event.currentTarget;
  if (!(box instanceof HTMLElement)) return;
  const dots = box.parentElement?.querySelector<HTMLElement>(".pages");
  if (dots) dots.dataset["page"] = box.scrollLeft > box.clientWidth / 2 ? "1" : "0";
}

function helpText(host: Host, state: StageState): string {
  if (state.help !== "" || state.starts.length > 0) return state.help;
  if (host.view?.ended && !host.clock?.playing)
    return `The run ends here, at ${((host.clock?.now ?? 0) / 1_000_000).toFixed(3)} s.`;
  if (host.session?.recorded && !state.violated) return HELP_WATCHED;
  if (host.clock?.quiet) return HELP_QUIET;
  return state.violated ? HELP_VIOLATED : HELP;
}

function footTemplate(host: Host, state: StageState): TemplateResult {
  if (host.session && host.session.stopped !== "") {
    return html`<div class="actions">
      <button class="button filled" @click=${() => host.perform("!revive")}>
        Play again from the text
      </button>
      <button class="button" @click=${() => host.perform("!report")}>Copy a report</button>
    </div>`;
  }
  if (host.view?.ended && host.view.violation === undefined && !host.clock?.playing) {
    return html`<div class="actions">
      ${
        host.session?.recorded
          ? nothing
          : html`<button class="button filled" @click=${() => host.perform("!beyond-end")}>
              Play on
            </button>`
      }
      <button class="button" @click=${() => host.perform("!from-start")}>From the start</button>
    </div>`;
  }
  if (state.fromHere) {
    return html`<div class="actions from-here">
      <button class="button filled" @click=${() => host.togglePlay()}>Play from here</button>
      <button class="button" @click=${() => host.perform("!from-start")}>From the start</button>
    </div>`;
  }
  return state.starts.length > 0 ? html`<div class="actions"></div>` : state.bar;
}

function storyTemplate(host: Host): TemplateResult | typeof nothing {
  const beats = host.view?.beats;
  if (beats === undefined || beats.total === 0) return nothing;
  return html`<div class="story" role="group" aria-label="Story">
    <button
      class="icon-button tiny"
      aria-label="Previous caption"
      ?disabled=${beats.position < 1}
      @click=${() => host.story(-1)}
    >
      ${icons.left}
    </button>
    <span>${Math.max(1, beats.position)} of ${beats.total}</span>
    <button
      class="icon-button tiny"
      aria-label="Next caption"
      ?disabled=${beats.position >= beats.total}
      @click=${() => host.story(1)}
    >
      ${icons.right}
    </button>
  </div>`;
}

function rackLabel(host: Host): string {
  return `${host.view?.description.protocol.rack ?? "Logs"} of all nodes`;
}
