import type { Point } from "../model/source.ts";
import { placeName } from "./lines.ts";

/** Thrown inside a reader to leave it, and turned into a Problem at its border. */
export class ReadFailure {
  readonly offset: number;
  readonly message: string;
  readonly remedy: string;

  constructor(offset: number, message: string, remedy: string) {
    this.offset = offset;
    this.message = message;
    this.remedy = remedy;
  }
}

export const tooDeep = (offset: number, limit: number): ReadFailure =>
  new ReadFailure(
    offset,
    `Values are nested deeper than ${limit} levels.`,
    "Check that the file is what it should be, and flatten it.",
  );

export function duplicateKey(
  offset: number,
  key: string,
  kind: "object" | "mapping",
  first: Point,
): ReadFailure {
  const shown = JSON.stringify(key.length > 60 ? `${key.slice(0, 60)}…` : key);
  return new ReadFailure(
    offset,
    `The key ${shown} stands twice in one ${kind}, first at ${placeName(first)}.`,
    "Keep one of the two, or join their values: readers differ in which one they take.",
  );
}

export const placeholder = (offset: number, language: "JSON" | "YAML"): ReadFailure =>
  new ReadFailure(
    offset,
    `A placeholder of a template stands here, which ${language} does not have.`,
    "Render the template first and check the result.",
  );
