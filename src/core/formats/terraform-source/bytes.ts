/** Turns offsets in the UTF-8 bytes of a text into offsets in the text. Looks at the text once. */
export function fromBytes(text: string): (byte: number) => number {
  // From the n-th point on the text is `shifts[n]` units shorter than its bytes.
  const points: number[] = [];
  const shifts: number[] = [];
  let shift = 0;
  for (const { index, 0: char } of text.matchAll(/[^\0-\x7f]/gu)) {
    const bytes = sizeOf(char.codePointAt(0) as number);
    points.push(index + shift + bytes);
    shift += bytes - char.length;
    shifts.push(shift);
  }
  return (byte) => {
    let low = 0;
    let high = points.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((points[middle] as number) <= byte) low = middle + 1;
      else high = middle;
    }
    return byte - (low === 0 ? 0 : (shifts[low - 1] as number));
  };
}

const sizeOf = (code: number): number => (code < 0x800 ? 2 : code < 0x10000 ? 3 : 4);
