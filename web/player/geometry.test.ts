import { describe, expect, test } from "vitest";
import { across, curveDistance, divide, side } from "./geometry.js";
import { cutBetween, isDrag } from "./partition.js";

const ring = Array.from({ length: 5 }, (_, k) => {
  const angle = (2 * Math.PI * k) / 5;
  return { name: `n${k + 1}`, x: 318 + 148 * Math.sin(angle), y: 206 - 148 * Math.cos(angle) };
});

describe("a line across the ring", () => {
  test("divides the nodes, the smaller side first", () => {
    const line = { from: { x: 40, y: 300 }, to: { x: 560, y: 260 } };
    expect(divide(line, ring)).toEqual([
      ["n3", "n4"],
      ["n1", "n2", "n5"],
    ]);
  });

  test("means the same in both directions", () => {
    const [a, b] = [
      { x: 100, y: 20 },
      { x: 500, y: 390 },
    ];
    expect(divide({ from: a, to: b }, ring)).toEqual(divide({ from: b, to: a }, ring));
  });

  test("reaches from edge to edge", () => {
    const whole = across({ from: { x: 200, y: 200 }, to: { x: 220, y: 200 } }, 580, 400);
    expect(whole).toEqual({ from: { x: 0, y: 200 }, to: { x: 580, y: 200 } });
    const steep = across({ from: { x: 300, y: 300 }, to: { x: 300, y: 100 } }, 580, 400);
    expect(steep).toEqual({ from: { x: 300, y: 400 }, to: { x: 300, y: 0 } });
  });

  test("with all on one side writes nothing", () => {
    const picture = {
      ring: { width: 580, height: 400 },
      rack: { width: 296, height: 400 },
      nodes: ring.map((node) => ({ ...node, r: 38, server: true })),
      links: [],
      groups: [],
    };
    expect(cutBetween(picture, { x: 0, y: 4 }, { x: 580, y: 4 }).action).toBe("");
    expect(cutBetween(picture, { x: 40, y: 300 }, { x: 560, y: 260 }).action).toBe(
      "partition n3 n4 | n1 n2 n5",
    );
  });

  test("is a line from 24 px on", () => {
    expect(isDrag({ x: 0, y: 0 }, { x: 23, y: 0 })).toBe(false);
    expect(isDrag({ x: 0, y: 0 }, { x: 24, y: 0 })).toBe(true);
  });
});

test("sides have opposite signs", () => {
  const line = { from: { x: 0, y: 0 }, to: { x: 10, y: 0 } };
  expect(Math.sign(side(line, { x: 5, y: 5 }))).toBe(-Math.sign(side(line, { x: 5, y: -5 })));
});

test("a point on a curve is near to it", () => {
  const curve = { x0: 0, y0: 0, cx: 50, cy: 40, x1: 100, y1: 0 };
  expect(curveDistance(curve, { x: 50, y: 20 })).toBeLessThan(1);
  expect(curveDistance(curve, { x: 50, y: 60 })).toBeGreaterThan(30);
});
