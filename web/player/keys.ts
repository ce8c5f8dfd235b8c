// The keys of the player. They act only on events from inside it, never while something is
// typed, and single letters can be switched off.

import { neighbourPace } from "./format.js";
import type { Host } from "./host.js";

/** What the keyboard needs besides the host. */
export interface KeyTargets {
  /** Actions shown in the bar, with their keys. */
  readonly actions: readonly { action: string; key: string }[];
  /** Whether the ring of nodes has the focus. */
  readonly onRing: boolean;
  /** Whether a control has the focus that Space and Enter press. */
  readonly onControl: boolean;
}

/** Does what a key means; true when it meant something. */
export function handleKey(host: Host, event: KeyboardEvent, targets: KeyTargets): boolean {
  if (event.altKey) return false;
  if (event.ctrlKey || event.metaKey) return withControl(host, event);
  if (targets.onRing && onRing(host, event)) return true;
  if (moveInTime(host, event, targets)) return true;
  return host.keysOn && letter(host, event, targets);
}

function withControl(host: Host, event: KeyboardEvent): boolean {
  const key = event.key.toLowerCase();
  if (key === "z" && event.shiftKey) host.redo();
  else if (key === "z") host.undo();
  else if (key === "y") host.redo();
  else if (key === "k") host.openDialog("palette");
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
      host.openNodeMenu(stage.current);
      return true;
    default:
      return false;
  }
}

function moveInTime(host: Host, event: KeyboardEvent, targets: KeyTargets): boolean {
  const clock = host.clock;
  if (clock === undefined) return false;
  switch (event.key) {
    case " ":
      if (targets.onControl) return false;
      host.togglePlay();
      return true;
    case "ArrowLeft":
    case "ArrowRight": {
      const direction = event.key === "ArrowRight" ? 1 : -1;
      if (event.shiftKey) host.session?.seekFlag(direction);
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

function letter(host: Host, event: KeyboardEvent, targets: KeyTargets): boolean {
  const key = event.key.length === 1 ? event.key.toLowerCase() : "";
  const action = targets.actions.find(
    (entry) => entry.key !== "" && entry.key.toLowerCase() === key,
  );
  if (action) {
    host.perform(action.action);
    return true;
  }
  const node = /^[1-9]$/.test(key) ? host.stage?.names[Number(key) - 1] : undefined;
  if (node !== undefined) {
    host.openNodeMenu(node);
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
  "?": (host) => host.openDialog("help"),
  c: (host) => host.perform("crash leader"),
  x: (host) => host.openDialog("partition"),
  h: (host) => host.perform("heal"),
  k: (host) => host.openDialog("clients"),
  l: (host) => host.openDialog("links"),
  m: (host) => host.openDialog("messages"),
  t: (host) => host.perform("!text"),
  y: (host) => host.perform("!why"),
};
