/** Returns the encoding that a byte order mark declares, or null if it declares none or UTF-8. */
export function foreignEncoding(bytes: Buffer): string | null {
  const [a, b, c, d] = bytes;
  if (a === 0xff && b === 0xfe)
    return c === 0 && d === 0 ? "UTF-32 (little-endian)" : "UTF-16 (little-endian)";
  if (a === 0xfe && b === 0xff) return "UTF-16 (big-endian)";
  return a === 0 && b === 0 && c === 0xfe && d === 0xff ? "UTF-32 (big-endian)" : null;
}
