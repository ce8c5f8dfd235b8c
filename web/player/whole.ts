// The whole engine, a chunk of its own that `engine.ts` fetches when the page is playing.

import init, {
  Engine as Exported,
  Explorer as ExportedExplorer,
  Recording as ExportedRecording,
} from "../generated/happens_before.js";
import wasmUrl from "../generated/happens_before_bg.wasm?url";
import type { EngineClass, ExplorerClass, RecordingClass } from "./interface.js";

/** The engine, with the shapes that its objects have. */
export const Engine: EngineClass = Exported;

/** The search for a seed that breaks a text. */
export const Explorer: ExplorerClass = ExportedExplorer;

/** What plays a recorded run. */
export const Recording: RecordingClass = ExportedRecording;

export { init, wasmUrl };
