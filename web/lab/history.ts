// The check of a history from a file, in the place of the run. Fetched when it is first asked for.

import type { HappensBefore } from "../player/player.js";

/** Its address. */
export const HISTORY = "history";

const TAG = "happens-before-history";

/** What is checked; of the run on stage, or of something else. */
interface Checked {
  readonly file: File;
  readonly ofRun: boolean;
}

/** Shows the check, of a file if there is one; the run holds meanwhile. `leave`: it is closed. */
export async function showHistory(
  player: HappensBefore,
  leave: () => void,
  checked?: Checked,
): Promise<void> {
  try {
    const { HistoryView } = await import("../histories/element.js");
    if (!customElements.get(TAG)) customElements.define(TAG, HistoryView);
    let view = document.querySelector<InstanceType<typeof HistoryView>>(TAG);
    if (view === null) {
      view = new HistoryView();
      view.addEventListener("close", leave);
      view.addEventListener("seek", (event) => {
        leave();
        if (event instanceof CustomEvent) player.showCall(Number(event.detail));
      });
      player.after(view);
    }
    player.clock?.pause();
    player.hidden = true;
    document.title = "Check a history · Happens-Before";
    await view.updateComplete;
    view.focus();
    if (checked) await view.open(checked.file, checked.ofRun);
  } catch (error: unknown) {
    console.error("happens-before: no check of histories", error);
    player.say("The check of histories could not be fetched.");
  }
}

/** Shows the run again. */
export function hideHistory(player: HappensBefore): void {
  const view = document.querySelector(TAG);
  if (view === null) return;
  view.remove();
  player.hidden = false;
  player.root.querySelector<HTMLElement>(".frame")?.focus({ preventScroll: true });
}
