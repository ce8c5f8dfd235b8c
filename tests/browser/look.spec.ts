// What can be measured of the look: contrast of the colours, smallest text and target, nothing
// that scrolls sideways, nothing that moves when nothing should.
import { expect, test, type Page } from "@playwright/test";
import { openPage, PHONE, WIDE, type Player } from "./player.js";

const SMALLEST_TEXT_PX = 12;
const SMALLEST_TARGET_PX = 24;
const GROUNDS = ["bg", "stage", "sunken"];
/** Token, ground, least ratio (WCAG 2.2: 4.5 for text, 3 for what else must be seen). */
const PAIRS: [string, string, number][] = [
  ...GROUNDS.flatMap((ground): [string, string, number][] => [
    ["ink", ground, 4.5],
    ["ink-2", ground, 4.5],
    ["ink-3", ground, 4.5],
    ["bad", ground, 4.5],
    ["edge", ground, 3],
    ["focus", ground, 3],
  ]),
  ["bad", "bad-tint", 4.5],
  ...[1, 2, 3, 4, 5].flatMap((epoch): [string, string, number][] => [
    [`e${epoch}-on`, `e${epoch}-fill`, 4.5],
    [`e${epoch}-line`, "stage", 4.5],
    ["ink", `e${epoch}-tint`, 4.5],
    ["ink-2", `e${epoch}-tint`, 4.5],
  ]),
];

/** The computed sRGB components of tokens, 0 to 255. */
function readColours(page: Page, tokens: string[]): Promise<Record<string, number[]>> {
  return page.locator("happens-before").evaluate((player, names) => {
    const probe = document.createElement("i");
    (player.shadowRoot ?? player).append(probe);
    const colours = names.map((name) => {
      probe.style.color = `var(--hb-${name})`;
      const components = getComputedStyle(probe).color.match(/[\d.]+/g) ?? [];
      return [name, components.slice(0, 3).map(Number)] as const;
    });
    probe.remove();
    return Object.fromEntries(colours);
  }, tokens);
}

/** Relative luminance as WCAG defines it. */
function luminance(colour: number[]): number {
  const [r = 0, g = 0, b = 0] = colour.map((component) => {
    const c = component / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: number[], b: number[]): number {
  const [dark = 0, light = 0] = [luminance(a), luminance(b)].toSorted((x, y) => x - y);
  return (light + 0.05) / (dark + 0.05);
}

/** Every visible element of the page with its own text or that can be pressed, in px. */
function measure(page: Page) {
  return page.evaluate(() => {
    const texts: { text: string; px: number }[] = [];
    const targets: { name: string; px: number }[] = [];
    const visit = (root: Document | ShadowRoot) => {
      for (const element of root.querySelectorAll("*")) {
        if (element.shadowRoot) visit(element.shadowRoot);
        const box = element.getBoundingClientRect();
        const hidden = !element.checkVisibility({
          opacityProperty: true,
          visibilityProperty: true,
        });
        // Text for screen readers only is clipped to a pixel.
        if (hidden || box.width <= 1 || box.height <= 1) continue;
        const own = [...element.childNodes]
          .filter((node) => node.nodeType === Node.TEXT_NODE)
          .map((node) => node.textContent?.trim() ?? "")
          .join("");
        const scale = element instanceof SVGGraphicsElement ? (element.getScreenCTM()?.a ?? 1) : 1;
        if (own !== "" && !(element instanceof HTMLStyleElement)) {
          texts.push({ text: own, px: parseFloat(getComputedStyle(element).fontSize) * scale });
        }
        if (element.matches("button, a[href], input, select, [role=button], [role=menuitem]")) {
          const name = element.getAttribute("aria-label") ?? element.textContent ?? "";
          targets.push({ name: name.trim(), px: Math.min(box.width, box.height) });
        }
      }
    };
    visit(document);
    return { texts, targets };
  });
}

for (const colorScheme of ["light", "dark"] as const) {
  test(`colours keep their contrast: ${colorScheme}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme });
    await openPage(page);
    const colours = await readColours(page, [...new Set(PAIRS.flatMap(([a, b]) => [a, b]))]);
    const low = PAIRS.map(([a, b, least]) => ({
      pair: `${a} on ${b}`,
      least,
      ratio: contrast(colours[a] ?? [], colours[b] ?? []),
    })).filter(({ ratio, least }) => ratio < least);
    expect(low).toEqual([]);
  });
}

const SHORT = { width: 1366, height: 650 };
const NARROW = { width: 900, height: 800 };
const SHORT_PHONE = { width: 390, height: 664 };

for (const viewport of [WIDE, SHORT, NARROW, PHONE, SHORT_PHONE]) {
  test(`nothing is too small or too wide: ${viewport.width}x${viewport.height}`, async ({
    page,
  }) => {
    await page.setViewportSize(viewport);
    await openPage(page);
    const { texts, targets } = await measure(page);
    expect(texts.length).toBeGreaterThan(20);
    expect(texts.filter(({ px }) => px < SMALLEST_TEXT_PX - 0.01)).toEqual([]);
    expect(targets.filter(({ px }) => px < SMALLEST_TARGET_PX)).toEqual([]);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(wide).toBeLessThanOrEqual(viewport.width);
  });
}

test("with reduced motion nothing starts by itself and no frames are drawn", async ({ page }) => {
  // First, so that the count wraps the clock's own frames.
  await page.clock.install();
  await page.addInitScript(() => {
    const request = window.requestAnimationFrame.bind(window);
    Object.assign(window, { frames_requested: 0 });
    window.requestAnimationFrame = (callback) => {
      Object.assign(window, {
        frames_requested: Number(Reflect.get(window, "frames_requested")) + 1,
      });
      return request(callback);
    };
  });
  await page.emulateMedia({ reducedMotion: "reduce" });
  await openPage(page);
  const player = page.locator("happens-before");
  const state = async () => ({
    time: await player.evaluate((element: Player) => element.time),
    frames: await page.evaluate(() => Number(Reflect.get(window, "frames_requested"))),
  });
  await page.clock.runFor(1000);
  const before = await state();
  await page.clock.runFor(5000);
  expect(await state()).toEqual(before);
});

test("the panel stands beside the stage from 1100 px on, below that it is a drawer", async ({
  page,
}) => {
  await page.setViewportSize({ width: 1100, height: 800 });
  await openPage(page);
  await expect(page.locator(".panel")).toBeVisible();
  await page.setViewportSize({ width: 1099, height: 800 });
  await expect(page.locator(".panel")).toBeHidden();
  await expect(page.locator(".peek")).toBeVisible();
});

test("a phone's first screen says what it is, what just happened and what can be done", async ({
  page,
}) => {
  await page.setViewportSize(PHONE);
  await openPage(page);
  await expect(page.locator(".brand span")).toHaveText("Happens-Before");
  await expect(page.locator(".brand span")).toBeInViewport();
  await expect(page.locator(".caption")).not.toBeEmpty();
  await expect(page.locator(".under")).not.toBeEmpty();
  const bottom = async (selector: string) => {
    const box = await page.locator(selector).boundingBox();
    return (box?.y ?? 0) + (box?.height ?? 0);
  };
  const ring = await page.locator(`[data-node="n1"] .target`).boundingBox();
  expect(await bottom(".under")).toBeLessThanOrEqual((ring?.y ?? 0) + 1);
  await expect(page.locator(".actions button").first()).toBeInViewport({ ratio: 1 });
});
