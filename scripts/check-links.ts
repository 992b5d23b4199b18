/**
 * Checks the links between the project's Markdown pages, offline: `make check-links`. Every relative link must name a
 * file in the repository, and every anchor a heading of that page. Exits with 1 if a link is broken.
 */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const SEARCHED = [
  ...["README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md", "terraform/README.md"],
  ...["docs", "deploy", "examples", "bench", "test"],
];
const EXCLUDED = /(^|\/)node_modules\/|^docs\/api\//;

const FENCED = /^ {0,3}(`{3,}|~{3,})[^\n]*\n[\s\S]*?(?:^ {0,3}\1[`~]*[ \t]*$|(?![\s\S]))/gm;
/** Inline links and images, reference definitions, and the attributes of HTML. */
const LINKS =
  /\]\(\s*<?([^)\s>]*)>?(?:\s+"[^"]*")?\s*\)|^ {0,3}\[[^\]]+\]:\s*<?([^\s>]+)|(?:href|src)="([^"]*)"/gm;

/** Blanks out code, which has no links. Positions and lines stay the same. */
const withoutCode = (text: string): string =>
  [FENCED, /(`+)(?!`)[^\n]*?(?<!`)\1(?!`)/g].reduce(
    (kept, code) => kept.replace(code, (found) => found.replace(/[^\n]/g, " ")),
    text,
  );

/** Returns the anchors of a page by GitHub's rules: lower case, no punctuation, and a number after a repeated one. */
export function anchorsOf(text: string): Set<string> {
  const counts = new Map<string, number>();
  const headings = [...text.replace(FENCED, "").matchAll(/^ {0,3}#{1,6}\s+(.+?)(?:\s+#+)?\s*$/gm)];
  const slugs = headings.map(([, title = ""]) => {
    const words = title.replace(/!?\[([^\]]*)\]\([^)]*\)/g, "$1").toLowerCase();
    const slug = words.replace(/[^\p{L}\p{M}\p{N}\p{Pc}\- ]/gu, "").replaceAll(" ", "-");
    const count = counts.get(slug) ?? 0;
    counts.set(slug, count + 1);
    return count === 0 ? slug : `${slug}-${count}`;
  });
  const explicit = [...text.matchAll(/<a (?:id|name)="([^"]+)"/g)].map(([, name = ""]) => name);
  return new Set([...slugs, ...explicit]);
}

/** Returns what is wrong with a link of the page at `path`, or undefined if it leads somewhere. */
function problemOf(root: string, path: string, target: string): string | undefined {
  if (/^([a-z][a-z\d+.-]*:|\/\/)/i.test(target)) return undefined;
  const [name = "", anchor] = target.split("#").map(decodeURIComponent);
  const file = name === "" ? join(root, path) : resolve(root, dirname(path), name);
  if (relative(root, file).startsWith("..")) return "the target is outside the repository";
  if (!existsSync(file)) return "there is no such file";
  if (anchor === undefined || !file.endsWith(".md")) return undefined;
  return anchorsOf(readFileSync(file, "utf8")).has(anchor) ? undefined : "there is no such heading";
}

/** Returns the broken links of the pages below a root directory as "path:line: target: problem". */
export function brokenLinks(root: string): string[] {
  const paths = SEARCHED.filter((path) => existsSync(join(root, path))).flatMap((path) =>
    statSync(join(root, path)).isDirectory()
      ? readdirSync(join(root, path), { recursive: true }).map((name) => `${path}/${name}`)
      : [path],
  );
  const pages = paths.filter((path) => path.endsWith(".md") && !EXCLUDED.test(path)).sort();
  return pages.flatMap((path) => {
    const text = withoutCode(readFileSync(join(root, path), "utf8"));
    return [...text.matchAll(LINKS)].flatMap(({ index, 1: inline, 2: defined, 3: html }) => {
      const target = inline ?? defined ?? html ?? "";
      const problem = problemOf(root, path, target);
      return problem === undefined
        ? []
        : [`${path}:${text.slice(0, index + 1).split("\n").length}: ${target}: ${problem}`];
    });
  });
}

if (process.argv[1] === import.meta.filename) {
  const problems = brokenLinks(fileURLToPath(new URL("..", import.meta.url)));
  for (const problem of problems) console.error(problem);
  if (problems.length > 0) process.exitCode = 1;
}
