import lazy from "./lazy.cts";

/**
 * Returns a test for paths that match one of the globs; a glob of a directory matches everything in it. This is the one
 * glob dialect of Keywarden (picomatch: `*`, `**`, `?`, `[a-z]`, `{a,b}`, `!(x)`), in config files as well as in
 * suppression files. Globs and paths are both absolute, or both relative to the same directory.
 */
export function pathMatcher(globs: string[]): (path: string) => boolean {
  if (globs.length === 0) return () => false;
  return lazy.picomatch()(
    globs.flatMap(withoutDirectory).flatMap((glob) => [glob, `${glob}/**`]),
    { dot: true, nonegate: true },
  );
}

/** Returns the glob, and for `**`/name also the name alone: picomatch does not match `/**`/a with /a. */
const withoutDirectory = (glob: string): string[] =>
  glob.startsWith("/**/") ? [glob, glob.slice(3)] : [glob];

/** Returns the glob anchored as in .gitignore: one without a slash matches a name at any depth. */
export function anchoredGlob(glob: string): string {
  const path = glob.replace(/^(\.\/)+/, "").replace(/\/+$/, "");
  return path.includes("/") || path !== glob ? path : `**/${path}`;
}
