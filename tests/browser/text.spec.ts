// The text pane: typing plays to the same instant, a mistake is named with its place and leaves
// the last good run on stage; the timeline and the line numbers move time.
import { expect, test, type Page } from "@playwright/test";
import { openPage, type Player } from "./player.js";

const player = (page: Page) => page.locator("happens-before");
const scenario = (page: Page) => player(page).evaluate((element: Player) => element.scenario);
const time = (page: Page) => player(page).evaluate((element: Player) => element.time);

async function openEditor(page: Page) {
  await openPage(page);
  await player(page).evaluate((element: Player & { pause(): void }) => {
    element.pause();
    element.time = 660_000;
  });
  await page.keyboard.press("t");
  const field = page.getByRole("textbox", { name: "Text of this run" });
  await expect(field).toBeFocused();
  return field;
}

test("a text that parses is played to the same instant", async ({ page }) => {
  const field = await openEditor(page);
  const before = await scenario(page);
  await field.fill(before.replace(/at 900ms .*/, "at 400ms crash n1"));
  await expect.poll(() => scenario(page)).toContain("at 400ms crash n1");
  expect(await time(page)).toBe(660_000);
  await expect(page.locator(`[data-node="n1"]`)).toHaveAttribute("aria-label", /down/);
});

test("a mistake is underlined and named, and the last good run stays", async ({ page }) => {
  const field = await openEditor(page);
  const before = await scenario(page);
  const digest = await player(page).evaluate((element: Player) => element.digest);
  await field.fill(`${before}at 1800ms partion n1 | n2\n`);
  await expect(page.locator(".errors")).toContainText("no action is called “partion”");
  await expect(page.locator(".errors")).toContainText(
    "The last run without errors is still on stage.",
  );
  await expect(page.locator(".backdrop u")).toHaveText("partion");
  expect(await scenario(page)).toBe(before);
  expect(await player(page).evaluate((element: Player) => element.digest)).toBe(digest);
  await field.fill(`${before}at 1800ms partition n1 | n2\n`);
  await expect(page.locator(".errors")).toBeEmpty();
  await expect.poll(() => scenario(page)).toContain("partition n1 | n2");
});

test("what happened can be read as a list", async ({ page }) => {
  await openPage(page);
  await player(page).evaluate((element: Player & { pause(): void }) => {
    element.pause();
    element.time = 1_000_000;
  });
  await page.getByText("What happened, as a list").click();
  await expect(page.locator(".transcript")).toContainText("crash leader (n3)");
  await expect(page.locator(".transcript")).toContainText("n3 is dead. Nobody knows yet.");
});

test("a line's number and the timeline move time", async ({ page }) => {
  await openPage(page);
  await player(page).evaluate((element: Player & { pause(): void }) => element.pause());
  await page.locator("button.number").first().click();
  const first = await time(page);
  expect(first).toBeGreaterThan(0);
  const box = await page.getByRole("slider", { name: "Time of the run" }).boundingBox();
  if (!box) throw new Error("there is no timeline");
  await page.mouse.click(box.x + box.width / 4, box.y + box.height / 2);
  await expect.poll(() => time(page)).not.toBe(first);
  await page.getByRole("slider", { name: "Time of the run" }).press("Home");
  expect(await time(page)).toBe(0);
});
