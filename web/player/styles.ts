// All styles of the player, in the order in which they build on each other.

import { controlStyles } from "./styles/controls.js";
import { dockStyles } from "./styles/dock.js";
import { frameStyles } from "./styles/frame.js";
import { narrowStyles } from "./styles/narrow.js";
import { panelStyles } from "./styles/panel.js";
import { stageStyles } from "./styles/stage.js";

export const styles = [
  controlStyles,
  stageStyles,
  panelStyles,
  dockStyles,
  narrowStyles,
  frameStyles,
];
