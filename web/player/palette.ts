// The colours of the moment as canvases need them: each token resolved to what the browser
// computes for it. Holds no colour of its own; the tokens are in `styles/tokens.ts`.

/** Colours of one epoch. */
export interface EpochColours {
  readonly fill: string;
  readonly on: string;
  readonly line: string;
  readonly tint: string;
}

/** All colours that canvases use. */
export interface Palette {
  readonly bg: string;
  readonly stage: string;
  readonly sunken: string;
  readonly ink: string;
  readonly ink2: string;
  readonly ink3: string;
  readonly edge: string;
  readonly line: string;
  readonly bad: string;
  readonly badTint: string;
  readonly focus: string;
  readonly epochs: readonly EpochColours[];
  readonly sans: string;
  readonly mono: string;
}

/** Reads the tokens where `probe` stands; `probe` is an element that nobody sees. */
export function readPalette(probe: HTMLElement): Palette {
  const colour = (token: string): string => {
    probe.style.color = `var(--hb-${token})`;
    return getComputedStyle(probe).color;
  };
  const font = (token: string): string => {
    probe.style.fontFamily = `var(--hb-${token})`;
    return getComputedStyle(probe).fontFamily;
  };
  return {
    bg: colour("bg"),
    stage: colour("stage"),
    sunken: colour("sunken"),
    ink: colour("ink"),
    ink2: colour("ink-2"),
    ink3: colour("ink-3"),
    edge: colour("edge"),
    line: colour("line"),
    bad: colour("bad"),
    badTint: colour("bad-tint"),
    focus: colour("focus"),
    epochs: [1, 2, 3, 4, 5].map((n) => ({
      fill: colour(`e${n}-fill`),
      on: colour(`e${n}-on`),
      line: colour(`e${n}-line`),
      tint: colour(`e${n}-tint`),
    })),
    sans: font("font"),
    mono: font("mono"),
  };
}

/** Colours of epoch `n`; 0 (no epoch yet, or none at all) is ink. */
export function epochColours(palette: Palette, epoch: number): EpochColours {
  const none = { fill: palette.ink, on: palette.bg, line: palette.ink, tint: palette.sunken };
  if (epoch < 1) return none;
  return palette.epochs[(epoch - 1) % palette.epochs.length] ?? none;
}
