// From the small engine to the whole one: fetches it once the first frames stand, or at the first
// press that needs it; what was pressed meanwhile is kept, and done when it has taken over.

import { loadWhole } from "./engine.js";
import type { Clock } from "./clock.js";
import type { Session } from "./session.js";

const ONLY_PLAYS = "The rest of the engine could not be fetched: this run only plays.";

/** What the element does for the handover. */
export interface HandoverHost {
  readonly session: Session | undefined;
  readonly clock: Clock | undefined;
  /** Opens the text that waits for the whole engine. */
  openWaiting(): void;
  /** Why it cannot be opened. */
  refuseWaiting(error: unknown): void;
  /** Another engine plays the same run at the same event: nothing is to be drawn anew. */
  adopted(session: Session): void;
  say(message: string): void;
  requestUpdate(): void;
}

/** The handover of one player. */
export class Handover {
  readonly #host: HandoverHost;
  #waiting: (() => void)[] = [];
  #fetching = false;

  constructor(host: HandoverHost) {
    this.#host = host;
  }

  /** Whether the whole engine is on its way. */
  get fetching(): boolean {
    return this.#fetching;
  }

  /** Out of sight no frame is painted, and nothing is fetched until it is asked for. */
  afterFirstFrames(): void {
    window.requestAnimationFrame(() => {
      window.requestAnimationFrame(() => void this.complete());
    });
  }

  /** Does it with the whole engine; the clock holds until that is here. Needs a session. */
  whenWhole(session: Session, command: () => void): void {
    if (session.complete || session.stopped !== "") {
      command();
      return;
    }
    session.clock.hold("engine");
    this.#waiting.push(command);
    void this.complete();
  }

  /** Fetches the whole engine and lets it take over; what waited for it is done then. */
  async complete(): Promise<void> {
    const host = this.#host;
    if (host.session?.complete) return;
    this.#fetching = true;
    try {
      const Whole = await loadWhole();
      const { session } = host;
      if (session === undefined) host.openWaiting();
      else if (!session.complete && session.takeOver(Whole)) host.adopted(session);
    } catch (error: unknown) {
      console.error("happens-before: the whole engine cannot be had", error);
      if (host.session === undefined) host.refuseWaiting(error);
      else if (this.#waiting.length > 0) host.say(ONLY_PLAYS);
      host.session?.stayAlone();
      this.#waiting = [];
    } finally {
      this.#fetching = false;
    }
    host.clock?.release("engine");
    if (host.session) for (const command of this.#waiting.splice(0)) command();
    host.requestUpdate();
  }
}
