/**
 * Returns the JavaScript equivalent of a regular expression in RE2 syntax (Go, conftest, Rego), or undefined if the string
 * is not valid RE2 or has no equivalent.
 */
export function re2Pattern(text: string): RegExp | undefined {
  const [prefix = "", flags = ""] = /^\(\?([imsU]+)\)/.exec(text) ?? [];
  const parts = text.slice(prefix.length).match(TOKENS) ?? [];
  const source = parts.map(translated);
  if (source.includes(undefined)) return undefined;
  try {
    // U swaps greedy and lazy repetition, which does not change what matches.
    return new RegExp(source.join(""), `u${[...new Set(flags.replaceAll("U", ""))].join("")}`);
  } catch {
    return undefined;
  }
}

/** Escapes, character classes, groups, repetitions, and single characters. */
const TOKENS =
  /\\Q[\s\S]*?(?:\\E|$)|\\[pP](?:\{\^?\w+\}|[A-Z])|\\x\{[\da-fA-F]+\}|\\[\s\S]|\[\^?\]?(?:\[:\^?\w+:\]|\\[\s\S]|[^\]\\])*\]|\(\?(?:P?<?[\s\S])|\{\d+(?:,\d*)?\}|[\s\S]/g;

function translated(token: string): string | undefined {
  if (token.startsWith("\\")) return escape(token);
  if (token.startsWith("[") && token.length > 1) return characterClass(token);
  // RE2 has no lookaround.
  if (/^\(\?<?[=!]/.test(token)) return undefined;
  if (token.startsWith("(?P<")) return token.replace("P", "");
  return /^[{}\]]$/.test(token) ? `\\${token}` : token;
}

function escape(token: string): string | undefined {
  if (token.startsWith("\\Q")) return literal(token.slice(2).replace(/\\E$/, ""));
  if (/^\\[pP]/.test(token)) return unicodeClass(token);
  if (token.startsWith("\\x{")) return token.replace("x", "u");
  const known: { [token: string]: string } = {
    "\\z": "(?![\\s\\S])",
    "\\A": "(?<![\\s\\S])",
    "\\a": "\\x07",
  };
  // RE2 has no back-references.
  if (/^\\[\dkcu]/.test(token)) return undefined;
  return known[token] ?? (/^\\[^\w\s]$|^\\ $/.test(token) ? literal(token.slice(1)) : token);
}

const literal = (text: string): string =>
  text.replace(/[^\w]/gu, (mark) => `\\u{${(mark.codePointAt(0) as number).toString(16)}}`);

function unicodeClass(token: string): string {
  const negated = token.startsWith("\\P") !== token.includes("^");
  const name = token.slice(2).replace(/[{}^]/g, "");
  return `\\${negated ? "P" : "p"}{${name.length > 2 ? "Script=" : ""}${name}}`;
}

function characterClass(token: string): string | undefined {
  const [start = ""] = /^\[\^?/.exec(token) ?? [];
  const parts =
    token.slice(start.length, -1).match(/\[:\^?\w+:\]|\\[pP](?:\{\^?\w+\}|[A-Z])|\\[\s\S]|[\s\S]/g) ?? [];
  const content = parts.map((part) => {
    if (part.startsWith("[:") && part.length > 2) return POSIX[part.slice(2, -2)];
    if (part.startsWith("\\")) return escape(part);
    return /^[[\]]$/.test(part) ? `\\${part}` : part;
  });
  return content.includes(undefined) ? undefined : `${start}${content.join("")}]`;
}

const POSIX: { [name: string]: string | undefined } = {
  alnum: "0-9A-Za-z",
  alpha: "A-Za-z",
  ascii: "\\x00-\\x7F",
  blank: "\\t ",
  cntrl: "\\x00-\\x1F\\x7F",
  digit: "0-9",
  graph: "!-~",
  lower: "a-z",
  print: " -~",
  punct: "!-\\/:-@\\[-`{-~",
  space: "\\t\\n\\v\\f\\r ",
  upper: "A-Z",
  word: "0-9A-Za-z_",
  xdigit: "0-9A-Fa-f",
};
