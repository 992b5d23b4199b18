import type { Unknown } from "../model/document.ts";
import { type Node, type UnknownPart, unknownPartText } from "../model/node.ts";

/**
 * A string with its unknown parts encoded as one private-use character each. Splitting and matching then treat an
 * unknown part as a non-empty literal that contains no wildcard.
 */
export interface EncodedString {
  encoded: string;
  unknownParts: UnknownPart[];
}

const first = 0xe000;
const last = 0xf8ff;

export const isUnknownPart = (char: string): boolean => {
  const unit = char.charCodeAt(0);
  return unit >= first && unit <= last;
};

/** Encodes a scalar, text, or unknown node; returns null for lists, maps, and null. */
export function encodeString(node: Node): EncodedString | null {
  if (node.type === "scalar")
    return node.value === null ? null : { encoded: String(node.value), unknownParts: [] };
  if (node.type === "unknown") return { encoded: String.fromCharCode(first), unknownParts: [node.part] };
  if (node.type !== "text") return null;
  const unknownParts: UnknownPart[] = [];
  const code = node.parts.map((part) => {
    if (typeof part === "string") return part;
    // If there are more unknown parts than characters, the rest share the last one and only lose their names.
    unknownParts.push(part);
    return String.fromCharCode(Math.min(first + unknownParts.length - 1, last));
  });
  return { encoded: code.join(""), unknownParts };
}

export const unknownPartAt = (text: EncodedString, char: string): UnknownPart | undefined =>
  text.unknownParts[char.charCodeAt(0) - first];

export const hasUnknownPart = (code: string): boolean => /[\uE000-\uF8FF]/.test(code);

/** Returns a substring of an encoded string in readable form, with unknown parts as `⟨expression⟩`. */
export const decodeString = (text: EncodedString, piece = text.encoded): string =>
  text.unknownParts.length === 0
    ? piece
    : piece.replace(/[\uE000-\uF8FF]/g, (char) => {
        const part = unknownPartAt(text, char);
        return part === undefined ? char : unknownPartText(part);
      });

export const toUnknown = ({ reason, expression }: { reason: string; expression: string }): Unknown => ({
  unknown: { reason, expression },
});

export const isUnknown = (value: unknown): value is Unknown =>
  typeof value === "object" && value !== null && "unknown" in value;

/**
 * Returns whether a pattern with `*` and `?` matches a string, with IAM's semantics. Backtracks only to the last `*`, so
 * it is linear in practice. `same` compares two characters.
 */
export function matchesPattern(
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
