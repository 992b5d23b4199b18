import type { Json } from "../model/source.ts";
import { ParseFailure } from "./failure.ts";

/** A value composed from YAML, with its range. */
export interface Composed {
  value: Json;
  start: number;
  end: number;
  /** Number of values in it, including itself and those that aliases add. */
  size: number;
  /** Nesting depth of the containers in it. */
  height: number;
}

/** The anchors of a YAML document. Limits the number of values that aliases add, because they can grow exponentially. */
export class Anchors {
  readonly #maxAliased: number;
  #aliased = 0;
  /** Null while the value is still being composed. */
  readonly #values = new Map<string, Composed | null>();

  constructor(maxAliased: number) {
    this.#maxAliased = maxAliased;
  }

  /** Starts a document: anchors of earlier documents are not visible in it. */
  startDocument(): void {
    this.#values.clear();
  }

  set(name: string, value: Composed | null): void {
    this.#values.set(name, value);
  }

  /** Returns the value of an anchor for the alias at an offset. Throws ParseFailure. */
  resolve(name: string, offset: number): Composed {
    const value = this.#values.get(name);
    if (value === undefined)
      throw new ParseFailure(
        offset,
        `The alias *${name} has no anchor before it.`,
        `Write &${name} before the value that the alias refers to.`,
      );
    if (value === null)
      throw new ParseFailure(
        offset,
        `The alias *${name} is inside the value that it refers to.`,
        "Repeat the value instead.",
      );
    this.#aliased += value.size;
    if (this.#aliased > this.#maxAliased)
      throw new ParseFailure(
        offset,
        `Aliases expand to more than ${this.#maxAliased} values, starting here.`,
        "Use fewer aliases, or split the file.",
      );
    return value;
  }
}
