// The same faults under other protocols: what each costs, side by side, and the press that gives
// this run another protocol. Fetched when it is first opened; knows no protocol by name.

import { html, nothing } from "lit";
import type { TemplateResult } from "lit";
import { guarded, loadWhole, Refused } from "./engine.js";
import { clockText, countText } from "./format.js";
import type { Host } from "./host.js";
import type { CheckView, Counts, Engine, Switched } from "./interface.js";

/** How far a text without an end is played at least, and any text at most: virtual µs. */
const LEAST_US = 2_000_000;
const MOST_US = 30_000_000;

/** One protocol's run of the same faults. */
interface Column {
  readonly name: string;
  readonly title: string;
  /** The text under it; nothing when it is the one that runs. */
  readonly switched: Switched | undefined;
  readonly counts: Counts;
  readonly checks: readonly CheckView[];
}

interface Row {
  readonly label: string;
  readonly value: (column: Column) => string;
}

const ROWS: readonly Row[] = [
  { label: "Answers to clients", value: ({ counts }) => countText(counts.answered) },
  { label: "Given up", value: ({ counts }) => countText(counts.given_up) },
  { label: "Messages between servers", value: ({ counts }) => countText(counts.messages) },
  { label: "… for each answer", value: ({ counts }) => perAnswer(counts.messages, counts) },
  { label: "Bytes between servers", value: ({ counts }) => bytesText(counts.bytes) },
  { label: "Message delays to an answer, median", value: ({ counts }) => String(counts.rounds) },
  { label: "Syncs of disks", value: ({ counts }) => countText(counts.syncs) },
  { label: "Syncs before an answer, median", value: ({ counts }) => String(counts.syncs_waited) },
  { label: "Wait for an answer, median", value: ({ counts }) => milliseconds(counts.wait) },
  { label: "… at worst", value: ({ counts }) => milliseconds(counts.wait_longest) },
  { label: "Nobody was answered for", value: ({ counts }) => milliseconds(counts.unavailable) },
  { label: "Leaders", value: ({ counts }) => countText(counts.leaders) },
  { label: "Checks", value: ({ checks }) => verdict(checks) },
];

/** The comparison of one run, made when its dialog opens. */
export class Protocols {
  #columns: Column[] = [];
  #untilUs = 0;
  #over = false;
  #stopped = false;

  /** Nobody waits for it any more. */
  stop(): void {
    this.#stopped = true;
  }

  /** Plays the run under each protocol that serves the same clients. */
  async play(host: Host): Promise<void> {
    const { session } = host;
    if (session === undefined) return;
    const Whole = await loadWhole();
    const end = session.read((engine) => engine.end());
    const head = session.read((engine) => engine.head()) ?? 0;
    this.#untilUs = Math.min(MOST_US, end ?? Math.max(LEAST_US, head));
    const own = host.view?.description.protocol.name ?? "";
    const operations = session.ask(operationsOf) ?? "";
    for (const name of [own, ...Whole.protocols().filter((known) => known !== own)]) {
      // One at a time, and a frame between them: the page stays awake.
      await new Promise((resolve) => window.setTimeout(resolve));
      if (this.#stopped) return;
      const switched =
        name === own ? undefined : trySwitch(() => session.ask((e) => e.switched(name)));
      if (name !== own && switched === undefined) continue;
      const column = guarded(() => {
        const engine = new Whole(switched?.text ?? session.text);
        if (operationsOf(engine) !== operations) return undefined;
        engine.seek(this.#untilUs);
        const title = engine.describe().protocol.title;
        const [counts, checks] = [engine.counts(), engine.checks()];
        engine.free();
        return { name, title, switched, counts, checks };
      });
      if (column) this.#columns.push(column);
      host.requestUpdate();
    }
    this.#over = true;
    host.requestUpdate();
  }

  template(host: Host): TemplateResult {
    const asides = this.#columns.some(({ switched }) => (switched?.aside.length ?? 0) > 0);
    return html`<p>
        The same clients, seed and faults, each played to ${clockText(this.#untilUs)}. What a switch
        writes is the text; Undo takes it back.
      </p>
      <div class="costs-box">
        <table class="costs">
          <thead>
            <tr>
              <td></td>
              ${this.#columns.map(({ title }) => html`<th scope="col">${title}</th>`)}
            </tr>
          </thead>
          <tbody>
            ${ROWS.map(
              ({ label, value }) =>
                html`<tr>
                  <th scope="row">${label}</th>
                  ${this.#columns.map((column) => html`<td>${value(column)}</td>`)}
                </tr>`,
            )}
            <tr>
              <td></td>
              ${this.#columns.map((column) => html`<td>${switchButton(host, column)}</td>`)}
            </tr>
          </tbody>
        </table>
      </div>
      <p class="dim" role="status">
        ${
          this.#over
            ? asides
              ? "Lines that only one protocol understands, and captions, become comments. Switching back makes them lines again."
              : nothing
            : "Playing the others…"
        }
      </p>`;
  }
}

function switchButton(host: Host, { title, switched }: Column): TemplateResult {
  if (switched === undefined) return html`<span class="dim">this run</span>`;
  const choose = (): void => {
    host.overlays.closeDialog();
    host.editText(switched.text);
    const aside = switched.aside.length;
    const lines = aside === 1 ? "One line stands" : `${aside} lines stand`;
    host.say(aside === 0 ? `Now ${title}.` : `Now ${title}. ${lines} aside as comments.`, true);
  };
  return html`<button class="button" aria-label="Switch to ${title}" @click=${choose}>
    Switch
  </button>`;
}

/** Names of the operations that its clients can ask for. */
function operationsOf(engine: Engine): string {
  return engine
    .declaration()
    .operations.map(({ name }) => name)
    .join(" ");
}

function trySwitch<T>(call: () => T): T | undefined {
  try {
    return call();
  } catch (error: unknown) {
    if (error instanceof Refused) return undefined;
    throw error;
  }
}

function perAnswer(count: number, { answered }: Counts): string {
  return answered === 0 ? "–" : (count / answered).toFixed(1);
}

function bytesText(bytes: number): string {
  return bytes < 10_000 ? countText(bytes) : `${countText(Math.round(bytes / 1000))} kB`;
}

function milliseconds(us: number): string {
  return `${countText(Math.round(us / 1000))} ms`;
}

function verdict(checks: readonly CheckView[]): string {
  const violated = checks.filter(({ state }) => state === "violated").length;
  return violated === 0 ? "✓ all hold" : `× ${violated} violated`;
}
