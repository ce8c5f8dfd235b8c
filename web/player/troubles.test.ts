import { expect, test } from "vitest";
import { readTroubles } from "./troubles.js";

// time, node, peer, kind, which, begins
const record = (...events: number[][]) => readTroubles(Float64Array.from(events.flat()));

test("a span ends with its own kind, and a new one takes its place", () => {
  const slow = record(
    [10, 1, 9, 1, 0, 1],
    [20, 2, 9, 1, 0, 1],
    [30, 1, 9, 1, 0, 1],
    [40, 1, 9, 1, 0, 0],
  );
  expect(slow.map(({ lane, from, to }) => [lane, from, to])).toEqual([
    [1, 10, 30],
    [1, 30, 40],
    [2, 20, Infinity],
  ]);
});

test("a sound disk ends all that was wrong with it but a rotten record", () => {
  const disk = record(
    [1, 0, 9, 3, 0, 1],
    [2, 0, 9, 3, 4, 1],
    [3, 0, 9, 3, 5, 1],
    [9, 0, 9, 3, 6, 1],
  );
  expect(disk.map(({ which, to }) => [which, to])).toEqual([
    [0, 9],
    [4, 9],
    [5, Infinity],
  ]);
});

test("a clog is seen where nothing arrives", () => {
  expect(record([5, 0, 3, 4, 0, 1])[0]?.lane).toBe(3);
});
