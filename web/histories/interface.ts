// The checker of histories as the page knows it: what `wasm/checker` exports, with the shapes of
// the plain objects that cross. A row is an operation; places are among all calls and returns.

import type { Column } from "./rows.js";

/** How far a check is. */
export interface Progress {
  readonly steps: number;
  readonly steps_max: number;
  readonly decided: number;
  readonly parts: number;
  readonly done: boolean;
}

/** The verdict in words. */
export interface Report {
  readonly verdict: "ok" | "violated" | "unknown";
  /** Line from 1, or index of the record from 0. */
  readonly first_unexplained: number | null;
  readonly first_is_certain: boolean;
  readonly operations: number;
  readonly nothing_to_check: boolean;
  readonly reason: string;
  /** What there is to say beyond that, a line each. */
  readonly explanation: readonly string[];
  readonly steps: number;
  readonly format: string;
  readonly model: string;
  readonly assumed: readonly string[];
}

/** One key, or all of an object without keys. */
export interface Key {
  readonly name: string;
  readonly verdict: "holds" | "violated" | "undecided";
  readonly operations: number;
}

/** What was wrong with the system for a while. */
export interface Fault {
  readonly name: string;
  readonly from: number;
  readonly to: number | null;
}

/** An order that comes as far as any, and what it comes to grief on. */
export interface Order {
  readonly operations: readonly number[];
  /** The state before the first of `last`. */
  readonly before: string;
  readonly last: readonly { readonly operation: number; readonly state: string }[];
  readonly refused: readonly { readonly operation: number; readonly reason: string }[];
}

/** Why a history is bad. */
export interface Bad {
  readonly key: number;
  readonly operation: number;
  readonly sentence: string;
  /** With so many operations all orders begin. */
  readonly agreed: number;
  readonly orders: readonly Order[];
  readonly shrunk: readonly number[];
}

/** What is said once. */
export interface Picture {
  /** The verdict as a heading. */
  readonly heading: string;
  readonly report: Report;
  /** What places in the source are called. */
  readonly unit: "line" | "operation" | "event";
  readonly processes: readonly string[];
  readonly keys: readonly Key[];
  readonly faults: readonly Fault[];
  readonly bad: Bad | null;
}

/** A single operation. */
export interface Look {
  readonly asked: string;
  readonly answered: string | null;
  /** An order that takes it, and its place in it, from 1. */
  readonly order: readonly number[];
  readonly place: number | null;
  readonly before: string | null;
  readonly after: string | null;
}

/** Why a text cannot be read. */
export interface Unreadable {
  readonly line: number;
  readonly reason: string;
  /** The line itself. */
  readonly text: string;
}

/** The check of one history. */
export interface Checker {
  free(): void;
  advance(most: number): Progress;
  raise(stepsMax: number): void;
  picture(): Picture;
  /** As `rows.ts` names them. */
  columns(): Column[];
  order(key: number): Uint32Array;
  look(row: number): Look | undefined;
}

/** Its constructor throws an `Unreadable`. */
export interface CheckerClass {
  new (text: string, stepsMax: number): Checker;
}
