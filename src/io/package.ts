import { readFileSync } from "node:fs";
import { brotliDecompressSync } from "node:zlib";

/**
 * The files of the package itself, by their paths from its root. `entry`: the URL of a module one folder below the root.
 * A package from the registry has large ones compressed (docs/adr/0004-package.md), a clone has them as they are.
 * What it gives throws an Error where there is no such file, or only half of one.
 */
export const packageFiles =
  (entry: string) =>
  (path: string): Uint8Array => {
    try {
      return readFileSync(new URL(`../${path}`, entry));
    } catch (error) {
      const compressed = compressedFile(new URL(`../${path}.br`, entry));
      if (compressed === undefined) throw error;
      return brotliDecompressSync(compressed);
    }
  };

function compressedFile(url: URL): Uint8Array | undefined {
  try {
    return readFileSync(url);
  } catch {
    return undefined;
  }
}
