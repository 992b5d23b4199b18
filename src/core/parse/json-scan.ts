import { listIndex, pointerParts } from "./pointer.ts";

/*
 * Finds positions in text that is known to be valid JSON. It does not validate or build values, so positions in a plan of
 * 100 MB take a fraction of the time that parsing takes.
 */

export type Span = [start: number, end: number];

/** The children of a container that have been scanned so far. Scanning is lazy: children near the start are fast. */
interface Children {
  /** Start and end offset of each value, in order. */
  spans: number[];
  /** Indexes of the children of an object by key; null for an array. */
  keys: Map<string, number> | null;
  /** Offset of the next child, or -1 at the end. */
  next: number;
}

/**
 * Returns a function from pointers to the range of the value, or of its closest existing ancestor. Each container is
 * scanned at most once.
 */
export function jsonFinder(text: string): (pointer: string) => Span {
  const memo = new Map<number, Children>();
  const start = skipSpace(text, 0);
  let root: Span | undefined;
  const childAt = (container: number, part: string): Span | null => {
    const children = memo.get(container) ?? newChildren(text, container);
    memo.set(container, children);
    const index = search(text, children, part);
    return index < 0 ? null : [children.spans[index * 2] as number, children.spans[index * 2 + 1] as number];
  };
  return (pointer) => {
    let found: Span | null = null;
    for (const part of pointerParts(pointer)) {
      const child = childAt(found === null ? start : found[0], part);
      if (child === null) break;
      found = child;
    }
    if (found !== null) return found;
    root ??= [start, skipValue(text, start)];
    return root;
  };
}

/** Returns the offset of the first occurrence of a key in the object at an offset. */
export function firstKey(text: string, object: number, key: string): number {
  let i = skipSpace(text, object + 1);
  while (text.charCodeAt(i) === 0x22) {
    const end = skipString(text, i);
    if (decode(text, i, end) === key) return i;
    i = skipSpace(text, skipValue(text, skipSpace(text, skipSpace(text, end) + 1)));
    if (text.charCodeAt(i) === 0x2c) i = skipSpace(text, i + 1);
  }
  return object;
}

/** Returns the offset of the first bracket that is nested deeper than `limit`, or -1. */
export function offsetBeyondDepth(text: string, limit: number): number {
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === 0x22) i = skipString(text, i) - 1;
    else if (isOpening(c) && ++depth > limit) return i;
    else if (isClosing(c)) depth--;
  }
  return -1;
}

// A bracket and a brace differ by one bit: "[" | 32 is "{", "]" | 32 is "}".
const isOpening = (c: number): boolean => (c | 32) === 0x7b;
const isClosing = (c: number): boolean => (c | 32) === 0x7d;

function newChildren(text: string, container: number): Children {
  const open = text.charCodeAt(container);
  const next = isOpening(open) ? skipSpace(text, container + 1) : -1;
  return { spans: [], keys: open === 0x7b ? new Map() : null, next };
}

/** Returns the index of the child that a part of a pointer names, or -1. */
function search(text: string, children: Children, part: string): number {
  const { spans, keys } = children;
  const index = keys === null ? listIndex(part) : -1;
  for (;;) {
    const found = keys === null ? (index * 2 < spans.length ? index : -1) : (keys.get(part) ?? -1);
    if (found >= 0 || (keys === null && index < 0) || !readChild(text, children)) return found;
  }
}

/** Scans the next child. Returns false at the end of the container. */
function readChild(text: string, children: Children): boolean {
  let i = children.next;
  if (i < 0 || i >= text.length || isClosing(text.charCodeAt(i))) {
    children.next = -1;
    return false;
  }
  if (children.keys !== null) {
    const end = skipString(text, i);
    children.keys.set(decode(text, i, end), children.spans.length / 2);
    i = skipSpace(text, skipSpace(text, end) + 1);
  }
  const end = skipValue(text, i);
  children.spans.push(i, end);
  i = skipSpace(text, end);
  children.next = text.charCodeAt(i) === 0x2c ? skipSpace(text, i + 1) : i;
  return true;
}

const decode = (text: string, start: number, end: number): string => {
  const raw = text.slice(start + 1, end - 1);
  return raw.includes("\\") ? JSON.parse(`"${raw}"`) : raw;
};

export function skipSpace(text: string, from: number): number {
  let i = from;
  for (; ; i++) {
    const c = text.charCodeAt(i);
    if (c !== 0x20 && c !== 0x0a && c !== 0x0d && c !== 0x09 && !(c === 0xfeff && i === 0)) return i;
  }
}

/** Returns the offset after the string that starts at `from`. `indexOf` is twice as fast as a loop over characters. */
function skipString(text: string, from: number): number {
  for (let i = text.indexOf('"', from + 1); i >= 0; i = text.indexOf('"', i + 1)) {
    let slashes = 0;
    while (text.charCodeAt(i - 1 - slashes) === 0x5c) slashes++;
    if (slashes % 2 === 0) return i + 1;
  }
  return text.length;
}

/** Returns the offset after the value that starts at `from`. */
function skipValue(text: string, from: number): number {
  const first = text.charCodeAt(from);
  if (first === 0x22) return skipString(text, from);
  if (!isOpening(first)) return skipWord(text, from);
  let depth = 0;
  for (let i = from; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === 0x22) i = skipString(text, i) - 1;
    else if (isOpening(c)) depth++;
    else if (isClosing(c) && --depth === 0) return i + 1;
  }
  return text.length;
}

function skipWord(text: string, from: number): number {
  let i = from;
  for (; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c <= 0x20 || c === 0x2c || isClosing(c)) break;
  }
  return i;
}
