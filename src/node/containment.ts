import { lstatSync, readdirSync, realpathSync, statSync } from "node:fs";
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from "node:path";

/**
 * Returns a path without symbolic links. The part of a path that does not exist remains unchanged. Unlike `resolve`, it
 * interprets `link/..` as the operating system does: as the parent of the link's target.
 */
export function realPathOf(path: string): string {
  try {
    return realpathSync.native(path);
  } catch {
    const parent = dirname(path);
    return parent === path ? resolve(path) : resolve(realPathOf(parent), basename(path));
  }
}

/** Returns whether an absolute path is a directory or below it, without following links. */
export function isInside(directory: string, path: string): boolean {
  const [first] = relative(directory, path).split(sep);
  return first !== ".." && !isAbsolute(relative(directory, path));
}

/**
 * Returns whether an absolute path stays in a directory after all symbolic links are followed. The path need not exist.
 * A link without a target does not stay, because writing to it would create the target.
 */
export function staysInside(directory: string, path: string): boolean {
  for (let existing = path; ; existing = dirname(existing)) {
    if (!isPresent(existing) && dirname(existing) !== existing) continue;
    try {
      const real = realpathSync.native(existing);
      return isInside(realPathOf(directory), join(real, relative(existing, path)));
    } catch {
      return false;
    }
  }
}

/** Returns whether a path exists, even if it is a link without a target. */
export function isPresent(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    return true;
  }
}

/** Returns whether a path is a symbolic link. */
export const isLink = (path: string): boolean =>
  lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true;

/**
 * Returns the first path that leads out of a directory: the absolute path itself or, if it is a directory, a link in it.
 * Returns undefined if all stay.
 */
export function findEscape(directory: string, path: string): string | undefined {
  if (!staysInside(directory, path)) return path;
  if (lstatSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) return undefined;
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isSymbolicLink())
    .map((entry) => join(entry.parentPath, entry.name))
    .find((link) => !staysInside(directory, link));
}

/** Returns whether a path leads to a regular file. A missing one counts, because reading it reports the error. */
export const isRegularFile = (path: string): boolean =>
  statSync(path, { throwIfNoEntry: false })?.isFile() !== false;
