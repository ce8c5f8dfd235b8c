// A worker of the check: gets the compiled module, then answers request by request. What is many
// is handed over, not copied.

import init, { Checker as Exported } from "../generated/checker.js";
import type { CheckerClass } from "./interface.js";
import { Job } from "./job.js";
import type { Answer, Request } from "./job.js";

/** The first message; all others are requests. */
export interface Beginning {
  readonly module: WebAssembly.Module;
}

const Checker: CheckerClass = Exported;
let job: Job | undefined;

addEventListener("message", (event: MessageEvent<Beginning | Request>) => {
  void reply(event.data);
});

async function reply(message: Beginning | Request): Promise<void> {
  try {
    const done = await handle(message);
    postMessage({ done }, { transfer: (done.columns ?? []).map((column) => column.buffer) });
  } catch (error: unknown) {
    postMessage({ failed: error instanceof Error ? error.message : "" });
  }
}

async function handle(message: Beginning | Request): Promise<Answer> {
  if (job !== undefined && "kind" in message) return job.answer(message);
  if ("kind" in message) throw new Error("The worker has no checker.");
  await init({ module_or_path: message.module });
  job = new Job(Checker);
  return {};
}
