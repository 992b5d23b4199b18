import type { Point } from "../model/source.ts";
import { ParseFailure, placeholderFailure } from "./failure.ts";
import { positionName } from "./lines.ts";

/** What the reader looked for when it met something else. */
export type Expected = "value" | "key" | "colon" | "separator" | "end";

export interface SyntaxErrorContext {
  text: string;
  offset: number;
  expected: Expected;
  /** Offset of the innermost bracket that is open. */
  open: number | undefined;
  /** Line and column of an offset, for messages that name a second place. */
  at: (offset: number) => Point;
}

/** The mistake that most likely stands behind text which is no JSON. */
export function explainSyntaxError(s: SyntaxErrorContext): ParseFailure {
  const { text, offset } = s;
  const failure =
    atEnd(s) ?? comment(s) ?? template(s) ?? quotes(s) ?? bracket(s) ?? comma(s) ?? word(s) ?? missing(s);
  if (failure !== null) return new ParseFailure(failure.offset, failure.message, failure.remedy);
  return new ParseFailure(offset, `${characterName(text, offset)} does not belong here.`, wanted[s.expected]);
}

type Mistake = Pick<ParseFailure, "offset" | "message" | "remedy">;

const wanted: Record<Expected, string> = {
  value: "Write a value here: an object, a list, a text in double quotes, a number, true, false or null.",
  key: "Write a key in double quotes here, or close the object.",
  colon: "Put a colon between the key and its value.",
  separator: "Put a comma before the next entry, or close the bracket.",
  end: "Keep one JSON value in a file and remove the rest.",
};

/** A character by its look, or by its number where it has none. */
export function characterName(text: string, offset: number): string {
  const code = text.codePointAt(offset) ?? 0;
  const visible = code > 0x20 && code < 0x7f;
  const number = `U+${code.toString(16).toUpperCase().padStart(4, "0")}`;
  return `The character ${visible ? String.fromCodePoint(code) : number}`;
}

const kindOf = (text: string, open: number): "object" | "list" => (text[open] === "{" ? "object" : "list");

function atEnd({ text, offset, open, at }: SyntaxErrorContext): Mistake | null {
  if (offset < text.length && !(open !== undefined && isCutWord(text, offset))) return null;
  if (open === undefined)
    return {
      offset,
      message: "The text is empty.",
      remedy: "Write a JSON value into the file, or leave the file out.",
    };
  const kind = kindOf(text, open);
  return {
    offset,
    message: `The text ends before the ${kind} that opens at ${positionName(at(open))} is closed.`,
    remedy: `Check that the file is complete, and close the ${kind} with ${kind === "object" ? "}" : "]"}.`,
  };
}

/** `tru` at the very end: the text was cut. */
function isCutWord(text: string, offset: number): boolean {
  if (text.length - offset > 5) return false;
  const rest = text.slice(offset);
  return rest !== "" && ["true", "false", "null"].some((w) => w !== rest && w.startsWith(rest));
}

function comment({ text, offset }: SyntaxErrorContext): Mistake | null {
  const two = text.slice(offset, offset + 2);
  if (two !== "//" && two !== "/*" && text[offset] !== "#") return null;
  return { offset, message: "JSON has no comments.", remedy: "Remove the comment." };
}

function template({ text, offset, expected }: SyntaxErrorContext): Mistake | null {
  const doubled = expected === "key" && text.slice(offset - 1, offset + 1) === "{{";
  if (!doubled && !/^(?:\$\{|\{%|<%|%\{|<<)/.test(text.slice(offset, offset + 2))) return null;
  return placeholderFailure(doubled ? offset - 1 : offset, "JSON");
}

function quotes({ text, offset, expected }: SyntaxErrorContext): Mistake | null {
  const c = text[offset] as string;
  if (expected !== "key" && expected !== "value") return null;
  if (c === "'" || c === "`")
    return {
      offset,
      message: c === "'" ? "A text stands in single quotes." : "A text stands in backquotes.",
      remedy: "Use double quotes: JSON knows no others.",
    };
  if (!"“”„‟‘’".includes(c)) return null;
  return {
    offset,
    message: "A text stands in typographic quotes.",
    remedy: 'Use the plain double quotes ".',
  };
}

function bracket(s: SyntaxErrorContext): Mistake | null {
  const { text, offset, expected, open, at } = s;
  const c = text[offset] as string;
  if (c !== "}" && c !== "]") return null;
  if (open === undefined)
    return { offset, message: `The bracket ${c} closes nothing.`, remedy: "Remove it." };
  const kind = kindOf(text, open);
  if ((c === "}") !== (kind === "object"))
    return {
      offset,
      message: `The bracket ${c} does not close the ${kind} that opens at ${positionName(at(open))}.`,
      remedy: `Close the ${kind} with ${kind === "object" ? "}" : "]"} first.`,
    };
  const before = lastBefore(text, offset);
  if (text[before] === "," && expected !== "separator")
    return {
      offset: before,
      message: `A comma stands before the closing ${c}.`,
      remedy: "Remove the comma: JSON has none after the last entry.",
    };
  return { offset, message: "A key has no value.", remedy: wanted[expected === "colon" ? "colon" : "value"] };
}

function lastBefore(text: string, offset: number): number {
  let i = offset - 1;
  while (i > 0 && /\s/.test(text[i] as string)) i--;
  return i;
}

function comma({ text, offset, expected }: SyntaxErrorContext): Mistake | null {
  if (text[offset] !== "," || expected === "end") return null;
  if (expected === "colon") return { offset, message: "A key has no value.", remedy: wanted.colon };
  return {
    offset,
    message: "A comma stands where an entry should.",
    remedy: "Remove it, or write the entry that is missing.",
  };
}

/** Words and numbers that JSON does not know, and keys without quotes. */
function word({ text, offset, expected }: SyntaxErrorContext): Mistake | null {
  if (expected !== "key" && expected !== "value") return null;
  const found = /^[-+.\w$]+/.exec(text.slice(offset, offset + 80))?.[0];
  if (found === undefined) return null;
  if (expected === "key")
    return { offset, message: `The key ${found} is not in quotes.`, remedy: `Write "${found}".` };
  if (/^[-+]?\.?\d/.test(found))
    return {
      offset,
      message: `${found} is no JSON number.`,
      remedy: `Write "${found}" in quotes if it is an identifier or a date, otherwise a plain decimal number.`,
    };
  const meant = synonyms[found.toLowerCase()];
  return {
    offset,
    message: `${found} is no JSON value.`,
    remedy: meant === undefined ? `Write "${found}" in quotes if it is a text.` : `Write ${meant}.`,
  };
}

const synonyms: { [word: string]: string | undefined } = Object.assign(Object.create(null), {
  true: "true",
  false: "false",
  null: "null",
  none: "null",
  nil: "null",
  undefined: "null",
  nan: "null, or leave the entry out: JSON has no such number",
  infinity: "null, or leave the entry out: JSON has no such number",
  "-infinity": "null, or leave the entry out: JSON has no such number",
});

/** Something that is right by itself stands where a mark should come first. */
function missing({ text, offset, expected, open, at }: SyntaxErrorContext): Mistake | null {
  const c = text[offset] as string;
  if (expected === "end")
    return {
      offset,
      message: "More text follows after the end of the JSON value.",
      remedy: wanted.end,
    };
  if (expected === "colon")
    return { offset, message: "A colon is missing after the key.", remedy: wanted.colon };
  if (expected === "key" && (c === "{" || c === "["))
    return { offset, message: "A key is missing before this value.", remedy: wanted.key };
  if (expected !== "separator") return null;
  if (c === ":" && open !== undefined && kindOf(text, open) === "list")
    return {
      offset,
      message: `A colon stands in the list that opens at ${positionName(at(open))}.`,
      remedy: "Put the key and its value into an object: {…}.",
    };
  return /["{[\w'-]/.test(c)
    ? { offset, message: "A comma is missing before this.", remedy: "Put a comma between the two entries." }
    : null;
}
