/** What stands where something was that is nobody's business. */
export const HIDDEN = "[redacted]";

const SECRET_NAME =
  /(?:^|[-_./: ])(?:authorization|cookies?|passw(?:or)?d|passphrase|secrets?|credentials?|tokens?|signatures?|api[-_]?key|private[-_]?key)$/i;

/** Whether a field or a tag by its name holds a secret: `access_token`, `set-cookie`, `X-TFC-Task-Signature`. */
export const isSecretName = (name: string): boolean =>
  SECRET_NAME.test(name.replace(/([a-z0-9])([A-Z])/g, "$1-$2"));

/**
 * What gives itself away as a secret. Between `secret` and a name ARNs have a colon, so a colon alone says nothing.
 * Each takes time linear in the text, whatever it is: none can start where it went on from before.
 */
const SECRET_PARTS: [RegExp, string][] = [
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*/g, HIDDEN],
  [/\b(Bearer|Basic)\s{1,3}[\w.~+/=-]{8,}/gi, `$1 ${HIDDEN}`],
  [/(?<![\w-])eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*/g, HIDDEN],
  [/\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g, HIDDEN],
  [/\b(?:gh[pousr]_|github_pat_)\w{20,}/g, HIDDEN],
  [/(?<![\w-])(?:glpat|xox[abprs])-[\w-]{10,}/g, HIDDEN],
  [/\b\w+\.atlasv1\.[\w-]{20,}/g, HIDDEN],
  [/(\w:\/\/)[^\s/@:]*:[^\s/@]+@/g, `$1${HIDDEN}@`],
  [
    /(passw(?:or)?d|passphrase|secret|token|signature|(?:api|access)[-_]?key)(\s{0,3}=\s{0,3}|\s{0,3}:\s{1,3})(?!\[redacted\])[^\s&"',;]{4,}/gi,
    `$1$2${HIDDEN}`,
  ],
];

/** What a text, or the JSON of a value, has where the patterns above, or the name of a field, may find something. */
const SUSPICION =
  /-----BEGIN|[Bb][Ee][Aa][Rr][Ee][Rr]|[Bb][Aa][Ss][Ii][Cc][\s\\]|eyJ|A[KS]IA[A-Z0-9]|gh[pousr]_|github_pat_|glpat-|xox[abprs]-|\.atlasv1\.|:\/\/[^/]*@|(?:word|WORD|[Ww]ord|asswd|ASSWD|hrase|HRASE|ecrets?|ECRETS?|okens?|OKENS?|ignatures?|IGNATURES?|entials?|ENTIALS?|ookies?|OOKIES?|rization|RIZATION|(?:[Aa]pi|API|[Aa]ccess|ACCESS|[Pp]rivate|PRIVATE)[-_]?(?:[Kk]ey|KEY))(?:(?:\s|\\[nrtfu]){0,3}(?:=|:[\s\\])|":")/;

/** Whether a text, or a value by its JSON, may hold secrets; quick, for the many that hold none. */
export const isSuspicious = (text: string): boolean => SUSPICION.test(text);

/** A text without what looks like a secret. */
export function withoutSecrets(text: string): string {
  if (!isSuspicious(text)) return text;
  let told = text;
  for (const [pattern, instead] of SECRET_PARTS) told = told.replace(pattern, instead);
  return told;
}

const LONGEST = 2048;

/** Of what leaves in a log, URLs lose their queries too: presigned ones are keys. */
function forLog(text: string): string {
  const short = text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
  return withoutSecrets(short.replace(/(\w:\/\/[^\s?"'#]+)\?[^\s"'#]*/g, `$1?${HIDDEN}`));
}

const DEPTH = 6;

/** The fields of a line of the log without secrets; an error is its message and its code. */
export function redacted(value: unknown, depth = 0): unknown {
  if (typeof value === "string") return forLog(value);
  if (typeof value !== "object" || value === null) return typeof value === "bigint" ? String(value) : value;
  if (depth > DEPTH) return "…";
  if (value instanceof Error) {
    const { code } = value as NodeJS.ErrnoException;
    return { message: forLog(value.message), ...(code === undefined ? {} : { code }) };
  }
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map((item) => redacted(item, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [
      name,
      isSecretName(name) && item !== undefined && item !== null ? HIDDEN : redacted(item, depth + 1),
    ]),
  );
}

/** The message of a line. */
export const redactedText = forLog;
