import { describe, expect, test } from "vitest";
import type { Picture } from "./interface.js";
import { NEVER, Rows } from "./rows.js";
import { HEAD, keysInOrder, PITCH, roles, Scene, spread } from "./scene.js";

/** Rows of (process, key, call, end). */
function rowsOf(...rows: [number, number, number, number][]): Rows {
  const column = (index: number): Uint32Array => Uint32Array.from(rows, (row) => row[index] ?? 0);
  const labels = new TextEncoder().encode("é".repeat(rows.length));
  const ends = Uint32Array.from(rows, (_, k) => 2 * (k + 1));
  const [call, end] = [column(2), column(3)];
  const fate = end.map((place) => (place === NEVER ? 1 : 0));
  return new Rows([column(0), column(1), call, end, call, end, fate, ends, labels]);
}

const key = (verdict: "holds" | "violated" | "undecided") => ({
  name: "k",
  verdict,
  operations: 1,
});

function pictureOf(
  bad: Picture["bad"],
  ...verdicts: ("holds" | "violated" | "undecided")[]
): Picture {
  const report: Picture["report"] = {
    verdict: bad ? "violated" : "ok",
    first_unexplained: null,
    first_is_certain: true,
    operations: 0,
    nothing_to_check: false,
    reason: "",
    explanation: [],
    steps: 0,
    format: "edn",
    model: "register",
    assumed: [],
  };
  return {
    heading: "",
    report,
    unit: "line",
    processes: ["0", "1"],
    keys: verdicts.map(key),
    faults: [],
    bad,
  };
}

const ALL = { key: undefined, only: undefined, packed: false };

describe("points of an order", () => {
  test("stand within their bars, none before the one that it follows", () => {
    const stretches: [number, number][] = [
      [0, 9],
      [1, 4],
      [0, 3],
      [2, 8],
      [2, 8],
      [5, 6],
      [3, Infinity],
    ];
    const along = spread(stretches);
    along.forEach((at, k) => {
      expect(at).toBeGreaterThanOrEqual(stretches[k]?.[0] ?? 0);
      expect(at).toBeLessThanOrEqual(stretches[k]?.[1] ?? 0);
      if (k > 0) expect(at).toBeGreaterThan(along[k - 1] ?? 0);
    });
  });

  test("fall together only where nothing else is possible", () => {
    expect([
      ...spread([
        [3, 3],
        [3, 3],
      ]),
    ]).toEqual([3, 3]);
    expect(spread([])).toHaveLength(0);
  });
});

describe("a scene", () => {
  const rows = rowsOf([0, 0, 0, 2], [1, 1, 1, 5], [0, 1, 3, 4], [1, 1, 6, NEVER]);

  test("has a band for each key, bad ones first, and a lane for each process", () => {
    const picture = pictureOf(null, "holds", "undecided");
    const scene = new Scene(rows, picture, ALL);
    expect(scene.bands.map((band) => [band.key, band.lanes.length, band.top])).toEqual([
      [1, 2, 0],
      [0, 1, HEAD + 2 * PITCH],
    ]);
    expect(scene.height).toBe(2 * HEAD + 3 * PITCH);
    expect([scene.from(3), scene.to(3), scene.length]).toEqual([6, 7, 7]);
    expect(scene.across(3)).toBe(HEAD + 1.5 * PITCH);
    expect(keysInOrder(pictureOf(null, "holds", "violated", "undecided"))).toEqual([1, 2, 0]);
  });

  test("packed, has as few lanes as operations run at once", () => {
    const turns = rowsOf([0, 0, 0, 1], [1, 0, 2, 4], [2, 0, 3, 5], [3, 0, 6, 7], [4, 0, 8, NEVER]);
    const [band] = new Scene(turns, pictureOf(null, "holds"), { ...ALL, packed: true }).bands;
    expect(band?.lanes).toEqual([
      { process: undefined, rows: [0, 1, 3, 4] },
      { process: undefined, rows: [2] },
    ]);
  });

  test("of one key has no gaps where others act", () => {
    const scene = new Scene(rows, pictureOf(null, "holds", "holds"), {
      ...ALL,
      key: 1,
      only: undefined,
    });
    expect([1, 2, 3].map((row) => [scene.from(row), scene.to(row)])).toEqual([
      [0, 3],
      [1, 2],
      [4, 5],
    ]);
    expect(scene.has(0)).toBe(false);
    expect(scene.placeAt(1)).toBe(3);
    const only = new Scene(rows, pictureOf(null, "holds", "holds"), {
      ...ALL,
      key: 1,
      only: new Set([2]),
    });
    expect([only.has(2), only.has(1), only.length]).toEqual([true, false, 2]);
  });

  test("leaves out of an order what it does not show", () => {
    const scene = new Scene(rows, pictureOf(null, "holds", "holds"), {
      ...ALL,
      key: 1,
      only: new Set([1, 3]),
    });
    const { rows: taken, numbers } = scene.thread([2, 1, 3]);
    expect([taken, numbers]).toEqual([
      [1, 3],
      [2, 3],
    ]);
  });

  test("labels are read by their bytes", () => {
    expect([rows.label(0), rows.label(3)]).toEqual(["é", "é"]);
  });
});

test("bars of a bad key are told by where the shown order ends", () => {
  const rows = rowsOf(
    [0, 0, 0, 1],
    [0, 0, 2, 3],
    [1, 0, 4, 6],
    [0, 0, 5, 7],
    [0, 0, 8, 9],
    [1, 1, 0, 9],
  );
  const orders = [
    { operations: [0, 1], before: "", last: [], refused: [{ operation: 3, reason: "" }] },
  ];
  const bad = { key: 0, operation: 2, sentence: "", agreed: 1, orders, shrunk: [] };
  const role = roles(rows, pictureOf(bad, "violated", "holds"), 0);
  expect([0, 1, 2, 3, 4, 5].map(role)).toEqual([
    "past",
    "plain",
    "culprit",
    "refused",
    "later",
    "plain",
  ]);
});
