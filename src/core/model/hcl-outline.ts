/** The comments and top-level blocks of an HCL file in native syntax. See `Outline` in terraform/README.md. */
export interface HclOutline {
  comments: HclComment[];
  blocks: HclBlock[];
}

export interface HclComment extends HclSpan {
  /** Includes the comment markers, but not the line ending after a line comment. */
  text: string;
}

/** A top-level block, from its type to its closing brace. */
export interface HclBlock extends HclSpan {
  type: string;
  labels: string[];
}

/** `start` and `end` are offsets in UTF-16 code units. Lines and columns count from 1. */
export interface HclSpan {
  start: number;
  end: number;
  line: number;
  column: number;
  endLine: number;
  endColumn: number;
}
