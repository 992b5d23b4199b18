import type { Value } from "../../model/document.ts";
import type { Node } from "../../model/node.ts";
import { child, textOf } from "../../model/node.ts";
import type { Json } from "../../model/source.ts";
import { attributeOf } from "./attribute.ts";
import type { Fields } from "./entity.ts";
import { at } from "./json.ts";
import type { Plan, Resource } from "./plan.ts";
import { defaultTags, textIn } from "./provider.ts";
import { ofHole, stringValue, unknown } from "./values.ts";

type Tags = Value<{ [key: string]: Value<string> }>;

const hidden = "(sensitive)";

/**
 * A resource's tags, those that the provider adds by default among them. A provider that has them as a list adds none,
 * and has them, for some types, in another attribute.
 */
export function tagsOf(
  plan: Plan,
  resource: Resource,
  form: "map" | "list",
  fields: Fields,
  name = "tags",
): Tags {
  const sensitivity = (name: string) => (resource.sensitive === true ? true : at(resource.sensitive, name));
  if (form === "list") {
    const convert = (node: Node): Tags =>
      node.type === "map" ? fromMap(node, sensitivity(name), resource) : fromList(node, sensitivity(name));
    return fields.read("tags", name, convert, {} as Tags);
  }
  const convert = (name: string) => (node: Node) => fromMap(node, sensitivity(name), resource);
  const all = at(resource.values, "tags_all");
  if (all !== undefined && all !== null) {
    const tags = fields.read("tags", "tags_all", convert("tags_all"), {} as Tags);
    if (Object.keys(tags).length === 0 && fields.locations.tags !== undefined) {
      delete fields.locations.tags;
      fields.defaults.push("tags");
    }
    return tags;
  }
  const { node } = attributeOf(plan, resource, "tags");
  const own = fields.read("tags", "tags", convert("tags"), {} as Tags);
  if (node?.type === "unknown" || !expectsMore(plan, resource)) return own;
  const added = resource.written === undefined ? null : defaultTags(plan, resource);
  if (added === null) {
    const reason =
      plan.holes === undefined
        ? "the plan does not show the provider's default tags"
        : "the provider's default tags are not known";
    return unknown(reason, `${resource.address}.tags_all`);
  }
  if (Object.keys(added).length === 0) return own;
  fields.defaults.splice(0, fields.defaults.length, ...fields.defaults.filter((field) => field !== "tags"));
  const texts = Object.entries(added).flatMap(([name, text]) =>
    typeof text === "string" ? [[name, textIn(plan, text)] as const] : [],
  );
  return { ...Object.fromEntries(texts), ...own };
}

/**
 * `tags_all` is still to come: the provider may add tags. Providers before 3.38 have no such attribute. Source never
 * shows it, and all that is asked for its tags has some.
 */
const expectsMore = ({ holes }: Plan, resource: Resource): boolean =>
  holes !== undefined ||
  resource.unknown === null ||
  resource.unknown === true ||
  at(resource.unknown, "tags_all") !== undefined;

function fromMap(node: Node, sensitivity: Json | undefined, resource: Resource): Tags {
  if (node.type === "unknown") return ofHole(node.part);
  if (node.type !== "map") return unknown("it is not a map", `${resource.address}.tags`);
  if (sensitivity === true && node.entries.length > 0)
    return unknown("sensitive", `${resource.address}.tags`);
  const tags: [string, Value<string>][] = [];
  for (const { key, value } of node.entries) {
    if (value.type === "scalar" && value.value === null) continue;
    tags.push([key, at(sensitivity, key) === true ? hidden : stringValue(value)]);
  }
  return Object.fromEntries(tags);
}

function fromList(node: Node, sensitivity: Json | undefined): Tags {
  if (node.type === "unknown") return ofHole(node.part);
  if (node.type !== "list") return unknown("it is not a list", "tags");
  if (sensitivity === true && node.items.length > 0) return unknown("sensitive", "tags");
  const tags: [string, Value<string>][] = [];
  for (const [i, item] of node.items.entries()) {
    const [key, value] = [child(item, "key"), child(item, "value")];
    const name = key?.type === "scalar" ? textOf(key) : null;
    // A tag with an unknown key leaves open which tags there are.
    if (name === null || at(sensitivity, i, "key") === true) {
      return unknown(item.type === "unknown" ? item.part.reason : "a tag's key is not known", "tags");
    }
    const open = at(sensitivity, i) === true || at(sensitivity, i, "value") === true;
    if (value !== undefined) tags.push([name, open ? hidden : stringValue(value)]);
  }
  return Object.fromEntries(tags);
}
