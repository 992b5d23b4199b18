import { addToGroup } from "./groups.ts";
import { LocalTexts } from "./local-texts.ts";
import { escapePointer } from "./node.ts";
import { SENSITIVE, type SensitiveContent, type SensitiveRange } from "./sensitive.ts";
import { isLocalText, MIN_LENGTH_INSIDE_WORDS } from "./sensitive-text.ts";
import type { Json, Location, Parsed } from "./source.ts";
import { TextMatcher } from "./text-matcher.ts";

/** Fields with words of the document model and of rules, which a sensitive value can equal only by chance. */
const FIXED_FIELDS = new Set(
  "file kind state type operator effect rule level verdict title why url version dataVersion".split(" "),
);

/**
 * Removes sensitive texts from everything that leaves Keywarden: reports, problems, excerpts and documents. Rules see the
 * values, and what they report is redacted afterwards: no rule and no format has to remember to do it.
 *
 * Texts of four or more characters are redacted wherever they occur, whichever field or message they have reached. A
 * shorter or very common text is redacted only in objects at a location of its value. Excerpts are also redacted by
 * position, so that the spelling of a value in the source (escapes, folded lines) and its length don't matter.
 */
export class Redactor {
  readonly #matcher = new TextMatcher();
  readonly #content: SensitiveContent[];
  #ranges: Map<string, SensitiveRange[]> | undefined;
  #local: LocalTexts | undefined;
  readonly #spelled = new Map<Parsed, SensitiveRange[]>();

  constructor(content: SensitiveContent[] = []) {
    this.#content = content;
    for (const { texts } of content) for (const text of texts) this.#add(text);
  }

  /** Returns a redactor for the inputs of both. */
  and(other: Redactor): Redactor {
    return new Redactor([...this.#content, ...other.#content]);
  }

  #add(text: string): void {
    // The lines of a longer text, such as a private key, are redacted one by one, because excerpts consist of lines. The
    // lines of a policy document are not, because they occur in every policy.
    const lines = text.split(/\r\n|\n|\r/).filter((line) => /^[^"'{}[\]<>:=]{8,}$/.test(line.trim()));
    for (const part of new Set([text, ...lines])) {
      const trimmed = part.trim();
      if (isLocalText(trimmed)) continue;
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
    return this.#content.length === 0 ? value : (this.#value(value, undefined) as T);
  }

  #value(value: unknown, local: TextMatcher | undefined): unknown {
    if (typeof value === "string") {
      const text = this.text(value);
      return local === undefined ? text : replaced(text, local.matches(text));
    }
    if (typeof value !== "object" || value === null) return value;
    if (Array.isArray(value)) return value.map((item) => this.#value(item, local));
    const inside = "location" in value ? this.#localAt(value.location as Location | undefined) : local;
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [
        this.text(key),
        FIXED_FIELDS.has(key) && typeof item === "string" ? item : this.#value(item, inside),
      ]),
    );
  }

  /** Returns a matcher of the short texts of the values at a location, inside it or around it. */
  #localAt(location: Location | undefined): TextMatcher | undefined {
    this.#local ??= new LocalTexts(this.#content);
    const texts = location === undefined ? [] : this.#local.at(location);
    if (texts.length === 0) return undefined;
    const matcher = new TextMatcher();
    for (const text of texts) matcher.add(text, true);
    return matcher;
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
        ...positions.flatMap(({ at, isReference }) =>
          isReference === true ? [] : [rangeOf(at.parsed, at.pointer)],
        ),
      ];
      for (const range of this.#content.flatMap(located)) addToGroup(this.#ranges, range.file, range);
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
