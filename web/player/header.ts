// The lab's header: mark, title of the run with the catalogue behind it, what it is made of,
// share, theme, help. On a phone the rest stands behind "⋯".

import { html } from "lit";
import type { TemplateResult } from "lit";
import type { Entry, Host } from "./host.js";
import * as icons from "./icons.js";
import { WATCHED } from "./recording.js";
import { otherView, viewSwitch } from "./views.js";

const OTHER_PROTOCOL = "Same faults, other protocol";

export function headerTemplate(host: Host): TemplateResult {
  const description = host.view?.description;
  const title = description?.title ?? "";
  const recorded = host.session?.recorded ?? false;
  return html`<header class="head">
    <a class="brand" href="./" aria-label="Happens-Before, first page"
      >${icons.mark}<span>Happens-Before</span></a
    >
    <h1>
      <button
        class="title"
        aria-haspopup="menu"
        aria-label="${title === "" ? "A run" : title}: choose another run"
        @click=${() => host.openCatalogue()}
      >
        <span>${title === "" ? "A run" : title}</span>${icons.chevron}
      </button>
    </h1>
    <p class="made-of">
      ${madeOf(host)}
      <button
        class="icon-button tiny"
        title=${recorded ? WATCHED : "Another seed"}
        aria-label="Another seed"
        ?disabled=${description === undefined || recorded}
        @click=${() => host.anotherSeed()}
      >
        ${icons.again}
      </button>
    </p>
    <div class="head-tools">
      ${viewSwitch(host)}
      <button
        class="button share"
        aria-label="Share this run"
        title=${recorded ? "A recorded run is a file: send that." : ""}
        ?disabled=${description === undefined || recorded}
        @click=${() => host.overlays.openDialog("share")}
      >
        <span>Share</span><span class="wide-only">this run</span>
      </button>
      <button
        class="icon-button wide-only"
        aria-label="Theme: light, dark or the system's"
        title="Light or dark"
        @click=${() => host.cycleTheme()}
      >
        ${icons.theme}
      </button>
      <button
        class="icon-button wide-only help"
        aria-label="Keys and help"
        title="Keys"
        @click=${() => host.overlays.openDialog("help")}
      >
        ?
      </button>
      <button
        class="icon-button phone-only"
        aria-label="More"
        aria-haspopup="menu"
        @click=${(event: Event) => openMore(host, event)}
      >
        ${icons.more}
      </button>
    </div>
  </header>`;
}

/** "Raft · 5 nodes · seed 7": the protocol is a press away from another. */
function madeOf(host: Host): TemplateResult {
  const subtitle = host.view?.description.subtitle ?? "";
  const [protocol = "", ...rest] = subtitle.split(" · ");
  if (subtitle === "" || host.session?.recorded) return html`<span>${subtitle}</span>`;
  return html`<button
      class="plain protocol"
      title="${OTHER_PROTOCOL}"
      @click=${() => host.overlays.openDialog("protocols")}
    >
      ${protocol}</button
    ><span>· ${rest.join(" · ")}</span>`;
}

function entry(label: string, run: () => void): Entry {
  return { label, note: "", ghost: "", run };
}

function openMore(host: Host, event: Event): void {
  const other = otherView(host);
  const box =
    event.currentTarget instanceof Element
      ? event.currentTarget.getBoundingClientRect()
      : undefined;
  host.overlays.openMenu({
    title: host.view?.description.subtitle ?? "This run",
    kind: "actions",
    x: box?.left ?? 0,
    y: box?.bottom ?? 0,
    entries: [
      entry(`View: ${other.name}`, () => host.show(other.mode)),
      entry("Another seed", () => host.anotherSeed()),
      entry(OTHER_PROTOCOL, () => host.overlays.openDialog("protocols")),
      entry("The network: faults, chaos", () => host.overlays.openNetworkMenu()),
      entry("Clients: send a command", () => host.overlays.openDialog("clients")),
      entry("Open a recording…", () => host.chooseRecording()),
      entry("Check a history…", () => host.checkHistory("elsewhere")),
      entry("All commands", () => host.overlays.openDialog("palette")),
      entry("Light, dark or the system's", () => host.cycleTheme()),
      entry("What the signs mean", () => host.overlays.openDialog("signs")),
      entry("Keys", () => host.overlays.openDialog("help")),
    ],
  });
}
