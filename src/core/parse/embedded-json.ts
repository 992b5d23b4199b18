import type { SourcePointer } from "../model/node.ts";
import type { Parsed, Problem } from "../model/source.ts";
import { readJson } from "./json-reader.ts";
import { jsonFinder, type Span } from "./json-scan.ts";
import { pointAt, rangeAt } from "./lines.ts";
import { offsetMap } from "./offset-map.ts";
import { sourceProblem } from "./problem.ts";

/** The text from which a value was parsed, and the map from its offsets to offsets in the file. */
interface TextView {
  text: string;
  find(pointer: string): Span;
  /** Returns the offset in the file. Undefined if the file does not contain the text literally. */
  toFile: ((offset: number) => number) | undefined;
}

/** Views of values that were parsed from a string. The source of such a value is the entire file. */
const views = new WeakMap<Parsed, TextView>();

/**
 * Parses JSON in a string of another document, such as a key policy in a template; `text` is the value of the string.
 * The result has the source of the file, so positions refer to the file. They are exact if the string is a JSON string, a
 * quoted YAML string or a YAML block scalar; otherwise they are the range of the whole string.
 *
 * Pointers into the result start with the pointer of the string: create nodes with `fromJson(inner, at.pointer)`.
 * `locate` also accepts pointers relative to the string. An ambiguous pointer is treated as absolute.
 */
export function parseEmbeddedJson(
  at: SourcePointer,
  text: string,
  options: { maxDepth?: number } = {},
): Parsed | Problem {
  const { source } = at.parsed;
  if (at.parsed.locatesEmbeddedJson === true) return parseLocatedJson(at, text, options.maxDepth ?? 200);
  const outer = viewOf(at.parsed);
  const stringSpan = outer.find(at.pointer);
  let map: TextView["toFile"] | null = null;
  const toFile = (): TextView["toFile"] => {
    if (map === null) map = composedOffsetMap(outer, stringSpan, text);
    return map;
  };
  const inFile = (offset: number): number => toFile()?.(offset) ?? fileSpan(outer, stringSpan)[0];

  const result = readJson(text, options.maxDepth ?? 200, (offset) => pointAt(source, inFile(offset)));
  if ("failure" in result) {
    const { offset, message, remedy } = result.failure;
    return sourceProblem(source, inFile(offset), message, remedy);
  }
  const find = jsonFinder(text);
  const findInner = (pointer: string): Span => find(innerPointer(at.pointer, pointer));
  const parsed: Parsed = {
    source,
    value: result.value,
    locate(pointer) {
      const map = toFile();
      const [start, end] = map === undefined ? fileSpan(outer, stringSpan) : mapped(findInner(pointer), map);
      return rangeAt(source, start, end);
    },
  };
  views.set(parsed, {
    text,
    find: findInner,
    get toFile() {
      return toFile();
    },
  });
  return parsed;
}

/** Parses a string whose parts the outer document can locate. */
function parseLocatedJson(at: SourcePointer, text: string, maxDepth: number): Parsed | Problem {
  const { source } = at.parsed;
  const { start, origin } = at.parsed.locate(at.pointer);
  const result = readJson(text, maxDepth, () => start);
  if ("failure" in result) {
    const { message, remedy } = result.failure;
    return { file: origin?.path ?? source.path, line: start.line, column: start.column, message, remedy };
  }
  const locate = (pointer: string) => at.parsed.locate(at.pointer + innerPointer(at.pointer, pointer));
  return { source, value: result.value, locate, locatesEmbeddedJson: true };
}

const innerPointer = (prefix: string, pointer: string): string =>
  pointer === prefix || pointer.startsWith(`${prefix}/`) ? pointer.slice(prefix.length) : pointer;

function viewOf(parsed: Parsed): TextView {
  const embedded = views.get(parsed);
  if (embedded !== undefined) return embedded;
  return {
    text: parsed.source.text,
    find(pointer) {
      const { start, end } = parsed.locate(pointer);
      return [start.offset, end.offset];
    },
    toFile: (offset) => offset,
  };
}

function composedOffsetMap(outer: TextView, [start, end]: Span, text: string): TextView["toFile"] {
  const { toFile } = outer;
  const toOuter = toFile && offsetMap(outer.text.slice(start, end), text);
  return toOuter && ((offset) => toFile(start + toOuter(offset)));
}

const mapped = ([start, end]: Span, map: (offset: number) => number): Span => [map(start), map(end)];

/** Returns the range of a whole string in the file. */
function fileSpan(outer: TextView, span: Span): Span {
  return outer.toFile === undefined ? span : mapped(span, outer.toFile);
}
