import { beforeEach, describe, expect, test } from "vitest";
import { Clock, Reached } from "./clock.js";
import type { Screen, World } from "./clock.js";

/** A world with an event each 10 ms, a violation and an end where a test wants them. */
class TickingWorld implements World {
  cursor = 0;
  violation = Infinity;
  last = Infinity;
  quiet = 0;
  time(): number {
    return this.cursor;
  }
  nextTime(): number {
    return Math.floor(this.cursor / 10_000 + 1) * 10_000;
  }
  advance(until: number): Reached {
    if (until >= this.violation && this.cursor < this.violation) {
      this.cursor = this.violation;
      return Reached.Violation;
    }
    if (until >= this.last) {
      this.cursor = this.last;
      return Reached.End;
    }
    this.cursor = Math.max(this.cursor, until);
    return Reached.Until;
  }
  quietUntil(): number {
    return this.quiet;
  }
  stepChange(): boolean {
    this.cursor += 40_000;
    return this.cursor < this.last;
  }
}

/** Frames and timeouts that happen when the test says so. */
class HandScreen implements Screen {
  nowMs = 0;
  frames: ((nowMs: number) => void)[] = [];
  timeouts: { callback: () => void; ms: number }[] = [];
  requestFrame(callback: (nowMs: number) => void): number {
    return this.frames.push(callback);
  }
  cancelFrame(): void {
    this.frames = [];
  }
  setTimeout(callback: () => void, ms: number): number {
    return this.timeouts.push({ callback, ms });
  }
  clearTimeout(): void {
    this.timeouts = [];
  }
  /** Lets frames of 16 ms pass. */
  pass(frames: number): void {
    for (let k = 0; k < frames; k += 1) {
      const due = this.frames.splice(0);
      for (const frame of due) frame(this.nowMs);
      this.nowMs += 16;
    }
  }
}

let world: TickingWorld;
let screen: HandScreen;
let stops: Reached[];
let clock: Clock;

beforeEach(() => {
  world = new TickingWorld();
  screen = new HandScreen();
  stops = [];
  clock = new Clock(world, screen, {
    onFrame: () => undefined,
    onState: () => undefined,
    onStop: (reached) => stops.push(reached),
  });
});

describe("the clock", () => {
  test("goes at its pace", () => {
    clock.paceUs = 50_000;
    clock.play();
    screen.pass(126);
    expect(clock.now).toBeCloseTo((125 * 16 * 50_000) / 1000, 0);
  });

  test("asks for no frame at rest, held, or out of sight", () => {
    expect(screen.frames).toHaveLength(0);
    clock.play();
    expect(screen.frames).toHaveLength(1);
    clock.hold("menu");
    expect(screen.frames).toHaveLength(0);
    clock.release("menu");
    expect(screen.frames).toHaveLength(1);
    clock.setVisible(false);
    expect(screen.frames).toHaveLength(0);
    clock.setVisible(true);
    clock.pause();
    expect(screen.frames).toHaveLength(0);
  });

  test("holds just before a whole millisecond, until the last hand lets go", () => {
    clock.play();
    screen.pass(20);
    clock.hold("hand");
    clock.hold("menu");
    expect((world.time() + 1) % 1000).toBe(0);
    expect(clock.now).toBe(world.time());
    clock.release("hand");
    expect(clock.held).toBe(true);
    clock.release("menu");
    expect(clock.held).toBe(false);
    expect(screen.frames).toHaveLength(1);
  });

  test("at rest a hand does not move time", () => {
    world.cursor = 12_345;
    clock.follow();
    clock.hold("hand");
    expect(world.time()).toBe(12_345);
  });

  test("stops at a violation and at the end", () => {
    world.violation = 25_000;
    clock.play();
    screen.pass(60);
    expect(stops).toEqual([Reached.Violation]);
    expect(clock.now).toBe(25_000);
    expect(clock.playing).toBe(false);
    world.last = 60_000;
    clock.play();
    screen.pass(100);
    expect(stops).toEqual([Reached.Violation, Reached.End]);
    expect(clock.now).toBe(60_000);
  });

  test("passes quiet stretches faster, but not their end", () => {
    world.quiet = 1_000_000;
    clock.play();
    screen.pass(30);
    expect(clock.quiet).toBe(true);
    expect(clock.now).toBeGreaterThan(3 * 30 * 16 * 50);
    screen.pass(2000);
    expect(clock.quiet).toBe(false);
  });

  test("hurries nowhere when nothing lies ahead", () => {
    world.quiet = Infinity;
    clock.play();
    screen.pass(30);
    expect(clock.quiet).toBe(false);
  });

  test("with reduced motion goes from change to change", () => {
    clock.setReduced(true);
    clock.play();
    expect(screen.frames).toHaveLength(0);
    expect(screen.timeouts.map(({ ms }) => ms)).toEqual([1200]);
    screen.timeouts.shift()?.callback();
    expect(clock.now).toBe(40_000);
    expect(screen.timeouts).toHaveLength(1);
  });

  test("a long frame is not made up for", () => {
    clock.play();
    screen.pass(1);
    screen.nowMs += 5000;
    screen.pass(1);
    expect(clock.now).toBeLessThanOrEqual(0.1 * clock.paceUs);
  });
});
