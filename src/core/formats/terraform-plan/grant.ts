import { principalOf } from "../../key-policy/principal.ts";
import type { Grant, Principal, Unknown, Value } from "../../model/document.ts";
import type { TargetOptions } from "../../model/format.ts";
import { locationOf, type Node, textOf } from "../../model/node.ts";
import { attributeOf } from "./attribute.ts";
import { entityOf, Fields, idOf, regionIn } from "./entity.ts";
import { anyTrue, at, isObject } from "./json.ts";
import { hasNumbered } from "./numbered.ts";
import type { Plan, Resource } from "./plan.ts";
import { textIn } from "./provider.ts";
import { keyNamedBy } from "./reference.ts";
import { ofHole, stringValue, unknown } from "./values.ts";

/** See the page aws_kms_grant of the AWS provider. */
export function grantOf(plan: Plan, resource: Resource, options: TargetOptions): Grant {
  const fields = new Fields(plan, resource);
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
    ...entityOf(plan, resource, fields),
    key: { text, keys: keys.map((key) => idOf(plan, key)) },
    grantee: principalIn(plan, resource, "grantee_principal") ?? missing(resource),
    retiring: principalIn(plan, resource, "retiring_principal"),
    operations: fields.read("operations", "operations", operationsOf, [] as Value<string>[]),
    constraints: constraintsOf(plan, resource),
    region: regionIn(plan, resource, options),
  };
}

const missing = (resource: Resource): Principal => ({
  type: "AWS",
  kind: "invalid",
  text: "",
  invalidReason: "the grant names no grantee",
  location: locationOf(resource.at, resource.address),
});

function principalIn(plan: Plan, resource: Resource, name: string): Principal | null {
  const { node, sensitive } = attributeOf(plan, resource, name, "principal");
  if (node === undefined || (node.type === "scalar" && node.value === "")) return null;
  if (node.type === "list" || node.type === "map")
    return { ...missing(resource), invalidReason: "it is no string" };
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
  if (node.type === "unknown") return ofHole(node.part);
  return node.type === "list" ? node.items.map(stringValue) : [stringValue(node)];
};

function constraintsOf(plan: Plan, resource: Resource): Grant["constraints"] {
  const { node } = attributeOf(plan, resource, "constraints");
  if (node === undefined) return {};
  if (node.type === "unknown") return { encryptionContextEquals: ofHole(node.part) };
  const values = at(resource.values, "constraints");
  if (node.type === "list" && node.items[0]?.type === "unknown")
    return { encryptionContextEquals: ofHole(node.items[0].part) };
  const [block, shape, sensitivity] = [
    values,
    at(resource.unknown, "constraints"),
    at(resource.sensitive, "constraints"),
  ].map((part) => (Array.isArray(part) ? part[0] : part));
  const sensitive = unknown("sensitive", `${resource.address}.constraints`);
  const context = (name: string): Value<object> | undefined => {
    const value = at(block, name);
    if (at(shape, name) === true) return unknown("known only after apply", `${resource.address}.constraints`);
    if (hasNumbered(value)) return textIn(plan, value) as Unknown;
    if (!isObject(value)) return undefined;
    const hidden = resource.sensitive === true || sensitivity === true ? true : at(sensitivity, name);
    // That there are pairs is no secret.
    if (hidden === true) return Object.keys(value).length > 0 ? { "(sensitive)": sensitive } : {};
    // An unknown key leaves open which ones there are.
    const open = Object.keys(value).find(hasNumbered);
    if (open !== undefined) return textIn(plan, open) as Unknown;
    const unknownKeys = Object.keys(at(shape, name) ?? {}).filter((key) => at(shape, name, key) === true);
    return {
      ...Object.fromEntries(
        Object.entries(value).map(([key, text]) => [
          key,
          anyTrue(at(hidden, key)) ? sensitive : typeof text === "string" ? textIn(plan, text) : text,
        ]),
      ),
      ...Object.fromEntries(unknownKeys.map((key) => [key, unknown("known only after apply", key)])),
    };
  };
  const equals = context("encryption_context_equals");
  const subset = context("encryption_context_subset");
  return {
    ...(equals === undefined ? {} : { encryptionContextEquals: equals }),
    ...(subset === undefined ? {} : { encryptionContextSubset: subset }),
  };
}
