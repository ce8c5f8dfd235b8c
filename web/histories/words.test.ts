import { describe, expect, test } from "vitest";
import type { Bad, Picture, Report } from "./interface.js";
import { capital, counted, progressText, verdictOf } from "./words.js";

const REPORT: Report = {
  verdict: "ok",
  first_unexplained: null,
  first_is_certain: true,
  operations: 1_200,
  nothing_to_check: false,
  reason: "some order explains every result",
  explanation: [],
  steps: 1,
  format: "edn",
  model: "register",
  assumed: [],
};
const KEY = { name: "a", verdict: "holds", operations: 1 } as const;

function picture(report: Partial<Report>, rest: Partial<Picture> = {}): Picture {
  const whole = { heading: "linearizable", unit: "line", processes: [], faults: [] } as const;
  return { ...whole, keys: [KEY], bad: null, ...rest, report: { ...REPORT, ...report } };
}

const BAD: Bad = {
  key: 0,
  operation: 3,
  sentence: "get(x) returned 1; every order that explains the earlier results leaves 2",
  agreed: 0,
  orders: [],
  shrunk: [],
};
const wrong = { verdict: "violated", first_unexplained: 60 } as const;

describe("a verdict", () => {
  test("says the wrong result large and why under it", () => {
    expect(verdictOf(picture(wrong, { bad: BAD }), false)).toEqual({
      tone: "bad",
      title: "Not linearizable: get(x) returned 1 at line 60",
      under: "Every order that explains the earlier results leaves 2.",
    });
  });

  test("says a long result small, and what is not certain", () => {
    const sentence = `get(x) returned "${"y".repeat(80)}"; every order leaves "z"`;
    const report = { ...wrong, first_is_certain: false };
    const { title, under } = verdictOf(picture(report, { bad: { ...BAD, sentence } }), false);
    expect(title).toBe("Not linearizable: a result is wrong at line 60");
    expect(under).toContain(`${sentence}. Another key may go wrong earlier`);
  });

  test("that holds says what was judged", () => {
    expect(verdictOf(picture({}, { keys: [KEY, KEY] }), false)).toEqual({
      tone: "good",
      title: "Linearizable",
      under:
        "Some order explains every result: the numbered line is one. 1,200 operations on 2 keys, 1 step.",
    });
  });

  test("of transactions has its own heading", () => {
    const report = { verdict: "violated", reason: "G2-item: a cycle" } as const;
    const heading = "impossible under snapshot isolation";
    expect(verdictOf(picture(report, { heading }), false)).toMatchObject({
      tone: "bad",
      title: "Impossible under snapshot isolation",
      under: "G2-item: a cycle.",
    });
  });

  test("is unknown by its budget or by hand, or there is nothing to check", () => {
    const spent = verdictOf(picture({ verdict: "unknown" }), false);
    expect([spent.tone, spent.under.slice(0, 27)]).toEqual([
      "unknown",
      "The budget was spent after ",
    ]);
    expect(verdictOf(picture({ verdict: "unknown" }), true).under).toMatch(
      /^Stopped after 1 step\./,
    );
    expect(verdictOf(picture({ nothing_to_check: true }), false).tone).toBe("none");
  });
});

test("numbers and names stand as they are read", () => {
  expect([counted(1, "key"), counted(2_000, "key")]).toEqual(["1 key", "2,000 keys"]);
  expect([capital("cas(1, 2) was refused"), capital("some order")]).toEqual([
    "cas(1, 2) was refused",
    "Some order",
  ]);
  const progress = { steps: 5, steps_max: 9, decided: 1, parts: 3, done: false };
  expect(progressText(progress)).toBe("5 steps, 1 of 3 keys explained.");
});
