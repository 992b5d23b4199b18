import type { SourcePointer } from "../model/node.ts";
import type { Parsed, Problem } from "../model/source.ts";
import { readJson } from "./json-reader.ts";
import { jsonFinder, type Span } from "./json-scan.ts";
import { pointAt, rangeAt } from "./lines.ts";
import { offsetMap } from "./offset-map.ts";
import { sourceProblem } from "./problem.ts";

/** The text that a parsed value was read from, and how its offsets lie in the file. */
interface TextView {
  text: string;
  find(pointer: string): Span;
  /** The offset in the file; undefined where the text is not written out there. */
  toFile: ((offset: number) => number) | undefined;
}

/** Of what was read from inside a string: the source is the whole file, the text was only a part of it. */
const views = new WeakMap<Parsed, TextView>();

/**
 * Reads JSON that stands in a string of another document (`text` is the string's value), such as a key policy in a
 * template. `source` stays the file's, so that positions are those in the file: offset by offset where the string
 * is a JSON string, a quoted YAML string or a YAML block, otherwise the string as a whole.
 *
 * A pointer of the result is the string's own pointer followed by the one inside: make its nodes with
 * `fromJson(inner, at.pointer)`. `locate` takes such a pointer, and also the one inside alone; where a text can be
 * read as both, it is taken as the whole pointer.
 */
export function parseEmbeddedJson(
  at: SourcePointer,
  text: string,
  options: { maxDepth?: number } = {},
): Parsed | Problem {
  const { source } = at.parsed;
  if (at.parsed.locatesEmbeddedJson === true) return parseLocatedJson(at, text, options.maxDepth ?? 200);
  const outer = viewOf(at.parsed);
  const whole = outer.find(at.pointer);
  let aligned: TextView["toFile"] | null = null;
  const toFile = (): TextView["toFile"] => {
    if (aligned === null) aligned = composedOffsetMap(outer, whole, text);
    return aligned;
  };
  const inFile = (offset: number): number => toFile()?.(offset) ?? fileSpan(outer, whole)[0];

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
      const [start, end] = map === undefined ? fileSpan(outer, whole) : mapped(findInner(pointer), map);
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

/** A text whose parts the outer value can locate. */
function parseLocatedJson(at: SourcePointer, text: string, maxDepth: number): Parsed | Problem {
  const { source } = at.parsed;
  const { start, origin: elsewhere } = at.parsed.locate(at.pointer);
  const result = readJson(text, maxDepth, () => start);
  if ("failure" in result) {
    const { message, remedy } = result.failure;
    return { file: elsewhere?.path ?? source.path, line: start.line, column: start.column, message, remedy };
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
  const align = toFile && offsetMap(outer.text.slice(start, end), text);
  return align && ((offset) => toFile(start + align(offset)));
}

const mapped = ([start, end]: Span, map: (offset: number) => number): Span => [map(start), map(end)];

/** The string as a whole, in the file. */
function fileSpan(outer: TextView, span: Span): Span {
  return outer.toFile === undefined ? span : mapped(span, outer.toFile);
}
