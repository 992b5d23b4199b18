/**
 * The inputs that failed once, in test/fuzz/corpus/<target>/<hash>. A file with the extension .txt says what broke; it
 * starts with "open: " until the input passes.
 */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const directory = fileURLToPath(new URL("../corpus/", import.meta.url));
const open = "open: ";

export interface Entry {
  path: string;
  input: Uint8Array;
  /** Identifies the failure. */
  what: string;
  /** The failure is known, and not fixed yet. */
  open: boolean;
}

export function readCorpus(target: string): Entry[] {
  const folder = `${directory}${target}`;
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => !name.endsWith(".txt"))
    .sort()
    .map((name) => {
      const path = `${folder}/${name}`;
      const [line = ""] = existsSync(`${path}.txt`) ? readFileSync(`${path}.txt`, "utf8").split("\n") : [];
      return { path, input: readFileSync(path), what: line.replace(open, ""), open: line.startsWith(open) };
    });
}

/** Saves an input that fails, and returns its path. */
export function saveFailure(target: string, input: Uint8Array, what: string): string {
  const path = `${directory}${target}/${hashOf(input)}`;
  mkdirSync(`${directory}${target}`, { recursive: true });
  writeFileSync(path, input);
  writeFileSync(`${path}.txt`, `${open}${what}\n`);
  return path;
}

/** The inputs that reached new code, kept for the next run. */
const kept = fileURLToPath(new URL("../../../.cache/fuzz/", import.meta.url));

export function readKept(target: string): Uint8Array[] {
  const folder = `${kept}${target}`;
  return existsSync(folder) ? readdirSync(folder).map((name) => readFileSync(`${folder}/${name}`)) : [];
}

export function keep(target: string, input: Uint8Array): void {
  mkdirSync(`${kept}${target}`, { recursive: true });
  writeFileSync(`${kept}${target}/${hashOf(input)}`, input);
}

/** Saves the slowest input of a target in .cache/fuzz/slowest/<target>. */
export function keepSlowest(target: string, input: Uint8Array): void {
  mkdirSync(`${kept}slowest`, { recursive: true });
  writeFileSync(`${kept}slowest/${target}`, input);
}

const hashOf = (input: Uint8Array): string => createHash("sha256").update(input).digest("hex").slice(0, 12);
