// What a hand does becomes a line of the text, by pointer and by keyboard alike; undo takes the
// line back; the clock holds meanwhile.
import { expect, test, type Page } from "@playwright/test";
import { openPage, PHONE, type Player } from "./player.js";

const player = (page: Page) => page.locator("happens-before");
const scenario = (page: Page) => player(page).evaluate((element: Player) => element.scenario);
const time = (page: Page) => player(page).evaluate((element: Player) => element.time);

/** Opens the page and stops the run at an instant. */
async function openAt(page: Page, timeUs: number) {
  await openPage(page);
  await player(page).evaluate((element: Player & { pause(): void }, instant) => {
    element.pause();
    element.time = instant;
  }, timeUs);
}

/** Lines of the text that were not there before. */
async function added(page: Page, before: string): Promise<string[]> {
  const old = before.split("\n");
  return (await scenario(page)).split("\n").filter((line) => !old.includes(line));
}

/** Where a node stands in the window. */
async function centreOf(page: Page, node: string) {
  const box = await page.locator(`[data-node="${node}"] .target`).boundingBox();
  if (!box) throw new Error(`${node} is not on stage`);
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

test("the run plays and a press on Pause stops it", async ({ page }) => {
  await openPage(page);
  const start = await time(page);
  await expect.poll(() => time(page)).toBeGreaterThan(start);
  await page.getByRole("button", { name: "Pause", exact: true }).click();
  await expect(page.getByRole("button", { name: "Play", exact: true })).toBeVisible();
});

test("crash by menu writes a line, undo takes it back", async ({ page }) => {
  await openAt(page, 660_000);
  const before = await scenario(page);
  const { x, y } = await centreOf(page, "n1");
  await page.mouse.click(x, y);
  await page.getByRole("menuitem", { name: /^Crash/ }).click();
  expect(await added(page, before)).toEqual([
    expect.stringMatching(/^at 66\d(\.\d+)?ms crash n1$/),
  ]);
  await expect(page.locator(".toast")).toContainText("crash n1 at 0.66");
  await expect(page.locator(`[data-node="n1"]`)).toHaveAttribute("aria-label", /down/);
  await page.locator(".toast").getByRole("button", { name: "Undo" }).click();
  expect(await scenario(page)).toBe(before);
  await expect(page.locator(`[data-node="n1"]`)).not.toHaveAttribute("aria-label", /down/);
});

test("the first action writes what its ghost line says", async ({ page }) => {
  await openAt(page, 660_000);
  const before = await scenario(page);
  const action = page.locator(".actions button").first();
  await action.hover();
  const ghost = await page.locator(".row.ghost .code").textContent();
  await action.click();
  expect(await added(page, before)).toEqual([ghost]);
});

test("the bar does not change under the pointer", async ({ page }) => {
  await openAt(page, 660_000);
  const first = page.locator(".actions button").first();
  const label = await first.textContent();
  await first.click();
  await expect(page.locator(".toast")).toContainText("crash leader");
  expect(await first.textContent()).toBe(label);
  await page.mouse.move(640, 20);
  await expect(first).not.toHaveText(label ?? "");
});

test("everything is done by keyboard alone", async ({ page }) => {
  await openAt(page, 660_000);
  const before = await scenario(page);
  // To the ring of nodes, to the next node, into its menu, its first entry.
  await page.keyboard.press("2");
  await expect(page.getByRole("menu")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("menu")).toBeHidden();
  await page.locator(`[data-node="n1"]`).focus();
  await page.keyboard.press("ArrowRight");
  await expect(page.locator(`[data-node="n2"]`)).toBeFocused();
  await page.keyboard.press("Enter");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("Enter");
  await expect.poll(() => added(page, before)).toEqual([expect.stringMatching(/ n2$/)]);
  await expect(page.locator(`[data-node="n2"]`)).toBeFocused();
  await page.keyboard.press("Control+z");
  expect(await scenario(page)).toBe(before);
  // Steps in time.
  const start = await time(page);
  await page.keyboard.press(".");
  await expect.poll(() => time(page)).toBeGreaterThan(start);
  await page.keyboard.press(",");
  await expect.poll(() => time(page)).toBeLessThanOrEqual(start);
  // A partition by list.
  await page.keyboard.press("x");
  await expect(page.getByRole("dialog")).toBeVisible();
  await page.getByRole("button", { name: /^Cut: 2 of 5/ }).press("Enter");
  expect(await added(page, before)).toEqual([
    expect.stringMatching(/partition n\d n\d \| n\d n\d n\d$/),
  ]);
});

test("a node's menu shows what it knows", async ({ page }) => {
  await openAt(page, 660_000);
  await page.keyboard.press("2");
  await expect(page.getByRole("menuitem").first()).toBeFocused();
  await page.keyboard.press("End");
  await expect(page.getByRole("menuitem").last()).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("dialog", { name: "What n2 knows" })).toContainText("term");
});

test("a message in flight is dropped by its name", async ({ page }) => {
  await openAt(page, 680_000);
  const before = await scenario(page);
  await page.keyboard.press("m");
  await page.getByRole("dialog").getByRole("listitem").first().getByRole("button").click();
  await page.getByRole("menuitem", { name: /^Drop/ }).click();
  expect(await added(page, before)).toEqual([expect.stringMatching(/drop \w+->\w+ \w+ #\d+$/)]);
});

test("a link is cut in one direction", async ({ page }) => {
  await openAt(page, 660_000);
  const before = await scenario(page);
  await page.keyboard.press("l");
  await page.getByRole("button", { name: "n1 – n2" }).click();
  await page.getByRole("menuitem", { name: /only/ }).first().click();
  expect(await added(page, before)).toEqual([expect.stringMatching(/cut n\d->n\d$/)]);
});

test("every command has a name in the palette", async ({ page }) => {
  await openAt(page, 660_000);
  const before = await scenario(page);
  await page.keyboard.press("Control+k");
  await page.getByRole("combobox", { name: "Command" }).fill("pause n4");
  await page.keyboard.press("Enter");
  expect(await added(page, before)).toEqual([expect.stringMatching(/pause n4/)]);
});

test("single-letter keys can be switched off", async ({ page }) => {
  await openAt(page, 660_000);
  const before = await scenario(page);
  await page.keyboard.press("?");
  await page.getByRole("checkbox", { name: "Single-letter keys" }).uncheck();
  await page.getByRole("button", { name: "Close" }).click();
  await page.keyboard.press("c");
  expect(await scenario(page)).toBe(before);
  await page.reload();
  await page.keyboard.press("c");
  expect(await scenario(page)).toBe(before);
});

test("a line dragged across the stage is a partition; Escape takes it back", async ({ page }) => {
  await openAt(page, 660_000);
  const before = await scenario(page);
  const [left, right] = [await centreOf(page, "n5"), await centreOf(page, "n2")];
  const drag = async () => {
    await page.mouse.move(left.x - 80, left.y + 90);
    await page.mouse.down();
    await page.mouse.move(left.x + 60, left.y + 90);
    await page.mouse.move(right.x + 50, right.y + 90);
  };
  await drag();
  await expect(page.locator(".cut-count")).toHaveText(["3 of 5", "2 of 5"]);
  await expect(page.locator(".cut-side")).toHaveCount(2);
  await page.keyboard.press("Escape");
  await page.mouse.up();
  expect(await scenario(page)).toBe(before);
  await drag();
  await page.mouse.up();
  expect(await added(page, before)).toEqual([
    expect.stringMatching(/partition n3 n4 \| n1 n2 n5$/),
  ]);
});

test("a press on the wall heals", async ({ page }) => {
  await openAt(page, 660_000);
  await player(page).evaluate((element: Player & { apply(action: string): void }) =>
    element.apply("partition n3 n4 | n1 n2 n5"),
  );
  const before = await scenario(page);
  const wall = await page.locator(`.ring [data-key="walls"]`).boundingBox();
  if (!wall) throw new Error("there is no wall");
  await page.mouse.click(wall.x + 12, wall.y + wall.height / 2);
  await page.getByRole("menuitem", { name: /^Heal/ }).click();
  expect(await added(page, before)).toEqual([expect.stringMatching(/ heal$/)]);
});

/** Parts n3 and n4 from the rest by a wall; gives the middle of its right end. */
async function wallEnd(page: Page) {
  await player(page).evaluate((element: Player & { apply(action: string): void }) =>
    element.apply("partition n3 n4 | n1 n2 n5"),
  );
  const boxes = await Promise.all(
    (await page.locator(".hb-grip").all()).map((grip) => grip.boundingBox()),
  );
  const [, right] = boxes.toSorted((a, b) => (a?.x ?? 0) - (b?.x ?? 0));
  if (boxes.length !== 2 || !right) throw new Error("a wall has two ends");
  return { x: right.x + right.width / 2, y: right.y + right.height / 2 };
}

test("a wall's end is dragged to part other nodes; Escape takes it back", async ({ page }) => {
  await openAt(page, 660_000);
  const { x, y } = await wallEnd(page);
  const before = await scenario(page);
  const n2 = await centreOf(page, "n2");
  const drag = async (to: number) => {
    await page.mouse.move(x, y);
    await page.mouse.down();
    await page.mouse.move(x, (y + to) / 2);
    await page.mouse.move(x, to);
  };
  await drag(n2.y - 40);
  await expect(page.locator(".cut-count")).toHaveText(["2 of 5", "3 of 5"]);
  await expect(page.locator(`.ring [data-key="walls"]`)).toBeHidden();
  await page.keyboard.press("Escape");
  await page.mouse.up();
  expect(await scenario(page)).toBe(before);
  await expect(page.locator(`.ring [data-key="walls"]`)).toBeVisible();
  // Where the same nodes stand on each side there is nothing to write.
  await drag(y - 30);
  await page.mouse.up();
  expect(await scenario(page)).toBe(before);
  await drag(n2.y - 40);
  await page.mouse.up();
  expect(await added(page, before)).toEqual([
    expect.stringMatching(/partition n1 n5 \| n2 n3 n4$/),
  ]);
});

test("a finger drags a wall's end without arming anything", async ({ browser }) => {
  const context = await browser.newContext({ viewport: PHONE, hasTouch: true, isMobile: true });
  const page = await context.newPage();
  await openAt(page, 660_000);
  const { x, y } = await wallEnd(page);
  const before = await scenario(page);
  const n2 = await centreOf(page, "n2");
  const finger = await context.newCDPSession(page);
  const touch = (type: "touchStart" | "touchMove" | "touchEnd", at?: number) =>
    finger.send("Input.dispatchTouchEvent", {
      type,
      touchPoints: at === undefined ? [] : [{ x, y: at }],
    });
  await touch("touchStart", y);
  await touch("touchMove", (y + n2.y) / 2);
  await touch("touchMove", n2.y - 70);
  await touch("touchEnd");
  await expect
    .poll(() => added(page, before))
    .toEqual([expect.stringMatching(/partition n1 n5 \| n2 n3 n4$/)]);
  await context.close();
});

test("the wall is moved by keyboard alone, from the sides as they are", async ({ page }) => {
  await openAt(page, 660_000);
  await wallEnd(page);
  const before = await scenario(page);
  await page.keyboard.press("n");
  await page.getByRole("menuitem", { name: "Move the wall…" }).press("Enter");
  const side = (node: string) =>
    page.getByRole("group", { name: node }).getByRole("radio", { name: "this side" });
  await expect(side("n3")).toBeChecked();
  await expect(side("n2")).not.toBeChecked();
  await side("n2").press("Space");
  await page.getByRole("button", { name: /^Cut: 3 of 5/ }).press("Enter");
  expect(await added(page, before)).toEqual([
    expect.stringMatching(/partition n1 n5 \| n2 n3 n4$/),
  ]);
});

test("the signs are explained, on a phone too", async ({ browser }) => {
  const context = await browser.newContext({ viewport: PHONE, hasTouch: true, isMobile: true });
  const page = await context.newPage();
  await openAt(page, 660_000);
  await expect(page.getByText("Tap a node")).toBeVisible();
  await page.getByRole("button", { name: "Signs" }).tap();
  const dialog = page.getByRole("dialog", { name: "What the signs mean" });
  for (const word of ["committed", "on disk", "heartbeat", "vote?"])
    await expect(dialog.locator("svg text", { hasText: word }).first()).toBeVisible();
  await context.close();
});

test("a line with all nodes on one side writes nothing", async ({ page }) => {
  await openAt(page, 660_000);
  const before = await scenario(page);
  const { x, y } = await centreOf(page, "n1");
  await page.mouse.move(x - 200, y - 46);
  await page.mouse.down();
  await page.mouse.move(x + 200, y - 46, { steps: 4 });
  await page.mouse.up();
  await expect(page.locator(".toast")).toContainText("Draw between the nodes.");
  expect(await scenario(page)).toBe(before);
});

test("time holds while a menu is open, and goes on after", async ({ page }) => {
  await openPage(page);
  const start = await time(page);
  await expect.poll(() => time(page)).toBeGreaterThan(start);
  const { x, y } = await centreOf(page, "n1");
  await page.mouse.click(x, y);
  await expect(page.locator(".clock-note")).toHaveText("held");
  const held = await time(page);
  // The last µs of a millisecond, so that a line would carry whole ones.
  expect((held + 1) % 1000).toBe(0);
  await page.keyboard.press("ArrowDown");
  expect(await time(page)).toBe(held);
  await page.keyboard.press("Escape");
  await expect.poll(() => time(page)).toBeGreaterThan(held);
});

test("a client's command is sent by form and its answer is listed", async ({ page }) => {
  await openAt(page, 660_000);
  const before = await scenario(page);
  await page.keyboard.press("k");
  await page.getByLabel("Arguments").fill("x 4242");
  await page.getByRole("button", { name: "Send" }).click();
  expect(await added(page, before)).toEqual([expect.stringMatching(/c1 put x 4242$/)]);
  await player(page).evaluate((element: Player) => {
    element.time = 3_000_000;
  });
  await page.keyboard.press("k");
  await expect(page.locator(".operations")).toContainText("put x 4242");
});

test("on a phone a tap opens a sheet and the list draws the partition", async ({ browser }) => {
  const context = await browser.newContext({ viewport: PHONE, hasTouch: true, isMobile: true });
  const page = await context.newPage();
  await openAt(page, 660_000);
  const before = await scenario(page);
  await page.locator(`[data-node="n1"] .target`).tap();
  await page.getByRole("menuitem", { name: /^Pause for/ }).tap();
  expect(await added(page, before)).toEqual([expect.stringMatching(/pause n1 for 300ms$/)]);
  await page.getByRole("button", { name: "Cut the network in two" }).tap();
  await page.getByRole("button", { name: /^Cut: / }).tap();
  expect(await added(page, before)).toHaveLength(2);
  await context.close();
});
