import { closeSync, openSync, readdirSync, realpathSync, statSync } from "node:fs";
import { basename, dirname, join, resolve, sep } from "node:path";
import {
  type DirectoryEntry,
  isPlan,
  isTerraform,
  isVariables,
  type ModuleFiles,
  type ReadPurpose,
  type Refusal,
} from "../core/model/terraform-module.ts";
import { decodeUtf8 } from "../core/parse/decode.ts";
import { readAll } from "./bytes.ts";
import { ioProblem, tooLarge } from "./problems.ts";

const maxBytes = 10 * 1024 * 1024;

/** What one configuration may read of the disk. */
export interface Reach {
  /** Functions may read below it: the root module, or the directory that was named and led there. */
  base: string;
  /** Files with values for variables, whatever their names. */
  variableFiles?: string[] | undefined;
}

/**
 * Files of the disk. Of configurations only what Terraform itself reads, wherever a module's source leads; by functions
 * only what is below the base or below a module that was read, by no link that leaves them.
 */
export function diskFiles({ base, variableFiles = [] }: Reach): ModuleFiles {
  const folders = new Set([realOf(base)]);
  const named = new Set(variableFiles.map(realOf));
  const isInside = (real: string) =>
    [...folders].some((folder) => real === folder || real.startsWith(folder.replace(/[\\/]?$/, sep)));

  function read(path: string, purpose: ReadPurpose): Uint8Array | Refusal {
    const real = realOf(path);
    if (purpose === "argument") return isInside(real) ? bytesOf(path, real) : outside;
    if (!(isTerraform(path) || isVariables(path) || isManifest(path) || named.has(real))) return outside;
    const content = bytesOf(path, real);
    if (!(content instanceof Uint8Array)) return content;
    // Now the directory is known as a module, and its functions may read what is in it.
    if (isTerraform(path)) folders.add(realOf(dirname(path)));
    const decoded = decodeUtf8(path, content as Buffer);
    if (!("problem" in decoded)) return content;
    const { line, message, remedy } = decoded.problem;
    return { refused: "unreadable", ...(line === undefined ? {} : { line }), message, remedy };
  }

  function list(directory: string): DirectoryEntry[] | null {
    const real = realOf(directory);
    const entries = entriesOf(real);
    if (entries === null) return null;
    const isOpen = isInside(real);
    return entries.filter(({ name, directory }) => {
      if (!(directory || isConfiguration(join(real, name)))) return isOpen && !isTerraform(name);
      return isOpen || !directory || name === ".terraform";
    });
  }

  return { identity: realOf, list, read };
}

const outside: Refusal = { refused: "outside" };

const isManifest = (path: string): boolean =>
  /(^|[\\/])\.terraform[\\/]modules[\\/]modules\.json$/.test(path);

/** Whether a file is a part of a configuration: by its name, and JSON also by what is in it. */
export function isConfiguration(path: string): boolean {
  if (isVariables(path)) return true;
  if (!isTerraform(path)) return false;
  if (!path.endsWith(".json")) return true;
  const content = bytesOf(path, realOf(path));
  return !(content instanceof Uint8Array) || !isPlan(Buffer.from(content).toString("latin1"));
}

/**
 * A path without links; of one that leads to nothing, the part that does not is as it was. Unlike `resolve` it takes
 * `link/..` for what the system does: the directory above the one that the link leads to.
 */
function realOf(path: string): string {
  try {
    return realpathSync.native(path);
  } catch {
    const above = dirname(path);
    return above === path ? resolve(path) : resolve(realOf(above), basename(path));
  }
}

function entriesOf(directory: string): DirectoryEntry[] | null {
  try {
    return readdirSync(directory, { withFileTypes: true })
      .map((entry) => ({
        name: entry.name,
        directory: entry.isSymbolicLink() ? isDirectory(join(directory, entry.name)) : entry.isDirectory(),
      }))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch {
    return null;
  }
}

function isDirectory(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

/** The bytes of the regular file that a path without links leads to. */
function bytesOf(path: string, real: string): Uint8Array | Refusal {
  let descriptor: number | undefined;
  try {
    // To open a pipe would wait for its other end.
    if (!statSync(real).isFile())
      return {
        refused: "unreadable",
        message: "It is no regular file.",
        remedy: "Remove it, or put the file itself in its place.",
      };
    descriptor = openSync(real, "r");
    const bytes = readAll(descriptor, maxBytes);
    return bytes ?? { refused: "too-large", ...tooLarge(path, maxBytes) };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return { refused: "missing" };
    return { refused: "unreadable", ...ioProblem(path, error) };
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}
