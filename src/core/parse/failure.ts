import type { Point } from "../model/source.ts";
import { truncated } from "../model/truncated.ts";
import { positionName } from "./lines.ts";

/** Thrown inside a parser, which converts it to a Problem. Never thrown to callers. */
export class ParseFailure {
  readonly offset: number;
  readonly message: string;
  readonly remedy: string;

  constructor(offset: number, message: string, remedy: string) {
    this.offset = offset;
    this.message = message;
    this.remedy = remedy;
  }
}

export const tooDeepFailure = (offset: number, limit: number): ParseFailure =>
  new ParseFailure(
    offset,
    `Values are nested deeper than ${limit} levels.`,
    "Check that this is the intended file, and flatten it.",
  );

export function duplicateKeyFailure(
  offset: number,
  key: string,
  kind: "object" | "mapping",
  first: Point,
): ParseFailure {
  const quotedKey = JSON.stringify(truncated(key));
  return new ParseFailure(
    offset,
    `The key ${quotedKey} occurs twice in one ${kind}, first at ${positionName(first)}.`,
    "Keep one of the two, or merge their values: parsers differ in which one they use.",
  );
}

export const placeholderFailure = (offset: number, language: "JSON" | "YAML"): ParseFailure =>
  new ParseFailure(
    offset,
    `This is a template placeholder, which ${language} does not support.`,
    "Render the template first and check the result.",
  );
