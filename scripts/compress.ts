/**
 * Compresses bundles/terraform.wasm, which is four fifths of the npm package: see docs/adr/0004-package.md. This takes half
 * a minute, so the script does it only if the file has changed.
 */
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { brotliCompressSync, brotliDecompressSync, constants } from "node:zlib";

const file = new URL("../bundles/terraform.wasm", import.meta.url);
const compressed = new URL("../bundles/terraform.wasm.br", import.meta.url);
const bytes = readFileSync(file);

/** Returns whether the compressed file is complete and up to date. */
function isUpToDate(): boolean {
  try {
    return existsSync(compressed) && brotliDecompressSync(readFileSync(compressed)).equals(bytes);
  } catch {
    return false;
  }
}

if (!isUpToDate()) {
  const { BROTLI_PARAM_LGWIN, BROTLI_PARAM_QUALITY, BROTLI_PARAM_SIZE_HINT } = constants;
  const params = {
    [BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
    [BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
    [BROTLI_PARAM_SIZE_HINT]: bytes.length,
  };
  // Renaming is atomic: a concurrent `npm pack` never sees an incomplete file.
  const unfinished = new URL(`${compressed}.${process.pid}`);
  writeFileSync(unfinished, brotliCompressSync(bytes, { params }));
  renameSync(unfinished, compressed);
}
