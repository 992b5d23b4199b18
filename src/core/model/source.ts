import type { HclOutline } from "./hcl-outline.ts";

/** An input file, standard input (`path` is "-"), or a string from a caller. */
export interface Source {
  path: string;
  text: string;
  /** The user named the file itself, not a directory that contains it. */
  named?: boolean;
  /**
   * The path is the name of something that is not a file, such as a Kubernetes object. Its extension says nothing about
   * the content, and may have been chosen to mislead.
   */
  nameOnly?: true;
}

/** A position in a text: line and column from 1, offset from 0, in UTF-16 code units. */
export interface Point {
  line: number;
  column: number;
  offset: number;
}

export interface Range {
  start: Point;
  end: Point;
  /** The file and pointer that the range refers to, if it is not in the parsed source. */
  origin?: { path: string; pointer: string };
}

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/**
 * A parsed source: its value, and the range of each part.
 * CloudFormation short tags are expanded (`!Ref A` is `{"Ref": "A"}`). A number or date that would change when
 * printed (`012345678901`, `2012-10-17`, `1_000`) remains a string.
 */
export interface Parsed {
  source: Source;
  value: Json;
  /** Returns the range of the value at an RFC 6901 pointer, or of its closest existing ancestor. */
  locate(pointer: string): Range;
  /** `locate` also accepts pointers into JSON strings: the pointer of the string, followed by one into its JSON. */
  locatesEmbeddedJson?: true;
  /** The comments and blocks of a Terraform file. Set only if the file can contain suppressions. */
  outline?: HclOutline;
}

/** A reason why an input, or a part of it, cannot be read. Reported as an error; the run exits with code 3. */
export interface Problem {
  file: string;
  line?: number;
  column?: number;
  /** One sentence, without the position. */
  message: string;
  /** How to fix it, in one sentence. */
  remedy: string;
}

/**
 * A part of an input that may contain KMS content and that Keywarden did not judge: a module or nested stack outside the
 * input, a macro, an unresolved element of a statement list. It is not an error, but a clean report does not cover it.
 */
export interface UnseenPart {
  kind: UnseenKind;
  file: string;
  line?: number;
  column?: number;
  /** The resource that contains the part, or that the part would create. */
  resource?: string;
  /** The name that a user looks for: the module, the macro, the reference, the file. */
  subject: string;
  /** One sentence: what was not checked, and why. */
  message: string;
  /** How to have it checked, in one sentence. */
  remedy: string;
}

export type UnseenKind =
  | "module"
  | "nested-stack"
  | "stack-set"
  | "macro"
  | "include"
  | "terragrunt-unit"
  | "statement"
  | "deferred-change"
  | "count"
  | "resource"
  | "file";

/** A range in a file. `file` is the path as given. Lines and columns count from 1; `endColumn` is exclusive. */
export interface Location {
  file: string;
  line: number;
  column: number;
  endLine: number;
  endColumn: number;
  /**
   * RFC 6901 pointer into the value of the file; in Terraform source, into the arguments of the resource at `address`.
   * If a policy is a JSON string, the pointer continues into that JSON.
   */
  pointer: string;
  /** Terraform address or CloudFormation logical ID. */
  address?: string;
}
