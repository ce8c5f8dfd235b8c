// What the page says of a check, in sentences. Never touches the page.

import { clockText, countText } from "../player/format.js";
import type { Bad, Look, Picture, Progress, Report, Unreadable } from "./interface.js";
import { Fate } from "./rows.js";
import type { Rows } from "./rows.js";

/** Characters of a fact that can be said large. */
const LONGEST_FACT = 70;

/** What the picture looks like as a whole. */
export type Tone = "good" | "bad" | "unknown" | "none";

/** The verdict in big words, and what stands under it. */
export interface Verdict {
  readonly tone: Tone;
  readonly title: string;
  readonly under: string;
}

/** "1 operation", "12 operations". */
export function counted(count: number, noun: string): string {
  return `${countText(count)} ${noun}${count === 1 ? "" : "s"}`;
}

/** The end of a check; `stopped`: by hand, not by its budget. */
export function verdictOf(
  { heading, report, bad, unit, keys }: Picture,
  stopped: boolean,
): Verdict {
  const made = `${counted(report.operations, "operation")}${keys.length > 1 ? ` on ${counted(keys.length, "key")}` : ""}, ${counted(report.steps, "step")}.`;
  if (bad !== null) return violated(bad.sentence, report, unit);
  if (report.verdict === "violated")
    return { tone: "bad", title: capital(heading), under: sentence(capital(report.reason)) };
  if (report.verdict === "unknown") {
    const why = stopped ? "Stopped" : "The budget was spent";
    return {
      tone: "unknown",
      title: "Unknown: neither right nor wrong so far",
      under: `${why} after ${counted(report.steps, "step")}. No order was found that explains all results, and it is not known that there is none.`,
    };
  }
  if (report.nothing_to_check)
    return {
      tone: "none",
      title: "Nothing to check",
      under: "No result in this history says anything about the state: there are no reads.",
    };
  const shown = heading === "linearizable" ? ": the numbered line is one" : "";
  return {
    tone: "good",
    title: capital(heading === "ok" ? "all is well" : heading),
    under: `${capital(report.reason)}${shown}. ${made}`,
  };
}

/** "get(x) returned 1; every order … leaves 2": the fact is said large, the rest under it. */
function violated(reason: string, report: Report, unit: string): Verdict {
  const [fact = "", ...rest] = reason.split("; ");
  const at = `${unit} ${report.first_unexplained ?? 0}`;
  const short = fact.length <= LONGEST_FACT;
  const certain = report.first_is_certain
    ? ""
    : " Another key may go wrong earlier: the budget for explanations ran out.";
  return {
    tone: "bad",
    title: `Not linearizable: ${short ? fact : "a result is wrong"} at ${at}`,
    under: `${sentence(capital(short ? rest.join("; ") : reason))}${certain}`,
  };
}

/** How far a check is. */
export function progressText(progress: Progress | undefined): string {
  if (progress === undefined) return "Reading the file.";
  const { steps, decided, parts } = progress;
  const keys = parts > 1 ? `, ${countText(decided)} of ${counted(parts, "key")} explained` : "";
  return `${counted(steps, "step")}${keys}.`;
}

/** Why a file cannot be read, by its line. */
export function unreadableText(name: string, unreadable: Unreadable | undefined): string {
  return unreadable === undefined
    ? `${name} cannot be read`
    : `${name} cannot be read from line ${countText(unreadable.line)} on`;
}

/** With a full stop. */
export function sentence(text: string): string {
  return `${text}${/[.!?:]$/.test(text) ? "" : "."}`;
}

/** With a capital, but for the name of an operation. */
export function capital(text: string): string {
  return /^[a-z]+\(/.test(text) ? text : text.charAt(0).toUpperCase() + text.slice(1);
}

/** "line 8 to 9", "line 8, never returned". */
export function placeText({ unit }: Picture, rows: Rows, row: number): string {
  const [from, to] = [rows.callAt[row] ?? 0, rows.endAt[row] ?? 0];
  return rows.fate[row] === Fate.Open
    ? `${unit} ${from}, never returned`
    : `${unit} ${from} to ${to}`;
}

/** "1.234 s": when an operation was called, if its file says so. */
export function timeText(timeUs: number | undefined): string | undefined {
  return timeUs === undefined || Number.isNaN(timeUs) ? undefined : clockText(timeUs);
}

/** Why an operation is refused by the order that is shown. */
export function refusalOf(bad: Bad | null, order: number, row: number): string | undefined {
  return bad?.orders[order]?.refused.find(({ operation }) => operation === row)?.reason;
}

/** An operation in one sentence, for those who do not see the picture. */
export function spokenText(
  picture: Picture,
  rows: Rows,
  row: number,
  look: Look | undefined,
  refusal: string | undefined,
): string {
  const process = picture.processes[rows.process[row] ?? 0] ?? "";
  const parts = [`Process ${process}: ${rows.label(row)}`, placeText(picture, rows, row)];
  if (picture.bad?.operation === row) parts.push("the first result that no order explains");
  if (refusal !== undefined) parts.push(refusal);
  else if (look?.place)
    parts.push(`taken as number ${look.place}, before it ${look.before}, after it ${look.after}`);
  return `${parts.join("; ")}.`;
}
