// Every command of the player by name, for the palette: whatever a pointer can do, a word can.

import { html } from "lit";
import type { TemplateResult } from "lit";
import { neighbourPace } from "./format.js";
import type { Entry, Host } from "./host.js";
import type { Choice, Engine } from "./interface.js";
import { flatEntries } from "./menus.js";
import { EXPORTS, saveExport } from "./saving.js";
import { otherView } from "./views.js";

const SHOWN = 12;

/** What has been typed into the palette, and which entry is chosen. */
export class Palette {
  query = "";
  chosen = 0;

  reset(): void {
    this.query = "";
    this.chosen = 0;
  }
}

function own(label: string, note: string, run: () => void): Entry {
  return { label, note, ghost: "", run };
}

function historyEntries(host: Host): Entry[] {
  const elsewhere = own("Check a history from a file…", "", () => host.checkHistory("elsewhere"));
  if (host.session?.recorded) return [elsewhere];
  return [elsewhere, own("Show what the clients saw", "", () => host.checkHistory("clients"))];
}

/** All commands that make sense now. */
export function paletteEntries(host: Host): Entry[] {
  const clock = host.clock;
  const entries: Entry[] = (host.view?.actions ?? []).map(({ label, action, key }) => ({
    label,
    note: action.startsWith("!") ? key : action,
    ghost: "",
    run: () => host.perform(action),
  }));
  entries.push(
    own(clock?.playing ? "Pause" : "Play", "Space", () => host.togglePlay()),
    own("One event on", ".", () => host.step()),
    own("One event back", ",", () => host.stepBack()),
    own("Next fault or caption", "Shift + →", () => host.seekFlag(1)),
    own("Previous fault or caption", "Shift + ←", () => host.seekFlag(-1)),
    own("Slower", "[", () => host.setPace(neighbourPace(clock?.paceUs ?? 0, -1))),
    own("Faster", "]", () => host.setPace(neighbourPace(clock?.paceUs ?? 0, 1))),
    own("Cut the network in two", "X", () => host.overlays.openDialog("partition")),
    own("Let chaos in", "", () => host.overlays.openDialog("chaos")),
    own("Find a seed that breaks this", "", () => host.overlays.openDialog("explore")),
    own("Clients: send a command, see answers", "K", () => host.overlays.openDialog("clients")),
    own("Messages in flight", "M", () => host.overlays.openDialog("messages")),
    own("What the signs mean", "", () => host.overlays.openDialog("signs")),
    own(`View: ${otherView(host).name}`, "V", () => host.show(otherView(host).mode)),
    own("Edit the text", "T", () => host.perform("!text")),
    own("Undo the last change of the text", "Ctrl + Z", () => host.undo()),
    own("Same faults, other protocol: switch, compare", "", () =>
      host.overlays.openDialog("protocols"),
    ),
    own("Another seed", "", () => host.anotherSeed()),
    own(
      host.fork.open ? "Close the fork" : "Fork here: keep this run beside what you do next",
      "D",
      () => host.perform("!fork"),
    ),
    own("Self-test: is it the same run each time?", "", () =>
      host.overlays.openDialog("self-test"),
    ),
    own("Share this run", "", () => host.overlays.openDialog("share")),
    ...(host.session?.recorded
      ? []
      : EXPORTS.map(({ form, label, extension }) =>
          own(label, `.${extension}`, () => saveExport(host, form, extension)),
        )),
    own("Choose another run", "", () => host.openCatalogue()),
    own("Open a recording or a text from a file…", "", () => host.chooseRecording()),
    ...(host.lab ? historyEntries(host) : []),
    own("Light, dark or the system's theme", "", () => host.cycleTheme()),
    own("Keys", "?", () => host.overlays.openDialog("help")),
  );
  const ask = (of: (engine: Engine) => Choice[]): Choice[] => host.session?.ask(of) ?? [];
  const network = ask((engine) => engine.network_menu());
  entries.push(...flatEntries(host, network, "The network"));
  for (const node of host.stage?.names ?? [])
    entries.push(...flatEntries(host, host.session?.menu(node) ?? [], node));
  for (const { a, b } of host.stage?.picture?.links ?? []) {
    const choices = ask((engine) => engine.link_menu(a, b));
    entries.push(...flatEntries(host, choices, `${a} – ${b}`));
  }
  return entries;
}

/** Entries that have all words of a query; those that begin with it first. */
export function filterEntries(entries: readonly Entry[], query: string): Entry[] {
  const words = query
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== "");
  const found = entries.filter(({ label, note }) => {
    const text = `${label} ${note}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
  const first = words[0] ?? "";
  const begins = ({ label }: Entry): number => Number(label.toLowerCase().startsWith(first));
  return found.toSorted((a, b) => begins(b) - begins(a));
}

/** Field and list of the palette. */
export function paletteTemplate(
  host: Host,
  palette: Palette,
  entries: readonly Entry[],
): TemplateResult {
  const found = filterEntries(entries, palette.query).slice(0, SHOWN);
  const chosen = Math.min(palette.chosen, Math.max(0, found.length - 1));
  const run = (entry: Entry | undefined): void => {
    if (entry === undefined) return;
    host.overlays.closeDialog();
    entry.run();
  };
  const onKey = (event: KeyboardEvent): void => {
    const move = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (event.key === "Enter") run(found[chosen]);
    else if (move === 0) return;
    else palette.chosen = (chosen + move + found.length) % Math.max(1, found.length);
    event.preventDefault();
    host.requestUpdate();
  };
  return html`<input
      class="palette-field"
      role="combobox"
      aria-expanded="true"
      aria-controls="palette-list"
      aria-activedescendant=${found.length > 0 ? `palette-${chosen}` : ""}
      aria-label="Command"
      placeholder="crash n2, cut, slower …"
      autocomplete="off"
      spellcheck="false"
      .value=${palette.query}
      @input=${(event: Event) => {
        if (event.target instanceof HTMLInputElement) palette.query = event.target.value;
        palette.chosen = 0;
        host.requestUpdate();
      }}
      @keydown=${onKey}
    />
    <div id="palette-list" class="choices" role="listbox" aria-label="Commands">
      ${found.map(
        (entry, k) =>
          html`<div
            id="palette-${k}"
            role="option"
            class="choice"
            aria-selected=${k === chosen}
            @click=${() => run(entry)}
          >
            <span
              >${entry.label}${
                entry.warns ? html` <span class="beyond">not tolerated</span>` : ""
              }</span
            ><span class="dim mono">${entry.note}</span>
          </div>`,
      )}
    </div>
    <p class="dim" aria-live="polite">${found[chosen]?.about ?? ""}</p>
    ${found.length === 0 ? html`<p>No command has these words.</p>` : ""}`;
}
