// What a screen reader is told: captions, leaders, verdicts, at most one sentence a second.
// Never ticks of the clock.

const PAUSE_MS = 1000;
const LONGEST_QUEUE = 3;

/** Feeds the live region of one player. */
export class Announcer {
  #region: HTMLElement | null = null;
  #queue: string[] = [];
  #timer: number | undefined;
  #last = "";
  readonly #states = new Map<string, string>();

  attach(region: HTMLElement | null): void {
    this.#region = region;
  }

  /** Says a sentence soon; what is older than the last three is dropped. */
  announce(sentence: string): void {
    if (sentence === "" || sentence === this.#last) return;
    this.#last = sentence;
    this.#queue.push(sentence);
    if (this.#queue.length > LONGEST_QUEUE) this.#queue.shift();
    if (this.#timer === undefined) this.#next();
  }

  /** New names of nodes: who leads now and who is down is told when it comes about in play. */
  nodes(labels: readonly string[], playing: boolean): void {
    for (const label of labels) {
      const node = label.split(",", 1)[0] ?? "";
      const state = /leader|down/.exec(label)?.[0] ?? "";
      const before = this.#states.get(node);
      this.#states.set(node, state);
      if (playing && state !== "" && before !== undefined && before !== state) this.announce(label);
    }
  }

  #next(): void {
    const sentence = this.#queue.shift();
    this.#timer = undefined;
    if (sentence === undefined || this.#region === null) return;
    this.#region.textContent = sentence;
    this.#timer = window.setTimeout(() => this.#next(), PAUSE_MS);
  }
}
