// The menu or dialog that lies over the player: opening, closing, where the focus returns,
// and the clock that holds meanwhile. One of each at most.

import { html, nothing } from "lit";
import type { TemplateResult } from "lit";
import { ChaosForm } from "./chaos.js";
import { Palette } from "./commands.js";
import { dialogTemplate, serversOf } from "./dialogs.js";
import type { DialogState } from "./dialogs.js";
import { loadCatalogue } from "./catalogue.js";
import { engineVersion, loadWhole } from "./engine.js";
import type { Exploration } from "./explore.js";
import { messageName } from "./format.js";
import type { DialogKind, Entry, Host, MenuState, OverlayDoor, Place } from "./host.js";
import { choiceEntries, menuTemplate, placeMenu } from "./menus.js";
import { aboutNode } from "./notes.js";
import { SideList, sidesOf } from "./partition.js";
import { WATCHED } from "./recording.js";
import { digestsOnTheWay } from "./replay.js";
import { SelfTest } from "./self-test.js";
import type { Protocols } from "./protocols.js";
import type { Session } from "./session.js";
import { LONGEST_FRAGMENT, packFragment } from "./share.js";

/** Dialogs that would change a run, or give it away as a link. */
const CHANGING: readonly DialogKind[] = [
  "partition",
  "chaos",
  "explore",
  "share",
  "self-test",
  "protocols",
];
/** A run of more events is not played again for its link. */
const LONGEST_REPLAY = 100_000;
const NOWHERE = { x: 80, y: 120 };

/** Menus and dialogs of one player. */
export class Overlays implements OverlayDoor {
  readonly #host: Host;
  readonly #sides = new SideList();
  readonly #chaos = new ChaosForm();
  readonly #palette = new Palette();
  #exploration: Exploration | undefined;
  #protocols: Protocols | undefined;
  readonly #selfTest = new SelfTest();
  #menu: MenuState | undefined;
  #placed: MenuState | undefined;
  #dialog: DialogState | undefined;
  #returnFocus: Element | null = null;

  constructor(host: Host) {
    this.#host = host;
  }

  /** Whether something lies over the player. */
  get open(): boolean {
    return this.#menu !== undefined || this.#dialog !== undefined;
  }

  /** After the page has been rendered: places the menu, shows the dialog as modal. */
  rendered(root: ShadowRoot): void {
    if (this.#menu !== this.#placed) {
      this.#placed = this.#menu;
      if (this.#menu) placeMenu(root, this.#menu, this.#host.phone);
    }
    const dialog = root.querySelector("dialog");
    if (!dialog || dialog.open) return;
    dialog.showModal();
    dialog.querySelector<HTMLElement>(".palette-field")?.focus();
  }

  openMenu(menu: MenuState): void {
    this.#returnFocus ??= this.#host.root.activeElement;
    this.#host.clock?.hold("menu");
    this.#menu = menu;
    this.#host.requestUpdate();
  }

  openStep(entry: Entry): void {
    if (this.#menu === undefined || entry.steps === undefined) return;
    const back = { ...this.#menu, focus: entry.label };
    const before = { label: "‹ Back", note: "", ghost: "", run: () => this.openMenu(back) };
    this.openMenu({
      ...this.#menu,
      title: `${this.#menu.title} · ${entry.label}`,
      entries: [before, ...entry.steps],
      back,
      focus: entry.steps[0]?.label ?? "",
    });
  }

  closeMenu(): void {
    this.#menu = undefined;
    this.#host.hideGhost();
    this.#host.clock?.release("menu");
    this.#giveFocusBack();
  }

  openDialog(kind: DialogKind, subject = ""): void {
    this.#host.whenWhole(() => this.#openDialog(kind, subject));
  }

  #openDialog(kind: DialogKind, subject: string): void {
    if (this.#host.session?.recorded && CHANGING.includes(kind)) {
      this.#host.say(WATCHED);
      return;
    }
    this.#returnFocus ??= this.#host.root.activeElement;
    this.#host.clock?.hold("dialog");
    this.#dialog = { kind, subject, link: "", problem: "" };
    if (kind === "palette") this.#palette.reset();
    if (kind === "partition") {
      this.#sides.preset(serversOf(this.#host), this.#leader(), this.#parted());
    }
    if (kind === "chaos") {
      this.#host.clock?.settle();
      this.#chaos.read(this.#host.view?.text ?? "", this.#host.session?.time ?? 0);
    }
    if (kind === "explore") void this.#explore();
    if (kind === "protocols") void this.#playOthers();
    if (kind === "share") void this.#makeLink(this.#dialog);
    if (kind === "self-test") void this.#selfTest.run(this.#host);
    this.#host.requestUpdate();
  }

  async #explore(): Promise<void> {
    const { Exploration } = await import("./explore.js");
    this.#exploration = new Exploration();
    this.#host.requestUpdate();
  }

  async #playOthers(): Promise<void> {
    const { Protocols } = await import("./protocols.js");
    const protocols = new Protocols();
    this.#protocols = protocols;
    await protocols.play(this.#host);
  }

  closeDialog(): void {
    this.#protocols?.stop();
    this.#protocols = undefined;
    this.#exploration?.stop();
    this.#exploration = undefined;
    this.#host.root.querySelector("dialog")?.close();
    this.#dialog = undefined;
    this.#host.clock?.release("dialog");
    this.#giveFocusBack();
  }

  openNodeMenu(name: string, at?: Place): void {
    this.#host.whenWhole(() => this.#openNodeMenu(name, at));
  }

  #openNodeMenu(name: string, at?: Place): void {
    const { stage, session } = this.#host;
    const place = stage?.picture?.nodes.find((node) => node.name === name);
    const beside = place && stage?.toPage({ x: place.x + place.r + 12, y: place.y - place.r });
    const entries = choiceEntries(this.#host, session?.menu(name) ?? []);
    if (place?.server === false) {
      const run = (): void => this.openDialog("clients", name);
      entries.unshift({ label: "Send a command…", note: "", ghost: "", run });
    }
    if (place?.server === true) {
      const run = (): void => this.openDialog("inspect", name);
      entries.push({ label: "What it knows…", note: "", ghost: "", run });
    }
    const [, role = ""] = (stage?.label(name) ?? "").split(", ");
    const title = role === "" ? name : `${name} · ${role}`;
    const about = aboutNode(this.#host, name);
    this.openMenu({ title, about, kind: "actions", entries, ...(at ?? beside ?? NOWHERE) });
  }

  openLinkMenu(a: string, b: string, at?: Place): void {
    this.#host.whenWhole(() => this.#openLinkMenu(a, b, at));
  }

  #openLinkMenu(a: string, b: string, at?: Place): void {
    const { stage, session } = this.#host;
    const actions = session?.ask((engine) => engine.link_menu(a, b)) ?? [];
    const entries = choiceEntries(this.#host, actions);
    const place = at ?? stage?.middleOf(a, b) ?? NOWHERE;
    this.openMenu({ title: `Link ${a} – ${b}`, kind: "actions", entries, ...place });
  }

  openNetworkMenu(at?: Place): void {
    this.#host.whenWhole(() => {
      const choices = this.#host.session?.ask((engine) => engine.network_menu()) ?? [];
      const entries = choiceEntries(this.#host, choices);
      if (this.#parted().length > 0) {
        // What dragging the wall's end does, for those who cannot drag.
        const run = (): void => this.openDialog("partition");
        const after = entries.findIndex(({ steps }) => steps !== undefined);
        const moves = { label: "Move the wall…", note: "", ghost: "", run };
        entries.splice(after < 0 ? entries.length : after, 0, moves);
      }
      this.openMenu({ title: "The network", kind: "actions", entries, ...(at ?? NOWHERE) });
    });
  }

  openMessageMenu(id: number, at?: Place): void {
    this.#host.whenWhole(() => this.#openMessageMenu(id, at));
  }

  #openMessageMenu(id: number, at?: Place): void {
    const actions = this.#host.session?.ask((engine) => engine.message_menu(id)) ?? [];
    const [first] = actions;
    if (first === undefined) return;
    const entries = choiceEntries(this.#host, actions);
    this.openMenu({
      title: messageName(first.action),
      kind: "actions",
      entries,
      ...(at ?? NOWHERE),
    });
  }

  async openCatalogue(choose: (name: string, text: string) => void): Promise<void> {
    const catalogue = await loadCatalogue();
    const box = this.#host.root.querySelector(".title")?.getBoundingClientRect();
    this.openMenu({
      title: "Choose a run",
      kind: "catalogue",
      x: box?.left ?? 16,
      y: (box?.bottom ?? 48) + 4,
      entries: catalogue.map((entry, k, all) => ({
        label: entry.title,
        note: entry.about,
        ghost: "",
        ...(entry.tab === all[k - 1]?.tab ? {} : { heading: entry.tab }),
        run: () => choose(entry.name, entry.text),
      })),
    });
  }

  template(): TemplateResult {
    const parts = {
      sides: this.#sides,
      palette: this.#palette,
      chaos: this.#chaos,
      exploration: this.#exploration,
      protocols: this.#protocols,
      selfTest: this.#selfTest,
    };
    return html`${this.#menu ? menuTemplate(this.#host, this.#menu) : nothing}
    ${this.#dialog ? dialogTemplate(this.#host, this.#dialog, parts) : nothing}`;
  }

  #giveFocusBack(): void {
    const to = this.#returnFocus;
    this.#returnFocus = null;
    if (to instanceof HTMLElement || to instanceof SVGElement) to.focus({ preventScroll: true });
    this.#host.requestUpdate();
  }

  /** Who stands behind the wall. */
  #parted(): readonly string[] {
    const { picture, wall } = this.#host.stage ?? {};
    return picture && wall ? sidesOf(picture, wall)[0] : [];
  }

  /** Whom "leader" means now, as the bar of actions says. */
  #leader(): string {
    const actions = this.#host.view?.actions ?? [];
    return actions.find(({ action }) => action.endsWith(" leader"))?.resolved ?? "";
  }

  /** Digests on the way, unless making them would take a while. */
  async #wayOf(session: Session): Promise<string> {
    const { text, time } = session;
    const events = session.read((engine) => engine.events()) ?? Infinity;
    return events > LONGEST_REPLAY ? "" : digestsOnTheWay(await loadWhole(), text, time);
  }

  async #makeLink(dialog: DialogState): Promise<void> {
    const { session } = this.#host;
    if (session === undefined) return;
    session.clock.settle();
    const fragment = await packFragment({
      text: session.text,
      timeUs: session.time,
      paceUs: session.clock.paceUs,
      digest: session.read((engine) => engine.digest()) ?? "",
      version: engineVersion(),
      way: await this.#wayOf(session),
    });
    if (fragment.length > LONGEST_FRAGMENT)
      dialog.problem = "Too long for a link: save it as a file.";
    else dialog.link = `${window.location.href.split("#", 1)[0] ?? ""}#${fragment}`;
    this.#host.requestUpdate();
  }
}
