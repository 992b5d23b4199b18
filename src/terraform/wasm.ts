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

/** Whether a module does what Terraform's evaluator does. */
export const evaluates = (module: object): boolean =>
  ["scan", "evaluate", "allocate"].every((name) =>
    wasm.Module.exports(module).some((exported) => exported.name === name),
  );
