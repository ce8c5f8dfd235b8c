// Actions that are the page's own and write no line by themselves: `!why`, `!play-on`,
// `!repair NAME` and their like. The engine names them; what they do here is said here.

import type { Host } from "./host.js";
import type { Session } from "./session.js";

/** What page actions need of the element. */
export interface PageHost extends Host {
  editScript(): void;
}

/** Does a page action; false when there is none of that name. */
export function pageAction(host: PageHost, action: string): boolean {
  const [name = "", argument = ""] = action.slice(1).split(" ");
  const act = ACTIONS[name];
  if (act === undefined || host.session === undefined) return false;
  act(host, host.session, argument);
  return true;
}

type PageAction = (host: PageHost, session: Session, argument: string) => void;

const ACTIONS: Record<string, PageAction> = {
  partition: (host) => host.overlays.openDialog("partition"),
  chaos: (host) => host.overlays.openDialog("chaos"),
  why: (host) => host.overlays.openDialog("why"),
  inspect: (host, _session, node) => host.overlays.openDialog("inspect", node),
  text: (host) => host.editScript(),
  fork: (host) => (host.fork.open ? host.fork.close() : host.fork.start()),
  "play-on": (_host, session) => session.clock.play(),
  violation: (host, session) => {
    const violation = session.read((engine) => engine.violation());
    if (violation) host.seek(violation.time);
  },
  "first-cause": (host, session) => {
    const violation = session.read((engine) => engine.violation());
    if (violation) host.seek(violation.cause_time ?? violation.time);
  },
  repair: (host, session, bug) => {
    if (session.recorded) return;
    host.editText(session.ask((engine) => engine.without_bug(bug)) ?? session.text);
    host.say("The rule is on again; the same faults are played anew.", true);
  },
  "from-start": (host, session) => {
    host.seek(0);
    session.clock.play();
  },
  "beyond-end": (host, session) => {
    host.editText(withoutEnd(session.text));
    host.say("The line “end” is gone: the run goes on.", true);
    session.clock.play();
  },
  revive: (_host, session) => session.revive(session.lastText),
  report: (host, session) => void copyReport(host, session),
};

/** The text without its line `end`, so that the run goes on. */
export function withoutEnd(text: string): string {
  return text.replace(/^\s*end\s.*\n?/m, "");
}

async function copyReport(host: Host, session: Session): Promise<void> {
  const report = [
    "The engine of Happens-Before stopped.",
    `Error: ${session.stopped}`,
    `At: ${Math.round(session.clock.now)} µs`,
    `Browser: ${navigator.userAgent}`,
    "Text:",
    session.lastText,
  ].join("\n");
  try {
    await navigator.clipboard.writeText(report);
    host.say("The report is on the clipboard.");
  } catch {
    host.say("This browser did not let the page copy.");
  }
}
