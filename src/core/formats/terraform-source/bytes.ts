/** Returns a function that converts offsets in UTF-8 bytes to offsets in the string. */
export function utf16Offsets(text: string): (byte: number) => number {
  // From byte `boundaries[n]` on, the string offset is `shifts[n]` less than the byte offset.
  const boundaries: number[] = [];
  const shifts: number[] = [];
  let shift = 0;
  for (const { index, 0: char } of text.matchAll(/[^\0-\x7f]/gu)) {
    const bytes = utf8Size(char.codePointAt(0) as number);
    boundaries.push(index + shift + bytes);
    shift += bytes - char.length;
    shifts.push(shift);
  }
  return (byte) => {
    let low = 0;
    let high = boundaries.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((boundaries[middle] as number) <= byte) low = middle + 1;
      else high = middle;
    }
    return byte - (low === 0 ? 0 : (shifts[low - 1] as number));
  };
}

/** The number of UTF-8 bytes of a code point that is not ASCII. */
const utf8Size = (code: number): number => (code < 0x800 ? 2 : code < 0x10000 ? 3 : 4);
