import type { Json } from "./source.ts";

export type JsonMap = { [key: string]: Json };

export const isMap = (value: Json | undefined): value is JsonMap =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * Returns the value at a key that comes from an input. The key may be the name of a property that every object has, such
 * as `constructor`.
 */
export const own = <T>(record: { readonly [key: string]: T }, key: string): T | undefined =>
  Object.hasOwn(record, key) ? record[key] : undefined;

/** Returns a value if it is a map, otherwise an empty map. */
export const asMap = (value: Json | undefined): JsonMap => (isMap(value) ? value : {});
