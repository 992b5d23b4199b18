/** Reads the inputs of the project's other tests, which mutations start from. */
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../../", import.meta.url));

/** Mutations of large files cost time and reach nothing more. */
const MAX_BYTES = 16 * 1024;

/** Returns the files below a directory whose path matches. */
export function filesBelow(directory: string, matching: RegExp): Uint8Array[] {
  return readdirSync(`${root}${directory}`, { recursive: true, encoding: "utf8" })
    .filter((path) => matching.test(path))
    .sort()
    .map((path) => readFileSync(`${root}${directory}/${path}`))
    .filter(({ length }) => length <= MAX_BYTES);
}

/** Returns the examples of the rules in a format, and the inputs of the format's tests. */
export const seedsOf = (example: string, format: string): Uint8Array[] => [
  ...filesBelow("policies/kms/rules", new RegExp(`\\.${example}\\.(json|ya?ml)$`)),
  ...filesBelow(`test/formats/${format}`, /\/input\.(json|ya?ml)$/),
];

/** Returns about `size` elements, evenly chosen, so that a target starts soon. */
export function sampleOf<T>(list: readonly T[], size: number): T[] {
  const step = Math.max(1, Math.floor(list.length / size));
  return list.filter((_, i) => i % step === 0);
}
