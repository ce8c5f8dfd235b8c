// The keys of the player. They act only on events from inside it, never while something is
// typed, and single letters can be switched off.

import { neighbourPace } from "./format.js";
import type { Host } from "./host.js";
import { otherView } from "./views.js";

/** An action of the bar with its key. */
interface KeyedAction {
  readonly action: string;
  readonly key: string;
}

/** Does what a key means; true when it meant something. */
export function handleKey(
  host: Host,
  event: KeyboardEvent,
  actions: readonly KeyedAction[],
): boolean {
  const focus = host.root.activeElement;
  if (event.altKey || isField(focus)) return false;
  if (event.ctrlKey || event.metaKey) return withControl(host, event);
  if (focus instanceof SVGElement && onRing(host, event)) return true;
  if (moveInTime(host, event, isControl(focus))) return true;
  return host.keysOn && letter(host, event, actions);
}

/** Something is typed or chosen there. */
function isField(focus: Element | null): boolean {
  return (
    focus instanceof HTMLInputElement ||
    focus instanceof HTMLTextAreaElement ||
    focus instanceof HTMLSelectElement
  );
}

/** Space and Enter press it. */
function isControl(focus: Element | null): boolean {
  return (
    focus instanceof HTMLButtonElement ||
    focus instanceof HTMLAnchorElement ||
    focus?.tagName === "SUMMARY"
  );
}

function withControl(host: Host, event: KeyboardEvent): boolean {
  const key = event.key.toLowerCase();
  if (key === "z" && event.shiftKey) host.redo();
  else if (key === "z") host.undo();
  else if (key === "y") host.redo();
  else if (key === "k") host.overlays.openDialog("palette");
  else return false;
  return true;
}

/** Arrows go from node to node; Enter and Space open the node's menu. */
function onRing(host: Host, event: KeyboardEvent): boolean {
  const stage = host.stage;
  if (stage === undefined || event.shiftKey) return false;
  const names = stage.names;
  const at = names.indexOf(stage.current);
  const go = (k: number): void => stage.focusNode(names[(k + names.length) % names.length] ?? "");
  switch (event.key) {
    case "ArrowRight":
    case "ArrowDown":
      go(at + 1);
      return true;
    case "ArrowLeft":
    case "ArrowUp":
      go(at - 1);
      return true;
    case "Enter":
    case " ":
    case "ContextMenu":
      host.overlays.openNodeMenu(stage.current);
      return true;
    default:
      return false;
  }
}

function moveInTime(host: Host, event: KeyboardEvent, onControl: boolean): boolean {
  const clock = host.clock;
  if (clock === undefined) return false;
  switch (event.key) {
    case " ":
      if (onControl) return false;
      host.togglePlay();
      return true;
    case "ArrowLeft":
    case "ArrowRight": {
      const direction = event.key === "ArrowRight" ? 1 : -1;
      if (event.shiftKey) host.seekFlag(direction);
      else host.seek(clock.now + direction * clock.paceUs);
      return true;
    }
    case "Home":
      host.seek(0);
      return true;
    case "End":
      host.seek(host.session?.read((engine) => engine.head()) ?? 0);
      return true;
    default:
      return false;
  }
}

function letter(host: Host, event: KeyboardEvent, actions: readonly KeyedAction[]): boolean {
  const key = event.key.length === 1 ? event.key.toLowerCase() : "";
  const action = actions.find((entry) => entry.key !== "" && entry.key.toLowerCase() === key);
  if (action) {
    host.perform(action.action);
    return true;
  }
  const node = /^[1-9]$/.test(key) ? host.stage?.names[Number(key) - 1] : undefined;
  if (node !== undefined) {
    host.overlays.openNodeMenu(node);
    return true;
  }
  const command = COMMANDS[key];
  if (command === undefined) return false;
  command(host);
  return true;
}

const COMMANDS: Record<string, (host: Host) => void> = {
  ".": (host) => host.step(),
  ",": (host) => host.stepBack(),
  "[": (host) => host.setPace(neighbourPace(host.clock?.paceUs ?? 0, -1)),
  "]": (host) => host.setPace(neighbourPace(host.clock?.paceUs ?? 0, 1)),
  "?": (host) => host.overlays.openDialog("help"),
  c: (host) => host.perform("crash leader"),
  x: (host) => host.overlays.openDialog("partition"),
  h: (host) => host.perform("heal"),
  k: (host) => host.overlays.openDialog("clients"),
  l: (host) => host.overlays.openDialog("links"),
  m: (host) => host.overlays.openDialog("messages"),
  n: (host) => host.overlays.openNetworkMenu(),
  d: (host) => host.perform("!fork"),
  t: (host) => host.perform("!text"),
  v: (host) => host.show(otherView(host).mode),
  y: (host) => host.perform("!why"),
};
