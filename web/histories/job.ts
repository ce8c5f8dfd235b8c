// What a worker does for a check, request by request. The page does the same itself where there
// are no workers. Keeps no time.

import type { Checker, CheckerClass, Look, Picture, Progress, Unreadable } from "./interface.js";

import type { Column } from "./rows.js";

/** Asked of a worker. */
export type Request =
  | { readonly kind: "open"; readonly file: Blob; readonly stepsMax: number }
  | { readonly kind: "advance"; readonly most: number }
  | { readonly kind: "raise"; readonly stepsMax: number }
  | { readonly kind: "picture" }
  | { readonly kind: "order"; readonly key: number }
  | { readonly kind: "look"; readonly row: number };

/** What it answers. */
export interface Answer {
  readonly unreadable?: Unreadable;
  readonly progress?: Progress;
  readonly picture?: Picture;
  /** As `rows.ts` names them. */
  readonly columns?: Column[];
  readonly order?: Uint32Array;
  readonly look?: Look;
}

/** Does what is asked of one check after the other. */
export class Job {
  readonly #Checker: CheckerClass;
  #checker: Checker | undefined;

  constructor(Checker: CheckerClass) {
    this.#Checker = Checker;
  }

  async answer(request: Request): Promise<Answer> {
    if (request.kind === "open") return this.#open(request.file, request.stepsMax);
    if (this.#checker === undefined) throw new Error("No history is open.");
    return answered(this.#checker, request);
  }

  async #open(file: Blob, stepsMax: number): Promise<Answer> {
    this.#checker?.free();
    this.#checker = undefined;
    const text = await file.text();
    try {
      this.#checker = new this.#Checker(text, stepsMax);
      return {};
    } catch (error: unknown) {
      if (isUnreadable(error)) return { unreadable: error };
      throw error;
    }
  }
}

function isUnreadable(error: unknown): error is Unreadable {
  return typeof error === "object" && error !== null && "reason" in error && "line" in error;
}

function answered(checker: Checker, request: Exclude<Request, { kind: "open" }>): Answer {
  if (request.kind === "advance") return { progress: checker.advance(request.most) };
  if (request.kind === "picture") return { picture: checker.picture(), columns: checker.columns() };
  if (request.kind === "order") return { order: checker.order(request.key) };
  if (request.kind === "raise") {
    checker.raise(request.stepsMax);
    return {};
  }
  const look = checker.look(request.row);
  return look === undefined ? {} : { look };
}
