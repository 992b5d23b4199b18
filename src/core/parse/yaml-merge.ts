import { isMap, type JsonMap } from "../model/json.ts";
import type { Json } from "../model/source.ts";
import { ParseFailure } from "./failure.ts";
import { setKey } from "./json-reader.ts";
import type { Span } from "./json-scan.ts";

/** Ranges of the values in a container: `spans` contains start and end offset of each, in order. */
export interface Children {
  keys: string[] | null;
  spans: number[];
}

/** Returns the mappings in the value of `<<`. `start` is its offset. */
export function mergeSources(value: Json, start: number): JsonMap[] {
  const sources = Array.isArray(value) ? value : [value];
  if (sources.every(isMap)) return sources;
  throw new ParseFailure(
    start,
    "The value of << is not a mapping.",
    "Set << to a mapping or a list of mappings.",
  );
}

/**
 * Merges mappings as `<<` defines: own keys take precedence, then earlier sources. Updates `children` with the ranges of
 * the merged values.
 */
export function mergeMappings(
  own: JsonMap,
  children: Children,
  sources: JsonMap[],
  known: Map<Json, Children>,
): JsonMap {
  const value: JsonMap = {};
  const spans = new Map<string, Span>();
  for (const source of [own, ...sources]) {
    const from = source === own ? children : known.get(source);
    for (const [n, key] of (from?.keys ?? []).entries()) {
      if (spans.has(key)) continue;
      setKey(value, key, source[key] as Json);
      spans.set(key, [from?.spans[n * 2] as number, from?.spans[n * 2 + 1] as number]);
    }
  }
  children.keys = [...spans.keys()];
  children.spans = [...spans.values()].flat();
  return value;
}
