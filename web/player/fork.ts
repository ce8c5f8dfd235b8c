// The fork: the run as it was goes on in a small stage of its own, beside the run that a hand
// goes on with. Both show one instant; where they part is said, and marked on the timeline.

import { html, nothing } from "lit";
import type { TemplateResult } from "lit";
import { clockText } from "./format.js";
import type { Host } from "./host.js";
import type { Parting } from "./interface.js";
import { WATCHED } from "./recording.js";
import type { Session } from "./session.js";

/** The player of the run as it was, as far as the fork needs it. */
export interface Twin extends HTMLElement {
  readonly session: Session | undefined;
  /** Shows the instant of the player that leads. */
  follow(timeUs: number): void;
  whenWhole(command: () => void): void;
}

/** What the run as it was tells is not for those who listen to the run. */
function keepIn(event: Event): void {
  event.stopPropagation();
}

/** The fork of one player. */
export class Fork {
  readonly #host: Host;
  #text: string | undefined;
  #fromUs = 0;
  #against = "";
  #parting: Parting | undefined;

  constructor(host: Host) {
    this.#host = host;
  }

  /** Whether a run as it was stands beside the run. */
  get open(): boolean {
    return this.#text !== undefined;
  }

  /** Where the two part, virtual µs. */
  get partingUs(): number | undefined {
    return this.#parting?.time;
  }

  /** Keeps the run as it is now; the run that is on stage can become another. */
  start(): void {
    const { session, clock } = this.#host;
    if (session === undefined) return;
    if (session.recorded) {
      this.#host.say(WATCHED);
      return;
    }
    clock?.settle();
    this.#text = session.text;
    this.#fromUs = session.time;
    this.#parting = undefined;
    this.#host.togglePanel(true);
  }

  /** Back to one run. */
  close(): void {
    this.#text = undefined;
    this.#parting = undefined;
    this.#host.requestUpdate();
  }

  /** The run as it was shows what the clock shows. */
  follow(): void {
    if (this.open) this.#twin()?.follow(this.#host.clock?.now ?? 0);
  }

  /** Looks for where they part, again after every change of the text. */
  compare(): void {
    const session = this.#host.session;
    const was = this.#twin()?.session;
    if (session === undefined || was === undefined) return;
    const text = session.text;
    if (text !== this.#against) this.#parting = undefined;
    this.#against = text;
    // What the one that is behind does next may not be known yet.
    if (this.#parting === undefined || this.#parting.here === "" || this.#parting.there === "")
      this.#parting = session.ask((now) => was.ask((then) => then.parting(now)));
  }

  template(): TemplateResult | typeof nothing {
    if (this.#text === undefined) return nothing;
    return html`<section class="fork" aria-label="The run as it was">
      <div class="panel-head">
        <h2>As it was</h2>
        <span class="panel-tools">
          <button class="plain" @click=${() => this.close()}>Close</button>
        </span>
      </div>
      <happens-before
        class="twin"
        twin
        inert
        .scenario=${this.#text}
        @ready=${(event: Event) => this.#onReady(event)}
        @event=${keepIn}
        @verdict=${keepIn}
        @end=${keepIn}
        @error=${keepIn}
      ></happens-before>
      <p class="parting" role="status">${this.#words()}</p>
    </section>`;
  }

  #onReady(event: Event): void {
    keepIn(event);
    this.follow();
  }

  #words(): TemplateResult {
    const parting = this.#parting;
    if (parting === undefined) {
      return html`Forked at ${clockText(this.#fromUs)}. Do something else now: both go on, and this
      tells where they part.`;
    }
    return html`Same until
      <button class="plain" @click=${() => this.#host.seek(parting.time)}>
        ${clockText(parting.time)}</button
      >; then ${parting.here === "" ? "" : `${parting.here} as it was, `}<strong
        >${parting.there === "" ? "nothing" : parting.there}</strong
      >
      now.`;
  }

  #twin(): Twin | undefined {
    const twin = this.#host.root.querySelector<Twin>("happens-before.twin") ?? undefined;
    if (twin?.session && !twin.session.complete) twin.whenWhole(() => this.#host.requestUpdate());
    return twin;
  }
}
