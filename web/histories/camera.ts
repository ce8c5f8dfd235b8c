// Which stretch of a history the picture shows: along the axis by a zoom, across the lanes by a
// scroll. Pure numbers.

/** What stands before the lanes (names) and after them, over and under them, CSS px. */
export const BEFORE = 56;
const AFTER = 20;
export const AXIS = 28;

/** An event takes at most so many px, and where it can be read at least so many. */
const WIDEST_PX = 160;
const READABLE_PX = 56;
/** A little smaller, if all is in sight then. */
const LEGIBLE_PX = 26;

/** The camera. */
export class Camera {
  /** What stands at the beginning of the lanes, on the axis. */
  from = 0;
  /** Px for each event. */
  scale = READABLE_PX;
  /** Px that are scrolled away. */
  scrolled = 0;
  width = 1;
  height = 1;
  #length = 1;
  #sceneHeight = 1;

  /** The picture's size. */
  resize(width: number, height: number): void {
    this.width = width;
    this.height = height;
    this.#bound();
  }

  /** What is to be seen. */
  show(length: number, height: number): void {
    this.#length = Math.max(1, length);
    this.#sceneHeight = height;
    this.#bound();
  }

  /** Px from the left edge. */
  x(along: number): number {
    return BEFORE + (along - this.from) * this.scale;
  }

  /** Px from the upper edge. */
  y(across: number): number {
    return across - this.scrolled;
  }

  along(x: number): number {
    return (x - BEFORE) / this.scale + this.from;
  }

  across(y: number): number {
    return y + this.scrolled;
  }

  /** Where the lanes end. */
  get right(): number {
    return this.width - AFTER;
  }

  get bottom(): number {
    return this.height - AXIS;
  }

  pan(px: number): void {
    this.from += px / this.scale;
    this.#bound();
  }

  scroll(px: number): void {
    this.scrolled += px;
    this.#bound();
  }

  /** Shows less (a factor over 1) or more around a place, px. */
  zoom(factor: number, x = (BEFORE + this.right) / 2): void {
    const pivot = this.along(x);
    this.scale *= factor;
    this.#boundScale();
    this.from = pivot - (x - BEFORE) / this.scale;
    this.#bound();
  }

  /** All of the axis. */
  fit(): void {
    this.scale = this.#room / this.#length;
    this.from = 0;
    this.#bound();
  }

  /** As large as can be read; all if that can. */
  open(): void {
    const fitting = this.#room / this.#length;
    this.scale = fitting < LEGIBLE_PX ? READABLE_PX : fitting;
    this.from = 0;
    this.scrolled = 0;
    this.#bound();
  }

  /** Moves only as far as needed to have a stretch, and a lane around `across`, in sight. */
  reveal(from: number, to: number, across: number, margin = 60): void {
    const span = this.#room / this.scale;
    const room = Math.min(margin / this.scale, span / 4);
    if (from < this.from + room) this.from = from - room;
    else if (Math.min(to, from + span - 2 * room) > this.from + span - room)
      this.from = Math.min(to, from + span - 2 * room) - span + room;
    const least = across - 60;
    const most = across + 60 - this.bottom;
    if (this.scrolled > least) this.scrolled = least;
    else if (this.scrolled < most) this.scrolled = most;
    this.#bound();
  }

  /** Has a place of the axis at a share of the way. */
  centre(along: number, share = 0.5): void {
    this.from = along - (this.#room / this.scale) * share;
    this.#bound();
  }

  get #room(): number {
    return Math.max(1, this.right - BEFORE);
  }

  #boundScale(): void {
    const least = Math.min(this.#room / this.#length, READABLE_PX);
    this.scale = Math.max(least, Math.min(WIDEST_PX, this.scale));
  }

  #bound(): void {
    this.#boundScale();
    const span = this.#room / this.scale;
    this.from = Math.max(0, Math.min(this.#length - span, this.from));
    this.from = Math.max(this.from, 0);
    const most = Math.max(0, this.#sceneHeight - this.bottom);
    this.scrolled = Math.max(0, Math.min(most, this.scrolled));
  }
}
