import type { Parsed, Problem, Source } from "../model/source.ts";
import type { ParseFailure } from "./failure.ts";
import { readJson } from "./json-reader.ts";
import { jsonFinder, offsetBeyondDepth } from "./json-scan.ts";
import { hasBom, pointAt, rangeAt } from "./lines.ts";
import { sourceProblem } from "./problem.ts";

export { parseEmbeddedJson } from "./embedded-json.ts";

export interface JsonOptions {
  /** How deep values may be nested. */
  maxDepth?: number;
}

export const defaultMaxDepth = 200;

/**
 * Reads JSON strictly. A number that would print differently than it is written stays the string that was written.
 * The problem names the likeliest mistake (comment, trailing comma, single quotes, …), a key that stands twice too.
 */
export function parseJson(source: Source, options: JsonOptions = {}): Parsed | Problem {
  const result = readJson(source.text, options.maxDepth ?? defaultMaxDepth, (o) => pointAt(source, o));
  return "failure" in result ? asProblem(source, result.failure) : parsed(source, result.value);
}

/**
 * As `parseJson`, for machine-written JSON of 100 MB and more (Terraform plans): with the engine's own reader, so that
 * numbers are JavaScript's and of a key that stands twice the last one counts.
 */
export function parseBigJson(source: Source, options: JsonOptions = {}): Parsed | Problem {
  const { text } = source;
  const maxDepth = options.maxDepth ?? defaultMaxDepth;
  if (offsetBeyondDepth(text, maxDepth) >= 0) return parseJson(source, options);
  try {
    return parsed(source, JSON.parse(hasBom(text) ? text.slice(1) : text));
  } catch {
    return parseJson(source, options);
  }
}

function parsed(source: Source, value: Parsed["value"]): Parsed {
  const find = jsonFinder(source.text);
  return { source, value, locate: (pointer) => rangeAt(source, ...find(pointer)) };
}

const asProblem = (source: Source, { offset, message, remedy }: ParseFailure): Problem =>
  sourceProblem(source, offset, message, remedy);
