import type { Alias } from "../../model/document.ts";
import type { TargetOptions } from "../../model/format.ts";
import { locationOf } from "../../model/node.ts";
import { attributeOf } from "./attribute.ts";
import { entityFromPlan, FieldReader, regionFromPlan } from "./entity.ts";
import { keyReferenceOf } from "./key-reference.ts";
import type { Plan, PlanResource } from "./plan.ts";
import { partialStringValue, unknownBecause } from "./values.ts";

export function aliasFromPlan(plan: Plan, resource: PlanResource, options: TargetOptions): Alias {
  const fields = new FieldReader(plan, resource);
  const nameArgument = resource.type === "awscc_kms_alias" ? "alias_name" : "name";
  const prefix = isNamePrefix(plan, resource);
  const name = fields.read("name", prefix ? "name_prefix" : nameArgument, partialStringValue, null);
  const { sensitive } = attributeOf(plan, resource, prefix ? "name_prefix" : nameArgument);
  const { key: target } = keyReferenceOf(plan, resource, "target_key_id", options);
  fields.locations.target =
    attributeOf(plan, resource, "target_key_id").location ?? locationOf(resource.at, resource.address);
  return {
    ...entityFromPlan(plan, resource, fields),
    name: sensitive ? redactedName(name, resource) : name,
    prefix,
    target,
    region: regionFromPlan(plan, resource, options),
  };
}

/** Returns whether the alias has a name prefix. The provider computes `name_prefix` even if only `name` is set. */
function isNamePrefix(plan: Plan, resource: PlanResource): boolean {
  if (resource.type !== "aws_kms_alias") return false;
  const prefix = attributeOf(plan, resource, "name_prefix");
  if (prefix.isSet !== undefined) return prefix.isSet && prefix.node !== undefined;
  const hasString =
    prefix.node?.type === "scalar" && typeof prefix.node.value === "string" && prefix.node.value !== "";
  return hasString && attributeOf(plan, resource, "name").node?.type !== "scalar";
}

/** Redacts a sensitive name and keeps the prefix that AWS KMS requires. */
function redactedName(name: Alias["name"], resource: PlanResource): Alias["name"] {
  const known = typeof name === "string" ? /^alias\/(aws\/)?/.exec(name)?.[0] : undefined;
  if (known !== undefined && known !== name) return { text: `${known}(sensitive)`, knownParts: [known] };
  return name === null ? null : unknownBecause("sensitive", `${resource.address}.name`);
}
