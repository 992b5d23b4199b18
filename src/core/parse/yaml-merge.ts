import { isMap, type JsonMap } from "../model/json.ts";
import type { Json } from "../model/source.ts";
import { ParseFailure } from "./failure.ts";
import { setKey } from "./json-reader.ts";
import type { Span } from "./json-scan.ts";

/** Where the values in a container stand: `spans` holds start and end of each, in order. */
export interface Children {
  keys: string[] | null;
  spans: number[];
}

/** The mappings that `<<` names by its value, which starts at an offset. */
export function mergeSources(value: Json, start: number): JsonMap[] {
  const sources = Array.isArray(value) ? value : [value];
  if (sources.every(isMap)) return sources;
  throw new ParseFailure(
    start,
    "What << brings in is no mapping.",
    "Let << name a mapping, or a list of mappings.",
  );
}

/**
 * A mapping with what `<<` brings: its own keys go before all, and earlier sources before later ones.
 * The places of its children are filled in.
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
