// The list of checks: plain name first, formal name or verdict at the right.

import { html } from "lit";
import type { TemplateResult } from "lit";
import type { CheckView } from "./interface.js";
import { countText } from "./format.js";
import type { Host } from "./host.js";
import * as icons from "./icons.js";

/** The lower part of the panel. */
export function checksTemplate(host: Host): TemplateResult {
  const view = host.view;
  const checks = sorted(view?.checks ?? []);
  const violated = checks.filter((check) => check.state === "violated").length;
  const summary =
    view === undefined ? "" : `${countText(view.events)} events, ${verdictText(checks)}`;
  return html`<section class="checks" aria-label="Checks">
    <div class="panel-head">
      <h2>Checked after every event</h2>
      <span class=${violated > 0 ? "summary violated" : "summary"}>${summary}</span>
    </div>
    <button class="link find" @click=${() => host.overlays.openDialog("explore")}>
      Find a seed that breaks this
    </button>
    <ul>
      ${checks.map((check) => checkTemplate(host, check))}
    </ul>
    ${transcriptTemplate(host)}
  </section>`;
}

/** What is violated first, then as the protocol lists them. */
function sorted(checks: readonly CheckView[]): readonly CheckView[] {
  return checks.toSorted((a, b) => Number(b.state === "violated") - Number(a.state === "violated"));
}

/** "all hold", "1 violated", "1 unknown". */
export function verdictText(checks: readonly CheckView[]): string {
  const count = (state: CheckView["state"]): number =>
    checks.filter((check) => check.state === state).length;
  if (count("violated") > 0) return `${count("violated")} violated`;
  if (count("unknown") > 0) return `${count("unknown")} unknown`;
  return "all hold";
}

const MARKS = {
  holds: icons.tick,
  violated: icons.octagon,
  unknown: icons.unknown,
  pending: icons.pending,
} as const;

const STATES = {
  holds: "holds so far",
  violated: "violated",
  unknown: "unknown",
  pending: "not due yet",
} as const;

function checkTemplate(host: Host, check: CheckView): TemplateResult {
  return html`<li class=${check.state}>
    ${MARKS[check.state]}
    <span class="plain">${check.plain}<span class="unseen">, ${STATES[check.state]}</span></span>
    ${
      check.state === "violated"
        ? html`<button class="formal link" @click=${() => host.perform("!violation")}>
            ${check.detail}${check.expected ? ", as this text expects" : ""}
          </button>`
        : noteTemplate(host, check)
    }
  </li>`;
}

/** The formal name; where clients' histories are judged, a press away from the history. */
function noteTemplate(host: Host, check: CheckView): TemplateResult {
  const note = noteOf(check);
  if (!showsHistory(host, check)) return html`<span class="formal">${note}</span>`;
  return html`<button
    class="formal link"
    title="Show the history"
    @click=${() => host.checkHistory("clients")}
  >
    ${note}
  </button>`;
}

/** Whether a check is about what clients saw, and that can be shown. */
export function showsHistory(host: Host, check: { formal: string; state?: string }): boolean {
  const judged = check.formal === "Linearizable" && check.state !== "pending";
  return judged && host.lab && !(host.session?.recorded ?? true);
}

function noteOf(check: CheckView): string {
  if (check.state === "pending") return check.detail || "not due yet";
  if (check.state === "unknown") return check.detail;
  return [check.formal, check.detail].filter((part) => part !== "").join(", ");
}

/** What happened, as a list: the stage for those who do not see it. */
function transcriptTemplate(host: Host): TemplateResult {
  return html`<details class="transcript">
    <summary>What happened, as a list</summary>
    <ol>
      ${happened(host).map(
        ({ time, text }) =>
          html`<li>
            <button class="link mono" @click=${() => host.seek(time)}>
              ${(time / 1_000_000).toFixed(3)} s
            </button>
            ${text}
          </li>`,
      )}
    </ol>
  </details>`;
}

/** Captions that were spoken and lines that were played, in order of time. */
function happened(host: Host): { time: number; text: string }[] {
  const view = host.view;
  if (view === undefined) return [];
  const texts = view.text.split("\n");
  const lines = view.lines.flatMap((line, k) => {
    if (line.at === undefined || line.state !== "played") return [];
    const action = (texts[k] ?? "").replace(/^\s*at\s+\S+\s+/, "");
    if (action.startsWith("say ")) return [];
    const whom =
      line.resolved === "" || action.includes(line.resolved) ? "" : ` (${line.resolved})`;
    return [{ time: line.at, text: `${action}${whom}` }];
  });
  const spoken = view.beats.spoken.map(({ time, text }) => ({ time, text }));
  return [...lines, ...spoken].toSorted((a, b) => a.time - b.time);
}
