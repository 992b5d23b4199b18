import type { Json } from "../model/source.ts";

/** Returns the unescaped parts of an RFC 6901 pointer. */
export function pointerParts(pointer: string): string[] {
  if (!pointer.startsWith("/")) return [];
  return pointer
    .slice(1)
    .split("/")
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
}

/** Returns the list index that a part of a pointer names, or -1. */
export const listIndex = (part: string): number => (/^(?:0|[1-9]\d{0,9})$/.test(part) ? Number(part) : -1);

/** Returns the value at a pointer, or undefined. */
export function valueAt(value: Json, pointer: string): Json | undefined {
  let current: Json | undefined = value;
  for (const part of pointerParts(pointer)) current = childAt(current, part);
  return current;
}

export const childAt = (value: Json | undefined, part: string): Json | undefined => {
  if (Array.isArray(value)) return value[listIndex(part)];
  return typeof value === "object" && value !== null && Object.hasOwn(value, part) ? value[part] : undefined;
};
