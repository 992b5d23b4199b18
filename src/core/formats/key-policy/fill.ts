import type { Json, Parsed, Source } from "../../model/source.ts";
import { parseJson } from "../../parse/json.ts";
import { rangeAt } from "../../parse/lines.ts";
import { isProblem } from "../../parse/problem.ts";
import { placeholderEnd } from "./placeholder.ts";

interface Filled {
  text: string;
  /** What stood there, by the filler that stands in its place. */
  written: Map<string, string>;
}

/**
 * JSON in which another tool still has to fill in whole values (`"Statement": ${statements}`): each becomes the string
 * that is its placeholder. Null where it has no placeholder, or is no JSON even so.
 */
export function parseWithPlaceholders(source: Source): Parsed | null {
  const { text, written } = fill(source.text);
  if (written.size === 0) return null;
  const parsed = parseJson({ path: source.path, text });
  if (isProblem(parsed)) return null;
  return {
    source,
    value: restore(parsed.value, written),
    // The fillers are as long as what they stand for: offsets are those of the source.
    locate(pointer) {
      const { start, end } = parsed.locate(pointer);
      return rangeAt(source, start.offset, end.offset);
    },
  };
}

const FIRST = 0xe000;
const PADDING = "\uF8FF";
const LIMIT = 0x1800;

/** Text of a length that stands for another one; null where there are too many. */
export function fillerFor(written: Map<string, string>, text: string, length: number): string | null {
  if (written.size >= LIMIT || length < 1) return null;
  const filler = String.fromCharCode(FIRST + written.size) + PADDING.repeat(length - 1);
  written.set(filler, text);
  return filler;
}

function fill(text: string): Filled {
  const written = new Map<string, string>();
  const out: string[] = [];
  let inside = false;
  for (let i = 0; i < text.length; ) {
    const char = text[i] as string;
    const end = char === "$" || char === "{" ? placeholderEnd(text, i) : -1;
    const length = end - i - (inside ? 0 : 2);
    const filler = end < 0 ? null : fillerFor(written, text.slice(i, end), length);
    if (filler !== null) {
      out.push(inside ? filler : `"${filler}"`);
      i = end;
      continue;
    }
    if (char === '"') inside = !inside;
    const step = inside && char === "\\" ? 2 : 1;
    out.push(text.slice(i, i + step));
    i += step;
  }
  return { text: out.join(""), written };
}

/** A value with what the fillers in it stand for. */
export function restore(value: Json, written: Map<string, string>): Json {
  const text = (string: string) =>
    string.replace(/[\uE000-\uF7FF]\uF8FF*/g, (filler) => written.get(filler) ?? filler);
  if (typeof value === "string") return text(value);
  if (Array.isArray(value)) return value.map((item) => restore(item, written));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [text(key), restore(item, written)]));
}
