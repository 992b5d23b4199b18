/**
 * Checks the project's wording: `make check-prose`. Reports every phrase of the table "Words that we do not use" in
 * docs/glossary.md, and every comment that opens with a word that hides its subject. Exits with 1 if it reports any.
 * Markdown and YAML are read as a whole, without inline code and link targets. From source code, only comments and
 * strings are read. Generated files and the glossary itself are left out.
 */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";

export interface Phrase {
  phrase: string;
  instead: string;
}

const SECTION = "Words that we do not use";

/** Files and directories, each with the extensions that are searched in it. */
const SEARCHED: { [path: string]: string[] } = {
  "README.md": [".md"],
  "CHANGELOG.md": [".md"],
  "CONTRIBUTING.md": [".md"],
  "SECURITY.md": [".md"],
  docs: [".md", ".yaml"],
  src: [".ts"],
  policies: [".rego"],
  terraform: [".go"],
  scripts: [".ts", ".mjs"],
  "action.yml": [".yml"],
  deploy: [".md", ".yaml"],
};

const EXCLUDED = /^docs\/(glossary\.md$|rules\/|api\/)|^src\/(.*\/)?generated\/|(^|\/)node_modules\//;

/** A slash starts a regular expression in TypeScript if one of these precedes it; otherwise it divides. */
const REGEXP = /(?<=(?:[(,=:[!&|?{};>]|\breturn|^)\s*)\/(?![/*])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])+\//;
const QUOTED = /"(?:\\.|[^"\\\n])*"/;
const BLOCK = /\/\*[\s\S]*?\*\//;
const LINE = /\/\/[^\n]*/;

/** The tokens that hide others in each language: comments, strings, and what only looks like one of these. */
const TOKENS: { [extension: string]: RegExp } = {
  ts: either(BLOCK, LINE, REGEXP, QUOTED, /'(?:\\.|[^'\\\n])*'/, /`(?:\\[\s\S]|[^`\\])*`/),
  go: either(BLOCK, LINE, QUOTED, /'(?:\\.|[^'\\\n])+'/, /`[^`]*`/),
  rego: either(/#[^\n]*/, QUOTED, /`[^`]*`/),
};

function either(...tokens: RegExp[]): RegExp {
  return new RegExp(tokens.map(({ source }) => source).join("|"), "g");
}

/**
 * Returns the phrases of the glossary's table; a cell may list several, with commas between them. Throws an Error if there
 * is no table, as the check would always pass without one.
 */
export function phrasesOf(glossary: string): Phrase[] {
  const section = glossary.split(/^#+ /m).find((part) => part.startsWith(SECTION)) ?? "";
  const [, , ...rows] = section.split("\n").filter((line) => line.startsWith("|"));
  const cells = rows.map((row) => row.split(/(?<!\\)\|/).map((cell) => cell.trim().replace(/[`*"“”]/g, "")));
  if (cells.length === 0) throw new Error(`docs/glossary.md has no table below "${SECTION}"`);
  return cells.flatMap(([, phrases = "", instead = ""]) =>
    phrases.split(/,\s*/).map((phrase) => ({ phrase, instead })),
  );
}

/** Returns the prose of a file, with every other character replaced by NUL: positions and lines stay the same. */
function proseOf(path: string, text: string): string {
  const tokens = tokensOf(path);
  if (tokens === undefined)
    return extname(path) === ".md" ? text.replace(/`[^`\n]+`|(?<=\])\([^)\n]*\)/g, masked) : text;
  let [prose, end] = ["", 0];
  for (const { 0: token, index } of text.matchAll(tokens)) {
    prose += masked(text.slice(end, index)) + readable(token);
    end = index + token.length;
  }
  return prose + masked(text.slice(end));
}

const tokensOf = (path: string): RegExp | undefined => TOKENS[extname(path).slice(1).replace("mjs", "ts")];

const masked = (text: string): string => text.replace(/\S/g, "\0");

/** Comment markers become spaces, so that a phrase is found across lines. Module paths and `${…}` are not prose. */
function readable(token: string): string {
  if (/^(\/[/*]|#)/.test(token))
    return token.replace(/^[ \t]*(\/\*+|\/\/|#|\*(?!\/))|\*\/$/gm, (marker) => " ".repeat(marker.length));
  if (token.startsWith("/") || /^["'](\.{1,2}\/|node:)/.test(token)) return masked(token);
  return token.replace(/\$?\{[^{}]*\}/g, masked);
}

/** Returns the problems of one file as "path:line: message", in the order of the lines. */
export function problemsIn(path: string, text: string, phrases: Phrase[]): string[] {
  const prose = proseOf(path, text);
  const found = phrases.flatMap(({ phrase, instead }) =>
    [...prose.matchAll(patternOf(phrase))].map((match) => ({
      index: match.index,
      message: `${phrase} → ${instead}`,
    })),
  );
  return [...found, ...openingsIn(path, text)]
    .sort((a, b) => a.index - b.index)
    .map(({ index, message }) => `${path}:${text.slice(0, index).split("\n").length}: ${message}`);
}

/** Matches a phrase as whole words, in any case, also across a line break. */
function patternOf(phrase: string): RegExp {
  const words = phrase.split(/\s+/).map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`(?<![\\p{L}\\p{N}_])${words.join("[ \\t]*\\s[ \\t]*")}(?![\\p{L}\\p{N}_])`, "giu");
}

/** Returns the comments that open with a word that hides the subject. Successive line comments are one comment. */
function openingsIn(path: string, text: string): { index: number; message: string }[] {
  const tokens = tokensOf(path);
  if (tokens === undefined) return [];
  let previous = -1;
  return [...text.matchAll(tokens)].flatMap(({ 0: token, index }) => {
    const [, opening] = /^(?:\/\*+|\/\/|#)\s*(?:\*\s+)?(Of|What|Whether|Where|The same)\b/.exec(token) ?? [];
    const continued = previous >= 0 && /^[ \t]*\n[ \t]*$/.test(text.slice(previous, index));
    previous = /^(\/\/|#)/.test(token) ? index + token.length : -1;
    return opening === undefined || continued
      ? []
      : [{ index, message: `comment opens with "${opening}" → name the subject first` }];
  });
}

function filesIn(root: string): string[] {
  return Object.entries(SEARCHED).flatMap(([path, extensions]) => {
    if (!existsSync(join(root, path))) return [];
    const names = statSync(join(root, path)).isDirectory()
      ? readdirSync(join(root, path), { recursive: true }).map((name) => `${path}/${name}`)
      : [path];
    return names.filter((name) => extensions.includes(extname(name)) && !EXCLUDED.test(name)).sort();
  });
}

/** Returns the problems of all files below a root directory that has a docs/glossary.md. */
export function problemsBelow(root: string): string[] {
  const phrases = phrasesOf(readFileSync(join(root, "docs/glossary.md"), "utf8"));
  return filesIn(root).flatMap((path) => problemsIn(path, readFileSync(join(root, path), "utf8"), phrases));
}

if (process.argv[1] === import.meta.filename) {
  const problems = problemsBelow(fileURLToPath(new URL("..", import.meta.url)));
  for (const problem of problems) console.error(problem);
  if (problems.length > 0) process.exitCode = 1;
}
