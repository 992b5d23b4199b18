import type { Alias } from "../../model/document.ts";
import type { TargetOptions } from "../../model/format.ts";
import { locationOf } from "../../model/node.ts";
import { attributeOf } from "./attribute.ts";
import { entityOf, Fields, regionIn } from "./entity.ts";
import type { Plan, Resource } from "./plan.ts";
import { keyReferenceOf } from "./reference.ts";
import { textValue, unknown } from "./values.ts";

export function aliasOf(plan: Plan, resource: Resource, options: TargetOptions): Alias {
  const fields = new Fields(plan, resource);
  const nameArgument = resource.type === "awscc_kms_alias" ? "alias_name" : "name";
  const prefix = prefixOf(plan, resource);
  const name = fields.read("name", prefix ? "name_prefix" : nameArgument, textValue, null);
  const { sensitive } = attributeOf(plan, resource, prefix ? "name_prefix" : nameArgument);
  const { key: target } = keyReferenceOf(plan, resource, "target_key_id", options);
  fields.locations.target =
    attributeOf(plan, resource, "target_key_id").location ?? locationOf(resource.at, resource.address);
  return {
    ...entityOf(plan, resource, fields),
    name: sensitive ? hiddenName(name, resource) : name,
    prefix,
    target,
    region: regionIn(plan, resource, options),
  };
}

/** Whether the name is given by its beginning. The provider fills in `name_prefix` also where only `name` is set. */
function prefixOf(plan: Plan, resource: Resource): boolean {
  if (resource.type !== "aws_kms_alias") return false;
  const prefix = attributeOf(plan, resource, "name_prefix");
  if (prefix.written !== undefined) return prefix.written && prefix.node !== undefined;
  const isText =
    prefix.node?.type === "scalar" && typeof prefix.node.value === "string" && prefix.node.value !== "";
  return isText && attributeOf(plan, resource, "name").node?.type !== "scalar";
}

/** The name without what must not be shown: the beginning that AWS asks for is no secret. */
function hiddenName(name: Alias["name"], resource: Resource): Alias["name"] {
  const known = typeof name === "string" ? /^alias\/(aws\/)?/.exec(name)?.[0] : undefined;
  if (known !== undefined && known !== name) return { text: `${known}(sensitive)`, knownParts: [known] };
  return name === null ? null : unknown("sensitive", `${resource.address}.name`);
}
