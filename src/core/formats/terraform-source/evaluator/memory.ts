import { posix } from "node:path";
import type { Source } from "../../../model/source.ts";
import type { DirectoryEntry, ModuleFiles } from "../../../model/terraform-module.ts";

/** Returns a path without `.`, `//` and resolvable `..` segments, and without a slash at the end. */
export const cleanPath = (path: string): string => posix.normalize(path).replace(/(?<=.)\/$/, "");

/** Returns a file system that contains only the given sources. */
export function inMemoryFiles(sources: Source[]): ModuleFiles {
  const texts = new Map(sources.map(({ path, text }) => [cleanPath(path), text]));
  const directories = new Map<string, Map<string, DirectoryEntry>>();
  for (const path of texts.keys()) addEntry(directories, path, false);
  return {
    identity: cleanPath,
    list(directory) {
      const entries = directories.get(cleanPath(directory));
      return entries === undefined ? null : [...entries.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
    },
    read(path) {
      const text = texts.get(cleanPath(path));
      return text === undefined ? { refused: "missing" } : new TextEncoder().encode(text);
    },
  };
}

/** Adds a path, and its ancestors, to the entries of the parent directory. */
function addEntry(
  directories: Map<string, Map<string, DirectoryEntry>>,
  path: string,
  directory: boolean,
): void {
  const parent = posix.dirname(path);
  const name = posix.basename(path);
  if (parent === path || name === "..") return;
  const entries = directories.get(parent) ?? new Map<string, DirectoryEntry>();
  directories.set(parent, entries.set(name, { name, directory }));
  if (parent !== ".") addEntry(directories, parent, true);
}
