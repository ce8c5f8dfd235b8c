// A recorded run from a file of the visitor's: chosen or dropped on the player. It is read here
// and nowhere else; nothing is sent anywhere.

import type { Diagnostic, Engine, Watching } from "./interface.js";
import { guarded, loadWhole, Refused } from "./engine.js";

/** Why everything that would change the run is off. */
export const WATCHED = "A recorded run: it can be watched, not changed.";

function refuse(): never {
  const wrong: Diagnostic = { line: 1, column: 1, length: 1, message: WATCHED, hint: "" };
  // The engine's own way to say no; `guarded` makes an error of it.
  throw [wrong];
}

/** The answers of a recording to what only an engine that executes can do. */
const REFUSALS: Omit<Engine, keyof Watching> = {
  act: refuse,
  ghost: refuse,
  edit: refuse,
  parting: () => undefined,
  with_seed: () => undefined,
  without_bug: refuse,
  menu: () => [],
  link_menu: () => [],
  message_menu: () => [],
  network_menu: () => [],
  key: () => undefined,
  switched: refuse,
  counts: refuse,
  with_chaos: refuse,
  with_chaos_frozen: () => undefined,
  chaos_kinds: () => [],
  ails: () => [],
  note: () => undefined,
  troubles: () => new Float64Array(),
  spacetime: () => new Uint32Array(),
  event_words: () => "",
  causal_past: () => new Uint32Array(),
  causal_future: () => new Uint32Array(),
  relation: () => undefined,
  stamp: () => "",
  cuts: () => [],
  exported: () => "",
};

const LONGEST_BYTES = 256 * 1024 * 1024;

/** What plays the recording in a file. Throws with the place of what is wrong with it. */
export async function readRecording(file: File): Promise<Engine> {
  if (file.size > LONGEST_BYTES) throw new Error(`${file.name} is larger than 256 MB.`);
  const [content] = await Promise.all([file.text(), loadWhole()]);
  const { Recording } = await import("./whole.js");
  try {
    return Object.assign(
      guarded(() => new Recording(content)),
      REFUSALS,
    );
  } catch (error: unknown) {
    const first = error instanceof Refused ? error.diagnostics[0] : undefined;
    if (first === undefined) throw error;
    throw new Error(`${file.name}, line ${first.line}: ${first.message}`, { cause: error });
  }
}

/** Whether a file holds a run: a text of ours, or a recording, which says so in its first line. */
export async function holdsRun(file: File): Promise<boolean> {
  return file.name.endsWith(".hb") || (await file.slice(0, 10).text()) === '{"format":';
}

/** Lets the visitor choose a file. */
export function chooseFile(open: (file: File) => void, accept = ".jsonl,.hb,.txt"): void {
  const input = document.createElement("input");
  input.type = "file";
  input.accept = accept;
  input.addEventListener("change", () => {
    const [file] = input.files ?? [];
    if (file) open(file);
  });
  input.click();
}

/** Files may be dropped on the element; it shows that while one is over it. */
export function acceptDrops(element: HTMLElement, open: (file: File) => void): void {
  const over = (event: DragEvent, is: boolean): void => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    element.toggleAttribute("data-dropping", is);
  };
  element.addEventListener("dragover", (event) => over(event, true));
  element.addEventListener("dragleave", (event) => over(event, false));
  element.addEventListener("drop", (event) => {
    over(event, false);
    const [file] = event.dataTransfer?.files ?? [];
    if (file) open(file);
  });
}
