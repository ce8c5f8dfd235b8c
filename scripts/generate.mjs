// Makes web/generated/ from its sources, setting up what is missing; nothing else.
import { GENERATE, SETUP } from "./setup.mjs";
import { runStages } from "./stages.mjs";

await runStages([...SETUP, ...GENERATE]);
