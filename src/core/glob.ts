/**
 * Globs of config files and suppression files. The author of the checked files may have written them, so a match takes time
 * that is proportional to the lengths of the glob and the path: unlike regular expressions, no glob can take forever.
 */

/**
 * Returns a predicate for paths that match one of the globs. A glob that matches a directory also matches its content. The
 * dialect: `*`, `**`, `?`, `[a-z]`, `[!a-z]`, `{a,b}`, and `\` before a literal character. Globs and paths are both
 * absolute, or both relative to the same directory. Throws an Error if a glob is too long.
 */
export function pathMatcher(globs: string[]): (path: string) => boolean {
  const programs = globs.map((glob) => [...compile(glob), ...optional([literal("/"), ...repeat(any)])]);
  return (path) => programs.some((program) => matches(program, path));
}

/** Returns a predicate for texts that match a pattern, in which `*` and `?` match any characters. */
export function textMatcher(pattern: string): (text: string) => boolean {
  const program = pattern.split("").flatMap((char): Program => {
    if (char === "*") return repeat(any);
    return [char === "?" ? any : literal(char)];
  });
  return (text) => matches(program, text);
}

/** Returns the glob anchored as in .gitignore: a glob without a slash matches a name at any depth. */
export function anchoredGlob(glob: string): string {
  const path = glob.replace(/^(\.\/)+/, "").replace(/\/+$/, "");
  return path.includes("/") || path !== glob ? path : `**/${path}`;
}

type CharTest = (char: string) => boolean;

/** Consumes a character that passes a test, or continues at several instructions, relative to this one. */
type Instruction = CharTest | number[];

/** Matches if it reaches its end at the end of the text. */
type Program = Instruction[];

const MAX_LENGTH = 4096;

const any: CharTest = () => true;
const inName: CharTest = (char) => char !== "/";
const literal =
  (expected: string): CharTest =>
  (char) =>
    char === expected;

const repeat = (test: CharTest): Program => [[1, 3], test, [-2]];
const optional = (program: Program): Program => [[1, program.length + 1], ...program];

/** Tries all options at once. */
function choice(options: Program[]): Program {
  const starts: number[] = [];
  const length = 1 + options.reduce((sum, option) => sum + option.length + 1, 0);
  const body: Program = [];
  for (const option of options) {
    starts.push(1 + body.length);
    body.push(...option);
    body.push([length - 1 - body.length]);
  }
  return [starts, ...body];
}

function compile(glob: string): Program {
  if (glob.length > MAX_LENGTH)
    throw new Error(
      `A glob has ${glob.length} characters; the maximum is ${MAX_LENGTH}. Write several globs.`,
    );
  const program: Program = [];
  for (let i = 0; i < glob.length; ) {
    const [part, length] =
      content(glob, i) ??
      globstar(glob, i) ??
      characterClass(glob, i) ??
      braces(glob, i) ??
      character(glob, i);
    program.push(...part);
    i += length;
  }
  return program;
}

/** A part of a program, and the length of its source. */
type Compiled = [part: Program, length: number];

/** Compiles `/**` at the end, which matches a directory and its content. After a `*`, it matches the content only. */
function content(glob: string, i: number): Compiled | undefined {
  const length = /^(\/\*{2,})+$/.exec(glob.slice(i))?.[0].length;
  return length === undefined || glob[i - 1] === "*"
    ? undefined
    : [optional([literal("/"), ...repeat(any)]), length];
}

/** Compiles `**` if it is a whole name: it matches any number of directories, also none. */
function globstar(glob: string, i: number): Compiled | undefined {
  const stars = /^\*{2,}(?=\/|$)/.exec(glob.slice(i))?.[0].length ?? 0;
  if (stars === 0 || !(i === 0 || glob[i - 1] === "/")) return undefined;
  if (i + stars === glob.length) return [repeat(any), stars];
  return [optional([...repeat(any), literal("/")]), stars + 1];
}

function characterClass(glob: string, i: number): Compiled | undefined {
  const [source = "", not, content = ""] = /^\[([!^]?)(\]?(?:\\[\s\S]|[^\]\\])*)\]/.exec(glob.slice(i)) ?? [];
  if (source === "" || content === "") return undefined;
  const ranges = [...content.matchAll(/(\\[\s\S]|[\s\S])(?:-(\\[\s\S]|[^\]]))?/gu)].map(
    ([, from = "", to = from]) => [from.at(-1) as string, to.at(-1) as string],
  ) as [string, string][];
  const contains = (char: string) => ranges.some(([from, to]) => from <= char && char <= to);
  return [[(char) => inName(char) && contains(char) === (not === "")], source.length];
}

/** Compiles `{a,b}`. Braces without a comma are literal. */
function braces(glob: string, i: number): Compiled | undefined {
  if (glob[i] !== "{") return undefined;
  const options: string[] = [];
  let start = i + 1;
  for (let at = start, depth = 0; at < glob.length; at++) {
    const char = glob[at];
    if (char === "\\") at++;
    else if (char === "{") depth++;
    else if (depth === 0 && (char === "," || char === "}")) {
      options.push(glob.slice(start, at));
      start = at + 1;
      if (char === "}") return options.length === 1 ? undefined : [choice(options.map(compile)), start - i];
    } else if (char === "}") depth--;
  }
  return undefined;
}

function character(glob: string, i: number): Compiled {
  const char = glob[i] as string;
  if (char === "*") return [repeat(inName), /^\*+/.exec(glob.slice(i))?.[0].length ?? 1];
  if (char === "?") return [[inName], 1];
  if (char === "\\" && i + 1 < glob.length) return [[literal(glob[i + 1] as string)], 2];
  return [[literal(char)], 1];
}

/** Follows all ways through a program at once. */
function matches(program: Program, text: string): boolean {
  let current = reachable(program, [0]);
  for (let i = 0; i < text.length && current.length > 0; i++) {
    const next: number[] = [];
    for (const at of current) {
      const instruction = program[at];
      if (typeof instruction === "function" && instruction(text[i] as string)) next.push(at + 1);
    }
    current = reachable(program, next);
  }
  return current.includes(program.length);
}

/** Returns the instructions that consume a character, and the end, that can be reached without consuming one. */
function reachable(program: Program, starts: number[]): number[] {
  const seen = new Set<number>();
  const pending = [...starts];
  const found: number[] = [];
  for (let at = pending.pop(); at !== undefined; at = pending.pop()) {
    if (seen.has(at)) continue;
    seen.add(at);
    const from = at;
    const instruction = program[at];
    if (Array.isArray(instruction)) pending.push(...instruction.map((step) => from + step));
    else found.push(at);
  }
  return found;
}
