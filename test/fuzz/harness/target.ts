import type { Random } from "../../laws/random.ts";

/** A door through which input that others wrote reaches Keywarden. */
export interface Target {
  name: string;
  /** Returns inputs that mutations start from. */
  seeds(): Uint8Array[];
  /** Returns a mostly valid input with hostile parts. */
  generate(random: Random): Uint8Array;
  /** Words that mutations insert. */
  dictionary: readonly string[];
  /**
   * Throws or rejects if the input breaks an oracle. The first line of the message says what broke, without parts of the
   * input, because it identifies the failure. `thorough`: also check the slow oracles.
   */
  check(input: Uint8Array, thorough: boolean): void | Promise<void>;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

export const bytesOf = (text: string): Uint8Array => encoder.encode(text);
export const textOf = (bytes: Uint8Array): string => decoder.decode(bytes);

/** Throws if a condition does not hold. `what` identifies the failure; `detail` may quote the input. */
export function expect(holds: boolean, what: string, detail: () => string = () => ""): asserts holds {
  if (!holds) throw new Error(`${what}\n${detail().slice(0, 600)}`);
}
