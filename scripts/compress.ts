/**
 * Compresses bundles/terraform.wasm, which is four fifths of the package, for the registry: docs/adr/0004-package.md. To
 * do it takes half a minute, and so it is done where it has changed.
 */
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { brotliCompressSync, brotliDecompressSync, constants } from "node:zlib";

const file = new URL("../bundles/terraform.wasm", import.meta.url);
const compressed = new URL("../bundles/terraform.wasm.br", import.meta.url);
const bytes = readFileSync(file);

/** Half a file is no file. */
function isCompressed(): boolean {
  try {
    return existsSync(compressed) && brotliDecompressSync(readFileSync(compressed)).equals(bytes);
  } catch {
    return false;
  }
}

if (!isCompressed()) {
  const { BROTLI_PARAM_LGWIN, BROTLI_PARAM_QUALITY, BROTLI_PARAM_SIZE_HINT } = constants;
  const params = {
    [BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
    [BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
    [BROTLI_PARAM_SIZE_HINT]: bytes.length,
  };
  // Whoever packs meanwhile packs no half of it.
  const unfinished = new URL(`${compressed}.${process.pid}`);
  writeFileSync(unfinished, brotliCompressSync(bytes, { params }));
  renameSync(unfinished, compressed);
}
