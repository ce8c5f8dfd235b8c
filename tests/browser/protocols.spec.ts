// A run under another protocol: what each costs side by side, the switch as a change of the text,
// and the way back.
import { expect, test, type Page } from "@playwright/test";
import { openPage, PHONE, type Player } from "./player.js";

const player = (page: Page) => page.locator("happens-before");
const scenario = (page: Page) => player(page).evaluate((element: Player) => element.scenario);

async function openComparison(page: Page) {
  await openPage(page);
  await player(page).evaluate((element: Player & { pause(): void }) => {
    element.pause();
    element.time = 1_900_000;
  });
  await page.getByRole("button", { name: "Raft", exact: true }).click();
  const dialog = page.getByRole("dialog", { name: "Same faults, other protocol" });
  await expect(dialog).toBeVisible();
  await expect(dialog.getByRole("status")).not.toHaveText("Playing the others…");
  return dialog;
}

test("what protocols cost stands side by side, this run's first", async ({ page }) => {
  const dialog = await openComparison(page);
  await expect(dialog.getByRole("columnheader").first()).toHaveText("Raft");
  const answers = dialog.getByRole("row", { name: /^Answers to clients/ }).getByRole("cell");
  for (const cell of await answers.all())
    expect(Number(await cell.textContent())).toBeGreaterThan(0);
  expect(await answers.count()).toBeGreaterThan(1);
  await expect(dialog.getByRole("cell", { name: "this run" })).toHaveCount(1);
});

test("a switch is a change of the text: undo takes it back to the letter", async ({ page }) => {
  const dialog = await openComparison(page);
  const before = await scenario(page);
  await dialog.getByRole("button", { name: "Switch to Primary-backup" }).click();
  const after = await scenario(page);
  expect(after).toContain("protocol primary-backup");
  // The faults stay, the captions tell of the other run and stand aside.
  for (const line of ["at 900ms crash leader", "at 1600ms restart all", "seed 2045"])
    expect(after.split("\n")).toContain(line);
  expect(after).toContain("# only raft: when crash again say");
  await expect(page.getByRole("button", { name: "Primary-backup", exact: true })).toBeVisible();
  await page.locator(".toast").getByRole("button", { name: "Undo" }).click();
  expect(await scenario(page)).toBe(before);
});

test("the comparison fits a phone", async ({ browser }) => {
  const context = await browser.newContext({ viewport: PHONE, hasTouch: true, isMobile: true });
  const page = await context.newPage();
  await openPage(page);
  await page.getByRole("button", { name: "More" }).tap();
  await page.getByRole("menuitem", { name: "Same faults, other protocol" }).tap();
  const dialog = page.getByRole("dialog", { name: "Same faults, other protocol" });
  await expect(dialog.getByRole("status")).not.toHaveText("Playing the others…");
  const wide = await page.evaluate(() => document.documentElement.scrollWidth);
  expect(wide).toBeLessThanOrEqual(PHONE.width);
  await context.close();
});
