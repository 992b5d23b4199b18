import type { InlineSuppression } from "../../model/document.ts";
import { isSuppressionName } from "../../model/inline-suppression.ts";
import { escapePointer, locationOf } from "../../model/node.ts";
import type { Json } from "../../model/source.ts";
import { anyTrue, at, isObject } from "./json.ts";
import { hasNumbered } from "./numbered.ts";
import type { Plan, Resource } from "./plan.ts";

/**
 * The suppressions among a resource's own tags: one that a provider adds to everything says nothing of a resource. What
 * is sensitive or not known is none.
 */
export function ignoresOf(plan: Plan, resource: Resource): InlineSuppression[] {
  const { values, valuesAt, sensitive, address } = resource;
  const tags = at(values, "tags") ?? null;
  if (sensitive === true || at(sensitive, "tags") === true) return [];
  return entriesOf(tags).flatMap(([name, value, path]): InlineSuppression[] => {
    if (!isSuppressionName(name) || typeof value !== "string" || hasNumbered(value)) return [];
    if (anyTrue(at(sensitive, "tags", path[0] as string | number))) return [];
    const pointer = [valuesAt, "tags", ...path.map((step) => escapePointer(String(step)))].join("/");
    return [{ value, location: locationOf({ parsed: plan.parsed, pointer }, address) }];
  });
}

type Entry = [name: string, value: Json | undefined, path: (string | number)[]];

/** Of a map, or of a list of keys with values. */
function entriesOf(tags: Json): Entry[] {
  if (isObject(tags)) return Object.entries(tags).map(([name, value]) => [name, value, [name]]);
  if (!Array.isArray(tags)) return [];
  return tags.map((tag, i) => [String(at(tag, "key") ?? ""), at(tag, "value"), [i, "value"]]);
}
