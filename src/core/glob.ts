import lazy from "./lazy.cts";

/**
 * Returns a predicate for paths that match one of the globs. A glob that matches a directory also matches its content.
 * Config files and suppression files use this dialect (picomatch: `*`, `**`, `?`, `[a-z]`, `{a,b}`, `!(x)`). Globs and
 * paths are both absolute, or both relative to the same directory.
 */
export function pathMatcher(globs: string[]): (path: string) => boolean {
  if (globs.length === 0) return () => false;
  return lazy.picomatch()(
    globs.flatMap(withRootDirectory).flatMap((glob) => [glob, `${glob}/**`]),
    { dot: true, nonegate: true },
  );
}

// picomatch does not match "/a" with "/**/a", so such a glob counts for the root directory as well.
const withRootDirectory = (glob: string): string[] =>
  glob.startsWith("/**/") ? [glob, glob.slice(3)] : [glob];

/** Returns the glob anchored as in .gitignore: a glob without a slash matches a name at any depth. */
export function anchoredGlob(glob: string): string {
  const path = glob.replace(/^(\.\/)+/, "").replace(/\/+$/, "");
  return path.includes("/") || path !== glob ? path : `**/${path}`;
}
