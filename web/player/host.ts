// What the parts of the player may ask of it. The element implements it; parts know only this.

import type { Clock } from "./clock.js";
import type { Session } from "./session.js";
import type { Stage } from "./stage.js";
import type { View } from "./view.js";

/** Which dialog is open. */
export type DialogKind =
  | "help"
  | "signs"
  | "protocols"
  | "palette"
  | "share"
  | "clients"
  | "inspect"
  | "why"
  | "partition"
  | "links"
  | "messages"
  | "chaos"
  | "explore"
  | "self-test"
  | "differs";

/** One entry of a menu or of the palette. */
export interface Entry {
  readonly label: string;
  /** The line that it writes, shown in mono; or a hint. */
  readonly note: string;
  /** Action whose ghost line is shown on hover and focus, or empty. */
  readonly ghost: string;
  /** Heading of the entries from this one on. */
  readonly heading?: string;
  /** What the fault models, and whether the protocol tolerates it. */
  readonly about?: string;
  /** The protocol does not tolerate it. */
  readonly warns?: boolean;
  /** A further step of the menu, opened instead of running anything. */
  readonly steps?: readonly Entry[];
  readonly run: () => void;
}

/** A menu and where it opens, CSS px of the viewport. */
export interface MenuState {
  readonly title: string;
  readonly entries: readonly Entry[];
  readonly x: number;
  readonly y: number;
  readonly kind: "actions" | "catalogue";
  /** The step before this one. */
  readonly back?: MenuState;
  /** What the label begins with that has the focus first, else the first entry. */
  readonly focus?: string;
  /** What is told above the entries. */
  readonly about?: string;
}

/** Where menus and dialogs are opened and closed. */
export interface OverlayDoor {
  openMenu(menu: MenuState): void;
  /** Opens an entry's further step in the place of the menu. */
  openStep(entry: Entry): void;
  closeMenu(): void;
  openDialog(kind: DialogKind, subject?: string): void;
  closeDialog(): void;
  openNodeMenu(name: string, at?: Place): void;
  openLinkMenu(a: string, b: string, at?: Place): void;
  openNetworkMenu(at?: Place): void;
  openMessageMenu(id: number, at?: Place): void;
}

/** The run as it was, beside the run. */
export interface Forking {
  readonly open: boolean;
  start(): void;
  close(): void;
}

/** A place in the window, CSS px. */
export interface Place {
  readonly x: number;
  readonly y: number;
}

/** How the run is shown. */
export type Mode = "stage" | "space-time";

/** The player as its parts see it. */
export interface Host {
  readonly lab: boolean;
  /** Where the parts are rendered. */
  readonly root: ShadowRoot;
  readonly session: Session | undefined;
  readonly clock: Clock | undefined;
  readonly stage: Stage | undefined;
  readonly view: View | undefined;
  readonly phone: boolean;
  readonly panelOpen: boolean;
  readonly keysOn: boolean;
  readonly mode: Mode;
  /** Shows the run in this way from now on. */
  show(mode: Mode): void;
  readonly overlays: OverlayDoor;
  readonly fork: Forking;
  /** Does it with the whole engine: now, or as soon as that is here; the clock holds meanwhile. */
  whenWhole(command: () => void): void;
  togglePlay(): void;
  step(): void;
  stepBack(): void;
  seek(timeUs: number): void;
  /** Does an action of the run (writes a line) or of the page (`!…`). */
  perform(action: string): void;
  /** Shows the line that an action would write; `how` says how to write it: "press C". */
  showGhost(action: string, how: string): void;
  hideGhost(): void;
  /** Tells about a fault that is pointed at; empty ends it. */
  tell(about: string): void;
  /** What is told now. */
  readonly told: string;
  undo(): void;
  redo(): void;
  /** Makes the next drag across the stage a cut, also under a finger. */
  armCut(): void;
  openCatalogue(): void;
  loadText(text: string): void;
  /** Lets the visitor choose a recording on their disk and opens it. */
  chooseRecording(): void;
  /** Asks the page around the player to check a history: what the clients of this run saw, or one
   * that was recorded elsewhere. */
  checkHistory(whose: "clients" | "elsewhere"): void;
  /** Replaces the text from the text pane; throws `Refused`. */
  editText(text: string): void;
  anotherSeed(): void;
  setPace(paceUs: number): void;
  setKeys(on: boolean): void;
  togglePanel(open?: boolean): void;
  cycleTheme(): void;
  say(message: string, undo?: boolean): void;
  pointAt(node: string): void;
  seekFlag(direction: 1 | -1): void;
  story(direction: 1 | -1): void;
  requestUpdate(): void;
}
