// Browser tests, against the built site as a stranger would host it: a plain file server, some
// way below its root.
import { defineConfig } from "@playwright/test";
import { findChromium } from "./scripts/chromium.mjs";

// The workers inherit it from here, so all agree, and two checkouts can be tested at once.
process.env["SITE_PORT"] ??= String(20_000 + Math.floor(Math.random() * 20_000));
const site = `http://localhost:${process.env["SITE_PORT"]}/some/where/`;
const chromium = await findChromium();

export default defineConfig({
  testDir: "tests/browser",
  forbidOnly: true,
  fullyParallel: true,
  workers: 2,
  reporter: "list",
  timeout: 30_000,
  use: {
    baseURL: site,
    viewport: { width: 1280, height: 800 },
    trace: "retain-on-failure",
    launchOptions: {
      ...(chromium ? { executablePath: chromium } : {}),
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
  webServer: { command: "node scripts/serve.mjs", url: site },
});
