// The space-time view as a person uses it: switching, choosing events by pointer and by keys, what
// happened before what in words, stamps; and that it costs nothing before it is opened.
import { AxeBuilder } from "@axe-core/playwright";
import { expect, test, type Page } from "@playwright/test";
import { openPage, PHONE, WIDE, type Player } from "./player.js";

/** What these tests ask of the engine itself. */
interface Asked extends Player {
  readonly session: {
    ask<T>(question: (engine: EngineAsked) => T): T | undefined;
  };
  seek(timeUs: number): void;
  pause(): void;
}
interface EngineAsked {
  event_words(event: number): string;
  relation(a: number, b: number): { word: string; sentence: string; receives: number[] };
  stamp(kind: string, event: number): string;
  cuts(): { number: number }[];
}

const player = (page: Page) => page.locator("happens-before");
const diagram = (page: Page) => page.getByRole("application", { name: "Space-time diagram" });
const said = (page: Page) => page.locator(".spacetime-said [role=status]");
const time = (page: Page) => player(page).evaluate((element: Player) => element.time);
/** The number of the chosen event, or of the one that it is compared with. */
const chosen = async (page: Page, which: "event" | "first" = "event") =>
  Number(await diagram(page).getAttribute(`data-${which}`));

/** Opens a run at a time, in the space-time view, not playing. */
async function openAt(page: Page, name: string, timeUs: number) {
  await openPage(page, `./#${name}`);
  await player(page).evaluate((element: Asked, to) => {
    element.pause();
    element.seek(to);
  }, timeUs);
  await switchTo(page, "Space-time");
  await expect(diagram(page)).toBeVisible();
}

const switchTo = (page: Page, view: string) =>
  page.getByRole("group", { name: "View" }).getByRole("button", { name: view }).click();

test("one press shows the diagram of the same instant, another the stage", async ({ page }) => {
  await openPage(page);
  await player(page).evaluate((element: Asked) => element.pause());
  const before = await time(page);
  await expect(diagram(page)).toHaveCount(0);
  await switchTo(page, "Space-time");
  await expect(diagram(page)).toBeVisible();
  await expect(page.getByRole("group", { name: "Cluster" })).toBeHidden();
  expect(await time(page)).toBe(before);
  await page.keyboard.press("v");
  await expect(diagram(page)).toHaveCount(0);
  await expect(page.getByRole("group", { name: "Cluster" })).toBeVisible();
  await page.keyboard.press("v");
  await expect(diagram(page)).toBeVisible();
});

test("the run goes on in either view, and the actions of the bar write their lines", async ({
  page,
}) => {
  await openPage(page);
  await switchTo(page, "Space-time");
  await expect(diagram(page)).toBeVisible();
  const before = await time(page);
  await expect.poll(() => time(page)).toBeGreaterThan(before + 20_000);
  await page.keyboard.press("c");
  const text = () => player(page).evaluate((element: Player) => element.scenario);
  await expect.poll(text).toMatch(/^at \d+ms crash leader$/m);
  await expect(diagram(page)).toBeVisible();
});

test("what the view needs is fetched when it is first opened", async ({ page }) => {
  const asked: string[] = [];
  page.on("request", (request) => asked.push(request.url()));
  await openPage(page);
  await page.waitForLoadState("networkidle");
  const before = asked.length;
  await switchTo(page, "Space-time");
  await expect(diagram(page)).toBeVisible();
  expect(asked.slice(before).some((url) => url.endsWith(".js"))).toBe(true);
});

test("keys choose an event, go along its lane and to the other end of a message", async ({
  page,
}) => {
  await openAt(page, "first-election", 300_000);
  await diagram(page).focus();
  await page.keyboard.press("Enter");
  await expect(said(page)).toContainText("happened before it");
  const words = (event: number) =>
    player(page).evaluate(
      (element: Asked, id) => element.session.ask((engine) => engine.event_words(id)),
      event,
    );
  const first = await chosen(page);
  await expect(said(page)).toContainText((await words(first)) ?? "?");
  await page.keyboard.press("ArrowLeft");
  const second = await chosen(page);
  expect(second).toBeLessThan(first);
  await expect(said(page)).toContainText((await words(second)) ?? "?");
  await page.keyboard.press("Enter");
  await expect(said(page)).toContainText("It happened before");
  await page.getByRole("button", { name: "Past", exact: true }).click();
  await expect(said(page)).toContainText("happened before it");
  await diagram(page).focus();
  await page.keyboard.press("Escape");
  await expect(said(page)).toHaveText("");
});

test("of two events it says what the engine says: before, after or concurrent", async ({
  page,
}) => {
  await openAt(page, "first-election", 300_000);
  await diagram(page).focus();
  await page.keyboard.press("Enter");
  await page.keyboard.press("Shift+Enter");
  const words = new Set<string>();
  const left = Array.from({ length: 5 }, () => "ArrowLeft");
  const keys = [left, "ArrowUp", "ArrowDown", "ArrowDown", left, "ArrowUp", left, "ArrowDown"];
  for (const key of keys.flat()) {
    await page.keyboard.press(key);
    const [a, b] = [await chosen(page, "first"), await chosen(page)];
    if (a === b) continue;
    const relation = await player(page).evaluate(
      (element: Asked, [one = 0, other = 0]) =>
        element.session.ask((engine) => engine.relation(one, other)),
      [a, b],
    );
    words.add(relation?.word ?? "");
    await expect(said(page)).toHaveText(relation?.sentence ?? "?");
  }
  expect([...words]).toContain("after");
  expect([...words]).toContain("concurrent");
});

test("a pointer finds an event and chooses it; Shift adds a second one", async ({ page }) => {
  test.slow();
  await openAt(page, "first-election", 300_000);
  const box = await diagram(page).boundingBox();
  if (box === null) throw new Error("no diagram");
  /** Goes along a height of the diagram until an event is under the pointer. */
  const find = async (share: number, from: number) => {
    for (let x = from; x < box.width - 30; x += 6) {
      for (let dy = -30; dy <= 30; dy += 10) {
        await page.mouse.move(box.x + x, box.y + box.height * share + dy);
        if ((await diagram(page).getAttribute("data-under")) === "event") return x;
      }
    }
    throw new Error("no event found");
  };
  const x = await find(0.3, 200);
  await page.mouse.down();
  await page.mouse.up();
  await expect(said(page)).toContainText("happened before it");
  await find(0.6, x + 40);
  await page.keyboard.down("Shift");
  await page.mouse.down();
  await page.mouse.up();
  await page.keyboard.up("Shift");
  await expect(said(page)).toContainText(/happened before|concurrent/);
  expect(await chosen(page, "first")).not.toBe(await chosen(page));
});

test("stamps of three kinds stand in what is said of an event", async ({ page }) => {
  await openAt(page, "first-election", 300_000);
  await diagram(page).focus();
  await page.keyboard.press("Enter");
  const event = await chosen(page);
  for (const [name, kind] of [
    ["Lamport clocks", "lamport"],
    ["Vector clocks", "vector"],
    ["Hybrid clocks", "hlc"],
  ] as const) {
    await page.getByRole("combobox", { name: "Stamps" }).selectOption({ label: name });
    const stamp = await player(page).evaluate(
      (element: Asked, [id, of]) => element.session.ask((engine) => engine.stamp(of, id)) ?? "",
      [event, kind] as const,
    );
    expect(stamp).not.toBe("");
    await expect(said(page)).toContainText(stamp);
  }
});

test("a snapshot of the bank is a cut through its lanes", async ({ page }) => {
  await openAt(page, "money-in-flight", 400_000);
  const cuts = await player(page).evaluate(
    (element: Asked) => element.session.ask((engine) => engine.cuts()) ?? [],
  );
  expect(cuts).toHaveLength(1);
});

test("time is moved in the row of times, and the run follows", async ({ page }) => {
  await openAt(page, "first-election", 300_000);
  const box = await diagram(page).boundingBox();
  if (box === null) throw new Error("no diagram");
  await page.mouse.click(box.x + 200, box.y + box.height - 8);
  expect(await time(page)).toBeLessThan(300_000);
});

test("at rest the view asks for no frames", async ({ page }) => {
  await openAt(page, "first-election", 300_000);
  // Time is counted in frames of the test's own: the first let the view settle.
  const frames = await page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        let [count, left] = [0, 90];
        const request = window.requestAnimationFrame.bind(window);
        window.requestAnimationFrame = (callback) => {
          count += 1;
          return request(callback);
        };
        const tick = () => {
          left -= 1;
          if (left === 60) count = 0;
          if (left === 0) resolve(count);
          else request(tick);
        };
        request(tick);
      }),
  );
  expect(frames).toBe(0);
});

for (const colorScheme of ["light", "dark"] as const) {
  for (const viewport of [WIDE, PHONE]) {
    test(`axe finds nothing in the diagram: ${colorScheme}, ${viewport.width} wide`, async ({
      page,
    }) => {
      await page.setViewportSize(viewport);
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      await openPage(page, "./#first-election");
      await page.keyboard.press("v");
      await expect(diagram(page)).toBeVisible();
      await diagram(page).focus();
      await page.keyboard.press("Enter");
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations.map(({ id, nodes }) => ({ id, at: nodes.map((n) => n.html) }))).toEqual([]);
      const scroll = await page.evaluate(() => document.documentElement.scrollWidth);
      expect(scroll).toBeLessThanOrEqual(viewport.width);
    });
  }
}
