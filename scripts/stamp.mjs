// Tells whether generated files are still those of their inputs, by content: times of
// modification lie after a checkout.
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";

/**
 * A mark of the content of these files.
 * @param {string[]} inputs
 */
export function stamp(inputs) {
  const hash = createHash("sha256");
  for (const input of inputs) hash.update(input).update("\0").update(readFileSync(input));
  return hash.digest("hex");
}

/**
 * Whether all outputs exist and were made from inputs with this mark.
 * @param {string} folder @param {string} mark @param {string[]} outputs
 */
export function fresh(folder, mark, outputs) {
  const file = `${folder}/.stamp`;
  return (
    existsSync(file) &&
    readFileSync(file, "utf8") === mark &&
    outputs.every((output) => existsSync(output))
  );
}
