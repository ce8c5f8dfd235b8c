// Every fault by menu, by palette and under a thumb, with what it models; chaos by its form.
import { AxeBuilder } from "@axe-core/playwright";
import { expect, test, type Page } from "@playwright/test";
import { openPage, PHONE, type Player } from "./player.js";

const player = (page: Page) => page.locator("happens-before");
const scenario = (page: Page) => player(page).evaluate((element: Player) => element.scenario);

async function openAt(page: Page, timeUs: number) {
  await openPage(page);
  await seek(page, timeUs);
}

async function seek(page: Page, timeUs: number) {
  await player(page).evaluate((element: Player & { pause(): void }, instant) => {
    element.pause();
    element.time = instant;
  }, timeUs);
}

async function apply(page: Page, ...actions: string[]) {
  for (const action of actions) {
    await player(page).evaluate(
      (element: Player & { apply(action: string): void }, line) => element.apply(line),
      action,
    );
    await expect.poll(() => scenario(page)).toContain(action);
  }
}

/** Opens an entry of the menu that is open, through its steps. */
async function choose(page: Page, ...names: RegExp[]) {
  for (const name of names) await page.getByRole("menuitem", { name }).first().click();
}

for (const [steps, written] of [
  [[/^Process/, /^Suspend/], "suspend n2 for 500ms"],
  [[/^Process/, /^Slow/], "slow n2 by 5ms"],
  [[/^Clocks/, /10% fast/], "drift n2 100000ppm"],
  [[/^Clocks/, /5 s back/], "step n2 by -5s"],
  [[/^Disk/, /No space/], "disk n2 full"],
] as const) {
  test(`the menu of a node writes "${written}"`, async ({ page }) => {
    await openAt(page, 660_000);
    await page.keyboard.press("2");
    await choose(page, ...steps);
    expect(await scenario(page)).toContain(written);
  });
}

test("a fault says what it models, and when the protocol does not tolerate it", async ({
  page,
}) => {
  await openAt(page, 660_000);
  await page.keyboard.press("2");
  const about = page.locator(".menu-about");
  await expect(about).toContainText("Power is gone");
  await expect(about).toContainText("Raft tolerates it.");
  const wipe = page.getByRole("menuitem", { name: /^Lose its disk/ });
  await expect(wipe).toContainText("not tolerated");
  await wipe.hover();
  await expect(about).toContainText("Raft does not tolerate this");
  await wipe.click();
  await expect(page.locator(".toast")).toContainText("Raft does not tolerate this");
  await expect(page.locator(".row.you .note")).toHaveText("not tolerated");
});

test("steps of a menu by keyboard, in and out", async ({ page }) => {
  await openAt(page, 660_000);
  await page.keyboard.press("2");
  await page.keyboard.press("d");
  await page.keyboard.press("ArrowRight");
  await expect(page.getByRole("menuitem", { name: /^Syncs take/ })).toBeFocused();
  await page.keyboard.press("ArrowLeft");
  await expect(page.getByRole("menuitem", { name: /^Disk/ })).toBeFocused();
  await page.keyboard.press("Enter");
  await page.keyboard.press("Escape");
  await expect(page.getByRole("menuitem", { name: /^Disk/ })).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("menu")).toBeHidden();
});

test("a link gets a law of its own and its own back", async ({ page }) => {
  await openAt(page, 660_000);
  await page.keyboard.press("l");
  await page.getByRole("button", { name: "n1 – n2" }).click();
  await choose(page, /^n1 → n2/, /^Lose every fifth/);
  expect(await scenario(page)).toContain("loss n1->n2 20%");
  await page.keyboard.press("l");
  await page.getByRole("button", { name: "n1 – n2" }).click();
  await choose(page, /^Normal again: loss/);
  expect(await scenario(page)).toContain("loss n1->n2 0%");
});

test("what is in force can be ended by menu", async ({ page }) => {
  await openAt(page, 660_000);
  await apply(page, "slow n2 by 5ms", "drift n2 100ppm", "disk n2 full", "clog n1--n2");
  for (const [name, written] of [
    [/^Full speed/, "slow n2 by 0s"],
    [/^Clock at/, "drift n2 0ppm"],
    [/^Disk sound/, "disk n2 sound"],
    [/^Heal/, "heal"],
  ] as const) {
    await page.keyboard.press("2");
    await choose(page, name);
    await expect.poll(() => scenario(page)).toContain(written);
  }
});

test("a press beside everything opens what is for the whole network", async ({ page }) => {
  await openAt(page, 660_000);
  const ring = await page.locator(".ring-box").boundingBox();
  if (!ring) throw new Error("there is no ring");
  await page.mouse.click(ring.x + 20, ring.y + 20);
  await choose(page, /^All links/, /^Keep the order/);
  expect(await scenario(page)).toContain("order fifo");
});

test("every fault has a name in the palette", async ({ page }) => {
  await openAt(page, 660_000);
  await page.keyboard.press("Control+k");
  await page.getByRole("combobox", { name: "Command" }).fill("n4 rots");
  await expect(page.getByRole("dialog")).toContainText("Its checksum tells");
  await page.keyboard.press("Enter");
  expect(await scenario(page)).toContain("disk n4 corrupts last");
});

test("chaos is let in from now on, changed, frozen into the same run, and sent away", async ({
  page,
}) => {
  await openAt(page, 660_000);
  const before = await scenario(page);
  const digest = () => player(page).evaluate((element: Player) => element.digest);
  const past = await digest();
  await page.keyboard.press("n");
  await choose(page, /chaos/);
  const form = page.getByRole("dialog", { name: "Let chaos in" });
  await form.getByRole("slider").fill("9");
  await form.getByRole("checkbox", { name: /^crash/ }).check();
  await form.getByRole("checkbox", { name: /^link/ }).check();
  const line = "chaos intensity=9 crash link keep-majority from 661ms";
  await expect(form.locator(".would")).toHaveText(line);
  expect((await new AxeBuilder({ page }).include("happens-before").analyze()).violations).toEqual(
    [],
  );
  await form.getByRole("button", { name: "Let it in" }).click();
  expect((await scenario(page)).split("\n")).toContain(line);
  expect(await digest()).toBe(past);

  const open = async () => {
    await page.keyboard.press("n");
    await choose(page, /chaos/);
  };
  await seek(page, 2_000_000);
  const chaotic = await digest();
  await open();
  await form.getByRole("button", { name: "Freeze it into lines" }).click();
  const frozen = await scenario(page);
  expect(frozen).toContain(`# ${line}\nat `);
  expect(frozen.split("\n").length).toBeGreaterThan(before.split("\n").length + 5);
  expect(await digest()).toBe(chaotic);
  await page.locator(".toast").getByRole("button", { name: "Undo" }).click();
  expect((await scenario(page)).split("\n")).toContain(line);

  await open();
  await form.getByRole("button", { name: "Send it away" }).click();
  expect(await scenario(page)).toBe(before);
});

test("a line of the text tells what its fault models", async ({ page }) => {
  await openAt(page, 660_000);
  const line = page.locator(".row", { hasText: "crash leader" });
  await line.hover();
  await expect(page.locator(".told")).toContainText("Power is gone");
  await page.mouse.move(300, 20);
  await expect(page.locator(".told")).toHaveCount(0);
  await line.getByRole("button").focus();
  await expect(page.locator(".told")).toContainText("Raft tolerates it.");
});

test("on a phone a sheet tells it under each entry", async ({ browser }) => {
  const context = await browser.newContext({ viewport: PHONE, hasTouch: true, isMobile: true });
  const page = await context.newPage();
  await openAt(page, 660_000);
  await page.locator(`[data-node="n1"] .target`).tap();
  await expect(page.getByRole("menuitem", { name: /^Lose its disk/ })).toContainText(
    "Raft does not tolerate this",
  );
  expect((await new AxeBuilder({ page }).include("happens-before").analyze()).violations).toEqual(
    [],
  );
  await page.getByRole("menuitem", { name: /^Disk/ }).tap();
  await page.getByRole("menuitem", { name: /^Syncs fail/ }).tap();
  expect(await scenario(page)).toContain("disk n1 fails");
  await context.close();
});

test("what is wrong with a node is drawn, said, and told when it is pointed at", async ({
  page,
}) => {
  await openAt(page, 560_000);
  await apply(page, "suspend n1", "disk n4 slow by 20ms", "step n3 by -5s", "loss n1->n2 20%");
  const node = (name: string) => page.locator(`[data-node="${name}"]`);
  await expect(node("n1")).toHaveAttribute("aria-label", /paused, suspended$/);
  await expect(node("n4")).toHaveAttribute("aria-label", /disk slow by 20ms$/);
  await expect(node("n3")).toContainText("wall clock -5s");
  await expect(page.locator(`.ring [data-key="links"]`)).toContainText("loss 20%");
  await expect(page.locator(`.rack [data-key="key"]`)).toContainText("suspended");
  const box = await page.locator(`[data-node="n4"] .target`).boundingBox();
  if (!box) throw new Error("n4 is not on stage");
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await expect(page.locator(".told")).toContainText("a drive that retries");
  await expect(page.locator(".help-line")).toContainText("n4, disk slow by 20ms");
  await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
  await expect(page.locator(".menu-now")).toContainText("n4, disk slow by 20ms");
});

test("a flag of the timeline tells what its fault models", async ({ page }) => {
  await openAt(page, 560_000);
  const line = await page.locator(".timeline").boundingBox();
  if (!line) throw new Error("there is no timeline");
  // The flag of "crash leader" at 900 ms of 2 s.
  const x = line.x + 36 + (line.width - 56) * 0.45 + 6;
  await page.mouse.move(x, line.y + 17);
  await expect(page.locator(".help-line")).toContainText("crash leader: Power is gone");
  await page.mouse.move(x, line.y - 100);
  await expect(page.locator(".help-line")).not.toContainText("Power is gone");
});
