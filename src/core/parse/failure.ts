import type { Point } from "../model/source.ts";
import { positionName } from "./lines.ts";

/** Thrown inside a reader to leave it, and turned into a Problem at its border. */
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
    "Check that the file is what it should be, and flatten it.",
  );

export function duplicateKeyFailure(
  offset: number,
  key: string,
  kind: "object" | "mapping",
  first: Point,
): ParseFailure {
  const shown = JSON.stringify(key.length > 60 ? `${key.slice(0, 60)}…` : key);
  return new ParseFailure(
    offset,
    `The key ${shown} stands twice in one ${kind}, first at ${positionName(first)}.`,
    "Keep one of the two, or join their values: readers differ in which one they take.",
  );
}

export const placeholderFailure = (offset: number, language: "JSON" | "YAML"): ParseFailure =>
  new ParseFailure(
    offset,
    `A placeholder of a template stands here, which ${language} does not have.`,
    "Render the template first and check the result.",
  );
