import { escapePointer } from "../../core/model/node.ts";
import type { Json } from "../../core/model/source.ts";
import { pointerParts } from "../../core/parse/pointer.ts";

/** A value that a config cannot contain, and its JSON pointer. */
export class UnsupportedValue {
  readonly description: string;
  readonly pointer: string;
  constructor(description: string, pointer: string) {
    this.description = description;
    this.pointer = pointer;
  }
}

export const isUnsupported = (value: Json | UnsupportedValue): value is UnsupportedValue =>
  value instanceof UnsupportedValue;

/** Returns a value of a program as JSON, or the first value in it that JSON cannot represent. */
export function toJson(value: unknown, pointer = "", depth = 0): Json | UnsupportedValue {
  if (value === null || typeof value === "string" || typeof value === "boolean") return value;
  if (typeof value === "number")
    return Number.isFinite(value) ? value : new UnsupportedValue(String(value), pointer);
  if (depth > 50) return new UnsupportedValue("nested too deeply, or contains itself", pointer);
  if (Array.isArray(value)) {
    const items = value.map((item, i) => toJson(item, `${pointer}/${i}`, depth + 1));
    return items.find(isUnsupported) ?? (items as Json[]);
  }
  if (typeof value !== "object")
    return new UnsupportedValue(descriptions[typeof value] ?? typeof value, pointer);
  if (value instanceof Promise) return new UnsupportedValue("a promise", pointer);
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  const items = entries.map(([key, item]): [string, Json | UnsupportedValue] => [
    key,
    toJson(item, `${pointer}/${escapePointer(key)}`, depth + 1),
  ]);
  return items.map(([, item]) => item).find(isUnsupported) ?? (Object.fromEntries(items) as Json);
}

const descriptions: { [type: string]: string } = {
  function: "a function",
  undefined: "undefined",
  bigint: "a BigInt",
};

/** Returns the message for an unsupported value. `root`: the name of the entire value. */
export const unsupportedMessage = ({ description, pointer }: UnsupportedValue, root: string): string =>
  `${pointerParts(pointer).join(".") || root} is ${description}; a config contains only strings, numbers, booleans, lists and mappings.`;
