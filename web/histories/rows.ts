// All operations of a history, one a row, in typed arrays as they come from the checker. Labels
// are made into words when somebody looks at them. Never changes what it holds.

/** What became of an operation; numbers of the column `fate`. */
export const Fate = { Returned: 0, Open: 1, Failed: 2 } as const;

/** The place of a return that never came. */
export const NEVER = 0xffff_ffff;

/** Numbers of all rows, or the labels as UTF-8. */
export type Column = Uint32Array<ArrayBuffer> | Uint8Array<ArrayBuffer> | Float64Array<ArrayBuffer>;

/** No row. */
export const NONE = -1;

const NO_ROWS = new Uint32Array(0);
const decoder = new TextDecoder();

/** The rows. */
export class Rows {
  readonly process: Uint32Array;
  readonly key: Uint32Array;
  /** Places of call and return among all events. */
  readonly call: Uint32Array;
  readonly end: Uint32Array;
  /** Lines or indexes of call and return in the source. */
  readonly callAt: Uint32Array;
  readonly endAt: Uint32Array;
  readonly fate: Uint32Array;
  /** When it was called, µs; NaN where the file does not say. */
  readonly time: Float64Array;
  readonly #labelEnds: Uint32Array;
  readonly #labels: Uint8Array;

  /** The columns in the order in which `wasm/checker` gives them. */
  constructor(columns: readonly (Uint32Array | Uint8Array | Float64Array)[]) {
    const numbers = (index: number): Uint32Array => {
      const column = columns[index];
      return column instanceof Uint32Array ? column : NO_ROWS;
    };
    this.process = numbers(0);
    this.key = numbers(1);
    this.call = numbers(2);
    this.end = numbers(3);
    this.callAt = numbers(4);
    this.endAt = numbers(5);
    this.fate = numbers(6);
    this.#labelEnds = numbers(7);
    const labels = columns[8];
    this.#labels = labels instanceof Uint8Array ? labels : new Uint8Array(0);
    const time = columns[9];
    this.time = time instanceof Float64Array ? time : new Float64Array(0);
  }

  get length(): number {
    return this.call.length;
  }

  /** What an operation does, in a few words. */
  label(row: number): string {
    const begin = row === 0 ? 0 : (this.#labelEnds[row - 1] ?? 0);
    return decoder.decode(this.#labels.subarray(begin, this.#labelEnds[row] ?? begin));
  }
}
