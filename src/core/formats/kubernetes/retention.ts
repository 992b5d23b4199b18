import { isUnknown } from "../../key-policy/pattern.ts";
import type { Value } from "../../model/document.ts";
import { child, type Node } from "../../model/node.ts";
import { stringOf } from "../cloudformation/fields.ts";
import type { Catalogue, Manifest } from "./catalogue.ts";
import type { Fields } from "./fields.ts";
import { ofNamespace } from "./place.ts";

/**
 * Whether the key stays when its object is deleted. Where nothing says so, the controllers delete it.
 * https://aws-controllers-k8s.github.io/community/docs/user-docs/deletion-policy/
 * https://docs.crossplane.io/latest/concepts/managed-resources/
 */
export function keptOf(catalogue: Catalogue, manifest: Manifest, fields: Fields): Value<boolean> {
  if (manifest.maker !== "ack") return keptByCrossplane(manifest, fields);
  const ofAll = ofNamespace(catalogue, manifest, `${manifest.group}/deletion-policy`);
  const own = fields.annotation("services.k8s.aws/deletion-policy");
  return fields.take("retention", own, (node) => is(stringOf(node), "retain"), ofAll === "retain");
}

/**
 * Of `deletionPolicy` and `managementPolicies` the one counts that is not the default. Namespaced kinds have no
 * `deletionPolicy` any more.
 */
function keptByCrossplane({ node, group, open }: Manifest, fields: Fields): Value<boolean> {
  const spec = child(node, "spec");
  const written = (name: string): Node | undefined => {
    const found = spec && child(spec, name);
    if (found?.type === "scalar" && found.value === null) return undefined;
    return found ?? (open && { type: "unknown", hole: open, at: node.at });
  };
  const policies = written("managementPolicies");
  const actions = policies?.type === "list" ? policies.items.map(stringOf) : policies && [stringOf(policies)];
  const decided = actions && keptByActions(actions);
  if (decided !== undefined) return fields.take("retention", policies, () => decided, false);
  const policy = group === "kms.aws.m.upbound.io" ? undefined : written("deletionPolicy");
  return fields.take("retention", policy, (found) => is(stringOf(found), "Orphan"), false);
}

/** Undefined where the default is said: all of them. */
function keptByActions(actions: Value<string>[]): Value<boolean> | undefined {
  if (actions.includes("Delete")) return false;
  return actions.find(isUnknown) ?? (actions.includes("*") ? undefined : true);
}

const is = (value: Value<string>, wanted: string): Value<boolean> =>
  typeof value === "string" ? value === wanted : value;
