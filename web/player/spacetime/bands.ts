// Where there are more events than can be told apart: for each lane a band as high as there are
// events in each px. Counts come from the lanes' sorted columns, so they cost the same for any run.

import MEASURES from "../../generated/spacetime.json";
import type { Scene, Window } from "./scene.js";

/** Width of one step of a band, px. */
const STEP_PX = 2;
const STRENGTH = 0.5;

/** Paints the bands of a stretch of time. */
export function paintBands(
  cx: CanvasRenderingContext2D,
  scene: Scene,
  { fromUs, toUs, alpha }: Window,
): void {
  const { camera, columns, order, palette, emphasis } = scene;
  const first = Math.max(Math.floor(camera.along(Math.max(0, fromUs)) / STEP_PX), 0);
  const beyond = Math.ceil(camera.along(toUs) / STEP_PX);
  const [low, high] = camera.lanes;
  const most = Math.log1p(busiest(scene));
  cx.fillStyle = palette.ink3;
  for (let lane = low; lane < high; lane += 1) {
    const node = order[lane] ?? 0;
    const { items } = columns.lane(node);
    const across = camera.across(lane);
    let place = columns.placeAt(node, timeAt(scene, first * STEP_PX));
    for (let step = first; step < beyond; step += 1) {
      const next = columns.placeAt(node, timeAt(scene, (step + 1) * STEP_PX));
      const count = next - place;
      if (count > 0) {
        const pale = emphasis !== undefined && !emphasis.holds(node, items[place] ?? 0);
        cx.globalAlpha = alpha * STRENGTH * (pale ? MEASURES.pale : 1);
        const height = Math.max(2, (Math.log1p(count) / most) * camera.pitch * 0.8);
        const [x, y] = camera.turned(step * STEP_PX, across - height / 2);
        cx.fillRect(x, y, camera.vertical ? height : STEP_PX, camera.vertical ? STEP_PX : height);
      }
      place = next;
    }
  }
  cx.globalAlpha = alpha;
}

function timeAt({ camera }: Scene, along: number): number {
  return camera.fromUs + (along - camera.begin) * camera.usPerPx;
}

/** About how many events the busiest step has: twice what an even spread would give. */
function busiest({ camera, columns }: Scene): number {
  const [first, beyond] = columns.between(camera.fromUs, camera.toUs);
  const steps = Math.max(1, (camera.end - camera.begin) / STEP_PX);
  const lanes = Math.max(1, camera.lanes[1] - camera.lanes[0]);
  return Math.max(4, ((beyond - first) / steps / lanes) * 6);
}
