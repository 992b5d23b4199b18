import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliDecompressSync } from "node:zlib";

/**
 * Returns a reader for files of the package, by their paths from its root. `entry`: the URL of a module of the package.
 * The reader throws an Error if a file is missing or incomplete.
 */
export const packageFiles =
  (entry: string) =>
  (path: string): Uint8Array =>
    packageFile(entry, path)();

/**
 * Reads a file of the package at once and returns a function that unpacks it. A published package contains large files
 * compressed, as `path` with `.br` (docs/adr/0004-package.md); a clone contains them uncompressed.
 */
export function packageFile(entry: string, path: string): () => Uint8Array {
  const read = (name: string) => readFileSync(join(packageRoot(entry), name));
  try {
    const bytes = read(path);
    return () => bytes;
  } catch (error) {
    return unpacked(() => read(`${path}.br`), path, error as Error);
  }
}

/** Returns the nearest directory above a module that has the compiled rules: dist/ and src/ differ in depth. */
function packageRoot(entry: string): string {
  const start = dirname(dirname(fileURLToPath(entry)));
  for (let directory = start; ; directory = dirname(directory)) {
    if (existsSync(join(directory, "bundles"))) return directory;
    if (directory === dirname(directory)) return start;
  }
}

function unpacked(read: () => Uint8Array, path: string, missing: Error): () => Uint8Array {
  const failure = ({ message }: Error, cause: unknown) =>
    new Error(`Cannot read ${path} of the package keywarden: ${message}`, { cause });
  let compressed: Uint8Array;
  try {
    compressed = read();
  } catch {
    throw failure(missing, missing);
  }
  return () => {
    try {
      return brotliDecompressSync(compressed);
    } catch (error) {
      throw failure(error as Error, error);
    }
  };
}
