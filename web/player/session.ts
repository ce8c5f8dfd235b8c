// One run in one player: the engine, its clock, and the texts that undo and redo go through.
// Begins with the engine that is there and goes over to the whole one at the same instant.
// Knows nothing of the page; whoever shows it listens.

import type { Choice, Edit, Engine, EngineClass, Playing, Violation } from "./interface.js";
import { Clock, Reached } from "./clock.js";
import type { Screen, World } from "./clock.js";
import {
  attempted,
  guarded,
  NeedsWhole,
  PlayingEngine,
  Refused,
  Stopped,
  wholeEngine,
} from "./engine.js";
import { defaultPace } from "./format.js";

/** What a session tells its owner. */
export interface SessionListener {
  /** A frame has passed; `happened` when the world moved. */
  frame(happened: boolean): void;
  /** Time was moved by hand, or the text has changed: nothing may glide. */
  jumped(): void;
  /** Playing, held, quiet or an error has changed. */
  state(): void;
  /** The run came to a violation while playing. */
  violated(violation: Violation): void;
  /** The run came to its end. */
  ended(): void;
  /** Only the whole engine can go on. */
  incomplete(): void;
}

const UNDO_DEPTH = 200;

/** A run being watched. */
export class Session {
  readonly clock: Clock;
  /** It was recorded elsewhere: it can be watched, not changed. */
  readonly recorded: boolean;
  /** Why the engine stopped, when it did. */
  stopped = "";
  /** The line written last by a hand, marked "you"; 0 is none. */
  lastWritten = 0;

  /** Grows when the text has become another: what was known of the run may no longer be so. */
  revision = 0;

  /** The text as it was last read; kept when the engine has stopped. */
  lastText = "";

  readonly #listener: SessionListener;
  #engine: Playing;
  /** The same engine, when it is the whole one. */
  #whole: Engine | undefined;
  /** Where the playing engine could not go on, virtual µs: from then on it is not asked. */
  #border: number | undefined;
  #undo: string[] = [];
  #redo: string[] = [];
  #written = new Set<string>();

  /** Of a text; or of a recording of its run, which is then watched and not played. */
  constructor(text: string, screen: Screen, listener: SessionListener, recording?: Engine) {
    this.#listener = listener;
    [this.#engine, this.#whole] =
      recording === undefined ? this.#open(text) : [recording, recording];
    this.recorded = recording !== undefined;
    this.lastText = text;
    this.clock = new Clock(this.#world(), screen, {
      onFrame: (happened) => listener.frame(happened),
      onState: () => listener.state(),
      onStop: (reached) => this.#onStop(reached),
    });
    const describe = () => this.#engine.describe();
    const description = this.complete ? guarded(describe) : attempted(describe);
    this.clock.paceUs = defaultPace(description.median_flight);
  }

  /** Reads from the engine; when the engine has failed, what was asked for is missing. */
  read<T>(question: (engine: Playing) => T): T | undefined {
    return this.#ask(() => question(this.#engine));
  }

  /** Asks what only the whole engine knows; missing too while that is not there. */
  ask<T>(question: (engine: Engine) => T): T | undefined {
    const whole = this.#whole;
    return whole === undefined ? undefined : this.#ask(() => question(whole));
  }

  /** Whether everything can be asked and done. */
  get complete(): boolean {
    return this.#whole !== undefined;
  }

  /**
   * The whole engine goes on from here; true when nothing can be seen of it. A run is a text, so
   * it plays the same to the same event: the digests say so, and a difference stops the run.
   */
  takeOver(Whole: EngineClass): boolean {
    if (this.#whole !== undefined || this.stopped !== "") return true;
    const border = this.#border;
    try {
      this.#whole = guarded(() =>
        border === undefined ? this.#atSameEvent(Whole) : this.#atTime(Whole, border),
      );
    } catch (error: unknown) {
      this.#fail(error);
      return false;
    }
    this.#engine = this.#whole;
    this.#border = undefined;
    if (border !== undefined) this.#moved();
    return border === undefined;
  }

  /** Whether it waits for the whole engine. */
  get atBorder(): boolean {
    return this.#border !== undefined;
  }

  /** The whole engine cannot be had: beyond its border the playing one has nothing to say. */
  stayAlone(): void {
    if (this.#border !== undefined) this.#fail(new Error("the rest of it could not be fetched"));
  }

  #atSameEvent(Whole: EngineClass): Engine {
    const before = this.#engine;
    const engine = this.#atTime(Whole, before.head());
    engine.seek(before.time());
    // Several events may share an instant, and a hand may have stopped among them.
    while (engine.events() > before.events() && engine.step_back());
    if (engine.digest() !== before.digest() || engine.time() !== before.time())
      throw new Error("the whole engine plays this text differently");
    before.free();
    return engine;
  }

  #atTime(Whole: EngineClass, timeUs: number): Engine {
    const engine = new Whole(this.lastText);
    engine.seek(Math.min(timeUs, engine.end() ?? Infinity));
    return engine;
  }

  #ask<T>(question: () => T): T | undefined {
    if (this.stopped !== "" || this.#border !== undefined) return undefined;
    try {
      return this.complete ? guarded(question) : attempted(question);
    } catch (error: unknown) {
      if (error instanceof Refused) throw error;
      if (error instanceof NeedsWhole) this.#stopAtBorder();
      else this.#fail(error);
      return undefined;
    }
  }

  #stopAtBorder(): void {
    this.#border = Math.floor(this.clock.now);
    this.#listener.incomplete();
  }

  get text(): string {
    this.lastText = this.read((engine) => engine.text()) ?? this.lastText;
    return this.lastText;
  }

  /** The world's cursor, virtual µs. */
  get time(): number {
    return this.read((engine) => engine.time()) ?? this.clock.now;
  }

  get canUndo(): boolean {
    return this.#undo.length > 0;
  }

  get canRedo(): boolean {
    return this.#redo.length > 0;
  }

  /** Whether a hand wrote this line in this session. */
  isWritten(line: string): boolean {
    return this.#written.has(line);
  }

  /** The line that an action would write now, and where. */
  ghost(action: string): Edit | undefined {
    if (!this.clock.playing) this.#settleForLine();
    else this.clock.settle();
    return this.ask((engine) => engine.ghost(action));
  }

  /** On to the end of this millisecond, so that a line is written in whole ms: while playing
   * always, at rest only when nothing happens on the way. */
  #settleForLine(): void {
    this.clock.settle();
    if (this.clock.held) return;
    const target = Math.ceil((this.time + 1) / 1000) * 1000 - 1;
    const free = (this.read((engine) => engine.next_time()) ?? 0) > target;
    if (this.clock.playing || free) this.clock.settleBeforeMillisecond();
  }

  /** Does it now, by writing a line. Throws `Refused` and changes nothing when it cannot. */
  act(action: string): { edit: Edit; rewrites: boolean } | undefined {
    this.#settleForLine();
    const before = this.text;
    const rewrites = this.read((engine) => engine.head() > engine.time() + 1000) ?? false;
    const edit = this.ask((engine) => engine.act(action));
    if (edit === undefined) return undefined;
    this.revision += 1;
    this.#remember(before);
    this.#written.add(edit.text);
    this.lastWritten = edit.line;
    // On to the line itself, so that what was done is seen at once.
    this.clock.advanceTo(edit.at);
    this.#listener.jumped();
    return { edit, rewrites };
  }

  /** Another text, same instant. Throws `Refused` and keeps the run when it does not parse. */
  edit(text: string): void {
    const before = this.text;
    if (text === before || !this.complete) return;
    this.clock.settle();
    this.ask((engine) => engine.edit(text));
    this.revision += 1;
    this.#remember(before);
    this.lastWritten = 0;
    this.clock.follow();
    this.#listener.jumped();
  }

  undo(): boolean {
    return this.#swap(this.#undo, this.#redo);
  }

  redo(): boolean {
    return this.#swap(this.#redo, this.#undo);
  }

  seek(timeUs: number): void {
    const end = this.read((engine) => engine.end()) ?? Infinity;
    const target = Math.max(0, Math.min(Math.floor(timeUs), end));
    this.read((engine) => engine.seek(target));
    // Beyond its border the whole engine goes on, and from there.
    if (this.#border !== undefined) this.#border = target;
    this.#moved();
  }

  step(): void {
    this.clock.pause();
    this.read((engine) => engine.step());
    this.#moved();
  }

  stepBack(): void {
    this.clock.pause();
    this.ask((engine) => engine.step_back());
    this.#moved();
  }

  /** Where a hand scrubs to: just before a whole millisecond, as a line would stand there. */
  scrub(timeUs: number): void {
    this.seek(timeUs < 1000 ? 0 : Math.round(timeUs / 1000) * 1000 - 1);
  }

  /** To the previous or next fault or caption. */
  seekFlag(direction: 1 | -1): void {
    this.clock.settle();
    const time = this.ask((engine) => engine.seek_flag(direction));
    if (time !== undefined && Number.isFinite(time)) this.seek(time);
  }

  /** Starts over from the text after the engine failed. */
  revive(text: string): void {
    this.stopped = "";
    this.revision += 1;
    try {
      [this.#engine, this.#whole] = this.#open(text);
      this.#moved();
    } catch (error: unknown) {
      this.#fail(error);
    }
  }

  menu(node: string): Choice[] {
    return this.ask((engine) => engine.menu(node)) ?? [];
  }

  dispose(): void {
    this.clock.pause();
    if (this.stopped === "" && this.#border === undefined) this.#engine.free();
    this.stopped = "This run is closed.";
  }

  #open(text: string): [Playing, Engine | undefined] {
    const Whole = wholeEngine();
    if (Whole === undefined) return [attempted(() => new PlayingEngine(text)), undefined];
    const engine = guarded(() => new Whole(text));
    return [engine, engine];
  }

  #world(): World {
    return {
      time: () => this.read((engine) => engine.time()) ?? this.clock.now,
      // A ghost that fades in the rack is a change, too.
      nextTime: () =>
        this.read((engine) => Math.min(engine.next_time(), engine.fades())) ?? Infinity,
      advance: (until) => this.read((engine) => engine.advance(until)) ?? this.#nowhere,
      quietUntil: (limit) => this.ask((engine) => engine.quiet_until(limit)) ?? 0,
      stepChange: () => this.read((engine) => engine.step_change()) ?? false,
    };
  }

  /** What an engine that says nothing has reached: its end, or its border, to go on later. */
  get #nowhere(): Reached {
    return this.stopped === "" ? Reached.Budget : Reached.End;
  }

  #moved(): void {
    this.clock.follow();
    this.#listener.jumped();
  }

  #remember(text: string): void {
    this.#undo.push(text);
    if (this.#undo.length > UNDO_DEPTH) this.#undo.shift();
    this.#redo = [];
  }

  #swap(from: string[], to: string[]): boolean {
    const text = from.pop();
    if (text === undefined) return false;
    const before = this.text;
    this.clock.settle();
    this.ask((engine) => engine.edit(text));
    to.push(before);
    this.revision += 1;
    this.lastWritten = 0;
    this.#moved();
    return true;
  }

  #onStop(reached: Reached): void {
    if (this.stopped !== "") return;
    const violation = this.read((engine) => engine.violation());
    this.#listener.frame(true);
    if (reached === Reached.Violation && violation) this.#listener.violated(violation);
    if (reached === Reached.End) this.#listener.ended();
  }

  #fail(error: unknown): void {
    this.stopped = error instanceof Stopped || error instanceof Error ? error.message : "unknown";
    this.#listener.state();
  }
}
