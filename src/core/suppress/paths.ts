import { posix } from "node:path";
import { anchoredGlob, pathMatcher } from "../glob.ts";

/** Returns a path relative to the directory of `file`. Paths that are not files (`-`) are returned unchanged. */
export function relativeToDirectoryOf(file: string, path: string): string {
  const withSlashes = (text: string) => text.replaceAll("\\", "/");
  return posix.relative(posix.dirname(withSlashes(file)), withSlashes(path)) || ".";
}

/** Returns `relativeToDirectoryOf` for one file. Each of its entries needs the paths of all inputs, so they are kept. */
export function relativePaths(file: string): (path: string) => string {
  const known = new Map<string, string>();
  return (path) => {
    const relative = known.get(path) ?? relativeToDirectoryOf(file, path);
    known.set(path, relative);
    return relative;
  };
}

/**
 * Returns a test for paths that match one of the globs of a suppression file. Globs and paths are relative to the
 * directory of that file; `**` also matches the directories above it.
 */
export function suppressedPaths(globs: string[]): (path: string) => boolean {
  const anchored = globs.map((glob) => anchoredGlob(glob).replace(/^\/+/, ""));
  const matches = pathMatcher(anchored);
  const atAnyDepth = pathMatcher(anchored.filter((glob) => glob.startsWith("**/")));
  return (path) => matches(path) || atAnyDepth(path.replace(/^(\.\.\/)+/, ""));
}
