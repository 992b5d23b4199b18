import assert from "node:assert/strict";
import { escapePointer } from "../../src/core/model/node.ts";
import type { Json, Parsed, Problem, Source } from "../../src/core/model/source.ts";
import { isProblem } from "../../src/core/parse/problem.ts";

export const source = (text: string, path = "in"): Source => ({ path, text });

/** Returns the parsed source, or fails with the message of the problem. */
export function parsedOrFail(result: Parsed | Problem): Parsed {
  if (isProblem(result)) assert.fail(`${result.line}:${result.column} ${result.message}`);
  return result;
}

export function problemOrFail(result: unknown): Problem {
  assert.ok(isProblem(result), "a problem was expected");
  assert.match(result.message, /^\S.*\.$/, "the message is a sentence");
  assert.match(result.remedy, /^\S.*\.$/, "the remedy is a sentence");
  return result;
}

/** Returns a problem as `line:column message`. */
export const problemText = (result: unknown): string => {
  const { line, column, message } = problemOrFail(result);
  return `${line}:${column} ${message}`;
};

/** Returns the text at a pointer. */
export function textAt(parsed: Parsed, pointer: string): string {
  const { start, end } = parsed.locate(pointer);
  return parsed.source.text.slice(start.offset, end.offset);
}

/** Yields each value with its pointer, including containers. */
export function* everyValue(value: Json, pointer = ""): Generator<[string, Json]> {
  yield [pointer, value];
  if (value === null || typeof value !== "object") return;
  for (const [key, child] of Object.entries(value))
    yield* everyValue(child, `${pointer}/${escapePointer(key)}`);
}
