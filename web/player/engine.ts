// Loads the engine for all players of a page and keeps a broken run from breaking the page.
// There are two: a small one, loaded before the first frame, which holds only the code that the
// first run needs and traps beyond it; and the whole one, fetched after it (`whole.ts`), which
// takes over. Never decides anything about a run.

import init, { Engine as Exported } from "../generated/playing.js";
import playingUrl from "../generated/playing_bg.wasm?url";
import type { Diagnostic, EngineClass, PlayingClass } from "./interface.js";

/** The playing engine, with the shapes that its objects have. */
export const PlayingEngine: PlayingClass = Exported;

let loading: Promise<void> | undefined;
let loadingWhole: Promise<EngineClass> | undefined;
let whole: EngineClass | undefined;
let announcedBytes = 0;

/** Fetches and compiles the playing engine, the first time it is called. */
export function loadEngine(): Promise<void> {
  loading ??= fetchModule(playingUrl, (response) => init({ module_or_path: response })).catch(
    (error: unknown) => {
      loading = undefined;
      throw error;
    },
  );
  return loading;
}

/** Fetches and compiles the whole engine, the first time it is called. */
export function loadWhole(): Promise<EngineClass> {
  loadingWhole ??= fetchWhole().catch((error: unknown) => {
    loadingWhole = undefined;
    throw error;
  });
  return loadingWhole;
}

async function fetchWhole(): Promise<EngineClass> {
  const { init: initWhole, Engine, wasmUrl } = await import("./whole.js");
  await fetchModule(wasmUrl, (response) => initWhole({ module_or_path: response }));
  whole = Engine;
  return Engine;
}

/** The whole engine, once it is here. */
export function wholeEngine(): EngineClass | undefined {
  return whole;
}

/** The version of both engines. */
export function engineVersion(): string {
  return PlayingEngine.version();
}

/** "84 KB" as the server announced it, or nothing. */
export function engineSize(): string {
  return announcedBytes > 0 ? `${Math.round(announcedBytes / 1024)} KB` : "";
}

async function fetchModule(
  url: string,
  start: (response: Response) => Promise<unknown>,
): Promise<void> {
  if (typeof WebAssembly !== "object") throw new Error("WebAssembly is not available.");
  const response = await fetch(url, { credentials: "same-origin" });
  if (!response.ok) throw new Error(`The engine could not be fetched (${response.status}).`);
  announcedBytes = Number(response.headers.get("content-length") ?? 0);
  await start(response);
}

/** The text could not be played; the run that was there is unchanged. */
export class Refused extends Error {
  readonly diagnostics: readonly Diagnostic[];

  constructor(diagnostics: readonly Diagnostic[]) {
    super(diagnostics[0]?.message ?? "The text could not be read.");
    this.diagnostics = diagnostics;
  }
}

/** The engine itself failed: a fault of ours, never of the text. */
export class Stopped extends Error {}

/** The playing engine has come to its border; the whole one goes on, or says what is wrong. */
export class NeedsWhole extends Error {}

/** Calls into the whole engine; whatever it throws becomes `Refused` or `Stopped`. */
export function guarded<T>(call: () => T): T {
  try {
    return call();
  } catch (error: unknown) {
    if (isDiagnostics(error)) throw new Refused(error);
    // A trap has no words of its own: the module is built without them.
    if (error instanceof WebAssembly.RuntimeError)
      throw new Stopped(`a fault of its own, not of the text (${error.message})`);
    throw new Stopped(error instanceof Error ? error.message : "for a reason without a name");
  }
}

/** Calls into the playing engine; whatever it throws, the whole one knows better. */
export function attempted<T>(call: () => T): T {
  try {
    return call();
  } catch (error: unknown) {
    throw new NeedsWhole("The whole engine is needed here.", { cause: error });
  }
}

function isDiagnostics(error: unknown): error is Diagnostic[] {
  return (
    Array.isArray(error) &&
    error.every(
      (entry: unknown) => typeof entry === "object" && entry !== null && "message" in entry,
    )
  );
}
