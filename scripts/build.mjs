// `npm run build`: sets up what is missing and leaves the static site in dist/, then weighs it.
import { GENERATE, SETUP, SITE } from "./setup.mjs";
import { runStages } from "./stages.mjs";

await runStages([...SETUP, ...GENERATE, ...SITE]);
