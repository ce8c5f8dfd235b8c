// Beside the picture of a history: the operation at hand, where the orders end and why, the keys,
// what was assumed, and everything once more as a list. Templates only.

import { html, nothing } from "lit";
import type { TemplateResult } from "lit";
import { countText } from "../player/format.js";
import * as icons from "../player/icons.js";
import type { Look, Order, Picture } from "./interface.js";
import { Fate, NONE } from "./rows.js";
import type { Rows } from "./rows.js";
import { keysInOrder } from "./scene.js";
import { capital, counted, placeText, refusalOf, sentence, timeText } from "./words.js";

/** Keys, faults, and operations on one page of their lists. */
const KEYS_SHOWN = 200;
const FAULTS_SHOWN = 60;
const LIST_PAGE = 100;
/** Lines of an explanation. */
const REASONS_SHOWN = 40;

/** What the panel shows and whom it tells. */
export interface PanelHost {
  readonly picture: Picture;
  readonly rows: Rows;
  /** The operation at hand, or `NONE`. */
  readonly row: number;
  readonly pinned: boolean;
  readonly look: Look | undefined;
  readonly key: number | undefined;
  /** Which of the orders that end at the violation is shown. */
  readonly order: number;
  /** The rows of the shown key in the shown order. */
  readonly taken: ArrayLike<number>;
  readonly listOpen: boolean;
  /** It is the history of the run on stage. */
  readonly ofRun: boolean;
  readonly page: number;
  choose(row: number): void;
  chooseKey(key: number | undefined): void;
  chooseOrder(order: number): void;
  openList(open: boolean): void;
  turn(page: number): void;
  /** Shows the run, and in it the messages of the call of this time, virtual µs. */
  toRun(timeUs: number): void;
}

export function panelTemplate(host: PanelHost): TemplateResult {
  return html`${operationTemplate(host)}${whyTemplate(host)}${keysTemplate(host)}
  ${faultsTemplate(host)}${assumedTemplate(host)}${listTemplate(host)}`;
}

function operationTemplate(host: PanelHost): TemplateResult {
  const { picture, rows, row, look } = host;
  if (row === NONE)
    return html`<section class="part operation">
      <h3>An operation</h3>
      <p class="dim">
        Point at a bar, or walk with the arrow keys: here stands what it did, its place in the
        order, and the state before and after it.
      </p>
    </section>`;
  const refusal = refusalOf(picture.bad, host.order, row);
  const first = picture.bad?.operation === row;
  return html`<section class="part operation">
    <h3 class="mono">${look?.asked ?? rows.label(row)}</h3>
    <dl class="fields">
      <dt>Result</dt>
      <dd class="mono">${resultText(host)}</dd>
      ${field("Process", picture.processes[rows.process[row] ?? 0])}
      ${field("Source", placeText(picture, rows, row))}
      ${field("Called", timeText(rows.time[row]))}${field("Before", look?.before)}${field("After", look?.after)}
      ${look?.place ? field("Place", `${look.place} of ${look.order.length}`) : nothing}
    </dl>
    ${
      first
        ? html`<p class="red">
            ${icons.octagon}<span>The first result that no order explains.</span>
          </p>`
        : nothing
    }
    ${refusal === undefined ? nothing : html`<p class="red"><span>${sentence(refusal)}</span></p>`}
    ${
      host.ofRun
        ? html`<div>
            <button class="button" @click=${() => host.toRun(rows.time[row] ?? 0)}>
              Show its messages in the run
            </button>
          </div>`
        : nothing
    }
    ${
      look?.place === null && refusal === undefined
        ? html`<p class="dim">No order that is known takes it.</p>`
        : nothing
    }
  </section>`;
}

function resultText({ rows, row, look }: PanelHost): string {
  const fate = rows.fate[row];
  if (fate === Fate.Failed) return "failed: taken for not having happened";
  if (fate === Fate.Open) return "never returned";
  return look?.answered ?? "returned";
}

function field(name: string, value: string | null | undefined): TemplateResult | typeof nothing {
  if (value === null || value === undefined) return nothing;
  return html`<dt>${name}</dt>
    <dd class="mono">${value}</dd>`;
}

function whyTemplate(host: PanelHost): TemplateResult | typeof nothing {
  const { bad, report } = host.picture;
  const order = bad?.orders[host.order];
  if (bad === null || order === undefined) return reasonsTemplate(report.explanation);
  return html`<section class="part why" aria-label="Why">
    <h3>Why no order goes further</h3>
    ${
      bad.orders.length > 1
        ? html`<div class="views" role="group" aria-label="Orders that come furthest">
            ${bad.orders.map(
              (_, k) =>
                html`<button
                  aria-pressed=${k === host.order}
                  aria-label="Order ${k + 1}"
                  @click=${() => host.chooseOrder(k)}
                >
                  ${k + 1}
                </button>`,
            )}
          </div>`
        : nothing
    }
    ${stepsTemplate(host, order)}
    <p>${order.refused.length === 0 ? nothing : "What could come next is refused:"}</p>
    <ul class="steps">
      ${order.refused.map(
        ({ operation, reason }) =>
          html`<li class="red">
            <button class="link" @click=${() => host.choose(operation)}>
              <span aria-hidden="true">×</span><span>${sentence(reason)}</span>
            </button>
          </li>`,
      )}
    </ul>
  </section>`;
}

/** Why, where no order has a say: of transactions, or of what was counted. */
function reasonsTemplate(lines: readonly string[]): TemplateResult | typeof nothing {
  if (lines.length === 0) return nothing;
  return html`<section class="part why" aria-label="Why">
    <h3>Why</h3>
    ${lines.slice(0, REASONS_SHOWN).map((line) => html`<p>${sentence(capital(line))}</p>`)}
    ${
      lines.length > REASONS_SHOWN
        ? html`<p class="dim">and ${countText(lines.length - REASONS_SHOWN)} more reasons.</p>`
        : nothing
    }
  </section>`;
}

function stepsTemplate(host: PanelHost, order: Order): TemplateResult {
  const before = order.operations.length - order.last.length;
  const agreed = host.picture.bad?.agreed ?? 0;
  return html`<p class="dim">
      ${
        before > 0
          ? html`After ${counted(before, "operation")} it holds
              <span class="mono">${order.before}</span>.`
          : html`At first it holds <span class="mono">${order.before}</span>.`
      }
      ${
        agreed > 0
          ? html`Every order begins with the same ${counted(agreed, "operation")}, drawn pale.`
          : nothing
      }
    </p>
    <ol class="steps" start=${before + 1}>
      ${order.last.map(
        ({ operation, state }, k) =>
          html`<li value=${before + k + 1} class=${before + k < agreed ? "past" : ""}>
            <button class="link" @click=${() => host.choose(operation)}>
              <span class="number mono">${before + k + 1}</span
              ><span class="mono">${host.rows.label(operation)}</span>${
                state === (order.last[k - 1]?.state ?? order.before)
                  ? nothing
                  : html`<span class="mono dim state">${state}</span>`
              }
            </button>
          </li>`,
      )}
    </ol>`;
}

const MARKS = { violated: icons.octagon, holds: icons.tick, undecided: icons.unknown } as const;
const VERDICTS = {
  violated: "no order explains it",
  holds: "an order explains it",
  undecided: "not decided",
} as const;

function keysTemplate(host: PanelHost): TemplateResult | typeof nothing {
  const { keys } = host.picture;
  if (keys.length < 2) return nothing;
  const inOrder = keysInOrder(host.picture);
  return html`<section class="part" aria-label="Keys">
    <h3>${counted(keys.length, "key")}</h3>
    <ul class="key-list">
      <li>
        <button aria-pressed=${host.key === undefined} @click=${() => host.chooseKey(undefined)}>
          <span></span><span>All</span><span></span>
        </button>
      </li>
      ${inOrder.slice(0, KEYS_SHOWN).map((key) => {
        const { name, verdict, operations } = keys[key] ?? {
          name: "",
          verdict: "undecided" as const,
          operations: 0,
        };
        return html`<li>
          <button aria-pressed=${host.key === key} @click=${() => host.chooseKey(key)}>
            ${MARKS[verdict]}<span class="mono">${name}</span
            ><span class="dim"
              >${countText(operations)}<span class="unseen">
                operations, ${VERDICTS[verdict]}</span
              ></span
            >
          </button>
        </li>`;
      })}
    </ul>
    ${
      keys.length > KEYS_SHOWN
        ? html`<p class="dim">
            and ${countText(keys.length - KEYS_SHOWN)} more, all below in the picture.
          </p>`
        : nothing
    }
  </section>`;
}

function assumedTemplate({ picture }: PanelHost): TemplateResult {
  const { assumed, operations, steps } = picture.report;
  return html`<section class="part">
    <h3>Assumed</h3>
    <ul class="assumed">
      ${assumed.map((phrase) => html`<li>${sentence(capital(phrase))}</li>`)}
      <li>What returns as another is called is concurrent with it.</li>
    </ul>
    <p class="dim">
      ${counted(operations, "operation")} judged, ${counted(steps, "step")}. Nothing leaves the
      browser.
    </p>
  </section>`;
}

/** What befell the system, in words. */
function faultsTemplate({ picture: { faults } }: PanelHost): TemplateResult | typeof nothing {
  if (faults.length === 0) return nothing;
  return html`<section class="part" aria-label="Faults">
    <h3>${counted(faults.length, "fault")}</h3>
    <ul class="assumed">
      ${faults
        .slice(0, FAULTS_SHOWN)
        .map(
          ({ name, from, to }) =>
            html`<li>
              <span class="mono">${name}</span>, after ${countText(from)} calls and returns,
              ${to === null ? "for good" : `until after ${countText(to)}`}
            </li>`,
        )}
    </ul>
  </section>`;
}

/** Every operation of the shown key: in the order if there is one, then what is not in it. */
function listTemplate(host: PanelHost): TemplateResult {
  const listed = host.listOpen ? listedRows(host) : [];
  const pages = Math.max(1, Math.ceil(listed.length / LIST_PAGE));
  const page = Math.min(host.page, pages - 1);
  const from = page * LIST_PAGE;
  return html`<details
    class="part list"
    .open=${host.listOpen}
    @toggle=${(event: Event) => {
      if (event.target instanceof HTMLDetailsElement) host.openList(event.target.open);
    }}
  >
    <summary><h3>Everything as a list</h3></summary>
    <ol start=${from + 1}>
      ${listed.slice(from, from + LIST_PAGE).map(
        ({ row, number }) =>
          html`<li>
            <button class="link" @click=${() => host.choose(row)}>
              ${listedText(host, row, number)}
            </button>
          </li>`,
      )}
    </ol>
    ${
      pages > 1
        ? html`<div class="pages">
            <button class="button" ?disabled=${page === 0} @click=${() => host.turn(page - 1)}>
              Earlier
            </button>
            <span>Page ${countText(page + 1)} of ${countText(pages)}</span>
            <button
              class="button"
              ?disabled=${page === pages - 1}
              @click=${() => host.turn(page + 1)}
            >
              Later
            </button>
          </div>`
        : nothing
    }
  </details>`;
}

interface Listed {
  readonly row: number;
  /** Its place in the order, or 0. */
  readonly number: number;
}

function listedRows({ rows, key, taken }: PanelHost): Listed[] {
  const listed = Array.from(taken, (row, k) => ({ row, number: k + 1 }));
  const seen = new Set(Array.from(taken));
  for (let row = 0; row < rows.length; row++) {
    if (key !== undefined && rows.key[row] !== key) continue;
    if (!seen.has(row)) listed.push({ row, number: 0 });
  }
  return listed;
}

function listedText(host: PanelHost, row: number, number: number): string {
  const { picture, rows } = host;
  const process = picture.processes[rows.process[row] ?? 0] ?? "";
  const refusal = refusalOf(picture.bad, host.order, row);
  const place = number > 0 ? `number ${number} in the order` : "not in the order";
  const first = picture.bad?.operation === row ? "the first result that no order explains" : "";
  return [
    `${rows.label(row)}, process ${process}, ${placeText(picture, rows, row)}`,
    refusal ?? place,
    first,
  ]
    .filter((part) => part !== "")
    .join("; ");
}
