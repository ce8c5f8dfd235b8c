// The page plays with a small engine first; the whole one follows and takes over unseen.
import { expect, type Page, type Route, test } from "@playwright/test";
import { openPage, type Player } from "./player.js";

/** The player with what these tests look into. */
interface Inside extends Player {
  readonly session: { readonly complete: boolean };
}

/** Whether the whole engine plays. */
const complete = (page: Page) =>
  page.locator("happens-before").evaluate((player: Inside) => player.session.complete);

/** The whole engine, held back. */
interface Hold {
  /** Waits until the page has asked for it. */
  asked: () => Promise<void>;
  /** It may come. */
  release: () => Promise<void>;
}

/** Keeps the whole engine from coming until it is released. */
async function holdWhole(page: Page): Promise<Hold> {
  const held: Route[] = [];
  let here = false;
  await page.route(/happens_before_bg.*\.wasm$/, async (route) => {
    if (here) await route.continue();
    else held.push(route);
  });
  return {
    asked: () => expect.poll(() => held.length).toBeGreaterThan(0),
    release: async () => {
      here = true;
      for (const route of held) await route.continue();
    },
  };
}

/** A picture in which nothing fades any more. */
const still = (page: Page) => page.screenshot({ animations: "disabled" });

test("the whole engine takes over at the same instant, and nothing moves", async ({ page }) => {
  const { asked, release } = await holdWhole(page);
  await openPage(page);
  await page.keyboard.press("Space");
  await asked();
  expect(await complete(page)).toBe(false);
  const digest = () => page.locator("happens-before").evaluate((player: Player) => player.digest);
  const before = { digest: await digest(), picture: await still(page) };
  await release();
  await expect.poll(() => complete(page)).toBe(true);
  expect(await digest()).toBe(before.digest);
  expect((await still(page)).equals(before.picture)).toBe(true);
});

test("a press before the whole engine is here is kept and done at the time shown", async ({
  page,
}) => {
  const { release } = await holdWhole(page);
  await openPage(page);
  await page.keyboard.press("c");
  const pressed = await page.locator("happens-before").evaluate((player: Player) => player.time);
  await release();
  await expect.poll(() => complete(page)).toBe(true);
  const text = await page.locator("happens-before").evaluate((player: Player) => player.scenario);
  const [, line] = /^at (\d+)ms crash leader$/m.exec(text) ?? [];
  expect(Math.abs(Number(line) * 1000 - pressed)).toBeLessThanOrEqual(2000);
});

test("a run beyond the small engine waits for the whole one", async ({ page }) => {
  const { asked, release } = await holdWhole(page);
  await page.goto("./#echo-retry");
  await asked();
  const time = () => page.locator("happens-before").evaluate((player: Player) => player.time);
  expect(await time()).toBe(0);
  await release();
  await expect.poll(time).toBeGreaterThan(0);
  expect(await complete(page)).toBe(true);
});
