// All styles of the player, in the order in which they build on each other.

import { controlStyles } from "./styles/controls.js";
import { frameStyles } from "./styles/frame.js";
import { partStyles } from "./styles/parts.js";

export const styles = [controlStyles, partStyles, frameStyles];
