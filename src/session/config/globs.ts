import { resolve } from "node:path";
import { anchoredGlob, pathMatcher } from "../../core/glob.ts";

/** Returns a glob of a config file in `directory` as an absolute glob. */
export function absoluteGlob(glob: string, directory: string): string {
  if (glob.startsWith("/")) return glob;
  const base = directory.replace(/[\\*?[\]{}()!+@|]/g, "\\$&").replace(/\/$/, "");
  return `${base}/${anchoredGlob(glob)}`;
}

/** Returns a test for paths, relative to `cwd`, that match one of the absolute globs. */
export function matcher(globs: string[], cwd: string): (path: string) => boolean {
  const matches = pathMatcher(globs);
  return (path) => matches(resolve(cwd, path));
}

/** Returns a test for resources that match one of the patterns. The brackets of Terraform addresses are literal. */
export function resourceMatcher(patterns: string[]): (resource: string) => boolean {
  const regex = (pattern: string) =>
    pattern
      .replace(/[.+^${}()|[\]\\/]/g, "\\$&")
      .replaceAll("*", ".*")
      .replaceAll("?", ".");
  const all = new RegExp(`^(?:${patterns.map(regex).join("|")})$`, "su");
  return (resource) => all.test(resource);
}
