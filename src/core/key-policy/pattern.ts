import type { Unknown } from "../model/document.ts";
import { type Hole, holeText, type Node } from "../model/node.ts";

/**
 * A string under analysis: each hole stands in `code` as one character of the private use area, so that splitting
 * and matching treat it as a plain, non-empty piece of text that no pattern character is part of.
 */
export interface Coded {
  code: string;
  holes: Hole[];
}

const first = 0xe000;
const last = 0xf8ff;

export const isHole = (char: string): boolean => {
  const unit = char.charCodeAt(0);
  return unit >= first && unit <= last;
};

/** A scalar, text or unknown node as a coded string; null for lists, maps and null. */
export function coded(node: Node): Coded | null {
  if (node.type === "scalar") return node.value === null ? null : { code: String(node.value), holes: [] };
  if (node.type === "unknown") return { code: String.fromCharCode(first), holes: [node.hole] };
  if (node.type !== "text") return null;
  const holes: Hole[] = [];
  const code = node.parts.map((part) => {
    if (typeof part === "string") return part;
    // More holes than the area has characters share the last one: they only lose their names.
    holes.push(part);
    return String.fromCharCode(Math.min(first + holes.length - 1, last));
  });
  return { code: code.join(""), holes };
}

export const holeAt = (text: Coded, char: string): Hole | undefined => text.holes[char.charCodeAt(0) - first];

export const hasHole = (code: string): boolean => /[\uE000-\uF8FF]/.test(code);

/** A piece of a coded string as people read it. */
export const decode = (text: Coded, piece = text.code): string =>
  text.holes.length === 0
    ? piece
    : piece.replace(/[\uE000-\uF8FF]/g, (char) => {
        const hole = holeAt(text, char);
        return hole === undefined ? char : holeText(hole);
      });

export const unknown = (hole: { reason: string; expression: string }): Unknown => ({
  unknown: { reason: hole.reason, expression: hole.expression },
});

export const isUnknown = (value: unknown): value is Unknown =>
  typeof value === "object" && value !== null && "unknown" in value;

/**
 * Whether a pattern with `*` and `?` matches a text, as IAM matches. Linear in practice: the last `*` is the only
 * point to go back to. `same` compares two characters.
 */
export function matches(
  pattern: string,
  text: string,
  same: (pattern: string, text: string) => boolean = (a, b) => a === b,
): boolean {
  let p = 0;
  let t = 0;
  let star = -1;
  let mark = 0;
  while (t < text.length) {
    const char = pattern[p];
    if (char === "*") {
      star = p++;
      mark = t;
    } else if (char !== undefined && (char === "?" || same(char, text[t] as string))) {
      p++;
      t++;
    } else if (star >= 0) {
      p = star + 1;
      t = ++mark;
    } else {
      return false;
    }
  }
  while (pattern[p] === "*") p++;
  return p === pattern.length;
}
