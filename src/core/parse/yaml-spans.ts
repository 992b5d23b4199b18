/* Ends and beginnings that js-yaml's events leave out, found in the text. All look forward only. */

/** Where the mark (`|` or `>`) of a block stands that has its first line at `content`. */
export function blockStart(text: string, from: number, content: number): number {
  const header = text.slice(from, content);
  const match = /[|>][-+\d]*[ \t]*(?:[ \t]#.*)?(?:\r\n?|\n)?$/.exec(header);
  return match === null ? content : from + match.index;
}

/** The end of a text without the line breaks and spaces that follow it. */
export function trimmedEnd(text: string, start: number, end: number): number {
  let i = end;
  while (i > start && isBlank(text.charCodeAt(i - 1))) i--;
  return i;
}

/** The offset after the bracket that closes a list or mapping whose last entry ends before `from`. */
export function closingBracket(text: string, from: number): number {
  for (let i = from; i < text.length; i++) {
    const c = text[i];
    if (c === "]" || c === "}") return i + 1;
    if (c === "#") i = lineEnd(text, i);
  }
  return text.length;
}

/** The next dash of a list, over white space and comments; `from` where something else stands there. */
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
