// A history from a file, checked in the page: dropped or chosen, right, wrong, undecided or
// unreadable; walked with keys, heard by those who do not see it, without a worker, under a
// strict policy, and large.
import { AxeBuilder } from "@axe-core/playwright";
import { readFile } from "node:fs/promises";
import { expect, test, type Page } from "@playwright/test";
import { openPage, PHONE, WIDE, type Player } from "./player.js";

const sheet = (page: Page) => page.locator("happens-before-history");
const title = (page: Page) => sheet(page).locator(".big");
const said = (page: Page) => sheet(page).getByRole("status");
const canvas = (page: Page) => sheet(page).getByRole("application");

/** A call and its return, or only the call. */
const call = (process: number, f: string, value: string) =>
  `{:process ${process}, :type :invoke, :f :${f}, :value ${value}}\n`;
const back = (process: number, f: string, value: string) =>
  `{:process ${process}, :type :ok, :f :${f}, :value ${value}}\n`;
const done = (process: number, f: string, value: string, got = value) =>
  call(process, f, value) + back(process, f, got);

const RIGHT = done(0, "write", "1") + done(1, "read", "nil", "1");
/** A read that goes back behind another one. */
const STALE =
  RIGHT + done(0, "write", "2") + done(1, "read", "nil", "2") + done(1, "read", "nil", "1");
/** So many writes at once, and a result that none of them explains. */
const HARD =
  Array.from({ length: 40 }, (_, k) => call(k, "write", String(k))).join("") +
  Array.from({ length: 20 }, (_, k) => call(100 + k, "cas", `[${k} ${k + 1}]`)).join("") +
  Array.from({ length: 20 }, (_, k) => done(200 + k, "read", "nil", String((k * 3) % 40))).join(
    "",
  ) +
  Array.from({ length: 20 }, (_, k) => back(100 + k, "cas", `[${k} ${k + 1}]`)).join("") +
  done(300, "read", "nil", "77");

/** Drops a file with this text on the page. */
async function drop(page: Page, text: string, name = "history.edn", on = "happens-before") {
  await page.locator(on).evaluate(
    (element, file) => {
      const carried = new DataTransfer();
      carried.items.add(new File([file.text], file.name));
      element.dispatchEvent(new DragEvent("drop", { dataTransfer: carried, bubbles: true }));
    },
    { text, name },
  );
}

/** Opens the check without a file. */
async function openCheck(page: Page) {
  await page.goto("./#history");
  await expect(title(page)).toHaveText("Is this history linearizable?");
}

/** A record with a key. */
const record = (type: string, f: string, key: number, value: string) =>
  `{:process ${key % 7}, :type :${type}, :f :${f}, :key "${key}", :value ${value}}\n`;

test("a dropped history that is wrong says which result, and why no order explains it", async ({
  page,
}) => {
  await openPage(page);
  await drop(page, STALE);
  await expect(title(page)).toHaveText("Not linearizable: read returned 1 at operation 9");
  await expect(sheet(page).locator(".under")).toContainText(
    "Every order that explains the earlier results leaves 2.",
  );
  await expect(page.locator("happens-before")).toBeHidden();
  const why = sheet(page).getByRole("region", { name: "Why" });
  await expect(why).toContainText("read returned 1, but this order leaves 2.");
  await expect(sheet(page).locator(".operation")).toContainText("operation 8 to 9");
  // Few operations are bad whatever else happened.
  const only = sheet(page).getByRole("button", { name: /^Only what is bad \(\d\)/ });
  await only.click();
  await expect(only).toHaveAttribute("aria-pressed", "true");
  await sheet(page).getByRole("button", { name: "Back to the run" }).click();
  await expect(page.locator("happens-before")).toBeVisible();
  await expect(sheet(page)).toHaveCount(0);
});

test("one that is right has an order, and a key that is walked with keys", async ({ page }) => {
  await openPage(page);
  await drop(page, RIGHT);
  await expect(title(page)).toHaveText("Linearizable");
  await canvas(page).focus();
  await page.keyboard.press("ArrowRight");
  await expect(said(page)).toContainText(
    "Process 0: write(1); operation 0 to 1; taken as number 1, before it nil, after it 1.",
  );
  await page.keyboard.press(".");
  await expect(said(page)).toContainText(
    "Process 1: read → 1; operation 2 to 3; taken as number 2",
  );
  await page.keyboard.press("ArrowUp");
  await expect(said(page)).toContainText("write(1)");
  await expect(sheet(page).locator(".operation")).toContainText("1 of 2");
  await page.keyboard.press("Escape");
  await expect(sheet(page).locator(".operation")).toContainText("walk with the arrow keys");
  // The same as a list.
  await sheet(page).getByText("Everything as a list").click();
  await expect(sheet(page).locator(".list li")).toHaveText([
    /write\(1\), process 0, operation 0 to 1; number 1 in the order/,
    /read → 1, process 1, operation 2 to 3; number 2 in the order/,
  ]);
});

test("a spent budget is neither right nor wrong, and can be raised", async ({ page }) => {
  await openPage(page);
  await drop(page, HARD);
  await expect(title(page)).toHaveText("Unknown: neither right nor wrong so far", {
    timeout: 25_000,
  });
  await expect(sheet(page).locator(".verdict")).toHaveClass(/unknown/);
  await sheet(page).getByRole("button", { name: "Spend five times more" }).click();
  await expect(title(page)).toHaveText("Looking for an order");
  await expect(sheet(page).locator(".under")).toContainText(/2\d,\d{3},\d{3} steps/);
  await sheet(page).getByRole("button", { name: "Stop" }).click();
  await expect(title(page)).toHaveText("Unknown: neither right nor wrong so far");
  await expect(sheet(page).getByRole("button", { name: "Go on" })).toBeVisible();
});

test("a history without reads has nothing to check", async ({ page }) => {
  await openPage(page);
  await drop(page, done(0, "write", "1"));
  await expect(title(page)).toHaveText("Nothing to check");
});

test("what cannot be read is told by its line, and the next file opens", async ({ page }) => {
  await openCheck(page);
  await drop(page, `${RIGHT}{:process 0, :type :when}\n`, "odd.edn", "happens-before-history");
  await expect(title(page)).toHaveText("odd.edn cannot be read from line 5 on");
  await expect(sheet(page).getByRole("alert")).toContainText("there is no :type when");
  await expect(sheet(page).locator(".line")).toHaveText("5 {:process 0, :type :when}");
  await drop(page, RIGHT, "even.edn", "happens-before-history");
  await expect(title(page)).toHaveText("Linearizable");
});

test("the palette opens the check, and its examples can be tried", async ({ page }) => {
  await openPage(page);
  await page.keyboard.press("Control+k");
  await page.keyboard.type("check a history");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/#history$/);
  await sheet(page).getByRole("button", { name: "A stale read" }).click();
  await expect(title(page)).toContainText("Not linearizable");
  await sheet(page).getByRole("button", { name: "Open another" }).waitFor();
  await page.goBack();
  await expect(page.locator("happens-before")).toBeVisible();
});

test("what the clients of a run saw is a history, and leads back into the run", async ({
  page,
}) => {
  await openPage(page, "./#read-locally");
  const player = page.locator("happens-before");
  await player.evaluate((element: Player) => {
    element.time = 1_000_000;
  });
  await page.keyboard.press("y");
  await page.getByRole("dialog").getByRole("button", { name: "Show the history" }).click();
  await expect(title(page)).toHaveText('Not linearizable: get(x) returned "old" at event 7');
  await expect(sheet(page).getByRole("region", { name: "Faults" })).toContainText("partition");
  await sheet(page).getByRole("button", { name: "Show its messages in the run" }).click();
  await expect(player).toBeVisible();
  // At its return, with all that led to it.
  await expect(player.locator(".spacetime-bar")).toContainText("c1: answer");
  expect(await player.evaluate((element: Player) => element.time)).toBeGreaterThan(800_000);
});

test("a run is saved as other tools read it", async ({ page }) => {
  await openPage(page, "./#read-locally");
  await page.locator("happens-before").evaluate((element: Player) => {
    element.time = 1_000_000;
  });
  for (const [words, name, begin] of [
    ["shiviz", "a-read-on-the-wrong-side.log", "(?<"],
    ["jepsen", ".edn", "{:index 0"],
    ["mermaid", ".mmd", "sequenceDiagram"],
  ] as const) {
    await page.keyboard.press("Control+k");
    await page.keyboard.type(`save ${words}`);
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.keyboard.press("Enter"),
    ]);
    expect(download.suggestedFilename()).toContain(name);
    const text = await readFile(await download.path(), "utf8");
    expect(text.startsWith(begin)).toBe(true);
  }
});

test("without workers the page checks by itself", async ({ page }) => {
  await page.addInitScript(() => Object.assign(window, { Worker: undefined }));
  await openCheck(page);
  await drop(page, STALE, "stale.edn", "happens-before-history");
  await expect(title(page)).toContainText("Not linearizable");
});

test("a strict policy is kept", async ({ page, baseURL }) => {
  const policy =
    "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'";
  const complaints: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error") complaints.push(message.text());
  });
  await page.route(`${baseURL}`, async (route) => {
    const response = await route.fetch();
    const headers = { ...response.headers(), "content-security-policy": policy };
    await route.fulfill({ response, headers });
  });
  await openCheck(page);
  await drop(page, STALE, "stale.edn", "happens-before-history");
  await expect(title(page)).toContainText("Not linearizable");
  expect(complaints).toEqual([]);
});

test("a hundred keys open on one, and all of them can be drawn", async ({ page }) => {
  let text = "";
  for (let turn = 0; turn < 60; turn++)
    for (let key = 0; key < 100; key++) {
      const value = `"${turn}"`;
      text += record("invoke", "put", key, value) + record("ok", "put", key, value);
      const stale = key === 42 && turn === 50;
      text += record("invoke", "get", key, "nil");
      text += record("ok", "get", key, stale ? '"7"' : value);
    }
  await openCheck(page);
  await drop(page, text, "keys.txt", "happens-before-history");
  await expect(title(page)).toHaveText(/^Not linearizable: get\(42\) returned "7" at line \d+$/);
  const keys = sheet(page).getByRole("region", { name: "Keys" });
  await expect(keys.getByRole("button", { pressed: true })).toContainText("42");
  await keys.getByRole("button", { name: "All" }).click();
  await expect(keys.getByRole("button", { pressed: true })).toHaveText("All");
  await canvas(page).focus();
  await page.keyboard.press("ArrowRight");
  await expect(said(page)).toContainText(/put\(42, "0"\)/);
});

for (const colorScheme of ["light", "dark"] as const) {
  for (const viewport of [WIDE, PHONE]) {
    test(`axe finds nothing in a history: ${colorScheme}, ${viewport.width} wide`, async ({
      page,
    }) => {
      await page.setViewportSize(viewport);
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      await openCheck(page);
      const find = async () => {
        const { violations } = await new AxeBuilder({ page }).analyze();
        return violations.map(({ id, nodes }) => ({ id, at: nodes.map(({ html }) => html) }));
      };
      expect(await find()).toEqual([]);
      await drop(page, STALE, "stale.edn", "happens-before-history");
      await expect(title(page)).toContainText("Not linearizable");
      expect(await find()).toEqual([]);
    });
  }
}
