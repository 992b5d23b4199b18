import type { Point, Range, Source } from "../model/source.ts";

/** Offsets of the line starts in the part of the text that has been scanned. */
interface Lines {
  starts: number[];
  upTo: number;
}

const lineCache = new WeakMap<Source, Lines>();

/** Returns line and column of an offset. Lines end with LF, CRLF or CR. Scans the text before the offset at most once. */
export function pointAt(source: Source, offset: number): Point {
  const at = Math.max(0, Math.min(offset, source.text.length));
  const lines = linesUpTo(source, at);
  const line = lastAtOrBefore(lines.starts, at);
  const start = lines.starts[line] as number;
  return { line: line + 1, column: Math.max(1, at - start + 1), offset: at };
}

export const rangeAt = (source: Source, start: number, end: number): Range => ({
  start: pointAt(source, start),
  end: pointAt(source, end),
});

export const hasBom = (text: string): boolean => text.charCodeAt(0) === 0xfeff;

/** Returns a position as it appears in messages. */
export const positionName = ({ line, column }: Point): string => `line ${line}, column ${column}`;

function linesUpTo(source: Source, offset: number): Lines {
  const { text } = source;
  // Editors do not show a byte order mark, so it does not count as a column.
  const lines = lineCache.get(source) ?? { starts: [hasBom(text) ? 1 : 0], upTo: 0 };
  for (let i = lines.upTo; i < offset; i++) {
    const c = text.charCodeAt(i);
    if (c === 0x0a || (c === 0x0d && text.charCodeAt(i + 1) !== 0x0a)) lines.starts.push(i + 1);
  }
  lines.upTo = Math.max(lines.upTo, offset);
  lineCache.set(source, lines);
  return lines;
}

/** Returns the index of the last offset in a sorted list that is at or before `offset`; 0 if there is none. */
export function lastAtOrBefore(sorted: number[], offset: number): number {
  let low = 0;
  let high = sorted.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((sorted[middle] as number) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}
