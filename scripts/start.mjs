// `npm start`: sets up what is missing, builds the engine and serves the page, printing its
// address. Arguments after `--` go to Vite (`npm start -- --port 8000`).
import { GENERATE, SETUP } from "./setup.mjs";
import { runStages } from "./stages.mjs";

await runStages([...SETUP, ...GENERATE]);

const { createServer } = await import("vite");
const option = process.argv.indexOf("--port");
const port = option < 0 ? 5173 : Number(process.argv[option + 1]);
const screen =
  process.platform === "darwin" ||
  process.platform === "win32" ||
  Boolean(process.env["DISPLAY"] ?? process.env["WAYLAND_DISPLAY"]);
const server = await createServer({ server: { port, open: screen && !process.env["CI"] } });
await server.listen();
console.log("\nHappens-Before runs at");
server.printUrls();
server.bindCLIShortcuts({ print: true });
