import { posix } from "node:path";
import type { Source } from "../../../model/source.ts";
import type { DirectoryEntry, ModuleFiles } from "../../../model/terraform-module.ts";

/** A path without `.`, `//` and what `..` undoes. */
export const cleaned = (path: string): string => posix.normalize(path).replace(/(?<=.)\/$/, "");

/** Texts that a caller hands over, as files: there are no others. */
export function filesOf(sources: Source[]): ModuleFiles {
  const texts = new Map(sources.map(({ path, text }) => [cleaned(path), text]));
  const folders = new Map<string, Map<string, DirectoryEntry>>();
  for (const path of texts.keys()) add(folders, path, false);
  return {
    identity: cleaned,
    list(directory) {
      const entries = folders.get(cleaned(directory));
      return entries === undefined ? null : [...entries.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
    },
    read(path) {
      const text = texts.get(cleaned(path));
      return text === undefined ? { refused: "missing" } : new TextEncoder().encode(text);
    },
  };
}

/** Enters a path, and the folders that lead to it, into the folder that it is in. */
function add(folders: Map<string, Map<string, DirectoryEntry>>, path: string, directory: boolean): void {
  const folder = posix.dirname(path);
  const name = posix.basename(path);
  if (folder === path || name === "..") return;
  const entries = folders.get(folder) ?? new Map<string, DirectoryEntry>();
  folders.set(folder, entries.set(name, { name, directory }));
  if (folder !== ".") add(folders, folder, true);
}
