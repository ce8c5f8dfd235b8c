// The few drawings of the controls: strokes in the colour of the text. Signs of the run are
// not here; they come from the core.

import { svg } from "lit";
import type { SVGTemplateResult } from "lit";

function icon(size: number, body: SVGTemplateResult): SVGTemplateResult {
  return svg`<svg class="icon" width=${size} height=${size} viewBox="0 0 16 16" aria-hidden="true">${body}</svg>`;
}

const stroke = (d: string): SVGTemplateResult =>
  svg`<path d=${d} fill="none" stroke="currentColor" stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round" />`;
const solid = (d: string): SVGTemplateResult => svg`<path d=${d} fill="currentColor" />`;

/** The mark: ● → ○. */
export const mark = svg`<svg class="mark" width="44" height="16" viewBox="0 0 44 16" aria-hidden="true">
  <circle cx="7" cy="8" r="5.5" fill="currentColor" />
  <path d="M14 8H28M23.5 3.5L28.5 8L23.5 12.5" fill="none" stroke="currentColor" stroke-width="2.2" stroke-linecap="round" stroke-linejoin="round" />
  <circle cx="36.5" cy="8" r="5" fill="none" stroke="currentColor" stroke-width="2.2" />
</svg>`;

export const play = icon(20, solid("M4.5 2.5V13.5L13.5 8Z"));
export const pause = icon(20, solid("M4 3H6.6V13H4ZM9.4 3H12V13H9.4Z"));
export const step = icon(16, solid("M4 3.5V12.5L10 8ZM10.6 3.5H12.4V12.5H10.6Z"));
export const stepBack = icon(16, solid("M12 3.5V12.5L6 8ZM3.6 3.5H5.4V12.5H3.6Z"));
export const chevron = icon(14, stroke("M3.5 6L8 10.5L12.5 6"));
export const chevronUp = icon(14, stroke("M3.5 10.5L8 6L12.5 10.5"));
export const left = icon(14, stroke("M10 3.5L5.5 8L10 12.5"));
export const right = icon(14, stroke("M6 3.5L10.5 8L6 12.5"));
export const again = icon(14, stroke("M12.8 6.2A5.2 5.2 0 1 0 13 9.5M13 2.8V6.4H9.4"));
export const close = icon(14, stroke("M4 4L12 12M12 4L4 12"));
export const more = icon(
  16,
  solid(
    "M3 6.6A1.4 1.4 0 1 1 3 9.4A1.4 1.4 0 1 1 3 6.6ZM8 6.6A1.4 1.4 0 1 1 8 9.4A1.4 1.4 0 1 1 8 6.6ZM13 6.6A1.4 1.4 0 1 1 13 9.4A1.4 1.4 0 1 1 13 6.6Z",
  ),
);
export const theme = icon(
  18,
  svg`<circle cx="8" cy="8" r="6" fill="none" stroke="currentColor" stroke-width="1.8" /><path d="M8 2A6 6 0 0 1 8 14Z" fill="currentColor" />`,
);
export const tick = icon(16, stroke("M3 8.5L6.5 12L13 4.5"));
export const octagon = svg`<svg class="icon bad" width="18" height="18" viewBox="-10 -10 20 20" aria-hidden="true">
  <path d="M-4-9.5H4L9.5-4V4L4 9.5H-4L-9.5 4V-4Z" fill="currentColor" />
  <path d="M-3.2-3.2L3.2 3.2M3.2-3.2L-3.2 3.2" fill="none" class="on-bad" stroke-width="2.2" stroke-linecap="round" />
</svg>`;
export const unknown = svg`<svg class="icon" width="18" height="18" viewBox="-10 -10 20 20" aria-hidden="true">
  <circle r="8.5" fill="none" stroke="currentColor" stroke-width="1.6" stroke-dasharray="3.2 2.6" />
  <path d="M-2.5-2.1A2.5 2.5 0 1 1 0 .4V1.5M0 4.4V4.5" fill="none" stroke="currentColor" stroke-width="1.9" stroke-linecap="round" />
</svg>`;
export const pending = icon(
  16,
  svg`<circle cx="8" cy="8" r="3" fill="none" stroke="currentColor" stroke-width="1.8" />`,
);
