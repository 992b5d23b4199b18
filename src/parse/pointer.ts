/** The parts of an RFC 6901 pointer, unescaped. */
export function pointerParts(pointer: string): string[] {
  if (!pointer.startsWith("/")) return [];
  return pointer
    .slice(1)
    .split("/")
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
}

/** The position that a part of a pointer names in a list; -1 where it names none. */
export const listIndex = (part: string): number => (/^(?:0|[1-9]\d{0,9})$/.test(part) ? Number(part) : -1);
