// The search for a seed that breaks the run: workers find one, shrink it, and the small text
// opens in place of the long one; also where a page may not start workers.
import { expect, test, type Page } from "@playwright/test";
import { openPage, PHONE, type Player } from "./player.js";

const player = (page: Page) => page.locator("happens-before");
const scenario = (page: Page) => player(page).evaluate((element: Player) => element.scenario);

/** Holds under its own seed, breaks under many others. */
const BROKEN = `scenario "Votes for anyone"
protocol raft with bug vote-for-anyone
nodes 3
seed 1
client c1 every 100ms put x
client c2 every 150ms put x or get x
at 1s crash leader
at 2s restart all
at 3s partition leader | all
at 4s heal
at 5s crash random
at 6s restart all
end 8s
`;

/** Opens the page with a text and the search's dialog. */
async function openSearch(page: Page, text: string) {
  await openPage(page);
  await player(page).evaluate((element: Player & { pause(): void }, wanted) => {
    element.scenario = wanted;
    element.pause();
  }, text);
  await expect.poll(() => scenario(page)).toBe(text);
  await player(page).focus();
  await page.keyboard.press("Control+k");
  await page.getByRole("combobox", { name: "Command" }).fill("find a seed");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("dialog", { name: "Find a seed that breaks this" })).toBeVisible();
}

/** Searches, waits for the small text, opens it. */
async function searchAndOpen(page: Page) {
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "Search" }).click();
  const open = dialog.getByRole("button", { name: "Open the shrunk run" });
  await expect(open).toBeVisible({ timeout: 25_000 });
  await expect(dialog.getByRole("status")).toContainText(/Seed \d+ breaks it: Committed/);
  await open.click();
}

/** How many faults a text has. */
const faults = (text: string) => text.match(/(crash|restart|partition|heal)\b/g)?.length ?? 0;

test("a seed is found, its run shrunk and opened, and undo takes it back", async ({ page }) => {
  await openSearch(page, BROKEN);
  await searchAndOpen(page);
  const small = await scenario(page);
  expect(small).toContain("expect violated");
  expect(faults(small)).toBeLessThan(faults(BROKEN));
  await expect(page.locator(".toast")).toContainText(/13 lines became \d+/);
  await page.locator(".toast").getByRole("button", { name: "Undo" }).click();
  expect(await scenario(page)).toBe(BROKEN);
});

test("correct code holds until the search is stopped", async ({ page }) => {
  await openSearch(page, BROKEN.replace(" with bug vote-for-anyone", ""));
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("combobox", { name: "Faults" }).selectOption({ index: 2 });
  await dialog.getByRole("button", { name: "Search" }).click();
  await expect(dialog.getByRole("status")).toContainText(
    /[1-9][\d,]* seeds, 0\s+violations, \d+\/s/,
  );
  await dialog.getByRole("button", { name: "Stop" }).click();
  await expect(dialog).toContainText("only that these seeds hold");
});

test("without workers the page searches by itself", async ({ page }) => {
  await page.addInitScript(() => Object.assign(window, { Worker: undefined }));
  await page.setViewportSize(PHONE);
  await openSearch(page, BROKEN);
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "Search" }).click();
  // Whoever has seen enough takes the smallest text so far.
  await dialog.getByRole("button", { name: "Small enough" }).click({ timeout: 20_000 });
  await dialog.getByRole("button", { name: "Open the shrunk run" }).click();
  expect(await scenario(page)).toContain("expect violated");
});
