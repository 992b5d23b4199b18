import { own } from "../model/json.ts";
import type { Point } from "../model/source.ts";
import { ParseFailure, placeholderFailure } from "./failure.ts";
import { positionName } from "./lines.ts";

/** The token that the parser expected. */
export type ExpectedToken = "value" | "key" | "colon" | "separator" | "end";

export interface SyntaxErrorContext {
  text: string;
  offset: number;
  expected: ExpectedToken;
  /** Offset of the innermost open bracket. */
  open: number | undefined;
  /** Returns line and column of an offset, for messages with a second position. */
  at: (offset: number) => Point;
}

/** Returns the most likely mistake in invalid JSON. */
export function explainSyntaxError(context: SyntaxErrorContext): ParseFailure {
  const { text, offset } = context;
  const failure =
    unexpectedEnd(context) ??
    comment(context) ??
    template(context) ??
    wrongQuotes(context) ??
    misplacedBracket(context) ??
    misplacedComma(context) ??
    invalidWord(context) ??
    missingToken(context);
  if (failure !== null) return new ParseFailure(failure.offset, failure.message, failure.remedy);
  return new ParseFailure(
    offset,
    `${characterName(text, offset).replace("the", "The")} is unexpected here.`,
    remedies[context.expected],
  );
}

type SyntaxMistake = Pick<ParseFailure, "offset" | "message" | "remedy">;

const remedies: Record<ExpectedToken, string> = {
  value: "Write a value here: an object, an array, a string in double quotes, a number, true, false or null.",
  key: "Write a key in double quotes here, or close the object.",
  colon: "Put a colon between the key and its value.",
  separator: "Put a comma before the next entry, or close the bracket.",
  end: "Keep one JSON value in the file and remove the rest.",
};

/** Returns the name of a character for messages. A character that is not printable ASCII is named by its code point. */
export function characterName(text: string, offset: number): string {
  const code = text.codePointAt(offset) ?? 0;
  const visible = code > 0x20 && code < 0x7f;
  const number = `U+${code.toString(16).toUpperCase().padStart(4, "0")}`;
  return `the character ${visible ? String.fromCodePoint(code) : number}`;
}

const kindOf = (text: string, open: number): "object" | "array" => (text[open] === "{" ? "object" : "array");

function unexpectedEnd({ text, offset, open, at }: SyntaxErrorContext): SyntaxMistake | null {
  if (offset < text.length && !(open !== undefined && isTruncatedLiteral(text, offset))) return null;
  if (open === undefined)
    return {
      offset,
      message: "The JSON text is empty.",
      remedy: "Write a JSON value, or leave it out.",
    };
  const kind = kindOf(text, open);
  return {
    offset,
    message: `The ${kind} that opens at ${positionName(at(open))} is not closed.`,
    remedy: `Check that the file is complete, and close the ${kind} with ${kind === "object" ? "}" : "]"}.`,
  };
}

/** Returns whether the text ends in the middle of a literal, such as `tru`. */
function isTruncatedLiteral(text: string, offset: number): boolean {
  if (text.length - offset > 5) return false;
  const rest = text.slice(offset);
  return rest !== "" && ["true", "false", "null"].some((w) => w !== rest && w.startsWith(rest));
}

function comment({ text, offset }: SyntaxErrorContext): SyntaxMistake | null {
  const marker = text.slice(offset, offset + 2);
  if (marker !== "//" && marker !== "/*" && text[offset] !== "#") return null;
  return { offset, message: "JSON does not allow comments.", remedy: "Remove the comment." };
}

function template({ text, offset, expected }: SyntaxErrorContext): SyntaxMistake | null {
  const doubled = expected === "key" && text.slice(offset - 1, offset + 1) === "{{";
  if (!doubled && !/^(?:\$\{|\{%|<%|%\{|<<)/.test(text.slice(offset, offset + 2))) return null;
  return placeholderFailure(doubled ? offset - 1 : offset, "JSON");
}

function wrongQuotes({ text, offset, expected }: SyntaxErrorContext): SyntaxMistake | null {
  const c = text[offset] as string;
  if (expected !== "key" && expected !== "value") return null;
  if (c === "'" || c === "`")
    return {
      offset,
      message: c === "'" ? "The string is in single quotes." : "The string is in backquotes.",
      remedy: "Use double quotes, the only quotes in JSON.",
    };
  if (!"“”„‟‘’".includes(c)) return null;
  return {
    offset,
    message: "The string is in typographic quotes.",
    remedy: 'Use straight double quotes (").',
  };
}

function misplacedBracket(context: SyntaxErrorContext): SyntaxMistake | null {
  const { text, offset, expected, open, at } = context;
  const c = text[offset] as string;
  if (c !== "}" && c !== "]") return null;
  if (open === undefined)
    return { offset, message: `The bracket ${c} has no opening bracket.`, remedy: "Remove it." };
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
      message: `There is a trailing comma before the closing ${c}.`,
      remedy: "Remove the comma: JSON does not allow one after the last entry.",
    };
  return {
    offset,
    message: "A key has no value.",
    remedy: remedies[expected === "colon" ? "colon" : "value"],
  };
}

function lastBefore(text: string, offset: number): number {
  let i = offset - 1;
  while (i > 0 && /\s/.test(text[i] as string)) i--;
  return i;
}

function misplacedComma({ text, offset, expected }: SyntaxErrorContext): SyntaxMistake | null {
  if (text[offset] !== "," || expected === "end") return null;
  if (expected === "colon") return { offset, message: "A key has no value.", remedy: remedies.colon };
  return {
    offset,
    message: "There is a comma instead of an entry.",
    remedy: "Remove it, or write the missing entry.",
  };
}

/** Finds literals and numbers that are not JSON, and keys without quotes. */
function invalidWord({ text, offset, expected }: SyntaxErrorContext): SyntaxMistake | null {
  if (expected !== "key" && expected !== "value") return null;
  const token = /^[-+.\w$]+/.exec(text.slice(offset, offset + 80))?.[0];
  if (token === undefined) return null;
  if (expected === "key")
    return { offset, message: `The key ${token} is not in quotes.`, remedy: `Write "${token}".` };
  if (/^[-+]?\.?\d/.test(token))
    return {
      offset,
      message: `${token} is not a JSON number.`,
      remedy: `Write "${token}" in quotes if it is an identifier or a date, otherwise a plain decimal number.`,
    };
  const literal = own(synonyms, token.toLowerCase());
  return {
    offset,
    message: `${token} is not a JSON value.`,
    remedy: literal === undefined ? `Write "${token}" in quotes if it is a string.` : `Write ${literal}.`,
  };
}

const synonyms: { [word: string]: string | undefined } = Object.assign(Object.create(null), {
  true: "true",
  false: "false",
  null: "null",
  none: "null",
  nil: "null",
  undefined: "null",
  nan: "null, or leave the entry out: JSON does not have this number",
  infinity: "null, or leave the entry out: JSON does not have this number",
  "-infinity": "null, or leave the entry out: JSON does not have this number",
});

/** Finds valid tokens with a missing comma, colon or key before them. */
function missingToken({ text, offset, expected, open, at }: SyntaxErrorContext): SyntaxMistake | null {
  const c = text[offset] as string;
  if (expected === "end")
    return {
      offset,
      message: "There is more text after the end of the JSON value.",
      remedy: remedies.end,
    };
  if (expected === "colon")
    return { offset, message: "A colon is missing after the key.", remedy: remedies.colon };
  if (expected === "key" && (c === "{" || c === "["))
    return { offset, message: "A key is missing before this value.", remedy: remedies.key };
  if (expected !== "separator") return null;
  if (c === ":" && open !== undefined && kindOf(text, open) === "array")
    return {
      offset,
      message: `There is a colon in the array that opens at ${positionName(at(open))}.`,
      remedy: "Put the key and its value into an object: {…}.",
    };
  return /["{[\w'-]/.test(c)
    ? {
        offset,
        message: "A comma is missing before this entry.",
        remedy: "Put a comma between the two entries.",
      }
    : null;
}
