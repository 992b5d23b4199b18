/** The parts of a string of a policy: literal characters, wildcards, unknown parts `⟨…⟩` and policy variables `${…}`. */
export type Piece =
  | { kind: "text"; text: string }
  | { kind: "star" }
  | { kind: "mark" }
  | { kind: "unknown"; text: string }
  | { kind: "variable"; name: string; hasDefault: boolean };

export interface PieceOptions {
  /** `*` and `?` are wildcards. */
  wildcards: boolean;
  /** `${…}` is a policy variable: not in Version 2008-10-17. */
  variables: boolean;
}

/**
 * Splits a string into its parts.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
 */
export function piecesOf(text: string, { wildcards, variables }: PieceOptions): Piece[] {
  const pieces: Piece[] = [];
  for (let i = 0; i < text.length; ) {
    const end = text[i] === "⟨" ? unknownEnd(text, i) : -1;
    const variable = variables ? /^\$\{\s*([^{}]*?)\s*\}/.exec(text.slice(i, i + 512)) : null;
    if (end > 0) {
      pieces.push({ kind: "unknown", text: text.slice(i, end) });
      i = end;
    } else if (variable !== null) {
      const [whole, content = ""] = variable;
      const [name = "", fallback] = content.split(/\s*,\s*(?=')/, 2);
      // ${*}, ${?} and ${$} are the characters themselves.
      pieces.push(
        /^[*?$]$/.test(name)
          ? { kind: "text", text: name }
          : { kind: "variable", name: name.toLowerCase(), hasDefault: fallback !== undefined },
      );
      i += whole.length;
    } else {
      const char = text[i] as string;
      pieces.push(
        wildcards && char === "*"
          ? { kind: "star" }
          : wildcards && char === "?"
            ? { kind: "mark" }
            : { kind: "text", text: char },
      );
      i++;
    }
  }
  return pieces;
}

/** Returns the position after an unknown part, which may contain others; -1 if it does not end. */
function unknownEnd(text: string, start: number): number {
  let depth = 0;
  for (let i = start; i < text.length; i++) {
    if (text[i] === "⟨") depth++;
    else if (text[i] === "⟩" && --depth === 0) return i + 1;
  }
  return -1;
}

/** Splits pieces at colons: the segments of an ARN. The sixth segment contains all further colons. */
export function segmentsOf(pieces: readonly Piece[]): Piece[][] {
  const segments: Piece[][] = [[]];
  for (const piece of pieces) {
    if (piece.kind === "text" && piece.text === ":" && segments.length < 6) segments.push([]);
    else segments.at(-1)?.push(piece);
  }
  return segments;
}

export const colon: Piece = { kind: "text", text: ":" };

/** Returns literal text as pieces. */
export const textPieces = (text: string): Piece[] => [...text].map((char) => ({ kind: "text", text: char }));

/** Returns the text of pieces, or null if they are not all literal. */
export const literalText = (pieces: readonly Piece[]): string | null =>
  pieces.every((piece) => piece.kind === "text" || piece.kind === "unknown")
    ? pieces.map((piece) => (piece as { text: string }).text).join("")
    : null;
