// The lab page: decides from the address which run it opens, and keeps the address in step
// with what the visitor chooses. Everything else is the player's.

import { HERO, loadCatalogue } from "../player/catalogue.js";
import { loadEngine } from "../player/engine.js";
import { HappensBefore } from "../player/player.js";
import type { Opening } from "../player/opening.js";
import { BadLink, holdsRun, unpackFragment } from "../player/share.js";
import { HISTORY, hideHistory, showHistory } from "./history.js";
import { nearestName } from "./nearest.js";

/** Where the hero scenario opens: as four squares leave the leader. The poster shows it too. */
const HERO_US = 425_000;

customElements.define("happens-before", HappensBefore);

const player = document.querySelector<HappensBefore>("happens-before");
if (player) void openAddress(player);
player?.addEventListener("choose", (event) => {
  if (!(event instanceof CustomEvent)) return;
  const detail: unknown = event.detail;
  if (typeof detail !== "object" || detail === null || !("name" in detail)) return;
  window.history.pushState(null, "", `#${String(detail.name)}`);
});
player?.addEventListener("history", (event) => {
  if (!(event instanceof CustomEvent)) return;
  const detail: unknown = event.detail;
  const file = typeof detail === "object" && detail && "file" in detail ? detail.file : undefined;
  const ofRun = typeof detail === "object" && detail !== null && "ofRun" in detail;
  window.history.pushState(null, "", `#${HISTORY}`);
  void showHistory(player, leaveHistory, file instanceof File ? { file, ofRun } : undefined);
});
player?.addEventListener("ready", () => {
  document.title = `${titleOf(player.scenario)} · Happens-Before`;
});
window.addEventListener("popstate", () => player && void openAddress(player));

/** Back to the run that was on stage, or to the first one. */
function leaveHistory(): void {
  if (!player) return;
  hideHistory(player);
  window.history.pushState(null, "", window.location.pathname);
  if (player.scenario === "") void openAddress(player);
}

async function openAddress(lab: HappensBefore): Promise<void> {
  if (window.location.hash === `#${HISTORY}`) {
    void showHistory(lab, leaveHistory);
    return;
  }
  hideHistory(lab);
  try {
    await loadEngine();
  } catch {
    // The player says so itself, and the picture in the page stays.
    return;
  }
  const fragment = window.location.hash.slice(1);
  if (holdsRun(fragment)) await openLink(lab, fragment);
  else await openName(lab, decoded(fragment));
}

async function openLink(lab: HappensBefore, fragment: string): Promise<void> {
  try {
    const shared = await unpackFragment(fragment);
    const { timeUs, paceUs, digest, way, version } = shared;
    lab.open(shared.text, { timeUs, paceUs, fromHere: true, made: { digest, way, version } });
  } catch (error: unknown) {
    if (!(error instanceof BadLink)) throw error;
    openHero(lab);
    lab.say(`${error.message} This is the first run instead.`);
  }
}

async function openName(lab: HappensBefore, name: string): Promise<void> {
  if (name === "" || name === HERO.name) {
    openHero(lab);
    return;
  }
  const catalogue = await loadCatalogue();
  const entry = catalogue.find((known) => known.name === name);
  if (entry) {
    lab.open(entry.text, { playing: true });
    return;
  }
  const nearest = nearestName(
    name,
    catalogue.map((known) => known.name),
  );
  openHero(lab);
  lab.say(`No run is called that. Nearest: ${nearest}.`);
}

function openHero(lab: HappensBefore): void {
  const opening: Opening = { timeUs: HERO_US, playing: true };
  lab.open(HERO.text, opening);
}

/** A fragment as text; one that is no text is taken as it is. */
function decoded(fragment: string): string {
  try {
    return decodeURIComponent(fragment);
  } catch {
    return fragment;
  }
}

function titleOf(text: string): string {
  return /^\s*scenario\s+"([^"]*)"/m.exec(text)?.[1] ?? "A run";
}
