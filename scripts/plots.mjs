// `node scripts/plots.mjs`: measures what a failure detector's timeout costs and writes the table
// and the plot of docs/failure-detection.md anew.
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { View, parse } from "vega";
import { compile } from "vega-lite";

const PAGE = "docs/failure-detection.md";
const PICTURE = "docs/failure-detection.svg";
const TEST = "a_longer_timeout_errs_less_and_notices_later";

/** One measurement. @typedef {{ detector: string, setting: string, wrong: number, delay: number }} Row */

/** @returns {Row[]} */
function measured() {
  const words = `test --quiet --release --package happens-before --lib ${TEST} -- --nocapture`;
  const { stdout, status } = spawnSync("cargo", words.split(" "), {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  });
  if (status !== 0) throw new Error(`${TEST} failed`);
  const line =
    /^(\w+), (\w+) (\S+)(| ms): ([\d.]+) false suspicions a minute, noticed after (\d+) ms$/gm;
  return [...stdout.matchAll(line)].map(
    ([, detector = "", name = "", value = "", unit = "", wrong, delay]) => ({
      detector,
      setting: `${name} ${value}${unit}`,
      wrong: Number(wrong),
      delay: Number(delay),
    }),
  );
}

/** @param {Row[]} rows */
const table = (rows) =>
  [
    "| | errs a minute | notices after |",
    "|---|---|---|",
    ...rows.map(
      ({ detector, setting, wrong, delay }) =>
        `| ${detector}, ${setting} | ${wrong.toFixed(1)} | ${delay} ms |`,
    ),
  ].join("\n");

/** Where the points' words stand. @type {{ detector: string, align: "left" | "center" | "right", dx: number, dy: number }[]} */
const LABELS = [
  { detector: "heartbeat", align: "right", dx: -8, dy: 8 },
  { detector: "phi", align: "center", dx: 0, dy: 16 },
  { detector: "ping", align: "left", dx: 8, dy: -6 },
];

/** How often it errs against how soon it notices; each point is a timeout or a threshold. @param {Row[]} rows */
async function plot(rows) {
  const axis = { gridColor: "#e4e4e7", labelFontSize: 12, titleFontSize: 13 };
  /** @type {import("vega-lite").TopLevelSpec} */
  const spec = {
    width: 620,
    height: 360,
    padding: 16,
    background: "white",
    config: { font: "system-ui, sans-serif" },
    data: { values: rows.map((row) => ({ ...row, label: row.setting.split(" ")[1] })) },
    encoding: {
      x: {
        field: "delay",
        type: "quantitative",
        axis: { ...axis, title: "mean time until a crash is noticed, ms" },
        scale: { domain: [50, 650], nice: false },
      },
      y: {
        field: "wrong",
        type: "quantitative",
        axis: {
          ...axis,
          title: "false suspicions a minute",
          values: [0, 1, 10, 100, 1000],
          format: ",d",
        },
        scale: { type: "symlog", constant: 1, domain: [0, 4000], nice: false },
      },
      color: {
        field: "detector",
        type: "nominal",
        sort: null,
        title: null,
        scale: { range: ["#0072b2", "#d55e00", "#009e73"] },
        legend: { orient: "top-right", labelFontSize: 13 },
      },
    },
    layer: [
      { mark: { type: "line", strokeWidth: 1.5, opacity: 0.6 } },
      {
        mark: { type: "point", filled: true, size: 60, opacity: 1 },
        encoding: { shape: { field: "detector", type: "nominal", sort: null, title: null } },
      },
      ...LABELS.map(({ detector, align, dx, dy }) => ({
        transform: [{ filter: { field: "detector", equal: detector } }],
        mark: { type: /** @type {const} */ ("text"), align, dx, dy, fontSize: 10 },
        encoding: { text: { field: "label" } },
      })),
    ],
  };
  return new View(parse(compile(spec).spec), { renderer: "none" }).toSVG();
}

const rows = measured();
const page = readFileSync(PAGE, "utf8");
const old = /\| \| errs a minute \|[^\n]*\n(?:\|[^\n]*\n)*/;
if (rows.length === 0 || !old.test(page))
  throw new Error("nothing measured, or no table to replace");
writeFileSync(PAGE, page.replace(old, `${table(rows)}\n`));
writeFileSync(PICTURE, `${await plot(rows)}\n`);
console.log(`${table(rows)}\n\nwritten into ${PAGE} and ${PICTURE}`);
