/**
 * Returns JSON in the canonical format that OPA hashes (`v1/bundle/hash.go`): without white space, with keys sorted by their bytes,
 * numbers as written, and strings as Go's encoder writes them without HTML escapes. Throws if the text is not JSON.
 */
export function canonicalJson(text: string): string {
  JSON.parse(text);
  // JSON.parse would turn 1.0 into 1. Numbers therefore become strings, with a prefix that distinguishes both.
  const prefixed = text.replace(/"[^"\\]*(?:\\.[^"\\]*)*"|-?\d[\d.eE+-]*/g, (token) =>
    token.startsWith('"') ? `"s${token.slice(1)}` : `"n${token}"`,
  );
  return serialize(JSON.parse(prefixed));
}

function serialize(value: unknown): string {
  if (typeof value === "string") return value.startsWith("n") ? value.slice(1) : goString(value.slice(1));
  if (typeof value !== "object" || value === null) return String(value);
  if (Array.isArray(value)) return `[${value.map(serialize).join(",")}]`;
  const members = Object.entries(value)
    .map(([key, item]) => ({ key: key.slice(1), item }))
    .sort((a, b) => Buffer.compare(Buffer.from(a.key), Buffer.from(b.key)));
  return `{${members.map(({ key, item }) => `${goString(key)}:${serialize(item)}`).join(",")}}`;
}

/** Go also escapes U+2028 and U+2029, and replaces unpaired surrogates. */
const goString = (text: string): string =>
  JSON.stringify(text.replace(/\p{Surrogate}/gu, "\ufffd"))
    .replaceAll("\u2028", "\\u2028")
    .replaceAll("\u2029", "\\u2029");
