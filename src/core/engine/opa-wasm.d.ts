// The types of the package (1.10.0) do not match its ES module, which has `loadPolicySync` in its default export only.
declare module "@open-policy-agent/opa-wasm" {
  interface LoadedPolicy {
    /** Synchronous. Throws strings and plain objects. An ArrayBuffer contains JSON. */
    evaluate(input: object, entrypoint: string): { result: unknown }[];
    setData(data: object): void;
  }
  /** `wasm`: a WebAssembly binary or a WebAssembly.Module. */
  const opa: { loadPolicySync(wasm: object, memory?: { maximum?: number }): LoadedPolicy };
  export default opa;
}
