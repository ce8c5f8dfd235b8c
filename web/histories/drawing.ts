// What the painters of a history share: what is to be drawn, and where a lane's bars are.

import type { Palette } from "../player/palette.js";
import type { Camera } from "./camera.js";
import type { Picture } from "./interface.js";
import type { Rows } from "./rows.js";
import { HEAD, PITCH } from "./scene.js";
import type { Band, Role, Scene, Thread } from "./scene.js";

/** A bar's middle stands so far above its lane's, px: the point has room below. */
const LIFT = 8;

/** Opacity of what is not at issue. */
export const PALE = 0.38;

/** All that is drawn. */
export interface Drawing {
  readonly scene: Scene;
  readonly camera: Camera;
  readonly rows: Rows;
  readonly picture: Picture;
  readonly palette: Palette;
  /** By key. */
  readonly threads: ReadonlyMap<number, Thread>;
  readonly role: (row: number) => Role;
  /** Row under the pointer, and the one that is chosen, or `NONE`. */
  readonly hovered: number;
  readonly chosen: number;
}

/** What is drawn on. */
export type Context = CanvasRenderingContext2D;
/** Middle of a lane's bars, px. */
export function barY(camera: Camera, band: Band, lane: number): number {
  return camera.y(band.top + HEAD + (lane + 0.5) * PITCH) - LIFT;
}
