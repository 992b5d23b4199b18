import { readdirSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
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
import { readFileAt } from "./bytes.ts";
import { isInside, realPathOf } from "./containment.ts";
import { ioProblem, tooLargeProblem } from "./problems.ts";

const maxBytes = 10 * 1024 * 1024;

/** Limits which files a module may read. */
export interface ReadScope {
  /** Functions may read files in this directory: the root module, or the directory that the user named. */
  base: string;
  /** Files with values for variables, with any name. */
  variableFiles?: string[] | undefined;
}

/**
 * Returns the files on disk that modules may read. Module files may be anywhere, because a module source may lead
 * anywhere, but only files that Terraform itself reads. Functions may read files in the base directory or in a loaded
 * module. A symbolic link never leads outside these directories.
 */
export function moduleFilesOnDisk({ base, variableFiles = [] }: ReadScope): ModuleFiles {
  const openDirectories = new Set([realPathOf(base)]);
  const named = new Set(variableFiles.map(realPathOf));
  const isReadable = (real: string) => [...openDirectories].some((directory) => isInside(directory, real));

  function read(path: string, purpose: ReadPurpose): Uint8Array | Refusal {
    const real = realPathOf(path);
    if (purpose === "argument") return isReadable(real) ? bytesOf(path, real) : OUTSIDE;
    if (!(isTerraform(path) || isVariables(path) || isManifest(path) || named.has(real))) return OUTSIDE;
    const content = bytesOf(path, real);
    if (!(content instanceof Uint8Array)) return content;
    // The directory is now a loaded module, so functions may read its files.
    if (isTerraform(path)) openDirectories.add(realPathOf(dirname(path)));
    const decoded = decodeUtf8(path, content as Buffer);
    if (!("problem" in decoded)) return content;
    const { line, message, remedy } = decoded.problem;
    return { refused: "unreadable", ...(line === undefined ? {} : { line }), message, remedy };
  }

  function list(directory: string): DirectoryEntry[] | null {
    const real = realPathOf(directory);
    const entries = entriesOf(real);
    if (entries === null) return null;
    const isOpen = isReadable(real);
    return entries.filter(({ name, directory }) => {
      if (!(directory || isModuleFile(join(real, name)))) return isOpen && !isTerraform(name);
      return isOpen || !directory || name === ".terraform";
    });
  }

  return { identity: realPathOf, list, read };
}

const OUTSIDE: Refusal = { refused: "outside" };

const isManifest = (path: string): boolean =>
  /(^|[\\/])\.terraform[\\/]modules[\\/]modules\.json$/.test(path);

/** Returns whether a file is part of a module, by its name and, for JSON, by its content: it may be a plan. */
export function isModuleFile(path: string): boolean {
  if (isVariables(path)) return true;
  if (!isTerraform(path)) return false;
  if (!path.endsWith(".json")) return true;
  const content = bytesOf(path, realPathOf(path));
  return !(content instanceof Uint8Array) || !isPlan(Buffer.from(content).toString("latin1"));
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

/** Reads the regular file at a path without links. */
function bytesOf(path: string, real: string): Uint8Array | Refusal {
  try {
    if (!statSync(real).isFile())
      return {
        refused: "unreadable",
        message: "It is not a regular file.",
        remedy: "Remove it, or replace it with a regular file.",
      };
    const bytes = readFileAt(real, maxBytes);
    return bytes ?? { refused: "too-large", ...tooLargeProblem(path, maxBytes) };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return { refused: "missing" };
    return { refused: "unreadable", ...ioProblem(path, error) };
  }
}
