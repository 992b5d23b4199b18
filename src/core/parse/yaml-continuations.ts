/*
 * js-yaml requires that each line of a flow collection or a quoted scalar is indented further than its parent, as YAML 1.2
 * does. PyYAML, and with it the AWS CLI, AWS SAM and cfn-lint, follows YAML 1.1 and ignores the indentation of these lines.
 * The whitespace at their start has no meaning, so further spaces there make them valid without changing a value.
 */

import { lastAtOrBefore } from "./lines.ts";

/** A text in which all continuation lines are indented, and the offsets that correspond to the original text. */
export interface IndentedText {
  text: string;
  /** Returns the offset in the original text. An offset in added spaces is that of the line. */
  originalOffset(offset: number): number;
}

/** Indents the continuation lines of flow collections and quoted scalars; returns null if that changes nothing. */
export function indentContinuations(text: string): IndentedText | null {
  const insertions = new ContinuationScanner(text).scan();
  if (insertions.length === 0) return null;
  const pieces: string[] = [];
  /** Offsets in the new text at which unchanged runs start, and their offsets in the original text. */
  const starts = [0];
  const originals = [0];
  let copied = 0;
  let length = 0;
  for (const { offset, spaces } of insertions) {
    pieces.push(text.slice(copied, offset), " ".repeat(spaces));
    length += offset - copied + spaces;
    copied = offset;
    starts.push(length);
    originals.push(offset);
  }
  pieces.push(text.slice(copied));
  return {
    text: pieces.join(""),
    originalOffset(offset) {
      const run = lastAtOrBefore(starts, offset);
      const original = (originals[run] as number) + offset - (starts[run] as number);
      return Math.min(original, originals[run + 1] ?? text.length);
    },
  };
}

interface Insertion {
  offset: number;
  spaces: number;
}

const isSpace = (char: string | undefined): boolean => char === " " || char === "\t";
const isLineEnd = (char: string | undefined): boolean => char === undefined || char === "\n" || char === "\r";
const isSeparator = (char: string | undefined): boolean => isSpace(char) || isLineEnd(char);

/** Follows the block structure of a text as far as needed to find the flow collections and quoted scalars in it. */
class ContinuationScanner {
  private readonly text: string;
  private readonly insertions: Insertion[] = [];
  private i = 0;
  private lineStart = 0;
  /** Columns of the keys and dashes that contain the current position. */
  private parents: number[] = [];
  /** A plain scalar ends on this line, and continues on lines that are indented further than this column. */
  private plainParent: number | null = null;

  constructor(text: string) {
    this.text = text;
  }

  scan(): Insertion[] {
    while (this.i < this.text.length) {
      this.line();
      this.nextLine();
    }
    return this.insertions;
  }

  private line(): void {
    const { text } = this;
    if (this.isDocumentMarker()) {
      this.parents = [];
      this.plainParent = null;
      this.i += 3;
      this.skipSpaces();
      this.nodes();
      return;
    }
    this.skipSpaces();
    const char = text[this.i];
    if (isLineEnd(char) || char === "#" || (char === "%" && this.column() === 0)) return;
    if (this.plainParent !== null && this.column() > this.plainParent) {
      if (this.endOfPlain() === "#") this.plainParent = null;
      return;
    }
    this.nodes();
  }

  /** Scans the keys, dashes and values on a line. */
  private nodes(): void {
    const { text } = this;
    this.plainParent = null;
    let start = this.column();
    for (;;) {
      const char = text[this.i];
      if (isLineEnd(char) || char === "#") return;
      if ((char === "-" || char === "?" || char === ":") && isSeparator(text[this.i + 1])) {
        this.enter(start);
        this.i++;
        this.skipSpaces();
        start = this.column();
        continue;
      }
      if (char === "&" || char === "!" || char === "*") {
        this.skipWord();
        continue;
      }
      if (char === "|" || char === ">") {
        this.blockScalar(this.parentOf(start));
        return;
      }
      if (char === '"' || char === "'") this.quoted(char, this.column());
      else if (char === "[" || char === "{") this.flow();
      else if (this.endOfPlain() !== ":") {
        this.plainParent = text[this.i] === "#" ? null : this.parentOf(start);
        return;
      }
      this.skipSpaces();
      if (text[this.i] !== ":") return;
      this.enter(start);
      this.i++;
      this.skipSpaces();
      start = this.column();
    }
  }

  private enter(column: number): void {
    this.parents = this.parents.filter((parent) => parent < column);
    this.parents.push(column);
  }

  private parentOf(column: number): number {
    return this.parents.findLast((parent) => parent < column) ?? -1;
  }

  /** Advances to the end of the plain scalar on this line, and returns what ends it. */
  private endOfPlain(): ":" | "#" | "line" {
    const { text } = this;
    for (; !isLineEnd(text[this.i]); this.i++) {
      if (text[this.i] === ":" && isSeparator(text[this.i + 1])) return ":";
      if (text[this.i] === "#" && isSpace(text[this.i - 1])) return "#";
    }
    return "line";
  }

  /** Skips the lines of a block scalar, which are indented further than its parent. */
  private blockScalar(parent: number): void {
    const { text } = this;
    for (;;) {
      while (!isLineEnd(text[this.i])) this.i++;
      const end = this.i;
      if (this.i >= text.length) return;
      this.nextLine();
      const isMarker = this.isDocumentMarker();
      while (text[this.i] === " ") this.i++;
      const isContent = isLineEnd(text[this.i]) || (!isMarker && this.column() > parent);
      if (isContent) continue;
      this.i = end;
      return;
    }
  }

  private quoted(quote: string, column: number): void {
    const { text } = this;
    for (this.i++; this.i < text.length; ) {
      const char = text[this.i];
      if (char === "\\" && quote === '"' && !isLineEnd(text[this.i + 1])) this.i += 2;
      else if (char === quote) {
        this.i++;
        if (quote === '"' || text[this.i] !== quote) return;
        this.i++;
      } else if (isLineEnd(char)) {
        if (!this.continuation(column)) return;
      } else this.i++;
    }
  }

  private flow(): void {
    const { text } = this;
    const column = this.column();
    let depth = 0;
    /** A quote here starts a scalar. Inside a plain scalar, it is an ordinary character. */
    let expectsNode = true;
    let isAfterJsonKey = false;
    while (this.i < text.length) {
      const char = text[this.i] as string;
      if (isLineEnd(char)) {
        if (!this.continuation(column, true)) return;
      } else if (char === "#" && isSeparator(text[this.i - 1])) {
        while (!isLineEnd(text[this.i])) this.i++;
      } else if (expectsNode && (char === '"' || char === "'")) {
        this.quoted(char, column);
        expectsNode = false;
        isAfterJsonKey = true;
      } else if (expectsNode && (char === "&" || char === "!")) {
        while (!isSeparator(text[this.i]) && !",[]{}".includes(text[this.i] as string)) this.i++;
      } else {
        if (char === "[" || char === "{") depth++;
        if (char === "]" || char === "}") depth--;
        this.i++;
        if (depth === 0) return;
        const isIndicator = (char === ":" && (isAfterJsonKey || isSeparator(text[this.i]))) || char === "?";
        if (!isSpace(char)) expectsNode = "[{,".includes(char) || isIndicator;
        isAfterJsonKey = char === "]" || char === "}" || (isAfterJsonKey && isSpace(char));
      }
    }
  }

  /** Enters the next line and indents it, except for a tab in a collection. Returns false if it ends the document. */
  private continuation(column: number, isFlow = false): boolean {
    const end = this.i;
    this.nextLine();
    if (this.isDocumentMarker()) {
      this.i = end;
      return false;
    }
    while (this.text[this.i] === " ") this.i++;
    const spaces = column - this.column();
    const char = this.text[this.i];
    if (spaces > 0 && !isLineEnd(char) && !(isFlow && char === "\t"))
      this.insertions.push({ offset: this.lineStart, spaces });
    return true;
  }

  private nextLine(): void {
    const { text } = this;
    while (!isLineEnd(text[this.i])) this.i++;
    this.i += text[this.i] === "\r" && text[this.i + 1] === "\n" ? 2 : 1;
    this.lineStart = this.i;
  }

  private isDocumentMarker(): boolean {
    return /^(?:---|\.\.\.)(?:\s|$)/.test(this.text.slice(this.lineStart, this.lineStart + 4));
  }

  private column(): number {
    return this.i - this.lineStart;
  }

  private skipSpaces(): void {
    while (isSpace(this.text[this.i])) this.i++;
  }

  private skipWord(): void {
    while (!isSeparator(this.text[this.i])) this.i++;
    this.skipSpaces();
  }
}
