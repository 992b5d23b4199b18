import type { Value } from "../../model/document.ts";
import type { Node } from "../../model/node.ts";
import { child, textOf } from "../../model/node.ts";
import type { Json } from "../../model/source.ts";
import { attributeOf } from "./attribute.ts";
import type { FieldReader } from "./entity.ts";
import { jsonAt } from "./json.ts";
import type { Plan, PlanResource } from "./plan.ts";
import { defaultTags, evaluatedString } from "./provider.ts";
import { stringValue, unknownBecause, unknownFrom } from "./values.ts";

type Tags = Value<{ [key: string]: Value<string> }>;

const redacted = "(sensitive)";

/**
 * Returns the tags of a resource, including the default tags of the provider. Resources with tags as a list have no
 * default tags; some of them use another attribute name.
 */
export function tagsFromPlan(
  plan: Plan,
  resource: PlanResource,
  format: "map" | "list",
  fields: FieldReader,
  name = "tags",
): Tags {
  const sensitivity = (name: string) =>
    resource.sensitive === true ? true : jsonAt(resource.sensitive, name);
  if (format === "list") {
    const convert = (node: Node): Tags =>
      node.type === "map"
        ? tagsFromMap(node, sensitivity(name), resource)
        : tagsFromList(node, sensitivity(name));
    return fields.read("tags", name, convert, {} as Tags);
  }
  const convert = (name: string) => (node: Node) => tagsFromMap(node, sensitivity(name), resource);
  const allTags = jsonAt(resource.values, "tags_all");
  if (allTags !== undefined && allTags !== null) {
    const tags = fields.read("tags", "tags_all", convert("tags_all"), {} as Tags);
    if (Object.keys(tags).length === 0 && fields.locations.tags !== undefined) {
      delete fields.locations.tags;
      fields.defaults.push("tags");
    }
    return tags;
  }
  const { node } = attributeOf(plan, resource, "tags");
  const resourceTags = fields.read("tags", "tags", convert("tags"), {} as Tags);
  if (node?.type === "unknown" || !canHaveProviderTags(plan, resource)) return resourceTags;
  const providerTags = resource.config === undefined ? null : defaultTags(plan, resource);
  if (providerTags === null) {
    const reason =
      plan.unknowns === undefined
        ? "the plan does not contain the default tags of the provider"
        : "the default tags of the provider are not known";
    return unknownBecause(reason, `${resource.address}.tags_all`);
  }
  if (Object.keys(providerTags).length === 0) return resourceTags;
  fields.defaults.splice(0, fields.defaults.length, ...fields.defaults.filter((field) => field !== "tags"));
  const defaults = Object.entries(providerTags).flatMap(([name, text]) =>
    typeof text === "string" ? [[name, evaluatedString(plan, text)] as const] : [],
  );
  return { ...Object.fromEntries(defaults), ...resourceTags };
}

/**
 * Returns whether the provider can add tags: `tags_all` is unknown. AWS provider versions before 3.38 don't have this
 * attribute. Evaluated source never contains it, but all resource types with tags have it.
 */
const canHaveProviderTags = ({ unknowns }: Plan, resource: PlanResource): boolean =>
  unknowns !== undefined ||
  resource.afterUnknown === null ||
  resource.afterUnknown === true ||
  jsonAt(resource.afterUnknown, "tags_all") !== undefined;

function tagsFromMap(node: Node, sensitivity: Json | undefined, resource: PlanResource): Tags {
  if (node.type === "unknown") return unknownFrom(node.part);
  if (node.type !== "map") return unknownBecause("not a map", `${resource.address}.tags`);
  if (sensitivity === true && node.entries.length > 0)
    return unknownBecause("sensitive", `${resource.address}.tags`);
  const tags: [string, Value<string>][] = [];
  for (const { key, value } of node.entries) {
    if (value.type === "scalar" && value.value === null) continue;
    tags.push([key, jsonAt(sensitivity, key) === true ? redacted : stringValue(value)]);
  }
  return Object.fromEntries(tags);
}

function tagsFromList(node: Node, sensitivity: Json | undefined): Tags {
  if (node.type === "unknown") return unknownFrom(node.part);
  if (node.type !== "list") return unknownBecause("not a list", "tags");
  if (sensitivity === true && node.items.length > 0) return unknownBecause("sensitive", "tags");
  const tags: [string, Value<string>][] = [];
  for (const [i, item] of node.items.entries()) {
    const [key, value] = [child(item, "key"), child(item, "value")];
    const name = key?.type === "scalar" ? textOf(key) : null;
    // If one tag key is unknown, so is the set of tags.
    if (name === null || jsonAt(sensitivity, i, "key") === true) {
      return unknownBecause(item.type === "unknown" ? item.part.reason : "a tag key is not known", "tags");
    }
    const isSensitive = jsonAt(sensitivity, i) === true || jsonAt(sensitivity, i, "value") === true;
    if (value !== undefined) tags.push([name, isSensitive ? redacted : stringValue(value)]);
  }
  return Object.fromEntries(tags);
}
