/** Headers that Keywarden or the HTTP client sets. */
const RESERVED = new Set([
  "connection",
  "content-encoding",
  "content-length",
  "content-type",
  "expect",
  "host",
  "keep-alive",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

/**
 * Reads headers in the form `NAME: VALUE`. Returns them by name in lower case, or an error message, which contains no
 * value because values may be credentials. https://www.rfc-editor.org/rfc/rfc9110#section-5
 */
export function parseHeaders(lines: string[]): { [name: string]: string } | string {
  const headers = new Map<string, string>();
  for (const [index, line] of lines.entries()) {
    const [, rawName = "", value = ""] = /^([^:]*):[ \t]*(.*?)[ \t]*$/s.exec(line) ?? [];
    const name = rawName.toLowerCase();
    if (!/^[a-z0-9!#$%&'*+.^_`|~-]{1,100}$/.test(name))
      return `header ${index + 1} is not a header. Use 'NAME: VALUE'.`;
    if (!/^[\t\x20-\x7e]{1,4096}$/.test(value))
      return `the value of ${name} is empty, too long, or has characters that are not printable ASCII.`;
    if (RESERVED.has(name)) return `${name} is set by Keywarden. Remove it.`;
    if (headers.has(name)) return `${name} is set twice. Remove one of them.`;
    headers.set(name, value);
  }
  return Object.fromEntries(headers);
}
