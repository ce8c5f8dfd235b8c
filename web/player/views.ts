// Stage or space-time: which of the two shows the run. The space-time view is fetched when it is
// first opened; both show one run at one instant.

import { html, nothing } from "lit";
import type { TemplateResult } from "lit";
import type { Host, Mode } from "./host.js";
import type { SpaceTimeView } from "./spacetime/view.js";
import type { Timeline } from "./timeline.js";

/** What the views need of the element. */
export interface ViewsHost extends Host {
  readonly timeline: Timeline | undefined;
}

const NAMES: readonly (readonly [Mode, string])[] = [
  ["stage", "Stage"],
  ["space-time", "Space-time"],
];
const NOT_FETCHED = "The space-time view could not be fetched.";

/** The views of one player. */
export class Views {
  readonly #host: ViewsHost;
  #mode: Mode = "stage";
  #spaceTime: SpaceTimeView | undefined;

  constructor(host: ViewsHost) {
    this.#host = host;
  }

  get mode(): Mode {
    return this.#mode;
  }

  /** The space-time view, while it is shown. */
  get spaceTime(): SpaceTimeView | undefined {
    return this.#mode === "space-time" ? this.#spaceTime : undefined;
  }

  show(mode: Mode): void {
    if (mode === this.#mode) return;
    if (mode === "stage") {
      this.#mode = mode;
      this.#spaceTime?.close();
      this.#spaceTime = undefined;
      this.#host.requestUpdate();
      return;
    }
    this.#host.whenWhole(() => void this.#open());
  }

  /** Shows what a client's call came to, with all that led to it: the call of that time, virtual µs. */
  showCall(invokedUs: number): void {
    this.#host.whenWhole(() => void this.#openCall(invokedUs));
  }

  async #openCall(invokedUs: number): Promise<void> {
    const host = this.#host;
    const known = host.session?.ask((engine) => engine.operations()) ?? [];
    const call = known.find(({ invoked }) => invoked === invokedUs);
    const timeUs = call?.returned ?? invokedUs;
    host.seek(timeUs);
    if (this.#mode !== "space-time") await this.#open();
    this.take();
    if (call) this.spaceTime?.chooseAt(call.client, timeUs);
  }

  async #open(): Promise<void> {
    const host = this.#host;
    try {
      const { SpaceTimeView } = await import("./spacetime/view.js");
      const box = host.root.querySelector<HTMLElement>(".space-time");
      if (box === null || host.timeline === undefined || this.#spaceTime) return;
      this.#mode = "space-time";
      this.#spaceTime = new SpaceTimeView(host, box, host.timeline);
      host.requestUpdate();
      this.take();
      this.look();
    } catch (error: unknown) {
      console.error("happens-before: no space-time view", error);
      host.say(NOT_FETCHED);
    }
  }

  take(): void {
    this.spaceTime?.take();
  }

  look(): void {
    this.spaceTime?.look();
  }

  draw(): void {
    this.spaceTime?.draw();
  }
}

/** The switch in the header. */
export function viewSwitch(host: Host): TemplateResult {
  return html`<div class="views wide-only" role="group" aria-label="View">
    ${NAMES.map(
      ([mode, name]) =>
        html`<button
          aria-pressed=${host.mode === mode}
          title=${mode === host.mode ? nothing : "V"}
          @click=${() => host.show(mode)}
        >
          ${name}
        </button>`,
    )}
  </div>`;
}

/** The view that is not shown. */
export function otherView(host: Host): { mode: Mode; name: string } {
  const [mode, name] = NAMES[host.mode === "stage" ? 1 : 0] ?? ["stage", "Stage"];
  return { mode, name };
}
