// Finds the system's Firefox, for the tests that drive it.
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

const NAMES = ["firefox-esr", "firefox"];

/** The path of a Firefox, or undefined when there is none. */
export function findFirefox() {
  const chosen = process.env["FIREFOX"];
  if (chosen) return chosen;
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  return folders.flatMap((folder) => NAMES.map((name) => join(folder, name))).find(existsSync);
}
