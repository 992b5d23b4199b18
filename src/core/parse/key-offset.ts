import type { Parsed } from "../model/source.ts";
import { pointerParts } from "./pointer.ts";

/** Returns the offset of the key of a value. The value itself may start on a later line. */
export function keyOffset(parsed: Parsed, pointer: string): number {
  const { text } = parsed.source;
  const key = pointerParts(pointer).at(-1);
  const { offset } = parsed.locate(pointer).start;
  // In a config file that is a script, only the key can be found.
  if (!key || startsWithKey(text, offset, key) || startsWithKey(text, offset + 1, key)) return offset;
  const before = text.lastIndexOf(key, offset - 1);
  if (before < 0) return offset;
  return /["']/.test(text[before - 1] ?? "") ? before - 1 : before;
}

const startsWithKey = (text: string, offset: number, key: string): boolean =>
  text.startsWith(key, offset) && /^["']?\s*:/.test(text.slice(offset + key.length));
