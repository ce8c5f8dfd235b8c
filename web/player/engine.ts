// Loads the wasm engine once for all players of a page and keeps a broken run from breaking
// the page. Never decides anything about a run.

import init, { Engine as Exported } from "../generated/happens_before.js";
import wasmUrl from "../generated/happens_before_bg.wasm?url";
import type { Diagnostic, EngineClass } from "./interface.js";

/** The engine, with the shapes that its objects have. */
export const Engine: EngineClass = Exported;

let loading: Promise<void> | undefined;
let announcedBytes = 0;

/** Fetches and compiles the engine, the first time it is called. */
export function loadEngine(): Promise<void> {
  loading ??= fetchEngine().catch((error: unknown) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

/** "84 KB" as the server announced it, or nothing. */
export function engineSize(): string {
  return announcedBytes > 0 ? `${Math.round(announcedBytes / 1024)} KB` : "";
}

async function fetchEngine(): Promise<void> {
  if (typeof WebAssembly !== "object") throw new Error("WebAssembly is not available.");
  const response = await fetch(wasmUrl, { credentials: "same-origin" });
  if (!response.ok) throw new Error(`The engine could not be fetched (${response.status}).`);
  announcedBytes = Number(response.headers.get("content-length") ?? 0);
  await init({ module_or_path: response });
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

/** Calls into the engine; whatever it throws becomes `Refused` or `Stopped`. */
export function guarded<T>(call: () => T): T {
  try {
    return call();
  } catch (error: unknown) {
    if (isDiagnostics(error)) throw new Refused(error);
    throw new Stopped(error instanceof Error ? error.message : String(error));
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
