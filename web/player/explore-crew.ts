// Who does the work of a search: workers, all with the same engine, compiled once, else the page
// itself, in slices.

import { loadWhole } from "./engine.js";
import { answer } from "./explore-job.js";
import type { Answer, Request } from "./explore-job.js";
import type { Beginning } from "./explore-worker.js";
import { begun, compiled, firstWorker } from "./worker-hand.js";
import type { WorkerHand } from "./worker-hand.js";

/** Someone who answers one request after the other. */
export interface Hand {
  /** How long a request should take, ms. */
  readonly sliceMs: number;
  ask(request: Request): Promise<Answer>;
  dismiss(): void;
}

const WORKER_SLICE_MS = 100;
const PAGE_SLICE_MS = 10;

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
    const beginning: Beginning = { module: await compiled(wasmUrl), text };
    const { default: url } = await import("./explore-worker.ts?worker&url");
    const [first, start] = await firstWorker<Beginning | Request, Answer>(url, beginning);
    const more = Math.max(1, (navigator.hardwareConcurrency || 2) - 1) - 1;
    const others = await Promise.all(
      Array.from({ length: more }, () => begun<Beginning | Request, Answer>(start, beginning)),
    );
    return [first, ...others].map(handOf);
  } catch {
    return [await pageHand(text)];
  }
}

function handOf(worker: WorkerHand<Beginning | Request, Answer>): Hand {
  return {
    sliceMs: WORKER_SLICE_MS,
    ask: (request) => worker.ask(request),
    dismiss: () => worker.dismiss(),
  };
}
