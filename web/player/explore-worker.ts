// A worker of the search: gets the compiled engine and the text, then answers request by request.

import init, { Explorer as Exported } from "../generated/happens_before.js";
import { answer } from "./explore-job.js";
import type { Request } from "./explore-job.js";
import type { Explorer, ExplorerClass } from "./interface.js";

/** The first message; all others are requests. */
export interface Beginning {
  readonly module: WebAssembly.Module;
  readonly text: string;
}

const Explorer: ExplorerClass = Exported;
let explorer: Explorer | undefined;

addEventListener("message", (event: MessageEvent<Beginning | Request>) => {
  void handle(event.data).then(
    (done) => postMessage({ done }),
    (error: unknown) => postMessage({ failed: error instanceof Error ? error.message : "" }),
  );
});

async function handle(message: Beginning | Request): Promise<object> {
  if (explorer !== undefined && "kind" in message) return answer(explorer, message);
  if ("kind" in message) throw new Error("The worker has no engine.");
  await init({ module_or_path: message.module });
  explorer = new Explorer(message.text);
  return {};
}
