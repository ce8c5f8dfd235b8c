// The player for other people's pages: defines `<happens-before>` and nothing else. A second
// copy on the same page leaves the first one in charge.

import { HappensBefore } from "./player/player.js";

if (customElements.get("happens-before") === undefined) {
  customElements.define("happens-before", HappensBefore);
}

export { HappensBefore };
