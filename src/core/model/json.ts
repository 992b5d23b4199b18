import type { Json } from "./source.ts";

export type JsonMap = { [key: string]: Json };

export const isMap = (value: Json | undefined): value is JsonMap =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Returns a value if it is a map, otherwise an empty map. */
export const asMap = (value: Json | undefined): JsonMap => (isMap(value) ? value : {});
