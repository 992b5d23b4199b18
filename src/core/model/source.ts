/** One text that was read: a file, standard input (`path` is "-"), or what a caller hands over. */
export interface Source {
  path: string;
  text: string;
  /** It was asked for by its own name, not found in a folder. */
  named?: boolean;
}

/** A point in a text: line and column count from 1, in UTF-16 code units; offset from 0. */
export interface Point {
  line: number;
  column: number;
  offset: number;
}

export interface Range {
  start: Point;
  end: Point;
  /** Where it is not in the text that was parsed: the file, and the pointer by which the place is called there. */
  origin?: { path: string; pointer: string };
}

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/**
 * A parsed text: plain values, and where each of them stands.
 * CloudFormation's short tags are already in their long form (`!Ref A` is `{"Ref": "A"}`).
 * A number or date that would read differently once printed again (`012345678901`, `2012-10-17`, `1_000`)
 * stays the string that was written.
 */
export interface Parsed {
  source: Source;
  value: Json;
  /** The range of the value at an RFC 6901 pointer, or of its closest ancestor that exists. */
  locate(pointer: string): Range;
  /** `locate` knows by itself where the parts of a JSON text stand, by the text's pointer followed by the one inside. */
  locatesEmbeddedJson?: true;
}

/** What keeps an input, or a part of it, from being read. Reported as one error; the run ends with exit code 3. */
export interface Problem {
  file: string;
  line?: number;
  column?: number;
  /** What is wrong, one sentence without the position. */
  message: string;
  /** What to do about it, one sentence. */
  remedy: string;
}

/** Where something stands. `file` is the path as it was given. Lines and columns count from 1; `endColumn` is exclusive. */
export interface Location {
  file: string;
  line: number;
  column: number;
  endLine: number;
  endColumn: number;
  /**
   * RFC 6901, into the file's value; of Terraform's source, into the arguments of the resource that `address` names.
   * Inside a policy that is written as a JSON string it goes on into that JSON.
   */
  pointer: string;
  /** The Terraform address or the CloudFormation logical id. */
  address?: string;
}
