/** What of WebAssembly is needed here; Node's types leave it to the browser's. */
export interface Wasm {
  Module: new (bytes: Uint8Array) => object;
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
