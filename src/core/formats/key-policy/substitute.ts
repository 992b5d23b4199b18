import type { Json, Parsed, Source } from "../../model/source.ts";
import { parseJson } from "../../parse/json.ts";
import { rangeAt } from "../../parse/lines.ts";
import { isProblem } from "../../parse/problem.ts";
import { placeholderEnd } from "./placeholder.ts";

interface Substitution {
  text: string;
  /** The original placeholders, by substitute. */
  placeholders: Map<string, string>;
}

/**
 * Parses JSON in which placeholders for another tool represent entire values (`"Statement": ${statements}`). Each
 * placeholder becomes a string. Returns null if there are no placeholders, or if the result is not JSON.
 */
export function parseWithPlaceholders(source: Source): Parsed | null {
  const { text, placeholders } = substitutePlaceholders(source.text);
  if (placeholders.size === 0) return null;
  const parsed = parseJson({ path: source.path, text });
  if (isProblem(parsed)) return null;
  return {
    source,
    value: restorePlaceholders(parsed.value, placeholders),
    // A substitute has the length of its placeholder, so offsets equal those in the source.
    locate(pointer) {
      const { start, end } = parsed.locate(pointer);
      return rangeAt(source, start.offset, end.offset);
    },
  };
}

const FIRST_CODE_POINT = 0xe000;
const PADDING = "\uF8FF";
const MAX_PLACEHOLDERS = 0x1800;

/** Registers a placeholder and returns a substitute of the given length; returns null if there are too many. */
export function substituteFor(
  placeholders: Map<string, string>,
  text: string,
  length: number,
): string | null {
  if (placeholders.size >= MAX_PLACEHOLDERS || length < 1) return null;
  const substitute = String.fromCharCode(FIRST_CODE_POINT + placeholders.size) + PADDING.repeat(length - 1);
  placeholders.set(substitute, text);
  return substitute;
}

function substitutePlaceholders(text: string): Substitution {
  const placeholders = new Map<string, string>();
  const out: string[] = [];
  let inString = false;
  for (let i = 0; i < text.length; ) {
    const char = text[i] as string;
    const end = placeholderEnd(text, i);
    const length = end - i - (inString ? 0 : 2);
    const substitute = end < 0 ? null : substituteFor(placeholders, text.slice(i, end), length);
    if (substitute !== null) {
      out.push(inString ? substitute : `"${substitute}"`);
      i = end;
      continue;
    }
    if (char === '"') inString = !inString;
    const step = inString && char === "\\" ? 2 : 1;
    out.push(text.slice(i, i + step));
    i += step;
  }
  return { text: out.join(""), placeholders };
}

/** Returns a value with its substitutes replaced by the original placeholders. */
export function restorePlaceholders(value: Json, placeholders: Map<string, string>): Json {
  const restore = (text: string) =>
    text.replace(/[\uE000-\uF7FF]\uF8FF*/g, (substitute) => placeholders.get(substitute) ?? substitute);
  if (typeof value === "string") return restore(value);
  if (Array.isArray(value)) return value.map((item) => restorePlaceholders(item, placeholders));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [restore(key), restorePlaceholders(item, placeholders)]),
  );
}
