// The engine's interface as the page knows it: what `wasm/src` exports, with the shapes of the
// plain objects that cross. Times are virtual µs. Hot data are typed arrays, made anew on each
// call; `canvas.ts` and `timeline.ts` name their layouts.

/** One scenario being played: what both engines can do. */
export interface Playing {
  free(): void;
  text(): string;
  /** The cursor. */
  time(): number;
  /** How far the run has been computed. */
  head(): number;
  /** The text's own end, when it has one. */
  end(): number | undefined;
  ended(): boolean;
  /** Events up to the cursor. */
  events(): number;
  /** 16 hex digits, at the cursor. */
  digest(): string;
  /** When the next step is due; Infinity for never. */
  next_time(): number;
  /** When a ghost in the rack fades next; Infinity for never. */
  fades(): number;
  /** Plays on: 0 reached, 1 stopped at a violation, 2 the run has ended, 3 budget spent. */
  advance(until: number): number;
  seek(time: number): void;
  step(): boolean;
  /** On to the next change that can be seen. */
  step_change(): boolean;
  describe(): Description;
  lines(): LineView[];
  checks(): CheckView[];
  beats(): Beats;
  actions(): ActionView[];
  /** The first violation at or before the cursor. */
  violation(): Violation | undefined;
  picture(shape: string): Picture;
  /** Groups that are not as the page has them. */
  changed_groups(): Group[];
  frame(): Float64Array;
  lanes(from: number): Float64Array;
  /** Shrinks when history was cut: then read anew from 0. */
  lanes_length(): number;
  operation_bars(): Float64Array;
  flags(): FlagView[];
}

/** What can be asked of a run that only plays, once the first frames stand. */
export interface Watching extends Playing {
  step_back(): boolean;
  /** Nothing but pulses and timers happens before this time. */
  quiet_until(limit: number): number;
  /** Time of the next (1) or previous (-1) fault or caption; NaN for none. */
  seek_flag(direction: number): number;
  declaration(): Declaration;
  operations(): OperationView[];
  inspect(node: string): Inspection | undefined;
}

/** What only the whole engine can do. */
export interface Engine extends Watching {
  /** Where this run and another of the same beginning part, as far as both are known. */
  parting(other: Engine): Parting | undefined;
  /** Does it just after the cursor, by writing a line. Throws `Diagnostic[]`. */
  act(action: string): Edit;
  /** The line that `act` would write. Throws `Diagnostic[]`. */
  ghost(action: string): Edit;
  /** Another text, same instant. Throws `Diagnostic[]` and keeps the run. */
  edit(text: string): void;
  with_seed(seed: string): string | undefined;
  without_bug(bug: string): string;
  menu(node: string): Choice[];
  link_menu(a: string, b: string): Choice[];
  message_menu(id: number): Choice[];
  /** The text under another protocol; throws `Diagnostic[]` where it cannot run. */
  switched(protocol: string): Switched;
  /** What the run has cost up to the cursor; reads all events. */
  counts(): Counts;
  /** What the signs on stage mean, drawn. */
  key(): { svg: string; width: number; height: number } | undefined;
  network_menu(): Choice[];
  /** The text with this `chaos` line in the place of the one that it has, or without any. */
  with_chaos(line?: string): string;
  /** The text with its `chaos` line written out as the lines that it draws. */
  with_chaos_frozen(): string | undefined;
  chaos_kinds(): ChaosKind[];
  /** What is wrong with a node now. */
  ails(node: string): AilNote[];
  /** What an action models; nothing for what is no fault. */
  note(action: string): AilNote | undefined;
  /** What began or ended to be wrong, packed: see `troubles.ts`. */
  troubles(): Float64Array;
  /** Events up to the head from the `from`-th on, packed: see `spacetime/columns.ts`. */
  spacetime(from: number, most: number): Uint32Array;
  /** An event in one line of plain words. */
  event_words(event: number): string;
  /** For each node: its events with a smaller number than this happened before an event, or are it. */
  causal_past(event: number): Uint32Array;
  /** For each node: its events from this number on happened after an event, or are it. */
  causal_future(event: number): Uint32Array;
  /** How two events stand to each other. */
  relation(a: number, b: number): Relation | undefined;
  /** Stamp of an event by a kind of logical clock; empty for what is no event of a process. */
  stamp(kind: string, event: number): string;
  /** Cuts through the run, as a protocol records them. */
  cuts(): CutView[];
  /** The run up to the cursor as another tool reads it. */
  exported(form: ExportForm): string;
}

/** A form that other tools read: a ShiViz log, a Jepsen history, a Mermaid diagram. */
export type ExportForm = "shiviz" | "jepsen" | "mermaid";

/** A cut: for each node that has recorded, the event at which it did. */
export interface CutView {
  number: number;
  events: [node: number, event: number][];
  complete: boolean;
  /** Messages taken before the cut that leave after it: with any, it is not consistent. */
  backwards: [leaves: number, taken: number][];
}

/** How two events stand to each other, and through which messages. */
export interface Relation {
  word: "same" | "before" | "after" | "concurrent";
  sentence: string;
  /** Receipts of the messages on a shortest way from the earlier to the later one. */
  receives: number[];
}

/** The playing engine. */
export interface PlayingClass {
  /** Throws anything when it cannot play the text: then the whole engine has the word. */
  new (text: string): Playing;
  version(): string;
}

/** The whole engine. */
export interface EngineClass extends PlayingClass {
  /** Names of all protocols. */
  protocols(): string[];
  /** Throws `Diagnostic[]` when the text cannot be played. */
  new (text: string): Engine;
}

/** A search for a seed that breaks a text, and the shrinking of what it finds. */
export interface Explorer {
  /** The first of so many seeds whose run violates a check, or NaN. */
  search(from: number, count: number): number;
  /** Begins to shrink the run of a seed; false if it violates nothing. */
  begin(seed: number): boolean;
  /** Plays at most so many smaller texts. */
  shrink(most: number): ShrinkProgress | undefined;
  /** The smallest text so far. */
  text(): string;
  /** The violated check in words. */
  check(): string;
}
export interface ExplorerClass {
  /** Throws `Diagnostic[]` when the text cannot be played. */
  new (text: string): Explorer;
}
/** How far the shrinking of a text is. */
export interface ShrinkProgress {
  before: TextSize;
  now: TextSize;
  /** Smaller texts played. */
  played: number;
  steps: number;
  over: boolean;
}
/** Lines that are not blank, lines of faults, steps up to the violation. */
export interface TextSize {
  lines: number;
  faults: number;
  steps: number;
}

/** A recorded run. */
export interface RecordingClass {
  /** Throws `Diagnostic[]` with the line of the file that is wrong. */
  new (file: string): Watching;
}

/** A sign, painted layer by layer. */
export interface SignDrawing {
  name: string;
  size: number;
  number: string;
  layers: { d: string; fill: string; stroke: string; width: number }[];
}

/** Where two runs part; `here` and `there` are empty when nothing happens any more. */
export interface Parting {
  time: number;
  here: string;
  there: string;
  same: number;
}

/** A text under another protocol. */
export interface Switched {
  text: string;
  /** Lines that became comments, and why. */
  aside: { line: number; why: string }[];
}
/** What a run has cost; times are virtual µs. */
export interface Counts {
  /** Server to server, when sent. */
  messages: number;
  bytes: number;
  /** Syncs of disks that are done. */
  syncs: number;
  answered: number;
  given_up: number;
  /** Message delays from request to answer, the median; and the syncs on that path. */
  rounds: number;
  syncs_waited: number;
  /** From request to answer. */
  wait: number;
  wait_longest: number;
  /** Somebody waited longer than a client does, and nobody was answered. */
  unavailable: number;
  leaders: number;
}

/** What a node says of itself. */
export interface Inspection {
  name: string;
  fields: [string, string][];
}

export interface Diagnostic {
  line: number;
  column: number;
  length: number;
  message: string;
  hint: string;
} // "no action is called “partion”." / "Did you mean partition?"
export interface CatalogueEntry {
  tab: string;
  name: string;
  title: string;
  about: string;
  text: string;
  hero: boolean;
}
export interface Edit {
  line: number;
  text: string;
  at: number;
  replaced: string;
} // line number (1..) and its text; `replaced` = whole new text
/** What a protocol says of itself. */
export interface Declaration {
  bugs: { name: string; repair: string; about: string; source: string }[];
  checks: { plain: string; formal: string }[];
  events: { name: string; about: string; source: string }[];
  operations: { name: string; arguments: string[] }[];
}
export interface Description {
  title: string;
  protocol: { name: string; title: string; rack: string };
  subtitle: string /* "Raft · 5 nodes · seed 7" */;
  seed: string;
  nodes: string[] /* n1.. then c1.. */;
  servers: number;
  median_flight: number;
  bugs: string[];
}
export interface LineView {
  state: "header" | "played" | "ahead" | "skipped" | "standing";
  at?: number | undefined;
  resolved: string /* "n3" or "" */;
  reason: string;
  violated: boolean;
  /** What the fault that it is models in the real world; empty for no fault. */
  models: string;
  /** Why the protocol does not tolerate it; empty when it does. */
  beyond: string;
}
export interface CheckView {
  plain: string;
  formal: string;
  state: "holds" | "violated" | "unknown" | "pending";
  detail: string /* "violated at 1.318 s", "18 operations" */;
  expected: boolean;
  line?: number | undefined;
}
export interface Beat {
  time: number;
  line: number;
  text: string;
  under: string;
}
export interface Beats {
  total: number;
  position: number /* how many spoken at cursor */;
  spoken: Beat[];
}
export interface ActionView {
  label: string;
  action: string /* what it writes, without the time: "crash n3"; "!partition" opens the cut tool, "!why", "!first-cause", "!play-on", "!repair NAME", "!text …" are the page's */;
  key: string;
  resolved: string;
}
/** An entry of a menu. */
export interface Choice {
  /** The step of the menu that it stands in; empty for the first. */
  group: string;
  label: string;
  /** What it writes, without the time; "!…" is for the page itself. */
  action: string;
  models: string;
  beyond: string;
}
/** What is wrong, in words, and what that models. */
export interface AilNote {
  words: string;
  models: string;
  beyond: string;
}
/** A kind of fault that `chaos` draws from. */
export interface ChaosKind {
  word: string;
  /** Faults of this kind that the protocol tolerates, and those that it does not. */
  faults: string[];
  beyond: string[];
}
export interface OperationView {
  client: string;
  request: string;
  answer: string;
  invoked: number;
  returned?: number | undefined;
  state: "open" | "ok" | "gave up";
}
export interface Violation {
  time: number;
  event: number;
  check: string;
  statement: string /* "Two leaders in term 2: n1 and n4." */;
  cause: string;
  cause_time?: number | undefined;
  repair?: { bug: string; label: string } | undefined;
  expected: boolean;
}
export interface FlagView {
  time: number;
  label: string;
  line: number;
  played: boolean;
}
// Picture: two drawings, "ring" (nodes, links, walls, clients) and "rack" (logs and key). Each group's svg is the inner markup of one <g>.
export interface Picture {
  ring: { width: number; height: number };
  rack: { width: number; height: number };
  nodes: { name: string; x: number; y: number; r: number; server: boolean }[];
  links: {
    a: string;
    b: string;
    x0: number;
    y0: number;
    cx: number;
    cy: number;
    x1: number;
    y1: number;
  }[];
  groups: Group[];
}
export interface Group {
  drawing: "ring" | "rack";
  key: string /* "links", "walls", "node:n1", "row:n1", "head", "key" */;
  svg: string;
  label: string; /* for a node: accessible name "n3, leader of term 1, running" */
}
