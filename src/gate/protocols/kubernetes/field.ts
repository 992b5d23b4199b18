import type { JsonMap } from "../../../core/model/json.ts";
import { pointerParts } from "../../../core/parse/pointer.ts";

export interface ObjectField {
  /** Object keys and list indexes, from the root of the object. */
  path: string[];
  /** In the notation of `kubectl`: `.spec.forProvider.policy`; empty for the whole object. */
  text: string;
}

/** Returns the deepest field of the object that contains the location of a JSON pointer. */
export function objectField(
  pointer: string,
  { object, oldObject }: { object: JsonMap | null; oldObject: JsonMap | null },
): ObjectField {
  const segments = pointerParts(pointer);
  const [request, side, ...rest] = segments;
  const isReviewed = request === "request" && (side === "object" || side === "oldObject");
  let value: unknown = isReviewed && side === "oldObject" ? oldObject : object;
  const path: string[] = [];
  for (const key of isReviewed ? rest : segments) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) break;
    value = (value as { [key: string]: unknown })[key];
    path.push(key);
  }
  const text = path
    .map((key) =>
      /^\d+$/.test(key) ? `[${key}]` : /^\w+$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`,
    )
    .join("");
  return { path, text };
}
