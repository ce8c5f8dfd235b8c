// What does not move: no frames at rest, nothing shifts when the player takes over from the
// still; and where the page may do less: strict CSP, no WebAssembly, reduced motion, widths.
import { expect, test, type Page } from "@playwright/test";
import { openPage, type Player } from "./player.js";

const player = (page: Page) => page.locator("happens-before");
const time = (page: Page) => player(page).evaluate((element: Player) => element.time);

/** Counts animation frames that the page asks for. */
async function countFrames(page: Page) {
  await page.addInitScript(() => {
    const request = window.requestAnimationFrame.bind(window);
    Object.assign(window, { framesRequested: 0 });
    window.requestAnimationFrame = (callback) => {
      const count = Number(Reflect.get(window, "framesRequested"));
      Object.assign(window, { framesRequested: count + 1 });
      return request(callback);
    };
  });
  return () => page.evaluate(() => Number(Reflect.get(window, "framesRequested")));
}

test("at rest no frame is asked for", async ({ page }) => {
  await page.clock.install();
  const frames = await countFrames(page);
  await openPage(page);
  await page.getByRole("button", { name: "Pause", exact: true }).click();
  // What a press sets in motion may end first.
  await page.clock.runFor(7000);
  const before = await frames();
  await page.clock.runFor(5000);
  expect(await frames()).toBe(before);
});

test("with reduced motion play goes in steps of 1.2 s", async ({ page }) => {
  await page.clock.install({ time: 0 });
  await page.emulateMedia({ reducedMotion: "reduce" });
  await openPage(page);
  await page.clock.pauseAt(60_000);
  const start = await time(page);
  await player(page).evaluate((element: Player & { play(): void }) => element.play());
  await page.clock.runFor(1100);
  expect(await time(page)).toBe(start);
  await page.clock.runFor(200);
  const second = await time(page);
  expect(second).toBeGreaterThan(start);
  await page.clock.runFor(1000);
  expect(await time(page)).toBe(second);
  await page.clock.runFor(300);
  expect(await time(page)).toBeGreaterThan(second);
});

for (const width of [360, 390, 700, 900, 1100, 1280, 1440, 1920]) {
  test(`nothing scrolls sideways at ${width}`, async ({ page }) => {
    await page.setViewportSize({ width, height: 800 });
    await openPage(page);
    const scroll = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(scroll).toBeLessThanOrEqual(width);
  });
}

test("fixed things stay where they are while the run plays", async ({ page }) => {
  await openPage(page);
  const places = () =>
    player(page).evaluate((element) => {
      const fixed = ".head, .panel, .dock, .round, .ring, .rack, .node .target, .timeline";
      const found = element.shadowRoot?.querySelectorAll(fixed) ?? [];
      return [...found].map((part) => {
        const { x, y, width, height } = part.getBoundingClientRect();
        return [x, y, width, height].map(Math.round).join(" ");
      });
    });
  const before = await places();
  expect(before.length).toBeGreaterThan(12);
  const start = await time(page);
  await expect.poll(() => time(page)).toBeGreaterThan(start + 100_000);
  expect(await places()).toEqual(before);
});

test("the stage takes over from the still without a jump", async ({ page, browser, baseURL }) => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const still = await context.newPage();
  await still.goto(baseURL ?? "");
  const box = await still
    .locator(`.still-picture.wide [data-key="node:n1"] circle`)
    .first()
    .boundingBox();
  await context.close();
  await openPage(page);
  const live = await page.locator(`[data-node="n1"] .body circle`).first().boundingBox();
  expect(Math.abs((box?.x ?? 0) - (live?.x ?? 99))).toBeLessThan(2);
  expect(Math.abs((box?.y ?? 0) - (live?.y ?? 99))).toBeLessThan(2);
});

test("the player runs under a strict Content Security Policy", async ({ page }) => {
  const refused: string[] = [];
  page.on("console", (message) => {
    if (message.text().includes("Content Security Policy")) refused.push(message.text());
  });
  await page.route("**/some/where/", async (route) => {
    const response = await route.fetch();
    const policy =
      "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'; " +
      "img-src 'self'; font-src 'self'; connect-src 'self'";
    const headers = { ...response.headers(), "content-security-policy": policy };
    await route.fulfill({ response, headers });
  });
  await openPage(page);
  await player(page).evaluate((element: Player) => {
    element.time = 1_000_000;
  });
  expect(refused).toEqual([]);
});

test("without WebAssembly the still stays and says so", async ({ page }) => {
  await page.addInitScript(() => Reflect.deleteProperty(window, "WebAssembly"));
  await page.goto("./");
  await expect(page.getByText("This page may not run WebAssembly here.")).toBeVisible();
  await expect(page.locator("svg[data-drawing=ring]").first()).toBeVisible();
  await expect(page.locator(".still-events li").first()).toBeVisible();
});
