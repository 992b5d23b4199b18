/** The bytes of a module, which the build puts in. */
declare module "*.wasm" {
  const bytes: Uint8Array;
  export default bytes;
}
