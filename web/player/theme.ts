// Light, dark, or what the system says; and what the visitor chose before. Storage may be
// forbidden (a sandboxed frame): then choices last as long as the page.

/** The three themes in the order of the button. */
export type Theme = "auto" | "light" | "dark";

const THEMES: readonly Theme[] = ["auto", "light", "dark"];

/** Reads a remembered choice; nothing when there is none or storage is forbidden. */
export function recall(name: string): string | undefined {
  try {
    return window.localStorage.getItem(`happens-before.${name}`) ?? undefined;
  } catch {
    return undefined;
  }
}

/** Remembers a choice where that is possible. */
export function remember(name: string, value: string): void {
  try {
    window.localStorage.setItem(`happens-before.${name}`, value);
  } catch {
    // Forbidden here: the choice lasts as long as the page.
  }
}

/** The theme chosen before. */
export function recallTheme(): Theme {
  const chosen = recall("theme");
  return THEMES.find((theme) => theme === chosen) ?? "auto";
}

/** The next theme of the button's cycle: first the one that is not shown now. */
export function nextTheme(theme: Theme): Theme {
  const dark = window.matchMedia("(prefers-color-scheme: dark)").matches;
  const order: readonly Theme[] = dark ? ["auto", "light", "dark"] : ["auto", "dark", "light"];
  return order[(order.indexOf(theme) + 1) % order.length] ?? "auto";
}

/** Puts a theme on the element and, in the lab, on the whole page. */
export function applyTheme(theme: Theme, elements: readonly HTMLElement[]): void {
  for (const element of elements) {
    if (theme === "auto") delete element.dataset["theme"];
    else element.dataset["theme"] = theme;
  }
}
