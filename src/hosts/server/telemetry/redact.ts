/** Replaces a secret. */
export const REDACTED = "[redacted]";

const SECRET_NAME =
  /(?:^|[-_./: ])(?:authorization|cookies?|passw(?:or)?d|passphrase|secrets?|credentials?|tokens?|signatures?|api[-_]?key|private[-_]?key)$/i;

/** Returns whether the name of a field or tag suggests a secret: `access_token`, `set-cookie`, `X-TFC-Task-Signature`. */
export const isSecretName = (name: string): boolean =>
  SECRET_NAME.test(name.replace(/([a-z0-9])([A-Z])/g, "$1-$2"));

/**
 * Patterns of secrets with their replacements. A colon requires a following space, because ARNs have a colon between
 * `secret` and a name. Each pattern takes time linear in the length of the text.
 */
const SECRET_PATTERNS: [RegExp, string][] = [
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*/g, REDACTED],
  [/\b(Bearer|Basic)\s{1,3}[\w.~+/=-]{8,}/gi, `$1 ${REDACTED}`],
  [/(?<![\w-])eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*/g, REDACTED],
  [/\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g, REDACTED],
  [/\b(?:gh[pousr]_|github_pat_)\w{20,}/g, REDACTED],
  [/(?<![\w-])(?:glpat|xox[abprs])-[\w-]{10,}/g, REDACTED],
  [/\b\w+\.atlasv1\.[\w-]{20,}/g, REDACTED],
  [/(\w:\/\/)[^\s/@:]*:[^\s/@]+@/g, `$1${REDACTED}@`],
  [
    /(passw(?:or)?d|passphrase|secret|token|signature|(?:api|access)[-_]?key)(\s{0,3}=\s{0,3}|\s{0,3}:\s{1,3})(?!\[redacted\])[^\s&"',;]{4,}/gi,
    `$1$2${REDACTED}`,
  ],
];

/** Matches every text, and the JSON of every value, in which the patterns or the name of a field may find a secret. */
const POSSIBLE_SECRET =
  /-----BEGIN|[Bb][Ee][Aa][Rr][Ee][Rr]|[Bb][Aa][Ss][Ii][Cc][\s\\]|eyJ|A[KS]IA[A-Z0-9]|gh[pousr]_|github_pat_|glpat-|xox[abprs]-|\.atlasv1\.|:\/\/[^/]*@|(?:word|WORD|[Ww]ord|asswd|ASSWD|hrase|HRASE|ecrets?|ECRETS?|okens?|OKENS?|ignatures?|IGNATURES?|entials?|ENTIALS?|ookies?|OOKIES?|rization|RIZATION|(?:[Aa]pi|API|[Aa]ccess|ACCESS|[Pp]rivate|PRIVATE)[-_]?(?:[Kk]ey|KEY))(?:(?:\s|\\[nrtfu]){0,3}(?:=|:[\s\\])|":")/;

/** Returns false if a text, or the JSON of a value, certainly has no secrets. A fast check for the common case. */
export const mayContainSecret = (text: string): boolean => POSSIBLE_SECRET.test(text);

/** Replaces everything that looks like a secret. */
export function redactSecrets(text: string): string {
  if (!mayContainSecret(text)) return text;
  return SECRET_PATTERNS.reduce(
    (result, [pattern, replacement]) => result.replace(pattern, replacement),
    text,
  );
}

const MAX_LOGGED_CHARACTERS = 2048;

/** Redacts and truncates a string. Also removes the queries of URLs, because presigned URLs grant access. */
export function redactMessage(text: string): string {
  const truncated = text.length > MAX_LOGGED_CHARACTERS ? `${text.slice(0, MAX_LOGGED_CHARACTERS)}…` : text;
  return redactSecrets(truncated.replace(/(\w:\/\/[^\s?"'#]+)\?[^\s"'#]*/g, `$1?${REDACTED}`));
}

const MAX_LOGGED_DEPTH = 6;

/** Redacts the fields of a log line. An error becomes an object with its message and code. */
export function redactValue(value: unknown, depth = 0): unknown {
  if (typeof value === "string") return redactMessage(value);
  if (typeof value !== "object" || value === null) return typeof value === "bigint" ? String(value) : value;
  if (depth > MAX_LOGGED_DEPTH) return "…";
  if (value instanceof Error) {
    const { code } = value as NodeJS.ErrnoException;
    return { message: redactMessage(value.message), ...(code === undefined ? {} : { code }) };
  }
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map((item) => redactValue(item, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [
      name,
      isSecretName(name) && item !== undefined && item !== null ? REDACTED : redactValue(item, depth + 1),
    ]),
  );
}
