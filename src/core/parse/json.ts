import type { Parsed, Problem, Source } from "../model/source.ts";
import type { ParseFailure } from "./failure.ts";
import { readJson } from "./json-reader.ts";
import { jsonFinder, offsetBeyondDepth } from "./json-scan.ts";
import { hasBom, pointAt, rangeAt } from "./lines.ts";
import { sourceProblem } from "./problem.ts";

export { parseEmbeddedJson } from "./embedded-json.ts";

export interface JsonOptions {
  /** Maximum nesting depth. Default: 200. */
  maxDepth?: number;
}

export const defaultMaxDepth = 200;

/**
 * Parses JSON strictly. A number that would change when printed remains a string. A problem names the most likely
 * mistake: a comment, a trailing comma, single quotes, a duplicate key, …
 */
export function parseJson(source: Source, options: JsonOptions = {}): Parsed | Problem {
  const result = readJson(source.text, options.maxDepth ?? defaultMaxDepth, (o) => pointAt(source, o));
  return "failure" in result ? asProblem(source, result.failure) : parsed(source, result.value);
}

/**
 * Parses generated JSON of 100 MB and more, such as Terraform plans, with `JSON.parse`. Unlike `parseJson`, it converts all numbers, and the last of several duplicate keys takes effect.
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
