// The page in Firefox replays every scenario of the catalogue to the digest of the golden file.
// `npm run test:all` runs it; by hand `node tests/firefox/digests.mjs` after `npm run build`.
// Playwright brings a Firefox of its own that not every system can load: this drives the
// system's by WebDriver BiDi.
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { launch } from "puppeteer-core";
import { CATALOGUE } from "../../scripts/engine.mjs";
import { findFirefox } from "../../scripts/firefox.mjs";

/** How far a text without an end is played: virtual µs. */
const HORIZON_US = 10_000_000;
const PORT = 20_000 + Math.floor(Math.random() * 20_000);
const SITE = `http://localhost:${PORT}/some/where/`;

const root = new URL("../../", import.meta.url);
/** @param {string} file */
const read = (file) => readFileSync(new URL(file, root), "utf8");
/** @type {Map<string, string>} */
const golden = new Map();
for (const line of read("core/src/catalogue/digests.txt").split("\n")) {
  const [name, digest] = line.split(" ");
  if (name && digest && name !== "#") golden.set(name, digest);
}

/** When a text ends, virtual µs.
 * @param {string} text */
function endOf(text) {
  const [, number, unit] = /^end ([\d.]+)(us|ms|s)\b/m.exec(text) ?? [];
  if (number === undefined) return HORIZON_US;
  return Math.round(Number(number) * (unit === "s" ? 1_000_000 : unit === "ms" ? 1_000 : 1));
}

/** The element, as an expression of the page's. */
const PLAYER = 'document.querySelector("happens-before")';

/**
 * Plays a text in the page to its end, and waits until the digest there is the expected one; what
 * it is in the end.
 * @param {import("puppeteer-core").Page} page @param {string} text @param {string} expected
 */
async function replay(page, text, expected) {
  await page.evaluate(
    `${PLAYER}.scenario = ${JSON.stringify(text)}; ${PLAYER}.time = ${endOf(text)};`,
  );
  const options = { polling: 100, timeout: 15_000 };
  await page
    .waitForFunction(`${PLAYER}.digest === ${JSON.stringify(expected)}`, options)
    .catch(() => undefined);
  return String(await page.evaluate(`${PLAYER}.digest`));
}

async function main() {
  const executablePath = findFirefox();
  if (!executablePath) {
    console.error("no Firefox here; your system's package will do, or FIREFOX=/path/to/it");
    return 1;
  }
  const server = spawn(process.execPath, ["scripts/serve.mjs"], {
    cwd: root,
    env: { ...process.env, SITE_PORT: String(PORT) },
  });
  const browser = await launch({ browser: "firefox", executablePath, headless: true });
  let wrong = 0;
  try {
    console.log(await browser.version());
    const page = await browser.newPage();
    for (const { name, text } of CATALOGUE) {
      await page.goto(SITE);
      await page.waitForFunction(`${PLAYER}?.digest`);
      const expected = golden.get(name) ?? "none";
      const digest = await replay(page, text, expected);
      wrong += digest === expected ? 0 : 1;
      console.log(`${digest === expected ? "ok    " : "WRONG "} ${name} ${digest}`);
      if (digest !== expected) console.log(`       expected ${expected}`);
    }
  } finally {
    await browser.close();
    server.kill();
  }
  return wrong === 0 ? 0 : 1;
}

process.exitCode = await main();
