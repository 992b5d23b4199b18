/* Finds range boundaries that the events of js-yaml do not contain. All functions only scan forward. */

/** Returns the offset of the indicator (`|` or `>`) of the block scalar whose first line starts at `content`. */
export function blockStart(text: string, from: number, content: number): number {
  const header = text.slice(from, content);
  const match = /[|>][-+\d]*[ \t]*(?:[ \t]#.*)?(?:\r\n?|\n)?$/.exec(header);
  return match === null ? content : from + match.index;
}

/** Returns the end of a range without trailing whitespace. */
export function trimmedEnd(text: string, start: number, end: number): number {
  let i = end;
  while (i > start && isBlank(text.charCodeAt(i - 1))) i--;
  return i;
}

/** Returns the offset after the closing bracket of a flow collection whose last entry ends before `from`. */
export function closingBracket(text: string, from: number): number {
  for (let i = from; i < text.length; i++) {
    const c = text[i];
    if (c === "]" || c === "}") return i + 1;
    if (c === "#") i = lineEnd(text, i);
  }
  return text.length;
}

/** Returns the offset of the next dash after whitespace and comments, or `from` if something else follows. */
export function nextDash(text: string, from: number): number {
  for (let i = from; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === 0x23) i = lineEnd(text, i);
    else if (!isBlank(c)) return c === 0x2d ? i : from;
  }
  return from;
}

const isBlank = (c: number): boolean => c === 0x20 || c === 0x0a || c === 0x0d || c === 0x09;

function lineEnd(text: string, from: number): number {
  let i = from;
  while (i < text.length && text[i] !== "\n" && text[i] !== "\r") i++;
  return i;
}
