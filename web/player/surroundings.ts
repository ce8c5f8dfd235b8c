// What surrounds a player: the theme, wishes for less motion, whether it is in sight, how
// large it is. Listens only while the element is in a page.

import { applyTheme, nextTheme, recallTheme, remember } from "./theme.js";
import type { Theme } from "./theme.js";

/** Whom changes are told. */
export interface SurroundingsListener {
  /** Theme or motion has changed: colours are to be read anew. */
  themeChanged(): void;
  /** In sight or not. */
  sightChanged(): void;
  /** An observed element has another size. */
  sizeChanged(): void;
}

/** Surroundings of one player. */
export class Surroundings {
  readonly #element: HTMLElement;
  readonly #listener: SurroundingsListener;
  readonly #reducedMotion = window.matchMedia("(prefers-reduced-motion: reduce)");
  readonly #darkSystem = window.matchMedia("(prefers-color-scheme: dark)");
  readonly #resize: ResizeObserver;
  readonly #sight: IntersectionObserver;
  #inSight = true;
  #theme = recallTheme();

  constructor(element: HTMLElement, listener: SurroundingsListener) {
    this.#element = element;
    this.#listener = listener;
    this.#resize = new ResizeObserver(() => listener.sizeChanged());
    this.#sight = new IntersectionObserver((entries) => {
      this.#inSight = entries.at(-1)?.isIntersecting ?? true;
      listener.sightChanged();
    });
  }

  get reducedMotion(): boolean {
    return this.#reducedMotion.matches;
  }

  /** Whether anybody can see the player. */
  get visible(): boolean {
    return this.#inSight && !document.hidden;
  }

  /** The element is in a page; `wholePage`: the theme is the page's too. */
  connect(wholePage: boolean): void {
    this.#apply(wholePage);
    this.#reducedMotion.addEventListener("change", this.#onMedia);
    this.#darkSystem.addEventListener("change", this.#onMedia);
    document.addEventListener("visibilitychange", this.#onVisibility);
    this.#sight.observe(this.#element);
  }

  /** Elements whose size matters. */
  observe(elements: readonly HTMLElement[]): void {
    for (const element of elements) this.#resize.observe(element);
  }

  disconnect(): void {
    this.#resize.disconnect();
    this.#sight.disconnect();
    this.#reducedMotion.removeEventListener("change", this.#onMedia);
    this.#darkSystem.removeEventListener("change", this.#onMedia);
    document.removeEventListener("visibilitychange", this.#onVisibility);
  }

  /** The next theme; returns it. */
  cycleTheme(wholePage: boolean): Theme {
    this.#theme = nextTheme(this.#theme);
    remember("theme", this.#theme);
    this.#apply(wholePage);
    this.#listener.themeChanged();
    return this.#theme;
  }

  #apply(wholePage: boolean): void {
    applyTheme(
      this.#theme,
      wholePage ? [this.#element, document.documentElement] : [this.#element],
    );
  }

  readonly #onMedia = (): void => this.#listener.themeChanged();
  readonly #onVisibility = (): void => this.#listener.sightChanged();
}
