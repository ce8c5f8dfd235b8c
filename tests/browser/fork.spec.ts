// Fork and compare: the run as it was stands beside the run that a hand goes on with, at one
// instant; where they part is said. And the self-test: the same run each time.
import { expect, test, type Page } from "@playwright/test";
import { openPage, PHONE, type Player, WIDE } from "./player.js";

interface Hand extends Player {
  pause(): void;
  apply(action: string): void;
}

const player = (page: Page) => page.locator("happens-before:not(.twin)");
const twin = (page: Page) => page.locator("happens-before.twin");
const digestOf = (element: Player) => element.digest;

for (const viewport of [WIDE, PHONE]) {
  test(`a fork shows where two runs part, ${viewport.width} wide`, async ({ page }) => {
    await page.setViewportSize(viewport);
    await openPage(page);
    await player(page).evaluate((element: Hand) => {
      element.pause();
      element.time = 600_999;
    });
    await page.keyboard.press("d");
    await expect(page.locator(".parting")).toContainText("Forked at 0.601 s");
    await expect.poll(() => twin(page).evaluate(digestOf)).toMatch(/^[0-9a-f]{16}$/);
    await expect
      .poll(() => twin(page).evaluate(digestOf))
      .toBe(await player(page).evaluate(digestOf));

    await player(page).evaluate((element: Hand) => {
      element.apply("crash n2");
      element.time = 1_400_000;
    });
    await expect(page.locator(".parting")).toContainText("Same until 0.601 s");
    await expect(page.locator(".parting strong")).toContainText("n2");
    const times = [twin(page), player(page)].map((one) => one.evaluate((e: Player) => e.time));
    expect(await times[0]).toBe(await times[1]);
    expect(await twin(page).evaluate(digestOf)).not.toBe(await player(page).evaluate(digestOf));
    const both = [twin(page), player(page)].map((one) => one.evaluate((e: Player) => e.scenario));
    expect(await both[0]).not.toContain("crash n2");
    expect(await both[1]).toContain("crash n2");

    await page.locator(".fork").getByRole("button", { name: "Close" }).click();
    await expect(twin(page)).toHaveCount(0);
    expect(await player(page).evaluate((e: Player) => e.scenario)).toContain("crash n2");
  });
}

test("the self-test plays the run twice, and the golden file agrees", async ({ page }) => {
  await openPage(page);
  await player(page).evaluate((element: Hand) => element.pause());
  await page.keyboard.press("Control+k");
  await page.keyboard.type("self-test");
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog");
  await expect(dialog).toContainText("The same run, each time.");
  await expect(dialog.getByText("✓ the same")).toHaveCount(3);
  const digest = await player(page).evaluate(digestOf);
  await expect(dialog.getByText(digest)).toHaveCount(3);
});
