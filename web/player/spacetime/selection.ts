// What is chosen in the space-time diagram: one event with its causal past or future, or two and
// how they stand to each other. The engine knows what happened before what; this only keeps it.

import type { Engine, Relation } from "../interface.js";
import { NONE } from "./columns.js";
import type { Columns } from "./columns.js";
import type { Emphasis } from "./scene.js";

/** Which cone of the event is shown. */
export type Cone = "past" | "future";

/** For each node how many of the first events, by number, lie in a past; or from which on. */
type Frontier = Uint32Array;

/** One event or two. */
export class Selection implements Emphasis {
  readonly event: number;
  /** The event that stays while the other moves, or `NONE`. */
  readonly first: number;
  readonly cone: Cone;
  readonly relation: Relation | undefined;
  readonly path: ReadonlySet<number>;
  readonly #frontiers: readonly Frontier[];

  constructor(engine: Engine, event: number, first = NONE, cone: Cone = "past") {
    this.event = event;
    this.first = first;
    this.cone = cone;
    this.relation = first === NONE ? undefined : engine.relation(first, event);
    this.path = new Set(this.relation?.receives);
    const frontier = (id: number): Frontier =>
      cone === "past" ? engine.causal_past(id) : engine.causal_future(id);
    if (this.relation === undefined) this.#frontiers = [frontier(event)];
    else if (this.relation.word === "concurrent")
      this.#frontiers = [frontier(first), frontier(event)];
    else this.#frontiers = [frontier(this.relation.word === "before" ? event : first)];
  }

  get chosen(): readonly number[] {
    return this.first === NONE ? [this.event] : [this.event, this.first];
  }

  holds(node: number, event: number): boolean {
    const past = this.cone === "past";
    return this.#frontiers.some((frontier) => {
      const border = frontier[node] ?? (past ? 0 : NONE);
      return past ? event < border : event >= border;
    });
  }

  /** How many events of how many nodes lie in the cone, without those that are chosen. */
  size(columns: Columns, nodes: number): { events: number; nodes: number } {
    let events = 0;
    let touched = 0;
    for (let node = 0; node < nodes; node += 1) {
      const { items, length } = columns.lane(node);
      let count = 0;
      for (const frontier of this.#frontiers.slice(0, 1)) {
        const place = columns.placeOf(node, frontier[node] ?? 0);
        count = this.cone === "past" ? place : length - place;
      }
      if (columns.node[this.event] === node && items.length > 0) count -= 1;
      events += Math.max(0, count);
      if (count > 0) touched += 1;
    }
    return { events, nodes: touched };
  }
}
