import { principalOf } from "../../key-policy/principal.ts";
import type { Grant, Principal, Unknown, Value } from "../../model/document.ts";
import type { TargetOptions } from "../../model/format.ts";
import { locationOf, type Node, textOf } from "../../model/node.ts";
import { attributeOf } from "./attribute.ts";
import { entityFromPlan, FieldReader, regionFromPlan, resourceId } from "./entity.ts";
import { anyTrue, isObject, jsonAt } from "./json.ts";
import { keyNamedBy } from "./key-reference.ts";
import { hasPlaceholder } from "./placeholders.ts";
import type { Plan, PlanResource } from "./plan.ts";
import { evaluatedString } from "./provider.ts";
import { knownAfterApply, stringValue, unknownBecause, unknownFrom } from "./values.ts";

/** https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/kms_grant */
export function grantFromPlan(plan: Plan, resource: PlanResource, options: TargetOptions): Grant {
  const fields = new FieldReader(plan, resource);
  const { text, keys } = keyNamedBy(plan, resource, "key_id");
  for (const [field, name] of [
    ["key", "key_id"],
    ["grantee", "grantee_principal"],
    ["retiring", "retiring_principal"],
    ["constraints", "constraints"],
  ] as const) {
    const { location } = attributeOf(plan, resource, name);
    if (location !== undefined) fields.locations[field] = location;
  }
  return {
    ...entityFromPlan(plan, resource, fields),
    key: { text, keys: keys.map((key) => resourceId(plan, key)) },
    grantee: grantPrincipal(plan, resource, "grantee_principal") ?? missingPrincipal(resource),
    retiring: grantPrincipal(plan, resource, "retiring_principal"),
    operations: fields.read("operations", "operations", operationsOf, [] as Value<string>[]),
    constraints: constraintsOf(plan, resource),
    region: regionFromPlan(plan, resource, options),
  };
}

const missingPrincipal = (resource: PlanResource): Principal => ({
  type: "AWS",
  kind: "invalid",
  text: "",
  invalidReason: "the grant has no grantee principal",
  location: locationOf(resource.at, resource.address),
});

function grantPrincipal(plan: Plan, resource: PlanResource, name: string): Principal | null {
  const { node, sensitive } = attributeOf(plan, resource, name, "principal");
  if (node === undefined || (node.type === "scalar" && node.value === "")) return null;
  if (node.type === "list" || node.type === "map")
    return { ...missingPrincipal(resource), invalidReason: "not a string" };
  if (sensitive)
    return {
      type: "AWS",
      kind: "unknown",
      text: "(sensitive)",
      location: locationOf(node.at, resource.address),
    };
  const isService = /\.amazonaws\.com(\.cn)?$/.test(textOf(node) ?? "");
  return principalOf(isService ? "Service" : "AWS", node, resource.address);
}

const operationsOf = (node: Node): Grant["operations"] => {
  if (node.type === "unknown") return unknownFrom(node.part);
  return node.type === "list" ? node.items.map(stringValue) : [stringValue(node)];
};

function constraintsOf(plan: Plan, resource: PlanResource): Grant["constraints"] {
  const { node } = attributeOf(plan, resource, "constraints");
  if (node === undefined) return {};
  if (node.type === "unknown") return { encryptionContextEquals: unknownFrom(node.part) };
  const values = jsonAt(resource.values, "constraints");
  if (node.type === "list" && node.items[0]?.type === "unknown")
    return { encryptionContextEquals: unknownFrom(node.items[0].part) };
  const [block, shape, sensitivity] = [
    values,
    jsonAt(resource.afterUnknown, "constraints"),
    jsonAt(resource.sensitive, "constraints"),
  ].map((part) => (Array.isArray(part) ? part[0] : part));
  const sensitive = unknownBecause("sensitive", `${resource.address}.constraints`);
  const context = (name: string): Value<object> | undefined => {
    const value = jsonAt(block, name);
    if (jsonAt(shape, name) === true)
      return unknownBecause(knownAfterApply, `${resource.address}.constraints`);
    if (hasPlaceholder(value)) return evaluatedString(plan, value) as Unknown;
    if (!isObject(value)) return undefined;
    const sensitivePairs =
      resource.sensitive === true || sensitivity === true ? true : jsonAt(sensitivity, name);
    // The existence of pairs is not a secret.
    if (sensitivePairs === true) return Object.keys(value).length > 0 ? { "(sensitive)": sensitive } : {};
    // If one key is unknown, so is the set of keys.
    const unknownKey = Object.keys(value).find(hasPlaceholder);
    if (unknownKey !== undefined) return evaluatedString(plan, unknownKey) as Unknown;
    const unknownKeys = Object.keys(jsonAt(shape, name) ?? {}).filter(
      (key) => jsonAt(shape, name, key) === true,
    );
    return {
      ...Object.fromEntries(
        Object.entries(value).map(([key, text]) => [
          key,
          anyTrue(jsonAt(sensitivePairs, key))
            ? sensitive
            : typeof text === "string"
              ? evaluatedString(plan, text)
              : text,
        ]),
      ),
      ...Object.fromEntries(unknownKeys.map((key) => [key, unknownBecause(knownAfterApply, key)])),
    };
  };
  const equals = context("encryption_context_equals");
  const subset = context("encryption_context_subset");
  return {
    ...(equals === undefined ? {} : { encryptionContextEquals: equals }),
    ...(subset === undefined ? {} : { encryptionContextSubset: subset }),
  };
}
