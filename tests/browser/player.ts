// What the browser tests share: the element as others may rely on it, and opening the page.
import { expect, type Page } from "@playwright/test";

/** The properties of `<happens-before>` that are promised to others. */
export interface Player extends HTMLElement {
  scenario: string;
  /** Virtual µs. */
  time: number;
  readonly digest: string;
  readonly ended: boolean;
}

/** Opens the page and waits until a run is on stage. */
export async function openPage(page: Page, address = "./") {
  await page.goto(address);
  await expect
    .poll(() => page.locator("happens-before").evaluate((player: Player) => player.digest))
    .toMatch(/^[0-9a-f]{16}$/);
}

/** Sizes that the page is made for. */
export const WIDE = { width: 1280, height: 800 };
export const PHONE = { width: 390, height: 844 };
