// How a run is opened: its text, its instant, its pace.

/** How a run is opened. */
export interface Opening {
  /** Instant, virtual µs. */
  readonly timeUs?: number;
  /** Virtual µs for each second on screen; 0 or nothing leaves it to the run. */
  readonly paceUs?: number;
  /** Starts by itself (not with reduced motion). */
  readonly playing?: boolean;
  /** "Play from here" is the filled button. */
  readonly fromHere?: boolean;
  /** Digest that the run should have there, those on the way, and the version that says so. */
  readonly made?: { readonly digest: string; readonly way: string; readonly version: string };
}

/** The scenario that stands inside the tag: in a script of its own type, or in a `<pre>`. */
export function textOfChild(element: HTMLElement): string | undefined {
  const child = element.querySelector(
    ':scope > script[type="text/happens-before"], :scope > pre, :scope > p > pre',
  );
  const text = child?.textContent?.trim();
  return text ? `${text}\n` : undefined;
}
