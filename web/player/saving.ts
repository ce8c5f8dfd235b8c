// A run as a file on the visitor's disk: its text, or what other tools read.

import type { Host } from "./host.js";
import type { ExportForm } from "./interface.js";

/** What other tools call a run, by the palette's words, and how such a file's name ends. */
export const EXPORTS: readonly { form: ExportForm; label: string; extension: string }[] = [
  { form: "shiviz", label: "Save the run as a ShiViz log", extension: "log" },
  { form: "jepsen", label: "Save what the clients saw as a Jepsen history", extension: "edn" },
  { form: "mermaid", label: "Save the run as a Mermaid diagram", extension: "mmd" },
];

/** Saves a text under the run's title. */
export function saveRun(host: Host, text: string, extension: string): void {
  const title = host.view?.description.title ?? "";
  const name = title
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-|-$/g, "");
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
  link.download = `${name === "" ? "run" : name}.${extension}`;
  link.click();
  URL.revokeObjectURL(link.href);
}

/** Saves the run up to the instant shown in another tool's form. */
export function saveExport(host: Host, form: ExportForm, extension: string): void {
  host.whenWhole(() => {
    const text = host.session?.ask((engine) => engine.exported(form));
    if (text !== undefined) saveRun(host, text, extension);
  });
}
