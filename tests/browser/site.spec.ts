// The built site as a stranger hosts it: opens without a complaint, asks nobody else for
// anything, is accessible in both themes, and replays every scenario of the catalogue to the
// digest that the engine has outside the browser.
import { AxeBuilder } from "@axe-core/playwright";
import { expect, test } from "@playwright/test";
import { CATALOGUE, digest, loadEngine } from "../../scripts/engine.mjs";
import { openPage, PHONE, WIDE, type Player } from "./player.js";

const Engine = await loadEngine();
/** How far a text without an end is played: virtual µs. */
const HORIZON_US = 10_000_000;
/** So many scenarios are played in one page. */
const IN_ONE_PAGE = 12;

test("opens without an error and without a foreign request", async ({ page, baseURL }) => {
  const complaints: string[] = [];
  const foreign: string[] = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("requestfailed", (request) => complaints.push(`failed: ${request.url()}`));
  page.on("response", (response) => {
    if (response.status() >= 400) complaints.push(`${response.status()}: ${response.url()}`);
  });
  page.on("request", (request) => {
    const own = request.url().startsWith(baseURL ?? "") || /^(data|blob):/.test(request.url());
    if (!own) foreign.push(request.url());
  });
  await openPage(page);
  expect(complaints).toEqual([]);
  expect(foreign).toEqual([]);
});

for (const colorScheme of ["light", "dark"] as const) {
  for (const viewport of [WIDE, PHONE]) {
    test(`axe finds nothing: ${colorScheme}, ${viewport.width} wide`, async ({ page }) => {
      await page.setViewportSize(viewport);
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      await openPage(page);
      const { violations } = await new AxeBuilder({ page }).analyze();
      const found = violations.map(({ id, nodes }) => ({ id, at: nodes.map(({ html }) => html) }));
      expect(found).toEqual([]);
    });
  }
}

// Many in one page: to open it takes longer than to play most of them.
for (let from = 0; from < CATALOGUE.length; from += IN_ONE_PAGE) {
  const some = CATALOGUE.slice(from, from + IN_ONE_PAGE);
  const names = `${some[0]?.name} to ${some.at(-1)?.name}`;
  test(`the page replays the catalogue, ${names}, to the engine's digests`, async ({ page }) => {
    test.setTimeout(IN_ONE_PAGE * 10_000);
    await openPage(page);
    const player = page.locator("happens-before");
    for (const { name, text } of some) {
      const end = new Engine(text).end() ?? HORIZON_US;
      await player.evaluate(
        (element: Player, run) => {
          element.scenario = run.text;
          element.time = run.end;
        },
        { text, end },
      );
      const expected = await digest(text);
      await expect
        .poll(() => player.evaluate((element: Player) => element.digest), { message: name })
        .toBe(expected);
    }
  });
}

test("embed.js upgrades the element on a page elsewhere", async ({ page, baseURL }) => {
  await page.route("**/host.html", (route) =>
    route.fulfill({
      contentType: "text/html",
      body: `<!doctype html><title>host</title><happens-before></happens-before>
        <script src="${baseURL}embed.js"></script>`,
    }),
  );
  await page.goto("/host.html");
  await expect
    .poll(() => page.evaluate(() => customElements.get("happens-before") !== undefined))
    .toBe(true);
});
