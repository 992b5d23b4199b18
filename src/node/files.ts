import { existsSync, lstatSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { Problem } from "../core/model/source.ts";

export const exists = (path: string): boolean => existsSync(path);

/** A text file; undefined where it cannot be read. */
export function readText(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

/** Writes a file, with the folders above it where they are missing; what kept it from being written. */
export function writeText(path: string, text: string): Problem[] {
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    return [];
  } catch (error) {
    const { code, message: said } = error as NodeJS.ErrnoException;
    const message = code === "EISDIR" ? "It is a folder." : `It cannot be written: ${code ?? said}.`;
    return [{ file: path, message, remedy: "Name a file that may be written." }];
  }
}

/** Throws an Error that names the file where it cannot be read. */
export function readBytes(path: string | URL): Uint8Array {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new Error(`${path} cannot be read: ${(error as NodeJS.ErrnoException).code}`, { cause: error });
  }
}

/** Whether a Unix domain socket is at a path. */
export const isSocket = (path: string): boolean =>
  lstatSync(path, { throwIfNoEntry: false })?.isSocket() === true;

/** Throws a system error. */
export const removeFile = (path: string): void => rmSync(path);
