import { lastAtOrBefore } from "./lines.ts";

/*
 * Maps offsets in the value of a string to offsets in its source text, so that a position in the value becomes a position
 * in the file. Each piece of the value is compared with the source text. If one differs, there is no map.
 */

/** Runs of the value that are identical in the source text. The run from `value[n]` on starts at `raw[n]`. */
interface Runs {
  value: number[];
  raw: number[];
}

/**
 * Returns a function from offsets in a string's value to offsets in its source text: a JSON string, a quoted YAML string
 * or a YAML block scalar, after its tag and anchor. Returns undefined for any other source text.
 */
export function offsetMap(raw: string, value: string): ((offset: number) => number) | undefined {
  const skip = /^(?:[!&][^\s]*\s+)*/.exec(raw)?.[0].length ?? 0;
  const mark = raw[skip];
  const runs =
    mark === '"' || mark === "'"
      ? runsOfQuoted(raw, skip, value)
      : mark === "|" || mark === ">"
        ? runsOfBlock(raw, skip, value)
        : null;
  if (runs === null) return undefined;
  return (offset) => {
    const run = lastAtOrBefore(runs.value, offset);
    return (runs.raw[run] as number) + offset - (runs.value[run] as number);
  };
}

const folded = /[ \t]*(?:\r\n?|\n)\s*/y;
const escape = /\\(?:u([\da-fA-F]{4})|x([\da-fA-F]{2})|([^ux]))/y;
const letters: { [letter: string]: string } = {
  n: "\n",
  r: "\r",
  t: "\t",
  b: "\b",
  f: "\f",
  "0": "\0",
  e: "\x1b",
};

function runsOfQuoted(raw: string, open: number, value: string): Runs | null {
  const quote = raw[open] as string;
  const runs: Runs = { value: [0], raw: [open + 1] };
  let r = open + 1;
  for (let v = 0; v < value.length; ) {
    const [content, length] = piece(raw, r, quote);
    if (content === null || !value.startsWith(content, v)) return null;
    r += length;
    v += content.length;
    if (length !== 1 || content.length !== 1) {
      runs.value.push(v);
      runs.raw.push(r);
    }
  }
  return runs;
}

/** Returns the value of the next piece of a quoted string, and its length in the source text. */
function piece(raw: string, at: number, quote: string): [string | null, number] {
  const c = raw[at];
  if (c === undefined) return [null, 0];
  if (c === quote) return quote === "'" && raw[at + 1] === "'" ? ["'", 2] : [null, 0];
  if (c === "\\" && quote === '"') {
    escape.lastIndex = at;
    const match = escape.exec(raw);
    if (match === null) return [null, 0];
    const code = match[1] ?? match[2];
    const letter = match[3] as string;
    return [
      code === undefined ? (letters[letter] ?? letter) : String.fromCharCode(Number.parseInt(code, 16)),
      match[0].length,
    ];
  }
  folded.lastIndex = at;
  const fold = c <= " " ? folded.exec(raw)?.[0] : undefined;
  if (fold === undefined) return [c, 1];
  // YAML folds one line break to a space, and n of them to n - 1 line breaks.
  const breaks = fold.match(/\r\n?|\n/g)?.length ?? 0;
  return [breaks === 1 ? " " : "\n".repeat(breaks - 1), fold.length];
}

function runsOfBlock(raw: string, mark: number, value: string): Runs | null {
  const lines = linesOf(raw, mark);
  const first = lines.find(({ text }) => text.trim() !== "");
  const start = /^[ \n]*/.exec(value)?.[0].lastIndexOf("\n") ?? -1;
  if (first === undefined) return null;
  const indent = leading(first.text) - leading(value.slice(start + 1));
  const runs: Runs = { value: [], raw: [] };
  let v = 0;
  for (const { offset, text } of lines) {
    const content = text.slice(indent);
    if (indent < 0 || text.slice(0, indent).trim() !== "") return null;
    if (content.trim() === "" && !value.startsWith(content, v)) continue;
    if (value[v] === "\n") while (value[v] === "\n") v++;
    else if (v > 0 && value[v] === " " && !content.startsWith(" ")) v++;
    if (content === "") continue;
    if (!value.startsWith(content, v)) return null;
    runs.value.push(v);
    runs.raw.push(offset + indent);
    v += content.length;
  }
  return /^\n*$/.test(value.slice(v)) && runs.value.length > 0 ? runs : null;
}

const leading = (text: string): number => /^ */.exec(text)?.[0].length ?? 0;

/** Returns the lines after the one with the block indicator. */
function linesOf(raw: string, mark: number): { offset: number; text: string }[] {
  const lines: { offset: number; text: string }[] = [];
  const breaks = /\r\n?|\n|$/g;
  breaks.lastIndex = mark;
  let from = -1;
  for (let match = breaks.exec(raw); match !== null; match = breaks.exec(raw)) {
    if (from >= 0) lines.push({ offset: from, text: raw.slice(from, match.index) });
    from = match.index + match[0].length;
    if (match[0] === "") break;
  }
  return lines;
}
