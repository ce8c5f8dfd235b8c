// Work of the main thread for each frame while the space-time diagram of a long run is moved and
// zoomed, in Chromium without a GPU, 1280x800. `node scripts/spacetime.mjs [EVENTS]` after
// `npm run build`; prints milliseconds, fails over 33 at the 99th of 100.
import { chromium } from "@playwright/test";
import { findChromium } from "./chromium.mjs";

const EVENTS = Number(process.argv[2] ?? 100_000);
const FRAMES = 240;
const LIMIT_MS = 33;
const PORT = process.env["SITE_PORT"] ?? String(20_000 + Math.floor(Math.random() * 20_000));
process.env["SITE_PORT"] = PORT;
await import("./serve.mjs");

const TEXT = `scenario "A long run"
protocol raft
nodes 5
seed 7
loss 1%
client c1 every 20ms put x or get x
client c2 every 30ms put y or get y
${Array.from({ length: 40 }, (_, k) => `at ${3 + 5 * k}s crash leader\nat ${5 + 5 * k}s restart all`).join("\n")}
`;

const executablePath = await findChromium();
const browser = await chromium.launch({
  ...(executablePath ? { executablePath } : {}),
  args: ["--no-sandbox", "--disable-gpu"],
});
const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
await page.goto(`http://localhost:${PORT}/some/where/`);
const player = page.locator("happens-before");
await page.waitForFunction(() => {
  const element = document.querySelector("happens-before");
  return /^[0-9a-f]{16}$/.test(String(Reflect.get(element ?? {}, "digest")));
});
const known = await player.evaluate(
  async (/** @type {any} */ element, { text, events }) => {
    element.scenario = text;
    element.pause();
    for (let second = 1; ; second += 1) {
      element.time = second * 1_000_000;
      await new Promise((resolve) => setTimeout(resolve));
      const count = element.session?.read((/** @type {any} */ engine) => engine.events()) ?? 0;
      if (count >= events || second > 3000) return { count, second };
    }
  },
  { text: TEXT, events: EVENTS },
);
await page.keyboard.press("v");
const diagram = page.getByRole("application", { name: "Space-time diagram" });
await diagram.waitFor();
const box = await diagram.boundingBox();
if (box === null) throw new Error("the page shows no diagram");
console.log(
  `${known.count} events in ${known.second} s of virtual time, ${Math.round(box.width)}x${Math.round(box.height)} px`,
);

const session = await page.context().newCDPSession(page);
/** @typedef {{ name: string, ph: string, ts: number, dur?: number, tdur?: number, pid: number, tid: number }} Traced */
/** @type {Traced[]} */
let events = [];
/** @param {unknown} event @returns {event is Traced} */
function isTraced(event) {
  return typeof event === "object" && event !== null && "ts" in event && "name" in event;
}
session.on("Tracing.dataCollected", ({ value }) => {
  /** @type {unknown[]} */
  const traced = value;
  for (const event of traced) if (isTraced(event)) events.push(event);
});

/**
 * Main-thread work for each frame, ms, while so many wheel events are dispatched, one a frame.
 * @param {{ ctrl: boolean, dx: number, dy: number, turn: number }} wheel
 */
async function measure(wheel) {
  events = [];
  await session.send("Tracing.start", {
    categories: "toplevel,devtools.timeline,__metadata",
    transferMode: "ReportEvents",
  });
  await diagram.evaluate(
    (canvas, { ctrl, dx, dy, turn, frames }) =>
      new Promise((resolve) => {
        const place = canvas.getBoundingClientRect();
        let left = frames;
        const step = () => {
          const sign = Math.floor((frames - left) / turn) % 2 === 0 ? 1 : -1;
          const init = { bubbles: true, cancelable: true, ctrlKey: ctrl };
          const at = { clientX: place.x + place.width * 0.5, clientY: place.y + 100 };
          canvas.dispatchEvent(
            new WheelEvent("wheel", { ...init, ...at, deltaX: sign * dx, deltaY: sign * dy }),
          );
          left -= 1;
          if (left > 0) requestAnimationFrame(step);
          else resolve(undefined);
        };
        requestAnimationFrame(step);
      }),
    { ...wheel, frames: FRAMES },
  );
  const done = new Promise((resolve) => session.once("Tracing.tracingComplete", resolve));
  await session.send("Tracing.end");
  await done;
  return perFrame();
}

/** Sums the time that the page's main thread computes between two animation frames. */
function perFrame() {
  const frames = events.filter(({ name }) => name === "FireAnimationFrame");
  const [first] = frames;
  if (first === undefined) throw new Error("the trace has no frames");
  const own = (/** @type {typeof first} */ event) =>
    event.pid === first.pid && event.tid === first.tid;
  const tasks = events.filter(
    (event) => event.name.endsWith("RunTask") && event.ph === "X" && own(event),
  );
  const starts = frames
    .filter(own)
    .map(({ ts }) => ts)
    .toSorted((a, b) => a - b);
  const work = starts.map(() => 0);
  for (const { ts, dur = 0, tdur = dur } of tasks) {
    // The task that fires a frame begins before it.
    const place = starts.findLastIndex((start) => start <= ts + dur);
    if (place >= 0) work[place] = (work[place] ?? 0) + tdur / 1000;
  }
  return work.slice(1, -1).toSorted((a, b) => a - b);
}

let worst = 0;
/** @param {string} name @param {number[]} work */
function report(name, work) {
  const at = (/** @type {number} */ share) => work[Math.floor(share * (work.length - 1))] ?? 0;
  worst = Math.max(worst, at(0.99));
  const [half, most, nearly, all] = [0.5, 0.95, 0.99, 1].map((share) => at(share).toFixed(1));
  console.log(
    `${name.padEnd(34)} median ${half}, p95 ${most}, p99 ${nearly}, most ${all} ms (${work.length} frames)`,
  );
}

const PAN = { ctrl: false, dx: 24, dy: 0, turn: 120 };
const ZOOM = { ctrl: true, dx: 0, dy: 12, turn: 120 };
report("pan, single messages", await measure(PAN));
report("zoom, single messages to bands", await measure({ ...ZOOM, dy: 16 }));
await page.getByRole("button", { name: "Zoom out" }).click({ clickCount: 4 });
report("pan, half way", await measure(PAN));
await page.getByRole("button", { name: "Fit" }).click();
report("pan, the whole run", await measure(PAN));
report("zoom, from the whole run", await measure({ ...ZOOM, dy: -16 }));
await diagram.focus();
await page.keyboard.press("Enter");
report("pan, with a past", await measure(PAN));
await browser.close();
if (worst > LIMIT_MS) console.error(`over ${LIMIT_MS} ms`);
process.exit(worst > LIMIT_MS ? 1 : 0);
