import { isMap, type JsonMap } from "../../model/json.ts";
import type { Json } from "../../model/source.ts";

export { isMap as isObject, type JsonMap as JsonObject };

/** Returns the value at a path of keys and indexes; undefined if there is none. */
export function jsonAt(value: Json | undefined, ...path: (string | number)[]): Json | undefined {
  let current = value;
  for (const step of path) {
    if (Array.isArray(current) && typeof step === "number") current = current[step];
    else if (isMap(current) && Object.hasOwn(current, step)) current = current[step];
    else return undefined;
  }
  return current;
}

export const listAt = (value: Json | undefined, ...path: (string | number)[]): Json[] => {
  const found = jsonAt(value, ...path);
  return Array.isArray(found) ? found : [];
};

export const stringAt = (value: Json | undefined, ...path: (string | number)[]): string | undefined => {
  const found = jsonAt(value, ...path);
  return typeof found === "string" ? found : undefined;
};

/** Returns whether the value contains `true` at any depth. Used for `after_sensitive` and `after_unknown`. */
export function anyTrue(value: Json | undefined): boolean {
  if (value === true) return true;
  if (value === null || typeof value !== "object") return false;
  return Object.values(value).some((item) => anyTrue(item));
}
