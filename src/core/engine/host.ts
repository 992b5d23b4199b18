/** Compiles a rules module, and reads its imports. */

/** The required part of the WebAssembly API. The types of Node.js do not declare it. */
interface Wasm {
  Module: { new (bytes: Uint8Array): object; imports(module: object): { module: string; name: string }[] };
  Memory: new (pages: { initial: number }) => { buffer: ArrayBuffer };
  Instance: new (
    module: object,
    imports: object,
  ) => { exports: { [name: string]: (...args: number[]) => number } };
}
const { Module, Memory, Instance } = (globalThis as unknown as { WebAssembly: Wasm }).WebAssembly;

/** Returns a WebAssembly.Module, compiled from bytes if necessary. */
export const compiled = (wasm: Uint8Array | object): object =>
  wasm instanceof Uint8Array ? new Module(wasm) : wasm;

/** Returns the imports of a module, such as `env.memory`. */
export const wasmImports = (bytes: Uint8Array): string[] =>
  Module.imports(new Module(bytes)).map(({ module, name }) => `${module}.${name}`);

/** Returns the built-in functions that a module expects from its host. Keywarden provides none. */
export function hostBuiltins(bytes: Uint8Array): string[] {
  const module = new Module(bytes);
  const memory = new Memory({ initial: 16 });
  const unexpected = () => failed("the module calls a host function");
  const env = Object.fromEntries(
    Module.imports(module).map(({ name }) => [name, name === "memory" ? memory : unexpected]),
  );
  const { exports } = new Instance(module, { env });
  const call = (name: string, ...args: number[]) =>
    exports[name]?.(...args) ?? failed(`the module does not export ${name}`);
  const start = call("opa_json_dump", call("builtins"));
  const text = new Uint8Array(memory.buffer);
  return Object.keys(JSON.parse(new TextDecoder().decode(text.slice(start, text.indexOf(0, start)))));
}

function failed(message: string): never {
  throw new Error(message);
}
