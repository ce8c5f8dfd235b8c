// From time on screen to virtual time: pace, quiet stretches, holds, reduced motion. Asks for
// frames only while something can move, and never decides what happens in the run.

/** What `advance` of the world came to; the numbers are the engine's. */
export const enum Reached {
  Until = 0,
  Violation = 1,
  End = 2,
  Budget = 3,
}

/** The run, as far as the clock needs it. */
export interface World {
  /** Cursor, virtual µs. */
  time(): number;
  /** When something happens next; Infinity: never. */
  nextTime(): number;
  /** Plays all up to and including `until`. */
  advance(until: number): Reached;
  /** Nothing but pulses and timers happens before this time. */
  quietUntil(limit: number): number;
  /** On to the next change that can be seen; false at the end. */
  stepChange(): boolean;
}

/** Frames and timeouts; a test puts its own here. */
export interface Screen {
  requestFrame(callback: (nowMs: number) => void): number;
  cancelFrame(id: number): void;
  setTimeout(callback: () => void, ms: number): number;
  clearTimeout(id: number): void;
}

/** What the clock tells its owner. */
export interface Listener {
  /** A frame has passed; `happened` when the world took at least one step. */
  onFrame(happened: boolean): void;
  /** Playing, held or quiet has changed. */
  onState(): void;
  /** The world stopped the clock. */
  onStop(reached: Reached): void;
}

const LONGEST_FRAME_MS = 100;
const REDUCED_STEP_MS = 1200;
const QUIET_WORTH_S = 4;
const QUIET_LOOK_S = 60;
const QUIET_STOP_BEFORE_S = 0.5;
const QUIET_FASTEST = 20;
const QUIET_RECHECK_MS = 500;

/** The player's clock. */
export class Clock {
  /** Shown instant, virtual µs; between events it runs ahead of the world's cursor. */
  now = 0;
  /** Virtual µs for each second on screen. */
  paceUs = 50_000;
  /** Whether quiet stretches pass faster. */
  skipsQuiet = true;

  readonly #world: World;
  readonly #screen: Screen;
  readonly #listener: Listener;
  readonly #holds = new Set<string>();
  #playing = false;
  #visible = true;
  #reduced = false;
  #frame: number | undefined;
  #timeout: number | undefined;
  #lastMs: number | undefined;
  #quietEnd = 0;
  #quietSinceMs = 0;
  #quietCheckedMs = -QUIET_RECHECK_MS;

  constructor(world: World, screen: Screen, listener: Listener) {
    this.#world = world;
    this.#screen = screen;
    this.#listener = listener;
    this.now = world.time();
  }

  /** Whether play is on (it may still be held, or out of sight). */
  get playing(): boolean {
    return this.#playing;
  }

  /** Whether a hand keeps the clock from running. */
  get held(): boolean {
    return this.#playing && this.#holds.size > 0;
  }

  /** Whether a quiet stretch is being passed. */
  get quiet(): boolean {
    return this.#playing && this.now < this.#quietEnd;
  }

  play(): void {
    if (this.#playing) return;
    this.#playing = true;
    this.#run();
    this.#listener.onState();
  }

  pause(): void {
    if (!this.#playing) return;
    this.#playing = false;
    this.#rest();
    this.settle();
    this.#listener.onState();
  }

  /** Stops the clock for as long as a hand acts, just before a whole millisecond. */
  hold(reason: string): void {
    const ran = this.#playing && this.#holds.size === 0;
    this.#holds.add(reason);
    if (!ran) return;
    this.#rest();
    this.settleBeforeMillisecond();
    this.#listener.onState();
  }

  release(reason: string): void {
    if (!this.#holds.delete(reason) || this.#holds.size > 0) return;
    this.#run();
    this.#listener.onState();
  }

  /** Off-screen or in a hidden tab nothing runs. */
  setVisible(visible: boolean): void {
    this.#visible = visible;
    if (visible) this.#run();
    else this.#rest();
  }

  /** With reduced motion play is one visible change each 1.2 s. */
  setReduced(reduced: boolean): void {
    if (this.#reduced === reduced) return;
    this.#rest();
    this.#reduced = reduced;
    this.#run();
  }

  /** Plays to an instant at once. */
  advanceTo(timeUs: number): void {
    this.follow();
    this.#advance(timeUs);
  }

  /** Takes the world's cursor as the instant shown: after a seek, a step or an edit. */
  follow(): void {
    this.now = this.#world.time();
    this.#quietEnd = 0;
    this.#quietCheckedMs = -QUIET_RECHECK_MS;
  }

  /** Brings the world's cursor up to the instant shown. */
  settle(): void {
    if (this.now > this.#world.time()) this.#advance(Math.floor(this.now));
  }

  /** On to the last µs of this millisecond, so that an action now is written in whole ms. */
  settleBeforeMillisecond(): void {
    const target = Math.ceil((Math.floor(this.now) + 1) / 1000) * 1000 - 1;
    if (target > this.#world.time()) this.#advance(target);
  }

  #run(): void {
    const runs = this.#playing && this.#visible && this.#holds.size === 0;
    if (!runs || this.#frame !== undefined || this.#timeout !== undefined) return;
    if (this.#reduced) {
      this.#timeout = this.#screen.setTimeout(() => this.#step(), REDUCED_STEP_MS);
    } else {
      this.#frame = this.#screen.requestFrame((nowMs) => this.#tick(nowMs));
    }
  }

  #rest(): void {
    if (this.#frame !== undefined) this.#screen.cancelFrame(this.#frame);
    if (this.#timeout !== undefined) this.#screen.clearTimeout(this.#timeout);
    this.#frame = undefined;
    this.#timeout = undefined;
    this.#lastMs = undefined;
  }

  #step(): void {
    this.#timeout = undefined;
    const went = this.#world.stepChange();
    this.follow();
    this.#listener.onFrame(true);
    if (went) this.#run();
    else this.#stop(Reached.End);
  }

  #tick(nowMs: number): void {
    this.#frame = undefined;
    const passedMs = Math.min(LONGEST_FRAME_MS, Math.max(0, nowMs - (this.#lastMs ?? nowMs)));
    this.#lastMs = nowMs;
    const wasQuiet = this.quiet;
    const target = this.now + (passedMs / 1000) * this.paceUs * this.#factor(nowMs);
    if (this.#world.nextTime() <= target) {
      const stopped = this.#advance(Math.floor(target));
      if (stopped) return;
      this.#listener.onFrame(true);
    } else {
      this.now = target;
      this.#listener.onFrame(false);
    }
    if (this.quiet !== wasQuiet) this.#listener.onState();
    this.#run();
  }

  /** Advances the world; true when it stopped the clock. */
  #advance(until: number): boolean {
    const reached = this.#world.advance(until);
    this.now = reached === Reached.Until ? until : this.#world.time();
    if (reached === Reached.Violation || reached === Reached.End) {
      this.#stop(reached);
      return true;
    }
    return false;
  }

  #stop(reached: Reached): void {
    this.#playing = false;
    this.#rest();
    this.#listener.onStop(reached);
    this.#listener.onState();
  }

  /** How much faster than its pace the clock runs now. */
  #factor(nowMs: number): number {
    if (!this.skipsQuiet) return 1;
    if (this.now >= this.#quietEnd && nowMs - this.#quietCheckedMs >= QUIET_RECHECK_MS) {
      this.#quietCheckedMs = nowMs;
      const limit = Math.floor(this.now + QUIET_LOOK_S * this.paceUs);
      const until = this.#world.quietUntil(limit);
      // Where nothing at all lies ahead there is nothing to hurry to.
      const worth = until < limit && until - this.now > QUIET_WORTH_S * this.paceUs;
      this.#quietEnd = worth ? until - QUIET_STOP_BEFORE_S * this.paceUs : 0;
      this.#quietSinceMs = nowMs;
    }
    if (this.now >= this.#quietEnd) return 1;
    const goneS = (nowMs - this.#quietSinceMs) / 1000;
    const leftS = (this.#quietEnd - this.now) / this.paceUs;
    return Math.min(QUIET_FASTEST, 1 + 20 * goneS, 1 + 4 * leftS);
  }
}
