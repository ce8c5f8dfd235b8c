// The whole engine, a chunk of its own that `engine.ts` fetches when the page is playing.

import init, { Engine as Exported } from "../generated/happens_before.js";
import wasmUrl from "../generated/happens_before_bg.wasm?url";
import type { EngineClass } from "./interface.js";

/** The engine, with the shapes that its objects have. */
export const Engine: EngineClass = Exported;

export { init, wasmUrl };
