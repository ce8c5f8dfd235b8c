// The check of one file after the other: asks a worker, or the page itself where there are none,
// slice by slice, so that it can be stopped and allowed more. Decides nothing.

import { compiled, firstWorker, paced } from "../player/worker-hand.js";
import type { Look, Picture, Progress, Unreadable } from "./interface.js";
import { Job } from "./job.js";
import type { Answer, Request } from "./job.js";
import { Rows } from "./rows.js";
import type { Beginning } from "./worker.js";

/** Operations tried before the verdict is unknown, and how many times that more is spent then. */
const STEPS_MAX = 20_000_000;
const SPEND_MORE = 5;
const FIRST_STEPS = 20_000;
const LONGEST_BYTES = 256 * 1024 * 1024;
const WORKER_SLICE_MS = 80;
const PAGE_SLICE_MS = 12;

/** Who answers. */
interface Hand {
  readonly sliceMs: number;
  ask(request: Request): Promise<Answer>;
  dismiss(): void;
}

/** What a check has found so far. */
export interface Found {
  readonly picture: Picture;
  readonly rows: Rows;
}

/** The file cannot be read. */
export class BadFile extends Error {
  readonly unreadable: Unreadable | undefined;

  constructor(message: string, unreadable?: Unreadable) {
    super(message);
    this.unreadable = unreadable;
  }
}

/** One check at a time. */
export class Check {
  #hand: Hand | undefined;
  #last: Promise<unknown> = Promise.resolve();
  #stepsMax = STEPS_MAX;
  #stopped = false;

  /** Opens a file; throws `BadFile`. */
  async open(file: File): Promise<void> {
    if (file.size > LONGEST_BYTES) throw new BadFile(`${file.name} is larger than 256 MB.`);
    this.#stepsMax = STEPS_MAX;
    this.#hand ??= await hire();
    const { unreadable } = await this.#ask({ kind: "open", file, stepsMax: this.#stepsMax });
    if (unreadable) throw new BadFile(unreadable.reason, unreadable);
  }

  /** Goes on until it is decided, the budget is spent, or it is stopped. */
  async run(told: (progress: Progress) => void): Promise<void> {
    this.#stopped = false;
    let most = FIRST_STEPS;
    while (!this.#stopped) {
      const begunMs = performance.now();
      const { progress } = await this.#ask({ kind: "advance", most });
      if (progress === undefined) return;
      told(progress);
      if (progress.done) return;
      most = paced(most, performance.now() - begunMs, this.#hand?.sliceMs ?? PAGE_SLICE_MS);
    }
  }

  /** Ends the run after its slice. */
  stop(): void {
    this.#stopped = true;
  }

  /** Allows more; `run` goes on where it stopped. */
  async raise(): Promise<void> {
    this.#stepsMax *= SPEND_MORE;
    await this.#ask({ kind: "raise", stepsMax: this.#stepsMax });
  }

  /** What is known. */
  async found(): Promise<Found> {
    const { picture, columns } = await this.#ask({ kind: "picture" });
    if (picture === undefined) throw new Error("The checker says nothing.");
    return { picture, rows: new Rows(columns ?? []) };
  }

  /** The rows of a key in an order that explains it, or comes furthest. */
  async order(key: number): Promise<Uint32Array> {
    return (await this.#ask({ kind: "order", key })).order ?? new Uint32Array(0);
  }

  async look(row: number): Promise<Look | undefined> {
    return (await this.#ask({ kind: "look", row })).look;
  }

  dismiss(): void {
    this.#stopped = true;
    this.#hand?.dismiss();
    this.#hand = undefined;
  }

  /** One request after the other. */
  #ask(request: Request): Promise<Answer> {
    const hand = this.#hand;
    if (hand === undefined) return Promise.reject(new Error("Nobody checks."));
    const answered = this.#last.then(
      () => hand.ask(request),
      () => hand.ask(request),
    );
    this.#last = answered;
    return answered;
  }
}

async function hire(): Promise<Hand> {
  const { Checker, init, wasmUrl } = await import("./module.js");
  try {
    const beginning: Beginning = { module: await compiled(wasmUrl) };
    const { default: url } = await import("./worker.ts?worker&url");
    const [worker] = await firstWorker<Beginning | Request, Answer>(url, beginning);
    return {
      sliceMs: WORKER_SLICE_MS,
      ask: (request) => worker.ask(request),
      dismiss: () => worker.dismiss(),
    };
  } catch {
    await init({ module_or_path: wasmUrl });
    const job = new Job(Checker);
    return {
      sliceMs: PAGE_SLICE_MS,
      ask: (request) => nextTurn().then(() => job.answer(request)),
      dismiss: () => undefined,
    };
  }
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}
