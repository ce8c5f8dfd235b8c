// Menus of nodes, links, messages and the network, and the catalogue: one list, opened at a
// place, closed by Escape or a press elsewhere. What is asked for less often stands a step
// further. On a phone it is a sheet at the bottom.

import { html, nothing } from "lit";
import type { TemplateResult } from "lit";
import type { Choice } from "./interface.js";
import type { Entry, Host, MenuState } from "./host.js";
import { aboutFault, briefly } from "./notes.js";

/** An entry for a choice of the run. */
function choiceEntry(host: Host, choice: Choice): Entry {
  const own = choice.action.startsWith("!");
  return {
    label: choice.label,
    note: own ? "" : choice.action,
    ghost: own ? "" : choice.action,
    about: host.phone ? briefly(host, choice) : aboutFault(host, choice),
    warns: choice.beyond !== "",
    run: () => host.perform(choice.action),
  };
}

/** Entries for choices of the run: the first step, then one for each further step. */
export function choiceEntries(host: Host, choices: readonly Choice[]): Entry[] {
  const entries: Entry[] = [];
  for (const group of new Set(choices.map((choice) => choice.group))) {
    const own = choices
      .filter((choice) => choice.group === group)
      .map((choice) => choiceEntry(host, choice));
    if (group === "") entries.unshift(...own);
    else entries.push({ label: group, note: "", ghost: "", steps: own, run: () => {} });
  }
  return entries;
}

/** The same without steps, each named by what it is for: for the palette. */
export function flatEntries(host: Host, choices: readonly Choice[], subject: string): Entry[] {
  return choices.map((choice) => {
    const entry = choiceEntry(host, choice);
    return { ...entry, label: `${subject}: ${entry.label}`, ghost: "" };
  });
}

/** The open menu, over everything. */
export function menuTemplate(host: Host, menu: MenuState): TemplateResult {
  const told = menu.entries.some(({ about }) => about !== undefined && about !== "");
  return html`<div class="veil" @pointerdown=${() => host.overlays.closeMenu()}></div>
    <div
      class="menu ${menu.kind === "catalogue" ? "list" : ""}"
      role="menu"
      tabindex="-1"
      aria-label=${menu.title}
      @keydown=${(event: KeyboardEvent) => onKey(host, event, menu)}
    >
      <div class="menu-title" aria-hidden="true">${menu.title}</div>
      ${
        menu.about === undefined || menu.about === ""
          ? nothing
          : html`<p class="menu-now" role="presentation">${menu.about}</p>`
      }
      ${menu.entries.map((entry) => entryTemplate(host, entry))}
      ${told ? html`<p class="menu-about" aria-hidden="true"></p>` : nothing}
    </div>`;
}

function entryTemplate(host: Host, entry: Entry): TemplateResult {
  const about = entry.about ?? "";
  return html`${
      entry.heading === undefined
        ? nothing
        : html`<div class="menu-heading" role="presentation">${entry.heading}</div>`
    }<button
      role="menuitem"
      tabindex="-1"
      aria-haspopup=${entry.steps === undefined ? nothing : "menu"}
      aria-description=${about === "" ? nothing : about}
      @pointerenter=${(event: Event) => preview(host, entry, event)}
      @focus=${(event: Event) => preview(host, entry, event)}
      @pointerleave=${() => host.hideGhost()}
      @click=${() => choose(host, entry)}
    >
      <span class="label"
        >${entry.label}${
          entry.warns ? html` <span class="beyond">not tolerated</span>` : nothing
        }</span
      ><span class="note">${entry.steps === undefined ? entry.note : "›"}</span>
      ${host.phone && about !== "" ? html`<span class="entry-about">${about}</span>` : nothing}
    </button>`;
}

function choose(host: Host, entry: Entry): void {
  if (entry.steps !== undefined) {
    host.overlays.openStep(entry);
    return;
  }
  host.overlays.closeMenu();
  entry.run();
}

/** Puts the menu beside its place without leaving the window, and focuses its first entry. */
export function placeMenu(root: ShadowRoot, menu: MenuState, phone: boolean): void {
  const element = root.querySelector<HTMLElement>(".menu");
  if (element === null) return;
  if (!phone) {
    const { width, height } = element.getBoundingClientRect();
    const x = Math.max(8, Math.min(menu.x, window.innerWidth - width - 8));
    const below = menu.y + height + 8 <= window.innerHeight;
    const y = below ? menu.y : Math.max(8, window.innerHeight - height - 8);
    element.style.left = `${x}px`;
    element.style.top = `${y}px`;
  }
  const all = items(element);
  const from = all.find((item) => item.textContent?.trim().startsWith(menu.focus ?? "\n"));
  (from ?? all[0])?.focus({ preventScroll: true });
}

/** Shows the line that an entry would write, and what the fault models. */
function preview(host: Host, entry: Entry, event: Event): void {
  if (entry.ghost === "") host.hideGhost();
  else host.showGhost(entry.ghost, "press Enter");
  const item = event.currentTarget;
  const about = item instanceof Element ? item.parentElement?.querySelector(".menu-about") : null;
  if (about) about.textContent = entry.about ?? "";
}

function items(menu: Element): HTMLElement[] {
  return [...menu.querySelectorAll<HTMLElement>("[role=menuitem]")];
}

function onKey(host: Host, event: KeyboardEvent, menu: MenuState): void {
  const element = event.currentTarget;
  if (!(element instanceof Element)) return;
  const all = items(element);
  const at = all.findIndex((item) => item.matches(":focus"));
  const to = (k: number): void => all[(k + all.length) % all.length]?.focus();
  switch (event.key) {
    case "ArrowDown":
      to(at + 1);
      break;
    case "ArrowUp":
      to(at - 1);
      break;
    case "ArrowRight": {
      // The way into a step and out again, as menus have it everywhere.
      const entry = menu.entries[at];
      if (entry?.steps !== undefined) host.overlays.openStep(entry);
      break;
    }
    case "ArrowLeft":
      if (menu.back !== undefined) host.overlays.openMenu(menu.back);
      break;
    case "Home":
      to(0);
      break;
    case "End":
      to(-1);
      break;
    case "Escape":
      if (menu.back === undefined) host.overlays.closeMenu();
      else host.overlays.openMenu(menu.back);
      break;
    case "Tab":
      host.overlays.closeMenu();
      break;
    case "Enter":
    case " ":
      event.stopPropagation();
      return;
    default:
      if (/^[a-z]$/i.test(event.key)) {
        const letter = event.key.toLowerCase();
        const match = [...all.slice(at + 1), ...all].find((item) =>
          item.textContent?.trim().toLowerCase().startsWith(letter),
        );
        match?.focus();
        event.stopPropagation();
      }
      return;
  }
  event.preventDefault();
  event.stopPropagation();
}
