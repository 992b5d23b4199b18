/**
 * JSON as OPA hashes it: without white space, keys sorted by their bytes, numbers as they are written, strings as Go's
 * encoder writes them without escaping HTML (`v1/bundle/hash.go`). Throws where the text is no JSON.
 */
export function canonical(text: string): string {
  JSON.parse(text);
  // JSON.parse alone would turn 1.0 into 1; marked, a number stays what it was, and cannot be taken for a string.
  const marked = text.replace(/"[^"\\]*(?:\\.[^"\\]*)*"|-?\d[\d.eE+-]*/g, (token) =>
    token.startsWith('"') ? `"s${token.slice(1)}` : `"n${token}"`,
  );
  return written(JSON.parse(marked));
}

function written(value: unknown): string {
  if (typeof value === "string") return value.startsWith("n") ? value.slice(1) : quoted(value.slice(1));
  if (typeof value !== "object" || value === null) return String(value);
  if (Array.isArray(value)) return `[${value.map(written).join(",")}]`;
  const members = Object.entries(value)
    .map(([key, item]) => ({ key: key.slice(1), item }))
    .sort((a, b) => Buffer.compare(Buffer.from(a.key), Buffer.from(b.key)));
  return `{${members.map(({ key, item }) => `${quoted(key)}:${written(item)}`).join(",")}}`;
}

/** Go escapes U+2028 and U+2029 too, and has no halves of pairs. */
const quoted = (text: string): string =>
  JSON.stringify(text.replace(/\p{Surrogate}/gu, "\ufffd"))
    .replaceAll("\u2028", "\\u2028")
    .replaceAll("\u2029", "\\u2029");
