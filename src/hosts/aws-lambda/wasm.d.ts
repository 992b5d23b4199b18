/** Bytes of a WebAssembly module, which the build inserts. */
declare module "*.wasm" {
  const bytes: Uint8Array;
  export default bytes;
}
