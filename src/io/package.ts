import { readFileSync } from "node:fs";
import { brotliDecompressSync } from "node:zlib";

/**
 * The files of the package itself, by their paths from its root. `entry`: the URL of a module one folder below the root.
 * What it gives throws an Error where a file is missing, or is not whole.
 */
export const packageFiles =
  (entry: string) =>
  (path: string): Uint8Array =>
    packageFile(entry, path)();

/**
 * One of them, read at once and unpacked when it is asked for: what comes from the registry has a large file compressed,
 * `path` with `.br` (docs/adr/0004-package.md), and a clone has it as it is.
 */
export function packageFile(entry: string, path: string): () => Uint8Array {
  const read = (name: string) => readFileSync(new URL(`../${name}`, entry));
  try {
    const bytes = read(path);
    return () => bytes;
  } catch (error) {
    return unpacked(() => read(`${path}.br`), path, error as Error);
  }
}

function unpacked(read: () => Uint8Array, path: string, missing: Error): () => Uint8Array {
  const wrong = ({ message }: Error, cause: unknown) =>
    new Error(`${path} of the package keywarden cannot be read: ${message}`, { cause });
  let compressed: Uint8Array;
  try {
    compressed = read();
  } catch {
    throw wrong(missing, missing);
  }
  return () => {
    try {
      return brotliDecompressSync(compressed);
    } catch (error) {
      throw wrong(error as Error, error);
    }
  };
}
