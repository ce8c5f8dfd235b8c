// The dialogs: help, all commands, share, clients, a node's knowledge, why a check is
// violated, the two sides of a partition, links and messages by name. One is open at a time;
// the clock holds meanwhile.

import { html, nothing } from "lit";
import type { TemplateResult } from "lit";
import type { ChaosForm } from "./chaos.js";
import { showsHistory } from "./checks.js";
import { clientsTemplate } from "./clients.js";
import { paletteEntries, paletteTemplate } from "./commands.js";
import type { Palette } from "./commands.js";
import { messageName, spanText } from "./format.js";
import type { Exploration } from "./explore.js";
import type { DialogKind, Host } from "./host.js";
import * as icons from "./icons.js";
import type { SideList } from "./partition.js";
import type { Protocols } from "./protocols.js";
import { saveRun } from "./saving.js";
import type { SelfTest } from "./self-test.js";

/** The dialog that is open. */
export interface DialogState {
  readonly kind: DialogKind;
  readonly subject: string;
  /** Link of the run, once it has been made. */
  link: string;
  /** Why there is no link. */
  problem: string;
}

/** What dialogs keep between two updates. */
export interface DialogParts {
  readonly sides: SideList;
  readonly palette: Palette;
  readonly chaos: ChaosForm;
  /** Its code is fetched when it is first opened. */
  readonly exploration: Exploration | undefined;
  readonly protocols: Protocols | undefined;
  readonly selfTest: SelfTest;
}

const TITLES: Record<DialogKind, string> = {
  help: "Keys",
  signs: "What the signs mean",
  protocols: "Same faults, other protocol",
  palette: "All commands",
  share: "Share this run",
  clients: "Clients",
  inspect: "What it knows",
  why: "Why?",
  partition: "Cut the network in two",
  links: "Links",
  messages: "Messages in flight",
  chaos: "Let chaos in",
  explore: "Find a seed that breaks this",
  "self-test": "Self-test",
  differs: "Another run than the link’s",
};

/** The open dialog; the element shows it as modal. */
export function dialogTemplate(
  host: Host,
  dialog: DialogState,
  parts: DialogParts,
): TemplateResult {
  const title = dialog.kind === "inspect" ? `What ${dialog.subject} knows` : TITLES[dialog.kind];
  return html`<dialog
    class=${dialog.kind}
    aria-labelledby="dialog-title"
    @cancel=${(event: Event) => {
      event.preventDefault();
      host.overlays.closeDialog();
    }}
    @click=${(event: Event) => {
      if (event.target === event.currentTarget) host.overlays.closeDialog();
    }}
  >
    <div class="dialog-body">
      <div class="dialog-head">
        <h2 id="dialog-title">${title}</h2>
        <button
          class="icon-button quiet"
          aria-label="Close"
          @click=${() => host.overlays.closeDialog()}
        >
          ${icons.close}
        </button>
      </div>
      ${BODIES[dialog.kind](host, dialog, parts)}
    </div>
  </dialog>`;
}

type Body = (host: Host, dialog: DialogState, parts: DialogParts) => TemplateResult;

const BODIES: Record<DialogKind, Body> = {
  help: (host) => helpTemplate(host),
  signs: (host) => signsTemplate(host),
  protocols: (host, _dialog, parts) => parts.protocols?.template(host) ?? html``,
  palette: (host, _dialog, parts) => paletteTemplate(host, parts.palette, paletteEntries(host)),
  share: (host, dialog) => shareTemplate(host, dialog),
  clients: (host, dialog) => clientsTemplate(host, dialog.subject),
  inspect: (host, dialog) => inspectTemplate(host, dialog.subject),
  why: (host) => whyTemplate(host),
  partition: (host, _dialog, parts) => parts.sides.template(host, serversOf(host)),
  links: (host) => linksTemplate(host),
  messages: (host) => messagesTemplate(host),
  chaos: (host, _dialog, parts) => parts.chaos.template(host),
  explore: (host, _dialog, parts) => parts.exploration?.template(host) ?? html``,
  "self-test": (_host, _dialog, parts) => parts.selfTest.template(),
  differs: (host, dialog) => differsTemplate(host, dialog),
};

/** Names of the servers, in order. */
export function serversOf(host: Host): string[] {
  const description = host.view?.description;
  return description?.nodes.slice(0, description.servers) ?? [];
}

const KEYS: readonly (readonly [string, string])[] = [
  ["Space", "play, pause"],
  [". ,", "one event on, one back"],
  ["→ ←", "one second of screen time on, back"],
  ["Shift + → ←", "next, previous fault or caption"],
  ["Home End", "start, as far as it was played"],
  ["[ ]", "slower, faster"],
  ["1 – 9", "menu of a node"],
  ["C R Z W", "the actions of the bar"],
  ["X", "cut the network in two"],
  ["H", "heal the network"],
  ["L", "links, by name"],
  ["M", "messages in flight, by name"],
  ["N", "the network: faults of all links, chaos"],
  ["K", "clients: send a command, see answers"],
  ["D", "fork: keep this run beside what you do next"],
  ["T", "edit the text"],
  ["V", "stage or space-time"],
  ["Y", "why a check is violated"],
  ["Ctrl or ⌘ + Z", "take the last change of the text back"],
  ["Ctrl or ⌘ + K", "all commands, by name"],
  ["?", "this list"],
];

function helpTemplate(host: Host): TemplateResult {
  return html`<p>Keys act only while the focus is in the player.</p>
    <dl class="keys">
      ${KEYS.map(
        ([keys, meaning]) =>
          html`<dt>${keys}</dt>
            <dd>${meaning}</dd>`,
      )}
    </dl>
    <label class="switch">
      <input
        type="checkbox"
        .checked=${host.keysOn}
        @change=${(event: Event) => {
          if (event.target instanceof HTMLInputElement) host.setKeys(event.target.checked);
        }}
      />
      Single-letter keys
    </label>
    <label class="switch">
      <input
        type="checkbox"
        .checked=${host.clock?.skipsQuiet ?? true}
        @change=${(event: Event) => {
          if (host.clock && event.target instanceof HTMLInputElement)
            host.clock.skipsQuiet = event.target.checked;
        }}
      />
      Pass quiet stretches faster
    </label>
    <div class="dialog-tools">
      <button class="button" @click=${() => host.overlays.openDialog("signs")}>
        What the signs mean
      </button>
      <button class="button" @click=${() => host.overlays.openDialog("self-test")}>
        Self-test: is it the same run each time?
      </button>
    </div>`;
}

/** The key of the stage, in words and as the core draws it. */
function signsTemplate(host: Host): TemplateResult {
  const key = host.session?.ask((engine) => engine.key());
  return html`<p>
      Colour is the term, ballot or epoch, and its number is printed as well. The shape of a message
      is its kind. The fill of a cell says how safe it is. The ring around a node runs out while it
      waits; whose ring is empty acts.
    </p>
    <svg
      class="hb-picture key-picture"
      viewBox="0 0 ${key?.width ?? 1} ${key?.height ?? 1}"
      aria-hidden="true"
      .innerHTML=${key?.svg ?? ""}
    ></svg>
    <p>
      Press a node, a message or a link for all that can happen to it. Each press becomes a line of
      the text; Undo takes it back.
    </p>`;
}

function shareTemplate(host: Host, dialog: DialogState): TemplateResult {
  if (dialog.problem !== "") {
    return html`<p role="alert">${dialog.problem}</p>
      <div class="dialog-tools">
        <button class="button filled" autofocus @click=${() => saveText(host)}>
          Save it as a file
        </button>
        <button class="button" @click=${() => host.overlays.closeDialog()}>Close</button>
      </div>`;
  }
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(dialog.link);
      host.overlays.closeDialog();
      host.say("The link is on the clipboard.");
    } catch {
      host.say("This browser did not let the page copy. Select the link instead.");
    }
  };
  return html`<p>
      The link opens exactly this run, paused at this moment. Nothing leaves the browser: the run is
      in the link itself.
    </p>
    <input
      class="link-field mono"
      autofocus
      aria-label="Link of this run"
      readonly
      .value=${dialog.link}
      @focus=${(event: Event) => {
        if (event.target instanceof HTMLInputElement) event.target.select();
      }}
    />
    <div class="dialog-tools">
      <button class="button filled" ?disabled=${dialog.link === ""} @click=${() => void copy()}>
        Copy the link
      </button>
      <button class="button" @click=${() => host.overlays.closeDialog()}>Close</button>
    </div>`;
}

/** The text as a file of the visitor's own. */
function saveText(host: Host): void {
  saveRun(host, host.session?.text ?? "", "hb");
  host.overlays.closeDialog();
}

/** The link's run is another here: its subject is what to say, and the instant up to which both
 * are the same. */
function differsTemplate(host: Host, dialog: DialogState): TemplateResult {
  const [words = "", sameUs = ""] = dialog.subject.split("|");
  const close = (): void => host.overlays.closeDialog();
  const showWhere = (): void => {
    close();
    host.seek(Number(sameUs));
  };
  return html`<p class="lead" role="alert">${words}</p>
    <div class="dialog-tools">
      <button
        class="button filled"
        autofocus
        @click=${() => {
          close();
          host.togglePlay();
        }}
      >
        Play it anyway
      </button>
      ${
        sameUs === ""
          ? nothing
          : html`<button class="button" @click=${showWhere}>Show where</button>`
      }
    </div>`;
}

function inspectTemplate(host: Host, node: string): TemplateResult {
  const inspection = host.session?.ask((engine) => engine.inspect(node));
  if (inspection === undefined) return html`<p>Nothing is known of ${node}.</p>`;
  return html`<dl class="fields">
    ${inspection.fields.map(
      ([name, value]) =>
        html`<dt>${name}</dt>
          <dd class="mono">${value}</dd>`,
    )}
  </dl>`;
}

function whyTemplate(host: Host): TemplateResult {
  const violation = host.view?.violation;
  if (violation === undefined) return html`<p>No check is violated at this moment.</p>`;
  const declaration = host.session?.ask((engine) => engine.declaration());
  const bug = declaration?.bugs.find((known) => known.name === violation.repair?.bug);
  const check = declaration?.checks.find((known) => known.plain === violation.check);
  const go = (timeUs: number): void => {
    host.overlays.closeDialog();
    host.seek(timeUs);
  };
  return html`<p class="lead">${violation.statement}</p>
    <p>${violation.cause}</p>
    <dl class="fields">
      <dt>Check</dt>
      <dd>
        ${violation.check}${check ? html` <span class="dim">${check.formal}</span>` : nothing}
      </dd>
      ${
        bug
          ? html`<dt>Rule that is off</dt>
              <dd>${bug.repair}. ${bug.about} <span class="dim">${bug.source}</span></dd>`
          : nothing
      }
    </dl>
    <div class="dialog-tools">
      ${
        violation.cause_time === undefined
          ? nothing
          : html`<button class="button filled" @click=${() => go(violation.cause_time ?? 0)}>
              Go to the first cause
            </button>`
      }
      <button class="button" @click=${() => go(violation.time)}>Go to the violation</button>
      ${
        check && showsHistory(host, check)
          ? html`<button class="button" @click=${() => showHistory(host)}>Show the history</button>`
          : nothing
      }
    </div>`;
}

function showHistory(host: Host): void {
  host.overlays.closeDialog();
  host.checkHistory("clients");
}

function linksTemplate(host: Host): TemplateResult {
  const links = host.stage?.picture?.links ?? [];
  return html`<ul class="choices">
    ${links.map(
      ({ a, b }) =>
        html`<li>
          <button
            class="choice"
            @click=${() => {
              host.overlays.closeDialog();
              host.overlays.openLinkMenu(a, b);
            }}
          >
            ${a} – ${b}
          </button>
        </li>`,
    )}
  </ul>`;
}

function messagesTemplate(host: Host): TemplateResult {
  const now = host.clock?.now ?? 0;
  const messages = host.stage?.messagesInFlight(now) ?? [];
  if (messages.length === 0) return html`<p>Nothing is in flight at this moment.</p>`;
  return html`<ul class="choices">
    ${messages.slice(0, 60).map((message) => {
      const name = host.session?.ask((engine) => engine.message_menu(message.id))?.[0];
      return html`<li>
        <button
          class="choice"
          @click=${() => {
            host.overlays.closeDialog();
            host.overlays.openMessageMenu(message.id);
          }}
        >
          <span class="mono">${name ? messageName(name.action) : message.id}</span>
          <span class="dim">${arrival(message.until - now)}</span>
        </button>
      </li>`;
    })}
  </ul>`;
}

function arrival(leftUs: number): string {
  return Number.isFinite(leftUs) && leftUs > 0
    ? `${spanText(Math.round(leftUs / 1000) * 1000)} to go`
    : "held";
}
