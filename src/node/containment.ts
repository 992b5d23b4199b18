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
 * Returns the first path that leads out of a directory: the absolute path itself or, if it is a directory, one below it.
 * Returns undefined if all stay.
 */
export const findEscape = (directory: string, path: string): string | undefined =>
  findBelow(path, (below) => !staysInside(directory, below));

/** Returns the first path that is neither a file nor a directory, such as a pipe: the path itself or one below it. */
export const findSpecial = (path: string): string | undefined =>
  findBelow(path, (below) => {
    const stat = statSync(below, { throwIfNoEntry: false });
    return stat !== undefined && !stat.isFile() && !stat.isDirectory();
  });

/** Tests a path and those below it that are not regular files. Follows links that pass the test. */
function findBelow(
  path: string,
  test: (path: string) => boolean,
  visited = new Set<string>(),
): string | undefined {
  if (test(path)) return path;
  const real = realPathOf(path);
  if (visited.has(real) || statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true)
    return undefined;
  visited.add(real);
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    const found = entry.isFile() ? undefined : findBelow(join(path, entry.name), test, visited);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Returns whether a path leads to a regular file. A missing one counts, because reading it reports the error. */
export const isRegularFile = (path: string): boolean =>
  statSync(path, { throwIfNoEntry: false })?.isFile() !== false;
