import { escapePointer } from "../../core/model/node.ts";
import type { Json } from "../../core/model/source.ts";
import { pointerParts } from "../../core/parse/pointer.ts";

/** A value that no configuration holds, and where. */
export class Foreign {
  readonly what: string;
  readonly pointer: string;
  constructor(what: string, pointer: string) {
    this.what = what;
    this.pointer = pointer;
  }
}

export const isForeign = (value: Json | Foreign): value is Foreign => value instanceof Foreign;

/** What a program gives as a configuration, or the first value in it that none holds. */
export function plain(value: unknown, pointer = "", depth = 0): Json | Foreign {
  if (value === null || typeof value === "string" || typeof value === "boolean") return value;
  if (typeof value === "number") return Number.isFinite(value) ? value : new Foreign(String(value), pointer);
  if (depth > 50) return new Foreign("nested in itself", pointer);
  if (Array.isArray(value)) {
    const items = value.map((item, i) => plain(item, `${pointer}/${i}`, depth + 1));
    return items.find(isForeign) ?? (items as Json[]);
  }
  if (typeof value !== "object") return new Foreign(kinds[typeof value] ?? typeof value, pointer);
  if (value instanceof Promise) return new Foreign("a promise", pointer);
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  const items = entries.map(([key, item]): [string, Json | Foreign] => [
    key,
    plain(item, `${pointer}/${escapePointer(key)}`, depth + 1),
  ]);
  return items.map(([, item]) => item).find(isForeign) ?? (Object.fromEntries(items) as Json);
}

const kinds: { [type: string]: string } = {
  function: "a function",
  undefined: "nothing",
  bigint: "a BigInt",
};

/** `whole`: what the value is called that holds everything. */
export const foreignMessage = ({ what, pointer }: Foreign, whole: string): string =>
  `${pointerParts(pointer).join(".") || whole} is ${what}: a configuration holds texts, numbers, true, false, lists and mappings.`;
