// Who does the work of a search: workers, all with the same engine, compiled once. A page may
// not start the worker of another origin: then by a blob that imports it, else the page itself
// does the work, in slices.

import { loadWhole } from "./engine.js";
import { answer } from "./explore-job.js";
import type { Answer, Request } from "./explore-job.js";
import type { Beginning } from "./explore-worker.js";

/** Someone who answers one request after the other. */
export interface Hand {
  /** How long a request should take, ms. */
  readonly sliceMs: number;
  ask(request: Request): Promise<Answer>;
  dismiss(): void;
}

const WORKER_SLICE_MS = 100;
const PAGE_SLICE_MS = 10;
/** A worker that has not begun by then is taken for one that never will. */
const PATIENCE_MS = 10_000;

/** Starts a worker. */
type Start = () => Worker;

const startOf =
  (url: string): Start =>
  () =>
    new Worker(url, { type: "module" });

class WorkerHand implements Hand {
  readonly sliceMs = WORKER_SLICE_MS;
  readonly #worker: Worker;

  constructor(worker: Worker) {
    this.#worker = worker;
  }

  ask(request: Request | Beginning): Promise<Answer> {
    const answered = new Promise<Answer>((resolve, reject) => {
      const once = { once: true };
      const take = (event: MessageEvent<{ done?: Answer; failed?: string }>): void => {
        if (event.data.done) resolve(event.data.done);
        else reject(new Error(event.data.failed));
      };
      this.#worker.addEventListener("message", take, once);
      const fail = (): void => reject(new Error("The worker stopped."));
      this.#worker.addEventListener("error", fail, once);
    });
    this.#worker.postMessage(request, []);
    return answered;
  }

  dismiss(): void {
    this.#worker.terminate();
  }
}

/** The page itself; between two slices it draws and listens. */
async function pageHand(text: string): Promise<Hand> {
  await loadWhole();
  const { Explorer } = await import("./whole.js");
  const explorer = new Explorer(text);
  return {
    sliceMs: PAGE_SLICE_MS,
    ask: (request) =>
      new Promise((resolve, reject) => {
        setTimeout(() => {
          try {
            resolve(answer(explorer, request));
          } catch (error: unknown) {
            reject(error instanceof Error ? error : new Error("The engine stopped."));
          }
        });
      }),
    dismiss: () => undefined,
  };
}

/** Workers for a text, one core left to the page; at least one hand in any case. */
export async function hire(text: string): Promise<Hand[]> {
  try {
    const { wasmUrl } = await import("./whole.js");
    const response = await fetch(wasmUrl, { credentials: "same-origin" });
    const module = await WebAssembly.compile(await response.arrayBuffer());
    const [first, start] = await firstWorker({ module, text });
    const more = Math.max(1, (navigator.hardwareConcurrency || 2) - 1) - 1;
    const others = await Promise.all(
      Array.from({ length: more }, () => begun(start, { module, text })),
    );
    return [first, ...others];
  } catch {
    return [await pageHand(text)];
  }
}

async function firstWorker(beginning: Beginning): Promise<[Hand, Start]> {
  const { default: url } = await import("./explore-worker.ts?worker&url");
  const fromHere = startOf(url);
  try {
    return [await begun(fromHere, beginning), fromHere];
  } catch {
    const script = `import ${JSON.stringify(new URL(url, import.meta.url).href)};`;
    const blob = new Blob([script], { type: "text/javascript" });
    const byBlob = startOf(URL.createObjectURL(blob));
    return [await begun(byBlob, beginning), byBlob];
  }
}

async function begun(start: Start, beginning: Beginning): Promise<Hand> {
  const hand = new WorkerHand(start());
  const late = new Promise<never>((_resolve, reject) => {
    setTimeout(() => reject(new Error("The worker does not begin.")), PATIENCE_MS);
  });
  try {
    await Promise.race([hand.ask(beginning), late]);
    return hand;
  } catch (error: unknown) {
    hand.dismiss();
    throw error;
  }
}
