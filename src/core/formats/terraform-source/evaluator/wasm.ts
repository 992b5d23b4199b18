/** The parts of the WebAssembly API in use. Node's type declarations do not include it. */
export interface WebAssemblyApi {
  Module: { new (bytes: Uint8Array): object; exports(module: object): { name: string }[] };
  Instance: new (module: object, imports: WasmImports) => { exports: object };
}

export interface WasmMemory {
  /** Replaced by a new buffer when the memory grows. */
  readonly buffer: ArrayBuffer;
}

export interface WasmImports {
  [module: string]: { [name: string]: (...args: never[]) => unknown };
}

export const wasm = (globalThis as unknown as { WebAssembly: WebAssemblyApi }).WebAssembly;

/** Compiles bytes; returns a WebAssembly.Module unchanged. Throws WebAssembly.CompileError. */
export const compile = (module: Uint8Array | object): object =>
  module instanceof Uint8Array ? new wasm.Module(module) : module;

const MEMORY_SECTION = 5;

/**
 * Limits the memory of a module to `pages` of 64 KiB, because Go's linker writes no maximum. A lower limit of the module
 * stays.
 * https://webassembly.github.io/spec/core/binary/modules.html#memory-section
 */
export function bounded(bytes: Uint8Array, pages: number): Uint8Array {
  for (let start = 8; start < bytes.length; ) {
    const [size, content] = decodeLeb128(bytes, start + 1);
    const end = content + size;
    if (bytes[start] === MEMORY_SECTION) {
      // The section has a count of 1, a flag that is 1 if there is a maximum, the minimum, and the maximum.
      const [minimum, next] = decodeLeb128(bytes, content + 2);
      const current = bytes[content + 1] === 1 ? decodeLeb128(bytes, next)[0] : pages;
      const maximum = Math.max(minimum, Math.min(current, pages));
      const section = [1, 1, ...encodeLeb128(minimum), ...encodeLeb128(maximum)];
      return concatenated(
        bytes.subarray(0, start),
        Uint8Array.of(MEMORY_SECTION, ...encodeLeb128(section.length), ...section),
        bytes.subarray(end),
      );
    }
    start = end;
  }
  return bytes;
}

function concatenated(...parts: Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let start = 0;
  for (const part of parts) {
    all.set(part, start);
    start += part.length;
  }
  return all;
}

/** Decodes an unsigned LEB128 number. Also returns the offset after it. */
function decodeLeb128(bytes: Uint8Array, start: number): [value: number, end: number] {
  let value = 0;
  for (let i = start; ; i++) {
    const byte = bytes[i] ?? 0;
    value += (byte % 128) * 128 ** (i - start);
    if (byte < 128) return [value, i + 1];
  }
}

const encodeLeb128 = (value: number): number[] =>
  value < 128 ? [value] : [(value % 128) + 128, ...encodeLeb128(Math.floor(value / 128))];

/** Returns whether a WebAssembly.Module has the exports of bundles/terraform.wasm. */
export const isEvaluator = (module: object): boolean =>
  ["scan", "evaluate", "outline", "allocate"].every((name) =>
    wasm.Module.exports(module).some((exported) => exported.name === name),
  );
