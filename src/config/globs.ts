import { resolve } from "node:path";
import lazy from "../lazy.cts";

/** A glob of a configuration in `folder`, made absolute. Without a slash it means a name at any depth, as in .gitignore. */
export function absolute(glob: string, folder: string): string {
  const base = folder.replace(/[\\*?[\]{}()!+@|]/g, "\\$&").replace(/\/$/, "");
  if (glob.startsWith("/")) return glob;
  const own = glob.replace(/^(\.\/)+/, "").replace(/\/+$/, "");
  return own.includes("/") || own !== glob ? `${base}/${own}` : `${base}/**/${own}`;
}

/** Whether a path matches one of absolute globs; a folder stands for all that is in it. */
export function matcher(globs: string[], cwd: string): (path: string) => boolean {
  if (globs.length === 0) return () => false;
  const matches = lazy.picomatch()(
    globs.flatMap(fromRoot).flatMap((glob) => [glob, `${glob}/**`]),
    { dot: true, nonegate: true },
  );
  return (path) => matches(resolve(cwd, path));
}

// To picomatch, "/**/a" is not "/a": where the root is the folder, it would hold nothing itself.
const fromRoot = (glob: string): string[] => (glob.startsWith("/**/") ? [glob, glob.slice(3)] : [glob]);

/** Whether a resource matches one of some patterns: the brackets of Terraform's addresses mean themselves. */
export function resourceMatcher(patterns: string[]): (resource: string) => boolean {
  const regex = (pattern: string) =>
    pattern
      .replace(/[.+^${}()|[\]\\/]/g, "\\$&")
      .replaceAll("*", ".*")
      .replaceAll("?", ".");
  const all = new RegExp(`^(?:${patterns.map(regex).join("|")})$`, "su");
  return (resource) => all.test(resource);
}
