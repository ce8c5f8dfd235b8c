// What a hand writes: actions that become lines, undo and redo, another seed. Says what was
// done, and why something could not be done.

import { Refused } from "./engine.js";
import { clockText } from "./format.js";
import type { Host } from "./host.js";
import { warning } from "./notes.js";
import { WATCHED } from "./recording.js";
import type { ScriptPane } from "./script.js";

const SEEDS = 9999;

/** Writes an action's line now; true when it was written. */
export function writeAction(host: Host, script: ScriptPane, action: string): boolean {
  try {
    const done = host.session?.act(action);
    if (done === undefined) return false;
    script.drop();
    const time = clockText(done.edit.at);
    const again = done.rewrites ? `, everything after ${time} is played anew` : "";
    const beyond = host.view?.lines[done.edit.line - 1]?.beyond ?? "";
    const warns = beyond === "" ? "" : `. ${warning(host, beyond)}`;
    host.say(`${action} at ${time}${again}${warns}`, true);
    script.scrollTo(host.root, done.edit.line);
    return true;
  } catch (error: unknown) {
    if (!(error instanceof Refused)) throw error;
    const [first] = error.diagnostics;
    host.say(`${first?.message ?? error.message} ${first?.hint ?? ""}`.trim());
    return false;
  }
}

/** Shows the line that an action would write, in its place. */
export function showGhost(host: Host, script: ScriptPane, action: string, how: string): void {
  try {
    const edit = host.session?.ghost(action);
    script.ghost = edit ? { edit, how } : undefined;
  } catch (error: unknown) {
    if (!(error instanceof Refused)) throw error;
    script.ghost = undefined;
  }
  host.requestUpdate();
}

/** Takes the last change of the text back. */
export function undo(host: Host, script: ScriptPane): void {
  script.drop();
  if (host.session?.undo()) host.say("The last change of the text is taken back.");
}

/** Brings back what was taken back. */
export function redo(host: Host, script: ScriptPane): void {
  script.drop();
  if (host.session?.redo()) host.say("The change of the text is back.");
}

/** The same text with another seed, from the start. */
export function anotherSeed(host: Host): void {
  const seed = 1 + Math.floor(Math.random() * SEEDS);
  const text = host.session?.ask((engine) => engine.with_seed(String(seed)));
  if (host.session?.recorded) host.say(WATCHED);
  if (host.session === undefined || text === undefined) return;
  host.session.edit(text);
  host.session.seek(0);
  host.say(`Seed ${seed}, from the start.`, true);
}
