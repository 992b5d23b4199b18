// The package's own types are not those of its ES module (1.10.0: a default export, and `loadPolicySync` in it only).
declare module "@open-policy-agent/opa-wasm" {
  interface LoadedPolicy {
    /** Synchronous. Throws strings and bare objects. */
    evaluate(input: unknown, entrypoint: string): { result: unknown }[];
    setData(data: object): void;
  }
  /** `wasm`: bytes, or a WebAssembly.Module. */
  const opa: { loadPolicySync(wasm: object, memory?: { maximum?: number }): LoadedPolicy };
  export default opa;
}
