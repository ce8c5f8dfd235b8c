// Plane geometry of the stage: which side of a line, how near to a curve. Pure functions,
// no page and no run.

/** A point in the coordinates of the ring. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A straight segment. */
export interface Segment {
  readonly from: Point;
  readonly to: Point;
}

/** A quadratic Bézier curve. */
export interface Curve {
  readonly x0: number;
  readonly y0: number;
  readonly cx: number;
  readonly cy: number;
  readonly x1: number;
  readonly y1: number;
}

/** Distance of two points. */
export function distance(a: Point, b: Point): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}

/** Point of a curve at `u`. */
export function curvePoint(curve: Curve, u: number): Point {
  const v = 1 - u;
  return {
    x: v * v * curve.x0 + 2 * v * u * curve.cx + u * u * curve.x1,
    y: v * v * curve.y0 + 2 * v * u * curve.cy + u * u * curve.y1,
  };
}

/** Distance of a point from a curve, good enough for a finger (16 chords). */
export function curveDistance(curve: Curve, point: Point): number {
  let best = Infinity;
  let from = curvePoint(curve, 0);
  for (let k = 1; k <= 16; k += 1) {
    const to = curvePoint(curve, k / 16);
    best = Math.min(best, segmentDistance({ from, to }, point));
    from = to;
  }
  return best;
}

/** Distance of a point from a segment. */
export function segmentDistance(segment: Segment, point: Point): number {
  const dx = segment.to.x - segment.from.x;
  const dy = segment.to.y - segment.from.y;
  const length2 = dx * dx + dy * dy;
  const along =
    length2 === 0
      ? 0
      : ((point.x - segment.from.x) * dx + (point.y - segment.from.y) * dy) / length2;
  const u = Math.min(1, Math.max(0, along));
  return distance(point, { x: segment.from.x + u * dx, y: segment.from.y + u * dy });
}

/** Positive on the right of the line as one looks from `from` to `to` (y points down). */
export function side(line: Segment, point: Point): number {
  return (
    (line.to.x - line.from.x) * (point.y - line.from.y) -
    (line.to.y - line.from.y) * (point.x - line.from.x)
  );
}

/** The line through both points, from edge to edge of a box with its corner at 0,0. */
export function across(line: Segment, width: number, height: number): Segment {
  const dx = line.to.x - line.from.x;
  const dy = line.to.y - line.from.y;
  let low = -Infinity;
  let high = Infinity;
  for (const [start, step, size] of [
    [line.from.x, dx, width],
    [line.from.y, dy, height],
  ] as const) {
    if (step === 0) continue;
    const a = (0 - start) / step;
    const b = (size - start) / step;
    low = Math.max(low, Math.min(a, b));
    high = Math.min(high, Math.max(a, b));
  }
  if (!(low < high) || !Number.isFinite(low) || !Number.isFinite(high)) return line;
  return {
    from: { x: line.from.x + low * dx, y: line.from.y + low * dy },
    to: { x: line.from.x + high * dx, y: line.from.y + high * dy },
  };
}

/** A named place on the stage. */
export interface Named extends Point {
  readonly name: string;
}

/** Who is on which side of a line; the smaller side first, in the order given. */
export function divide(line: Segment, nodes: readonly Named[]): [string[], string[]] {
  const left: string[] = [];
  const right: string[] = [];
  for (const node of nodes) (side(line, node) < 0 ? left : right).push(node.name);
  return left.length <= right.length ? [left, right] : [right, left];
}
