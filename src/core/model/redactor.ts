import facts from "./facts.json" with { type: "json" };
import { escapePointer } from "./node.ts";
import { isRegion } from "./region.ts";
import { SENSITIVE, type SensitiveContent, type SensitiveRange } from "./sensitive.ts";
import type { Json, Parsed } from "./source.ts";
import { TextMatcher } from "./text-matcher.ts";

/** A shorter text is part of so many others that a report without it would be useless. Only its positions are redacted. */
const MIN_LENGTH = 4;
/** A text of this length is redacted inside of words, too: `xhunter2hunter2x`. */
const MIN_LENGTH_INSIDE_WORDS = 8;

/**
 * Words with which outputs describe every input. A sensitive value can be one of them, but the word then reveals nothing,
 * and only the positions of the value are redacted. The same holds for the vocabulary of AWS.
 */
const COMMON_WORDS = new Set(
  `access account action admin alias aliases allow always apply false data default deny dev development disabled enabled
  encrypt decrypt error external fail grant internal key keys kms main name never none note null pass policy prod
  production principal public region resource role root service staging statement tags test true unknown user value
  verdict version warning`.split(/\s+/),
);

const ACTIONS = new Set(facts.actions);

/** Returns whether a text is an operation of AWS KMS, a Region, a service principal or a global value of AWS. */
const isVocabulary = (text: string): boolean =>
  COMMON_WORDS.has(text.toLowerCase()) ||
  ACTIONS.has(text.replace(/^kms:/, "")) ||
  isRegion(text) ||
  text.toLowerCase() in facts.carriers ||
  /^([a-z\d.-]+\.amazonaws\.com(\.cn)?|arn:aws[a-z-]*:?|kms:\*|\d{4}-\d\d-\d\d|SYMMETRIC_DEFAULT|RSA_\d{4}|HMAC_\d{3}|ENCRYPT_DECRYPT|SIGN_VERIFY)$/.test(
    text,
  );

/**
 * Removes sensitive texts from everything that leaves Keywarden: reports, problems, excerpts and documents. Texts of four
 * or more characters are redacted wherever they occur, whichever field or message they have reached. Excerpts are also
 * redacted by position, so that the spelling of a value in the source (escapes, folded lines) and its length don't matter.
 */
export class Redactor {
  readonly #matcher = new TextMatcher();
  readonly #content: SensitiveContent[];
  #ranges: Map<string, SensitiveRange[]> | undefined;
  readonly #spelled = new Map<Parsed, SensitiveRange[]>();

  constructor(content: SensitiveContent[] = []) {
    this.#content = content;
    for (const { texts } of content) for (const text of texts) this.#add(text);
  }

  #add(text: string): void {
    // The lines of a longer text, such as a private key, are redacted one by one, because excerpts consist of lines.
    for (const part of new Set([text, ...text.split(/\r\n|\n|\r/)])) {
      const trimmed = part.trim();
      if (trimmed.length < MIN_LENGTH || isVocabulary(trimmed)) continue;
      const spellings = [trimmed, JSON.stringify(trimmed).slice(1, -1)];
      for (const one of new Set(spellings)) this.#matcher.add(one, one.length < MIN_LENGTH_INSIDE_WORDS);
    }
  }

  /** Returns a text without sensitive texts. */
  text(text: string): string {
    if (this.#matcher.isEmpty) return text;
    return replaced(text, this.#matcher.matches(text));
  }

  /** Returns a value without sensitive texts in its strings and keys. Paths of files, which users choose, stay. */
  value<T>(value: T): T {
    return this.#matcher.isEmpty ? value : (this.#value(value) as T);
  }

  #value(value: unknown): unknown {
    if (typeof value === "string") return this.text(value);
    if (typeof value !== "object" || value === null) return value;
    if (Array.isArray(value)) return value.map((item) => this.#value(item));
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [this.text(key), key === "file" ? item : this.#value(item)]),
    );
  }

  /** Returns lines of a source without sensitive values. `first`: the number of the first line. */
  lines(parsed: Parsed, first: number, lines: string[]): string[] {
    if (this.#content.length === 0) return lines;
    const ranges = [...this.#rangesIn(parsed.source.path), ...this.#spelledIn(parsed)];
    return lines.map((line, i) => {
      const columns = ranges.flatMap((range) => columnsIn(range, first + i, line));
      return withoutEscapedTexts(
        this.text(replaced(line, merged(columns))),
        (text) => this.text(text) !== text,
      );
    });
  }

  #rangesIn(file: string): SensitiveRange[] {
    if (this.#ranges === undefined) {
      this.#ranges = new Map();
      const located = ({ positions, ranges }: SensitiveContent) => [
        ...ranges,
        ...positions.map(({ parsed, pointer }) => rangeOf(parsed, pointer)),
      ];
      for (const range of this.#content.flatMap(located))
        this.#ranges.set(range.file, [...(this.#ranges.get(range.file) ?? []), range]);
    }
    return this.#ranges.get(file) ?? [];
  }

  /** Returns the ranges of strings that contain a sensitive text, but not as the source spells it. */
  #spelledIn(parsed: Parsed): SensitiveRange[] {
    const known = this.#spelled.get(parsed);
    if (known !== undefined) return known;
    const { text } = parsed.source;
    const found = pointersOf(parsed.value, (value) => this.text(value) !== value)
      .map((pointer) => ({ pointer, range: rangeOf(parsed, pointer) }))
      .filter(({ range: { start, end } }) => {
        const written = text.slice(start.offset, end.offset);
        return this.text(written) === written;
      })
      .map(({ range }) => range);
    this.#spelled.set(parsed, found);
    return found;
  }
}

function rangeOf(parsed: Parsed, pointer: string): SensitiveRange {
  const { start, end, origin } = parsed.locate(pointer);
  return { file: origin?.path ?? parsed.source.path, start, end };
}

function pointersOf(value: Json, isFound: (text: string) => boolean, pointer = ""): string[] {
  if (typeof value === "string") return isFound(value) ? [pointer] : [];
  if (value === null || typeof value !== "object") return [];
  return Object.entries(value).flatMap(([key, item]) =>
    pointersOf(item, isFound, `${pointer}/${escapePointer(key)}`),
  );
}

interface Columns {
  start: number;
  end: number;
}

function columnsIn({ start, end }: SensitiveRange, line: number, text: string): Columns[] {
  if (line < start.line || line > end.line) return [];
  const indent = text.length - text.trimStart().length;
  const from = line === start.line ? start.column - 1 : indent;
  const to = line === end.line ? end.column - 1 : text.length;
  return from < to ? [{ start: from, end: to }] : [];
}

/** Returns the ranges in order, with those that overlap merged. */
function merged(columns: Columns[]): Columns[] {
  const out: Columns[] = [];
  for (const next of [...columns].sort((a, b) => a.start - b.start)) {
    const last = out.at(-1);
    if (last === undefined || next.start > last.end) out.push({ ...next });
    else last.end = Math.max(last.end, next.end);
  }
  return out;
}

function replaced(text: string, parts: Columns[]): string {
  if (parts.length === 0) return text;
  let out = "";
  let at = 0;
  for (const { start, end } of parts) {
    out += text.slice(at, start) + SENSITIVE;
    at = end;
  }
  return out + text.slice(at);
}

/** Replaces quoted strings whose escape sequences spell a sensitive text, in any language of the inputs. */
const withoutEscapedTexts = (line: string, isSensitive: (text: string) => boolean): string =>
  line.includes("\\")
    ? line.replace(/"(?:[^"\\]|\\.)*"/g, (quoted) =>
        quoted.includes("\\") && isSensitive(unescaped(quoted.slice(1, -1))) ? `"${SENSITIVE}"` : quoted,
      )
    : line;

const unescaped = (text: string): string =>
  text.replace(/\\(?:u([\da-f]{4})|U([\da-f]{8})|x([\da-f]{2})|(.))/gi, (_, u, U, x, other) => {
    const code = Number.parseInt(u ?? U ?? x ?? "", 16);
    if (code <= 0x10ffff) return String.fromCodePoint(code);
    return other === "n" ? "\n" : other === "t" ? "\t" : (other ?? "");
  });
