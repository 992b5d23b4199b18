/**
 * Returns the encoding that a byte order mark declares, or null if it declares none or UTF-8. Without a byte order mark, a
 * null byte next to an ASCII character at the start is UTF-16.
 */
export function foreignEncoding(bytes: Buffer): string | null {
  const [a, b, c, d] = bytes;
  if (a === 0xff && b === 0xfe)
    return c === 0 && d === 0 ? "UTF-32 (little-endian)" : "UTF-16 (little-endian)";
  if (a === 0xfe && b === 0xff) return "UTF-16 (big-endian)";
  if (a === 0 && b === 0 && c === 0xfe && d === 0xff) return "UTF-32 (big-endian)";
  if (isAscii(a) && b === 0 && isAscii(c) && d === 0) return "UTF-16 (little-endian)";
  return a === 0 && isAscii(b) && c === 0 && isAscii(d) ? "UTF-16 (big-endian)" : null;
}

const isAscii = (byte: number | undefined): boolean => byte !== undefined && byte > 0 && byte < 0x80;
