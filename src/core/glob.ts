/**
 * Globs of config files and suppression files. The author of the checked files may have written them, so a match takes time
 * that is proportional to the lengths of the glob and the path: unlike regular expressions, no glob can take forever.
 */

/** The maximum number of characters of a glob or pattern that an author writes. */
export const MAX_GLOB_LENGTH = 4096;

/**
 * Returns a predicate for paths that match one of the globs. A glob that matches a directory also matches its content. The
 * dialect: `*`, `**`, `?`, `[a-z]`, `[!a-z]`, `{a,b}`, and `\` before a literal character. Globs and paths are both
 * absolute, or both relative to the same directory.
 */
export function pathMatcher(globs: string[]): (path: string) => boolean {
  const matchers = globs.map((glob) => partsMatcher([...compile(glob), optional([SLASH, ...repeat(any)])]));
  return (path) => matchers.some((matches) => matches(path));
}

/** Returns a predicate for texts that match a pattern, in which `*` and `?` match any characters. */
export function textMatcher(pattern: string): (text: string) => boolean {
  return partsMatcher(
    pattern.split("").map((char): Program => {
      if (char === "*") return repeat(any);
      return [char === "?" ? any : char.charCodeAt(0)];
    }),
  );
}

/** Returns the glob anchored as in .gitignore: a glob without a slash matches a name at any depth. */
export function anchoredGlob(glob: string): string {
  const path = glob.replace(/^(\.\/)+/, "").replace(/\/+$/, "");
  return path.includes("/") || path !== glob ? path : `**/${path}`;
}

/** Tests the code of a UTF-16 code unit. */
type CharTest = (code: number) => boolean;

/** Consumes a code unit that is equal or passes a test, or continues at several instructions, relative to this one. */
type Instruction = number | CharTest | number[];

/** Matches if it reaches its end at the end of the text. */
type Program = Instruction[];

const SLASH = 47;

const any: CharTest = () => true;
const inName: CharTest = (code) => code !== SLASH;

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

/** Returns a program for each part of a glob. */
function compile(glob: string): Program[] {
  const parts: Program[] = [];
  for (let i = 0; i < glob.length; ) {
    const [part, length] =
      content(glob, i) ??
      globstar(glob, i) ??
      characterClass(glob, i) ??
      braces(glob, i) ??
      character(glob, i);
    parts.push(part);
    i += length;
  }
  return parts;
}

/** A part of a program, and the length of its source. */
type Compiled = [part: Program, length: number];

/** Compiles `/**` at the end, which matches a directory and its content. After a `*`, it matches the content only. */
function content(glob: string, i: number): Compiled | undefined {
  const length = /^(\/\*{2,})+$/.exec(glob.slice(i))?.[0].length;
  return length === undefined || glob[i - 1] === "*"
    ? undefined
    : [optional([SLASH, ...repeat(any)]), length];
}

/** Compiles `**` if it is a whole name: it matches any number of directories, also none. */
function globstar(glob: string, i: number): Compiled | undefined {
  const stars = /^\*{2,}(?=\/|$)/.exec(glob.slice(i))?.[0].length ?? 0;
  if (stars === 0 || !(i === 0 || glob[i - 1] === "/")) return undefined;
  if (i + stars === glob.length) return [repeat(any), stars];
  return [optional([...repeat(any), SLASH]), stars + 1];
}

function characterClass(glob: string, i: number): Compiled | undefined {
  const [source = "", not, content = ""] = /^\[([!^]?)(\]?(?:\\[\s\S]|[^\]\\])*)\]/.exec(glob.slice(i)) ?? [];
  if (source === "" || content === "") return undefined;
  const ranges = [...content.matchAll(/(\\[\s\S]|[\s\S])(?:-(\\[\s\S]|[^\]]))?/gu)].map(
    ([, from = "", to = from]) => [from.at(-1) as string, to.at(-1) as string],
  ) as [string, string][];
  const contains = (char: string) => ranges.some(([from, to]) => from <= char && char <= to);
  return [[(code) => inName(code) && contains(String.fromCharCode(code)) === (not === "")], source.length];
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
      if (char === "}")
        return options.length === 1
          ? undefined
          : [choice(options.map((option) => compile(option).flat())), start - i];
    } else if (char === "}") depth--;
  }
  return undefined;
}

function character(glob: string, i: number): Compiled {
  const char = glob[i] as string;
  if (char === "*") return [repeat(inName), /^\*+/.exec(glob.slice(i))?.[0].length ?? 1];
  if (char === "?") return [[inName], 1];
  if (char === "\\" && i + 1 < glob.length) return [[glob.charCodeAt(i + 1)], 2];
  return [[glob.charCodeAt(i)], 1];
}

/**
 * Returns a test for texts that match a sequence of programs. Most texts miss a literal part, which is faster to see than to
 * run the programs.
 */
function partsMatcher(parts: Program[]): (text: string) => boolean {
  const program = parts.flat();
  const literals = [""];
  for (const [first, ...rest] of parts) {
    if (typeof first !== "number" || rest.length > 0) literals.push("");
    else literals.push(literals.pop() + String.fromCharCode(first));
  }
  const prefix = literals.shift() as string;
  const literal = literals.reduce((longest, text) => (text.length > longest.length ? text : longest), "");
  return (text) =>
    text.startsWith(prefix) &&
    text.includes(literal, prefix.length) &&
    matchesFrom(program, prefix.length, text);
}

/** Buffers of `matchesFrom`, which runs often enough that allocating them would take most of its time. */
let current = new Int32Array(0);
let next = new Int32Array(0);
let pending = new Int32Array(0);
/** By instruction: the last step that reached it. */
let reached = new Float64Array(0);
let step = 0;

/** Follows all ways through a program at once, from an offset that is the same in the program and in the text. */
function matchesFrom(program: Program, start: number, text: string): boolean {
  if (reached.length <= program.length) {
    current = new Int32Array(2 * program.length);
    next = new Int32Array(2 * program.length);
    pending = new Int32Array(4 * program.length);
    reached = new Float64Array(2 * program.length);
  }
  step++;
  let count = follow(program, start, current, 0);
  for (let i = start; i < text.length && count > 0; i++) {
    const code = text.charCodeAt(i);
    let nextCount = 0;
    step++;
    for (let k = 0; k < count; k++) {
      const at = current[k] as number;
      const instruction = program[at];
      if (typeof instruction === "number" ? instruction === code : (instruction as CharTest)?.(code))
        nextCount = follow(program, at + 1, next, nextCount);
    }
    [current, next] = [next, current];
    count = nextCount;
  }
  return count > 0 && reached[program.length] === step;
}

/**
 * Appends to `found` the instructions that consume a code unit, and the end, that can be reached from an instruction without
 * consuming one, and that this step has not reached yet. Returns the new number of instructions.
 */
function follow(program: Program, from: number, found: Int32Array, count: number): number {
  let foundCount = count;
  let pendingCount = 0;
  for (let at = from; ; at = pending[--pendingCount] as number) {
    const instruction = program[at];
    if (reached[at] !== step) {
      reached[at] = step;
      if (!Array.isArray(instruction)) found[foundCount++] = at;
      else for (const offset of instruction) pending[pendingCount++] = at + offset;
    }
    if (pendingCount === 0) return foundCount;
  }
}
