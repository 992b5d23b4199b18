/**
 * A file with the input that a worker runs now. The file survives the worker, so that a hang or the end of the process
 * is attributed to an input.
 */
import { openSync, readFileSync, writeSync } from "node:fs";

const HEADER_BYTES = 12;

export class CurrentInput {
  readonly #file: number;
  #count = 0;

  constructor(path: string) {
    this.#file = openSync(path, "w");
  }

  write(input: Uint8Array): void {
    this.#count += 1;
    const record = Buffer.allocUnsafe(HEADER_BYTES + input.length);
    record.writeDoubleLE(this.#count, 0);
    record.writeUInt32LE(input.length, 8);
    record.set(input, HEADER_BYTES);
    writeSync(this.#file, record, 0, record.length, 0);
  }
}

/** Returns the input, and the number of inputs so far. */
export function readCurrent(path: string): { count: number; input: Uint8Array } {
  const record = readFileSync(path);
  if (record.length < HEADER_BYTES) return { count: 0, input: new Uint8Array() };
  const length = record.readUInt32LE(8);
  return { count: record.readDoubleLE(0), input: record.subarray(HEADER_BYTES, HEADER_BYTES + length) };
}
