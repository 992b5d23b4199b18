import type { Json, Point } from "../model/source.ts";
import { duplicateKeyFailure, ParseFailure, tooDeepFailure } from "./failure.ts";
import { characterName, type ExpectedToken, explainSyntaxError } from "./json-errors.ts";
import { firstKey, skipSpace } from "./json-scan.ts";
import { positionName } from "./lines.ts";

export type JsonResult = { value: Json } | { failure: ParseFailure };

/**
 * Parses JSON strictly (RFC 8259, without duplicate keys). A number that would change when printed remains a string, so
 * that an account ID without quotes keeps its leading zero. `at` returns line and column of an offset, for messages with
 * a second position. Never throws.
 */
export function readJson(text: string, maxDepth: number, at: (offset: number) => Point): JsonResult {
  const reader = new Reader(text, maxDepth, at);
  try {
    return { value: reader.document() };
  } catch (error) {
    if (error instanceof ParseFailure) return { failure: error };
    throw error;
  }
}

const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?(?![-+.\w])/y;
const literals: [string, Json][] = [
  ["true", true],
  ["false", false],
  ["null", null],
];
const escapes: { [letter: string]: string | undefined } = Object.assign(Object.create(null), {
  '"': '"',
  "\\": "\\",
  "/": "/",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
});

class Reader {
  private readonly text: string;
  private readonly maxDepth: number;
  private readonly at: (offset: number) => Point;
  private i = 0;
  /** Offsets of the open brackets. */
  private readonly open: number[] = [];

  constructor(text: string, maxDepth: number, at: (offset: number) => Point) {
    this.text = text;
    this.maxDepth = maxDepth;
    this.at = at;
  }

  document(): Json {
    this.space();
    const value = this.value();
    this.space();
    if (this.i < this.text.length) this.unexpected("end");
    return value;
  }

  private value(): Json {
    const c = this.text.charCodeAt(this.i);
    if (c === 0x22) return this.string();
    if (c === 0x7b) return this.object();
    if (c === 0x5b) return this.list();
    if (c === 0x2d || (c >= 0x30 && c <= 0x39)) return this.number();
    for (const [word, value] of literals)
      if (this.text.startsWith(word, this.i) && !/\w/.test(this.text[this.i + word.length] ?? " ")) {
        this.i += word.length;
        return value;
      }
    return this.unexpected("value");
  }

  private object(): Json {
    const start = this.enter();
    const object: { [key: string]: Json } = {};
    this.space();
    if (this.take(0x7d)) return this.leave(object);
    do {
      this.space();
      const keyStart = this.i;
      if (this.text.charCodeAt(keyStart) !== 0x22) this.unexpected("key");
      const key = this.string();
      if (Object.hasOwn(object, key))
        throw duplicateKeyFailure(keyStart, key, "object", this.at(firstKey(this.text, start, key)));
      this.space();
      if (!this.take(0x3a)) this.unexpected("colon");
      this.space();
      setKey(object, key, this.value());
      this.space();
    } while (this.take(0x2c));
    if (!this.take(0x7d)) this.unexpected("separator");
    return this.leave(object);
  }

  private list(): Json {
    this.enter();
    const list: Json[] = [];
    this.space();
    if (this.take(0x5d)) return this.leave(list);
    do {
      this.space();
      list.push(this.value());
      this.space();
    } while (this.take(0x2c));
    if (!this.take(0x5d)) this.unexpected("separator");
    return this.leave(list);
  }

  private number(): Json {
    number.lastIndex = this.i;
    const digits = number.exec(this.text)?.[0];
    if (digits === undefined) return this.unexpected("value");
    this.i += digits.length;
    const value = Number(digits);
    return String(value) === digits ? value : digits;
  }

  private string(): string {
    const { text } = this;
    const quote = this.i;
    let from = quote + 1;
    let value = "";
    for (let i = from; ; i++) {
      const c = text.charCodeAt(i);
      if (c === 0x22) {
        this.i = i + 1;
        return value + text.slice(from, i);
      }
      if (c === 0x5c) {
        value += text.slice(from, i) + this.escape(i, quote);
        i += text[i + 1] === "u" ? 5 : 1;
        from = i + 1;
      } else if (!(c >= 0x20)) this.badString(i, quote);
    }
  }

  private escape(i: number, quote: number): string {
    const letter = this.text[i + 1];
    if (letter === undefined) this.badString(i + 1, quote);
    const unescaped = escapes[letter as string];
    if (unescaped !== undefined) return unescaped;
    const hex = this.text.slice(i + 2, i + 6);
    if (letter === "u" && /^[\da-fA-F]{4}$/.test(hex)) return String.fromCharCode(Number.parseInt(hex, 16));
    if (letter === "u")
      return this.fail(
        i,
        "\\u must be followed by four hexadecimal digits.",
        "Write four digits, as in \\u00e9.",
      );
    return this.fail(
      i,
      `A backslash before ${characterName(this.text, i + 1)} is not a JSON escape sequence.`,
      "Write \\\\ for a backslash.",
    );
  }

  private badString(i: number, quote: number): never {
    if (i >= this.text.length)
      return this.fail(
        i,
        `The string that opens at ${positionName(this.at(quote))} is not closed.`,
        'Check that the file is complete, and close the string with ".',
      );
    const c = this.text[i];
    if (c === "\n" || c === "\r")
      return this.fail(
        i,
        "A string contains a line break.",
        'Close the string with ", or write the line break as \\n.',
      );
    if (c === "\t") return this.fail(i, "A string contains a tab.", "Write it as \\t.");
    const code = this.text.charCodeAt(i).toString(16).padStart(4, "0");
    return this.fail(i, `A string contains ${characterName(this.text, i)}.`, `Write it as \\u${code}.`);
  }

  private enter(): number {
    if (this.open.length >= this.maxDepth) throw tooDeepFailure(this.i, this.maxDepth);
    this.open.push(this.i);
    return this.i++;
  }

  private leave<T>(value: T): T {
    this.open.pop();
    return value;
  }

  private take(c: number): boolean {
    if (this.text.charCodeAt(this.i) !== c) return false;
    this.i++;
    return true;
  }

  private space(): void {
    if (this.text.charCodeAt(this.i) <= 0x20 || this.i === 0) this.i = skipSpace(this.text, this.i);
  }

  private unexpected(expected: ExpectedToken): never {
    const { text, i: offset, at } = this;
    throw explainSyntaxError({ text, offset, expected, open: this.open.at(-1), at });
  }

  private fail(offset: number, message: string, remedy: string): never {
    throw new ParseFailure(offset, message, remedy);
  }
}

/** Sets a key as JSON.parse does: `__proto__` is an ordinary key. */
export function setKey(object: { [key: string]: Json }, key: string, value: Json): void {
  if (key === "__proto__")
    Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
  else object[key] = value;
}
