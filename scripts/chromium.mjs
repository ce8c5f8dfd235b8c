// Finds the Chromium that the browser tests drive: the environment's choice, the system's,
// or the one that Playwright keeps.
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/** @param {string} file */
function executable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The path of a Chromium, or undefined when there is none. */
export async function findChromium() {
  const chosen = process.env["CHROMIUM"];
  if (chosen) return chosen;
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  const system = folders
    .flatMap((folder) => NAMES.map((name) => join(folder, name)))
    .find(executable);
  if (system) return system;
  const { chromium } = await import("@playwright/test");
  const own = chromium.executablePath();
  return executable(own) ? own : undefined;
}
