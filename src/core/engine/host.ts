/** What a compiled module of rules asks of its host. */

/** What of WebAssembly is needed here; Node's types leave it to the browser's. */
interface Wasm {
  Module: { new (bytes: Uint8Array): object; imports(module: object): { module: string; name: string }[] };
  Memory: new (pages: { initial: number }) => { buffer: ArrayBuffer };
  Instance: new (
    module: object,
    imports: object,
  ) => { exports: { [name: string]: (...args: number[]) => number } };
}
const { Module, Memory, Instance } = (globalThis as unknown as { WebAssembly: Wasm }).WebAssembly;

/** What the module imports, as `env.memory`. */
export const wasmImports = (bytes: Uint8Array): string[] =>
  Module.imports(new Module(bytes)).map(({ module, name }) => `${module}.${name}`);

/** The built-in functions that a module expects of its host, as it declares them. Keywarden has none. */
export function hostBuiltins(bytes: Uint8Array): string[] {
  const module = new Module(bytes);
  const memory = new Memory({ initial: 16 });
  const unexpected = () => failed("the module calls its host");
  const env = Object.fromEntries(
    Module.imports(module).map(({ name }) => [name, name === "memory" ? memory : unexpected]),
  );
  const { exports } = new Instance(module, { env });
  const call = (name: string, ...args: number[]) => exports[name]?.(...args) ?? failed(`no export ${name}`);
  const start = call("opa_json_dump", call("builtins"));
  const text = new Uint8Array(memory.buffer);
  return Object.keys(JSON.parse(new TextDecoder().decode(text.slice(start, text.indexOf(0, start)))));
}

function failed(message: string): never {
  throw new Error(message);
}
