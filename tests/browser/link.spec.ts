// A link holds a run: it opens the same text at the same instant, paused, with the same digest.
// Links that cannot be opened say so in words.
import { expect, test, type Page } from "@playwright/test";
import { openPage, type Player } from "./player.js";

const player = (page: Page) => page.locator("happens-before");

function state(page: Page) {
  return player(page).evaluate(({ scenario, time, digest }: Player) => ({
    scenario,
    time,
    digest,
  }));
}

test("reopens the same run at the same instant with the same digest", async ({ page, context }) => {
  await openPage(page);
  await player(page).evaluate(
    (element: Player & { pause(): void; apply(action: string): void }) => {
      element.pause();
      element.time = 661_234;
      element.apply("crash n4");
      element.time = 1_234_567;
    },
  );
  const made = await state(page);
  await page.getByRole("button", { name: "Share this run" }).click();
  const link = page.getByRole("textbox", { name: "Link of this run" });
  await expect(link).toHaveValue(/#1=/);
  const address = await link.inputValue();

  const other = await context.newPage();
  await openPage(other, address);
  expect(await state(other)).toEqual(made);
  await expect(other.getByRole("button", { name: "Play from here" })).toBeVisible();
  await other.getByRole("button", { name: "Play from here" }).click();
  await expect.poll(async () => (await state(other)).time).toBeGreaterThan(made.time);
});

test("a damaged link says so and opens the first run", async ({ page }) => {
  await openPage(page, "./#1=AAAA&t=5");
  await expect(page.locator(".toast")).toContainText("This link is damaged");
  expect((await state(page)).scenario).toContain("scenario");
});

test("a link of a later version says so", async ({ page }) => {
  await openPage(page, "./#7=AAAA");
  await expect(page.locator(".toast")).toContainText("newer version");
});

test("a link whose run plays differently here says so", async ({ page }) => {
  await openPage(page);
  await page.getByRole("button", { name: "Share this run" }).click();
  const link = page.getByRole("textbox", { name: "Link of this run" });
  await expect(link).toHaveValue(/#1=/);
  const address = (await link.inputValue()).replace(
    /d=[0-9a-f]+&v=[^&]*&w=([0-9a-f]{16})[0-9a-f]{16}$/,
    "d=0123456789abcdef&v=0.0.1&w=$10123456789abcdef",
  );
  await page.goto("about:blank");
  await openPage(page, address);
  const dialog = page.getByRole("dialog");
  await expect(dialog).toContainText(/Made with 0\.0\.1, this is .*: it differs from .* s on\./);
  const { time } = await state(page);
  await dialog.getByRole("button", { name: "Show where" }).click();
  await expect.poll(async () => (await state(page)).time).toBe(Math.floor(time / 2));
});

test("an address that is no text opens the first run", async ({ page }) => {
  await openPage(page, "./#%E0%A4%A");
  await expect(page.locator(".toast")).toContainText("No run is called that.");
});

test("a run is opened by name, a wrong name names the nearest", async ({ page }) => {
  await openPage(page, "./#leader-diez");
  await expect(page.locator(".toast")).toContainText(
    "No run is called that. Nearest: leader-dies.",
  );
});
