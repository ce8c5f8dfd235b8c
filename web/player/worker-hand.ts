// A worker that answers one request after the other. A page may not start the worker of another
// origin: then by a blob that imports it. Who hires one has the page itself do the work where
// that fails, too.

/** A worker that has not begun by then is taken for one that never will. */
const PATIENCE_MS = 10_000;

/** Starts a worker. */
export type Start = () => Worker;

/** One worker; it answers each message with `{ done }` or `{ failed }`. */
export class WorkerHand<Request, Answer> {
  readonly #worker: Worker;

  constructor(worker: Worker) {
    this.#worker = worker;
  }

  ask(request: Request): Promise<Answer> {
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

/** Starts the first worker of a script, and says how more of its kind start. */
export async function firstWorker<Request, Answer>(
  url: string,
  beginning: Request,
): Promise<[WorkerHand<Request, Answer>, Start]> {
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

/** Starts a worker and waits for its answer to the first message. */
export async function begun<Request, Answer>(
  start: Start,
  beginning: Request,
): Promise<WorkerHand<Request, Answer>> {
  const hand = new WorkerHand<Request, Answer>(start());
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

/** The module of an engine, compiled for workers. */
export async function compiled(wasmUrl: string): Promise<WebAssembly.Module> {
  const response = await fetch(wasmUrl, { credentials: "same-origin" });
  return WebAssembly.compile(await response.arrayBuffer());
}

/** How much to ask for next, so that it takes as long as it should. */
export function paced(count: number, tookMs: number, sliceMs: number): number {
  const wanted = Math.round((count * sliceMs) / Math.max(tookMs, 1));
  return Math.max(1, Math.min(wanted, 4 * count));
}

const startOf =
  (url: string): Start =>
  () =>
    new Worker(url, { type: "module" });
