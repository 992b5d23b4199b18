import { sharePrincipalAccount } from "../../key-policy/principal.ts";
import type { Reference, Share, SharePrincipal, Value } from "../../model/document.ts";
import type { TargetOptions } from "../../model/format.ts";
import { addToGroup } from "../../model/groups.ts";
import { locationOf } from "../../model/node.ts";
import { attributeOf } from "./attribute.ts";
import { entityFromPlan, FieldReader } from "./entity.ts";
import { keyReferenceOf } from "./key-reference.ts";
import type { Plan, PlanResource } from "./plan.ts";
import { resourcesNamedBy } from "./resource-lookup.ts";
import { isKeyType, shareTypes } from "./resource-types.ts";
import { booleanValue, stringValue, unknownBecause } from "./values.ts";

/** Returns the AWS RAM resource shares that contain a key. */
export function sharesFromPlan(plan: Plan, options: TargetOptions): Share[] {
  const keys = new Map<PlanResource, Reference[]>();
  const principals = new Map<PlanResource, SharePrincipal[]>();
  for (const resource of plan.resources) {
    if (resource.type === shareTypes.resource) {
      const key = sharedKey(plan, resource, options);
      if (key !== undefined) for (const share of sharesNamedBy(plan, resource)) addToGroup(keys, share, key);
    } else if (resource.type === shareTypes.principal)
      for (const share of sharesNamedBy(plan, resource))
        addToGroup(principals, share, sharePrincipal(plan, resource));
  }
  return [...keys].map(([share, sharedKeys]) => {
    const fields = new FieldReader(plan, share);
    const allowExternalPrincipals = fields.read<Value<boolean>, false>(
      "allowExternalPrincipals",
      "allow_external_principals",
      booleanValue,
      false,
    );
    return {
      ...entityFromPlan(plan, share, fields),
      keys: sharedKeys,
      allowExternalPrincipals,
      principals: principals.get(share) ?? [],
    };
  });
}

const sharesNamedBy = (plan: Plan, resource: PlanResource): PlanResource[] =>
  resourcesNamedBy(plan, resource, "resource_share_arn", shareTypes.share, ["arn", "id"]);

/** Returns the key of a resource association; undefined if the resource is not certainly a key. */
function sharedKey(plan: Plan, resource: PlanResource, options: TargetOptions): Reference | undefined {
  const { key, targets } = keyReferenceOf(plan, resource, "resource_arn", options);
  const isArn = typeof key.text === "string" && /^arn:[^:]*:kms:[^:]*:[^:]*:key\//.test(key.text);
  const refersToKey = targets.some(
    (target) => target.kind === "resource" && !target.data && isKeyType(target.type),
  );
  return isArn || key.keys.length > 0 || refersToKey ? key : undefined;
}

function sharePrincipal(plan: Plan, resource: PlanResource): SharePrincipal {
  const { node, sensitive, location } = attributeOf(plan, resource, "principal");
  const expression = `${resource.address}.principal`;
  const text = (): SharePrincipal["text"] => {
    if (sensitive) return unknownBecause("sensitive", expression);
    return node === undefined ? unknownBecause("not set", expression) : stringValue(node);
  };
  return {
    text: text(),
    ...(sensitive || node === undefined ? {} : sharePrincipalAccount(node)),
    location: location ?? locationOf(resource.at, resource.address),
  };
}
