/** A character of a pattern: a wildcard, or a literal character, which may be `*` or `?` itself. */
export interface Token {
  char: string;
  wildcard: boolean;
}

/** Returns the tokens of a text. Without `wildcards`, every character is literal. */
export const tokens = (text: string, wildcards: boolean): Token[] =>
  Array.from(text, (char) => ({ char, wildcard: wildcards && (char === "*" || char === "?") }));

const compiled = new Map<string, RegExp>();

/** Matches a whole text: `*` is any characters, `?` exactly one. */
export function matches(pattern: readonly Token[], text: string, ignoreCase = false): boolean {
  let source = "";
  for (const { char, wildcard } of pattern) {
    if (wildcard) source += char === "*" ? ".*" : ".";
    else source += /[\w:@-]/.test(char) ? char : `\\u{${(char.codePointAt(0) as number).toString(16)}}`;
  }
  const key = `${ignoreCase ? "i" : ""}/${source}`;
  let expression = compiled.get(key);
  if (expression === undefined) {
    if (compiled.size > 10_000) compiled.clear();
    expression = new RegExp(`^${source}$`, ignoreCase ? "isu" : "su");
    compiled.set(key, expression);
  }
  return expression.test(text);
}

/** Splits tokens at literal colons into at most `limit` parts. */
export function splitAtColons(pattern: readonly Token[], limit: number): Token[][] {
  const parts: Token[][] = [[]];
  for (const token of pattern) {
    if (token.char === ":" && !token.wildcard && parts.length < limit) parts.push([]);
    else (parts[parts.length - 1] as Token[]).push(token);
  }
  return parts;
}
