// The checker's module, a chunk of its own that is fetched when a history is opened.

import init, { Checker as Exported } from "../generated/checker.js";
import wasmUrl from "../generated/checker_bg.wasm?url";
import type { CheckerClass } from "./interface.js";

/** The check of a history, with the shapes that its objects have. */
export const Checker: CheckerClass = Exported;

export { init, wasmUrl };
