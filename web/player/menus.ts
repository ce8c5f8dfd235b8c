// Menus of nodes, links and messages, and the catalogue: one list, opened at a place, closed
// by Escape or a press elsewhere. On a phone it is a sheet at the bottom.

import { html, nothing } from "lit";
import type { TemplateResult } from "lit";
import type { ActionView } from "./interface.js";
import type { Entry, Host, MenuState } from "./host.js";

/** Entries for actions of the run. */
export function actionEntries(
  host: Host,
  actions: readonly ActionView[],
  subject: string,
): Entry[] {
  return actions.map((action) => {
    const own = action.action.startsWith("!");
    return {
      label: action.label,
      note: own ? "" : action.action,
      ghost: own ? "" : action.action,
      run: () => {
        if (action.action === "!inspect") host.overlays.openDialog("inspect", subject);
        else host.perform(action.action);
      },
    };
  });
}

/** The open menu, over everything. */
export function menuTemplate(host: Host, menu: MenuState): TemplateResult {
  const choose = (entry: Entry): void => {
    host.overlays.closeMenu();
    entry.run();
  };
  return html`<div class="veil" @pointerdown=${() => host.overlays.closeMenu()}></div>
    <div
      class="menu ${menu.kind === "catalogue" ? "list" : ""}"
      role="menu"
      tabindex="-1"
      aria-label=${menu.title}
      @keydown=${(event: KeyboardEvent) => onKey(host, event)}
    >
      <div class="menu-title" aria-hidden="true">${menu.title}</div>
      ${menu.entries.map(
        (entry) =>
          html`${
              entry.heading === undefined
                ? nothing
                : html`<div class="menu-heading" role="presentation">${entry.heading}</div>`
            }<button
              role="menuitem"
              tabindex="-1"
              @pointerenter=${() => preview(host, entry)}
              @focus=${() => preview(host, entry)}
              @pointerleave=${() => host.hideGhost()}
              @click=${() => choose(entry)}
            >
              <span class="label">${entry.label}</span><span class="note">${entry.note}</span>
            </button>`,
      )}
    </div>`;
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
  items(element)[0]?.focus({ preventScroll: true });
}

function preview(host: Host, entry: Entry): void {
  if (entry.ghost === "") host.hideGhost();
  else host.showGhost(entry.ghost, "press Enter");
}

function items(menu: Element): HTMLElement[] {
  return [...menu.querySelectorAll<HTMLElement>("[role=menuitem]")];
}

function onKey(host: Host, event: KeyboardEvent): void {
  const menu = event.currentTarget;
  if (!(menu instanceof Element)) return;
  const all = items(menu);
  const at = all.findIndex((item) => item.matches(":focus"));
  const to = (k: number): void => all[(k + all.length) % all.length]?.focus();
  switch (event.key) {
    case "ArrowDown":
      to(at + 1);
      break;
    case "ArrowUp":
      to(at - 1);
      break;
    case "Home":
      to(0);
      break;
    case "End":
      to(-1);
      break;
    case "Tab":
    case "Escape":
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
