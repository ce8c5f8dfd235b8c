// A recorded run from a file: it plays like a run, it cannot be changed, and it says so; a file
// that is wrong is told by its line and leaves the run on stage alone.
import { readFileSync } from "node:fs";
import { expect, type Page, test } from "@playwright/test";
import { openPage, PHONE, type Player } from "./player.js";

const FILE = "tests/browser/recordings/not-durable.jsonl";

const time = (page: Page) =>
  page.locator("happens-before").evaluate((player: Player) => player.time);

/** Lets the page choose a file by its palette. */
async function choose(page: Page, file: string | { name: string; content: string }) {
  await page.keyboard.press("Control+k");
  await page.keyboard.type("open a recording");
  const chooser = page.waitForEvent("filechooser");
  await page.keyboard.press("Enter");
  await (
    await chooser
  ).setFiles(
    typeof file === "string"
      ? file
      : { name: file.name, mimeType: "text/plain", buffer: Buffer.from(file.content) },
  );
}

test("a recording plays up to its violation and can be watched like a run", async ({ page }) => {
  await openPage(page);
  await choose(page, FILE);
  await expect(page.locator(".made-of")).toContainText("mistaken · 1 node · seed 0 · recorded");
  await expect(page.locator(".help-line")).toContainText("it can be watched, not changed");
  await expect(page.locator(".panel h2").first()).toHaveText("Recorded from this text");

  await page.keyboard.press("End");
  await expect(page.locator(".stage.violated")).toBeVisible();
  const before = await time(page);
  for (let k = 0; k < 12; k++) await page.keyboard.press(",");
  await expect.poll(() => time(page)).toBeLessThan(before);
  await page.keyboard.press("End");
  const verdict = page.locator(".panel", { hasText: "Clients see one copy" });
  await expect(verdict).toContainText("violated at");
  await page.locator("[data-action='!why']").click();
  await expect(page.locator("dialog")).toContainText("No order explains what the clients saw");
  await page.keyboard.press("Escape");

  await page.keyboard.press("Home");
  await expect.poll(() => time(page)).toBe(0);
  await page.locator("happens-before").evaluate((player: Player & { play(): void }) => {
    player.play();
  });
  await expect.poll(() => time(page)).toBeGreaterThan(50_000);
});

test("whatever would change a recording is off and says why", async ({ page }) => {
  await openPage(page);
  await choose(page, FILE);
  await expect(page.locator(".made-of")).toContainText("recorded");
  const text = () => page.locator("happens-before").evaluate((player: Player) => player.scenario);
  const before = await text();
  await expect(page.getByRole("button", { name: "Another seed" })).toBeDisabled();
  await expect(page.getByRole("button", { name: "Share this run" })).toBeDisabled();
  for (const key of ["x", "t"]) {
    await page.keyboard.press(key);
    await expect(page.locator(".toast")).toContainText("it can be watched, not changed");
  }
  await page.locator("happens-before").evaluate((player: Player & { apply(a: string): void }) => {
    player.apply("crash n1");
  });
  expect(await text()).toBe(before);
  await page.locator("[data-node='n1']").first().click();
  await page.getByRole("menuitem", { name: "What it knows" }).click();
  await expect(page.locator("dialog")).toContainText("status");
});

test("a dropped file opens, on a phone too", async ({ page }) => {
  await page.setViewportSize(PHONE);
  await openPage(page);
  const content = readFileSync(FILE, "utf8");
  await page.locator("happens-before").evaluate((player, file) => {
    const carried = new DataTransfer();
    carried.items.add(new File([file], "run.jsonl"));
    player.dispatchEvent(new DragEvent("drop", { dataTransfer: carried, bubbles: true }));
  }, content);
  await expect
    .poll(() => page.locator("happens-before").evaluate((player: Player) => player.scenario))
    .toContain("protocol mistaken");
});

test("a file that is wrong is told by its line, and the run goes on", async ({ page }) => {
  await openPage(page);
  const digest = () => page.locator("happens-before").evaluate((player: Player) => player.digest);
  await page.keyboard.press("Space");
  const before = await digest();
  await choose(page, { name: "notes.jsonl", content: '{"format":"notes"}\n' });
  await expect(page.locator(".toast")).toContainText(
    "notes.jsonl, line 1: This is not a recording",
  );
  const lines = readFileSync(FILE, "utf8").split("\n");
  lines[5] = "{";
  await choose(page, { name: "cut.jsonl", content: lines.join("\n") });
  await expect(page.locator(".toast")).toContainText("cut.jsonl, line 6: This is not JSON.");
  expect(await digest()).toBe(before);
});
