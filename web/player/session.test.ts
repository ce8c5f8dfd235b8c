import { beforeEach, describe, expect, test, vi } from "vitest";
import type { Diagnostic } from "./interface.js";

const state = vi.hoisted(() => ({
  fails: false,
  digest: "0123456789abcdef",
  parsed(text: string): string {
    const wrong: Diagnostic[] = [{ line: 1, column: 1, length: 3, message: "no", hint: "" }];
    if (text.startsWith("bad")) throw wrong;
    return text;
  },
}));

// An engine that knows its text and its time, and fails when the test says so.
vi.mock("../generated/playing_bg.wasm?url", () => ({ default: "" }));
vi.mock("../generated/happens_before_bg.wasm?url", () => ({ default: "" }));
vi.mock("../generated/playing.js", () => exported());
vi.mock("../generated/happens_before.js", () => exported());
vi.stubGlobal("fetch", () => Promise.resolve(new Response()));

function exported() {
  class Engine {
    #text: string;
    #now = 0;
    constructor(text: string) {
      this.#text = state.parsed(text);
    }
    free(): void {}
    text(): string {
      return this.#text;
    }
    time(): number {
      if (state.fails) throw new WebAssembly.RuntimeError("unreachable");
      return this.#now;
    }
    head(): number {
      return this.#now;
    }
    events(): number {
      return 0;
    }
    digest(): string {
      return state.digest;
    }
    end(): undefined {
      return undefined;
    }
    fades(): number {
      return Infinity;
    }
    next_time(): number {
      return Infinity;
    }
    advance(until: number): number {
      this.#now = Math.max(this.#now, until);
      return 0;
    }
    seek(time: number): void {
      if (state.fails) throw new WebAssembly.RuntimeError("unreachable");
      this.#now = time;
    }
    describe(): { median_flight: number } {
      return { median_flight: 30_000 };
    }
    edit(text: string): void {
      this.#text = state.parsed(text);
    }
    act(action: string) {
      const line = `at ${(this.#now + 1) / 1000}ms ${action}`;
      this.#text += `${line}\n`;
      return { line: 2, text: line, at: this.#now + 1, replaced: this.#text };
    }
  }
  return { default: () => Promise.resolve(), Engine, Explorer: Engine, Recording: Engine };
}

const { Session } = await import("./session.js");
const { loadWhole, Refused } = await import("./engine.js");

const told: string[] = [];
const screen = {
  requestFrame: () => 1,
  cancelFrame: () => undefined,
  setTimeout: () => 1,
  clearTimeout: () => undefined,
};
const listener = {
  frame: () => told.push("frame"),
  jumped: () => told.push("jumped"),
  state: () => told.push("state"),
  violated: () => told.push("violated"),
  ended: () => told.push("ended"),
  incomplete: () => told.push("incomplete"),
};

beforeEach(() => {
  state.fails = false;
  told.length = 0;
});

describe("a session that begins with the playing engine", () => {
  const early = new Session("protocol raft\n", screen, listener);
  const beyond = new Session("protocol raft\n", screen, listener);
  const far = new Session("protocol raft\n", screen, listener);
  const other = new Session("protocol raft\n", screen, listener);

  test("goes over to the whole one at the same instant", async () => {
    early.seek(660_400);
    expect(early.complete).toBe(false);
    expect(early.act("crash n1")).toBeUndefined();
    early.takeOver(await loadWhole());
    expect(early.complete).toBe(true);
    expect(early.time).toBe(660_999);
    expect(early.act("crash n1")?.edit.line).toBe(2);
  });

  test("waits at the border of what the playing one can do", async () => {
    beyond.seek(5_000);
    state.fails = true;
    expect(beyond.time).toBe(5_000);
    expect(told).toContain("incomplete");
    expect(beyond.stopped).toBe("");
    state.fails = false;
    expect(beyond.takeOver(await loadWhole())).toBe(false);
    expect(beyond.complete).toBe(true);
    expect(beyond.time).toBe(5_000);
  });

  test("a seek beyond the border is done by the whole one", async () => {
    state.fails = true;
    far.seek(9_000);
    expect(told).toContain("incomplete");
    state.fails = false;
    expect(far.takeOver(await loadWhole())).toBe(false);
    expect(far.time).toBe(9_000);
  });

  test("stops when the whole one plays it differently", async () => {
    const digest = vi.spyOn(state, "digest", "get");
    digest.mockReturnValueOnce("0").mockReturnValueOnce("1");
    other.takeOver(await loadWhole());
    expect(other.complete).toBe(false);
    expect(other.stopped).toContain("differently");
  });
});

describe("a session", () => {
  test("writes whole milliseconds and takes the line back", () => {
    const session = new Session("protocol raft\n", screen, listener);
    session.seek(660_400);
    const done = session.act("crash n1");
    expect(done?.edit.text).toBe("at 661ms crash n1");
    expect(session.time).toBe(661_000);
    expect(session.isWritten("at 661ms crash n1")).toBe(true);
    expect(session.undo()).toBe(true);
    expect(session.text).toBe("protocol raft\n");
    expect(session.redo()).toBe(true);
    expect(session.text).toContain("crash n1");
  });

  test("keeps its run when another text is refused", () => {
    const session = new Session("protocol raft\n", screen, listener);
    expect(() => session.edit("bad")).toThrow(Refused);
    expect(session.text).toBe("protocol raft\n");
    expect(session.canUndo).toBe(false);
  });

  test("survives a failure of the engine with its text", () => {
    const session = new Session("protocol raft\n", screen, listener);
    expect(session.complete).toBe(true);
    expect(session.text).toBe("protocol raft\n");
    state.fails = true;
    session.seek(5);
    expect(session.stopped).toContain("unreachable");
    expect(told).toContain("state");
    expect(session.text).toBe("protocol raft\n");
    state.fails = false;
    session.revive(session.lastText);
    expect(session.stopped).toBe("");
    expect(session.time).toBe(0);
  });

  test("scrubs to where a line would carry whole milliseconds", () => {
    const session = new Session("protocol raft\n", screen, listener);
    session.scrub(12_345);
    expect(session.time).toBe(11_999);
    session.scrub(300);
    expect(session.time).toBe(0);
  });
});
