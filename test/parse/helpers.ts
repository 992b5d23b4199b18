import assert from "node:assert/strict";
import { escapePointer } from "../../src/core/model/node.ts";
import type { Json, Parsed, Problem, Source } from "../../src/core/model/source.ts";
import { isProblem } from "../../src/core/parse/problem.ts";

export const source = (text: string, path = "in"): Source => ({ path, text });

/** What was parsed; fails with the problem's message. */
export function ok(result: Parsed | Problem): Parsed {
  if (isProblem(result)) assert.fail(`${result.line}:${result.column} ${result.message}`);
  return result;
}

export function failed(result: unknown): Problem {
  assert.ok(isProblem(result), "a problem was expected");
  assert.match(result.message, /^\S.*\.$/, "the message is a sentence");
  assert.match(result.remedy, /^\S.*\.$/, "the remedy is a sentence");
  return result;
}

/** A problem as `line:column message`. */
export const told = (result: unknown): string => {
  const { line, column, message } = failed(result);
  return `${line}:${column} ${message}`;
};

/** The text that stands at a pointer. */
export function textAt(parsed: Parsed, pointer: string): string {
  const { start, end } = parsed.locate(pointer);
  return parsed.source.text.slice(start.offset, end.offset);
}

/** Each value with its pointer, containers too. */
export function* everyValue(value: Json, pointer = ""): Generator<[string, Json]> {
  yield [pointer, value];
  if (value === null || typeof value !== "object") return;
  for (const [key, child] of Object.entries(value))
    yield* everyValue(child, `${pointer}/${escapePointer(key)}`);
}
