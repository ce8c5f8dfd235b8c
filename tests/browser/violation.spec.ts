// A violation: the run stops at the event that broke the rule and says so in words; why, the
// first cause, the repair and playing on are one press away.
import { expect, test, type Page } from "@playwright/test";
import { CATALOGUE, loadEngine } from "../../scripts/engine.mjs";
import { openPage, type Player } from "./player.js";

const Engine = await loadEngine();
const broken = CATALOGUE.find(({ name }) => name === "forgotten-vote")?.text ?? "";

/** The instant at which the engine itself finds the violation, virtual µs. */
function violationTime(): number {
  const engine = new Engine(broken);
  engine.seek(engine.end() ?? 10_000_000);
  return Number(engine.violation().time);
}

const player = (page: Page) => page.locator("happens-before");
const time = (page: Page) => player(page).evaluate((element: Player) => element.time);

/** Plays the scenario fast until it stops by itself. */
async function playToViolation(page: Page) {
  await openPage(page);
  await player(page).evaluate(
    (element: Player & { open(text: string, opening: object): void }, text) =>
      element.open(text, { playing: true, paceUs: 1_000_000 }),
    broken,
  );
  await expect(page.getByRole("button", { name: "Why?" })).toBeVisible({ timeout: 20_000 });
}

test("the run stops at the event and says what is violated", async ({ page }) => {
  await playToViolation(page);
  expect(await time(page)).toBe(violationTime());
  await expect(page.locator(".caption")).toContainText("Violated: Two leaders in term 2");
  await expect(page.getByRole("button", { name: "Play", exact: true })).toBeVisible();
  await expect(page.locator(".checks li").first()).toContainText("One leader per term");
  await expect(page.locator(".checks li").first()).toContainText("as this text expects");
  const verdicts = await player(page).evaluate(
    (element: Player & { verdicts: { plain: string; state: string }[] }) => element.verdicts,
  );
  expect(verdicts.find(({ plain }) => plain === "One leader per term")?.state).toBe("violated");
});

test("Why? names the cause and goes there", async ({ page }) => {
  await playToViolation(page);
  await page.keyboard.press("y");
  const dialog = page.getByRole("dialog", { name: "Why?" });
  await expect(dialog).toContainText("Election safety");
  await dialog.getByRole("button", { name: "Go to the first cause" }).click();
  await expect.poll(() => time(page)).toBeLessThan(violationTime());
});

test("the run can go on", async ({ page }) => {
  await playToViolation(page);
  const stopped = await time(page);
  await page.getByRole("button", { name: "Play on anyway" }).click();
  await expect.poll(() => time(page)).toBeGreaterThan(stopped);
});

test("the rule can be switched on again", async ({ page }) => {
  await playToViolation(page);
  await page.getByRole("button", { name: /votes on disk/ }).click();
  const text = () => player(page).evaluate((element: Player) => element.scenario);
  await expect.poll(text).not.toContain("with bug");
  await expect(page.getByRole("button", { name: "Why?" })).toBeHidden();
  await page.keyboard.press("Control+z");
  await expect.poll(text).toContain("with bug");
});
