import type { InlineSuppression } from "../../model/document.ts";
import { isSuppressionName } from "../../model/inline-suppression.ts";
import { escapePointer, locationOf } from "../../model/node.ts";
import type { Json } from "../../model/source.ts";
import { anyTrue, isObject, jsonAt } from "./json.ts";
import { hasPlaceholder } from "./placeholders.ts";
import type { Plan, PlanResource } from "./plan.ts";

/**
 * Returns the suppressions in the tags of a resource. Default tags of the provider don't count, because they apply to all
 * resources. Sensitive and unknown tags don't count either.
 */
export function suppressionsInTags(plan: Plan, resource: PlanResource): InlineSuppression[] {
  const { values, valuesPointer, sensitive, address } = resource;
  const tags = jsonAt(values, "tags") ?? null;
  if (sensitive === true || jsonAt(sensitive, "tags") === true) return [];
  return tagEntries(tags).flatMap(([name, value, path]): InlineSuppression[] => {
    if (!isSuppressionName(name) || typeof value !== "string" || hasPlaceholder(value)) return [];
    if (anyTrue(jsonAt(sensitive, "tags", path[0] as string | number))) return [];
    const pointer = [valuesPointer, "tags", ...path.map((step) => escapePointer(String(step)))].join("/");
    return [{ value, location: locationOf({ parsed: plan.parsed, pointer }, address) }];
  });
}

type TagEntry = [name: string, value: Json | undefined, path: (string | number)[]];

/** Returns the entries of a map, or of a list of objects with `key` and `value`. */
function tagEntries(tags: Json): TagEntry[] {
  if (isObject(tags)) return Object.entries(tags).map(([name, value]) => [name, value, [name]]);
  if (!Array.isArray(tags)) return [];
  return tags.map((tag, i) => [String(jsonAt(tag, "key") ?? ""), jsonAt(tag, "value"), [i, "value"]]);
}
