import { resolve, sep } from "node:path";
import { anchoredGlob, pathMatcher, textMatcher } from "../../core/glob.ts";

const withSlashes = (path: string): string => path.replaceAll(sep, "/");

/** Returns a glob of a config file in `directory` as an absolute glob. */
export function absoluteGlob(glob: string, directory: string): string {
  if (glob.startsWith("/")) return glob;
  const base = withSlashes(directory)
    .replace(/[\\*?[\]{}]/g, "\\$&")
    .replace(/\/$/, "");
  return `${base}/${anchoredGlob(glob)}`;
}

/** Returns a test for paths, relative to `cwd`, that match one of the absolute globs. */
export function matcher(globs: string[], cwd: string): (path: string) => boolean {
  const matches = pathMatcher(globs);
  return (path) => matches(withSlashes(resolve(cwd, path)));
}

/** Returns a test for resources that match one of the patterns. The brackets of Terraform addresses are literal. */
export function resourceMatcher(patterns: string[]): (resource: string) => boolean {
  const tests = patterns.map(textMatcher);
  return (resource) => tests.some((matches) => matches(resource));
}
