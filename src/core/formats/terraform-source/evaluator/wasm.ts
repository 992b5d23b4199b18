/** What of WebAssembly is needed here; Node's types leave it to the browser's. */
export interface Wasm {
  Module: { new (bytes: Uint8Array): object; exports(module: object): { name: string }[] };
  Instance: new (module: object, imports: Imports) => { exports: object };
}

export interface Memory {
  /** Another one after the memory has grown. */
  readonly buffer: ArrayBuffer;
}

export interface Imports {
  [module: string]: { [name: string]: (...args: never[]) => unknown };
}

export const wasm = (globalThis as unknown as { WebAssembly: Wasm }).WebAssembly;

/** A WebAssembly.Module of bytes, or the one that is given. Throws what WebAssembly throws. */
export const compile = (given: Uint8Array | object): object =>
  given instanceof Uint8Array ? new wasm.Module(given) : given;

const MEMORY = 5;

/**
 * The bytes of a module whose own memory has `pages` of 64 KiB at most: Go's linker writes no maximum.
 * https://webassembly.github.io/spec/core/binary/modules.html#memory-section
 */
export function bounded(bytes: Uint8Array, pages: number): Uint8Array {
  for (let at = 8; at < bytes.length; ) {
    const [size, content] = leb(bytes, at + 1);
    const end = content + size;
    if (bytes[at] === MEMORY) {
      // One memory, without a maximum, of so many pages.
      const [least] = leb(bytes, content + 2);
      const section = [1, 1, ...lebOf(least), ...lebOf(Math.max(least, pages))];
      return Buffer.concat([
        bytes.subarray(0, at),
        Uint8Array.of(MEMORY, ...lebOf(section.length), ...section),
        bytes.subarray(end),
      ]);
    }
    at = end;
  }
  return bytes;
}

/** An unsigned number in LEB128, and where it ends. */
function leb(bytes: Uint8Array, start: number): [value: number, end: number] {
  let value = 0;
  for (let i = start; ; i++) {
    const byte = bytes[i] ?? 0;
    value += (byte % 128) * 128 ** (i - start);
    if (byte < 128) return [value, i + 1];
  }
}

const lebOf = (value: number): number[] =>
  value < 128 ? [value] : [(value % 128) + 128, ...lebOf(Math.floor(value / 128))];

/** Whether a module does what Terraform's evaluator does. */
export const evaluates = (module: object): boolean =>
  ["scan", "evaluate", "allocate"].every((name) =>
    wasm.Module.exports(module).some((exported) => exported.name === name),
  );
