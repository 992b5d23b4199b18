import { isUnknown } from "../../key-policy/pattern.ts";
import type { Value } from "../../model/document.ts";
import { child, type Node } from "../../model/node.ts";
import { stringOf } from "../cloudformation/fields.ts";
import type { Catalog, Manifest } from "./catalog.ts";
import { namespaceAnnotation } from "./deployment-target.ts";
import type { ManifestFields } from "./fields.ts";

/**
 * Returns whether the key is retained when its object is deleted. By default, the controllers delete the key.
 * https://aws-controllers-k8s.github.io/community/docs/user-docs/deletion-policy/
 * https://docs.crossplane.io/latest/concepts/managed-resources/
 */
export function isRetained(catalog: Catalog, manifest: Manifest, fields: ManifestFields): Value<boolean> {
  if (manifest.controller !== "ack") return isRetainedByCrossplane(manifest, fields);
  const namespacePolicy = namespaceAnnotation(catalog, manifest, `${manifest.group}/deletion-policy`);
  const annotation = fields.annotation("services.k8s.aws/deletion-policy");
  return fields.readNode(
    "retention",
    annotation,
    (node) => equals(stringOf(node), "retain"),
    namespacePolicy === "retain",
  );
}

/**
 * If one of `deletionPolicy` and `managementPolicies` is not the default, it applies. Namespaced kinds no longer have
 * `deletionPolicy`.
 */
function isRetainedByCrossplane(
  { node, group, unknownFields }: Manifest,
  fields: ManifestFields,
): Value<boolean> {
  const spec = child(node, "spec");
  const specField = (name: string): Node | undefined => {
    const found = spec && child(spec, name);
    if (found?.type === "scalar" && found.value === null) return undefined;
    return found ?? (unknownFields && { type: "unknown", part: unknownFields, at: node.at });
  };
  const policies = specField("managementPolicies");
  const actions = policies?.type === "list" ? policies.items.map(stringOf) : policies && [stringOf(policies)];
  const decided = actions && isRetainedByPolicies(actions);
  if (decided !== undefined) return fields.readNode("retention", policies, () => decided, false);
  const policy = group === "kms.aws.m.upbound.io" ? undefined : specField("deletionPolicy");
  return fields.readNode("retention", policy, (found) => equals(stringOf(found), "Orphan"), false);
}

/** Returns undefined for the default, which is all actions. */
function isRetainedByPolicies(actions: Value<string>[]): Value<boolean> | undefined {
  if (actions.includes("Delete")) return false;
  return actions.find(isUnknown) ?? (actions.includes("*") ? undefined : true);
}

const equals = (value: Value<string>, expected: string): Value<boolean> =>
  typeof value === "string" ? value === expected : value;
