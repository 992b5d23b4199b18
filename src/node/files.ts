import {
  accessSync,
  constants,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, resolve } from "node:path";
import type { Problem } from "../core/model/source.ts";
import { isInside, staysInside } from "./containment.ts";
import { ioProblem } from "./problems.ts";

export const exists = (path: string): boolean => existsSync(path);

/** Reads a text file. Returns undefined if it cannot be read. */
export function readText(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

/**
 * Writes a file and creates missing parent directories. Returns a problem if that fails. A path in the working directory
 * never leads out of it through a link, which the author of the checked files may have created.
 */
export function writeText(path: string, text: string): Problem[] {
  const target = resolve(path);
  if (isInside(process.cwd(), target) && !staysInside(process.cwd(), target))
    return [
      {
        file: path,
        message: "The path leads out of the working directory through a symbolic link.",
        remedy: "Remove the link, or name its target.",
      },
    ];
  try {
    mkdirSync(dirname(target), { recursive: true });
    replaceFile(target, text);
    return [];
  } catch (error) {
    const { code, message: reason } = error as NodeJS.ErrnoException;
    const message =
      code === "EISDIR" ? "The path is a directory." : `The file cannot be written: ${code ?? reason}.`;
    return [{ file: path, message, remedy: "Name a file in a writable directory." }];
  }
}

/** Writes a file. If that fails, a regular file keeps its old content, and a new file is removed. */
function replaceFile(path: string, text: string): void {
  const stat = statSync(path, { throwIfNoEntry: false });
  // Pipes, devices and files in a directory that is not writable cannot be replaced.
  if (stat !== undefined && !(stat.isFile() && isWritable(dirname(realpathSync(path))))) {
    writeFileSync(path, text);
    return;
  }
  const target = stat === undefined ? path : realpathSync(path);
  const partial = stat === undefined ? path : `${target}.${process.pid}.tmp`;
  try {
    writeFileSync(partial, text, stat === undefined ? {} : { mode: stat.mode });
    if (partial !== target) renameSync(partial, target);
  } catch (error) {
    rmSync(partial, { force: true });
    throw error;
  }
}

function isWritable(directory: string): boolean {
  try {
    accessSync(directory, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** Reads a file. Throws an Error with the path if it cannot be read. */
export function readBytes(path: string | URL): Uint8Array {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new Error(`cannot read ${path}: ${ioProblem(String(path), error).message}`, { cause: error });
  }
}

/** Returns whether a path is a Unix domain socket. */
export const isSocket = (path: string): boolean =>
  lstatSync(path, { throwIfNoEntry: false })?.isSocket() === true;

/** Removes a file. Throws a system error. */
export const removeFile = (path: string): void => rmSync(path);
