import type { SourcePointer } from "./node.ts";
import type { Point } from "./source.ts";

/** Replaces a sensitive text, as in the output of Terraform. */
export const SENSITIVE = "(sensitive)";

/** The content of an input that no output may show. Rules still evaluate it; only what they report is redacted. */
export interface SensitiveContent {
  /** Sensitive values, and values that are derived from one, such as its Base64 encoding. */
  texts: string[];
  /** The positions of sensitive values in JSON and YAML, with their texts. */
  positions: SensitivePosition[];
  /** The ranges of sensitive values in other files. */
  ranges: SensitiveRange[];
}

/** The position of a value, as in the locations of the document. */
export interface SensitivePosition {
  at: SourcePointer;
  texts: string[];
  /** The value is not written here: the position has an expression that refers to it. */
  isReference?: true;
}

/** A range of a file, whose end is exclusive. */
export interface SensitiveRange {
  file: string;
  start: Point;
  end: Point;
}

/** Returns content without texts, to be filled by a format. */
export const emptySensitiveContent = (): SensitiveContent => ({ texts: [], positions: [], ranges: [] });
