import { sharePrincipalAccount } from "../../key-policy/principal.ts";
import type { Reference, Share, SharePrincipal, Value } from "../../model/document.ts";
import type { TargetOptions } from "../../model/format.ts";
import { locationOf } from "../../model/node.ts";
import { attributeOf } from "./attribute.ts";
import { entityOf, Fields } from "./entity.ts";
import type { Plan, Resource } from "./plan.ts";
import { keyReferenceOf, resourcesNamedBy } from "./reference.ts";
import { isKeyType, shareTypes } from "./resources.ts";
import { booleanValue, stringValue, unknown } from "./values.ts";

/** The shares of Resource Access Manager that list a key. */
export function sharesOf(plan: Plan, options: TargetOptions): Share[] {
  const keys = new Map<Resource, Reference[]>();
  const principals = new Map<Resource, SharePrincipal[]>();
  for (const resource of plan.resources) {
    if (resource.type === shareTypes.resource) {
      const key = keyIn(plan, resource, options);
      if (key !== undefined) addTo(keys, sharesNamedBy(plan, resource), key);
    } else if (resource.type === shareTypes.principal)
      addTo(principals, sharesNamedBy(plan, resource), principalIn(plan, resource));
  }
  return [...keys].map(([share, listed]) => {
    const fields = new Fields(plan, share);
    const allowExternalPrincipals = fields.read<Value<boolean>, false>(
      "allowExternalPrincipals",
      "allow_external_principals",
      booleanValue,
      false,
    );
    return {
      ...entityOf(plan, share, fields),
      keys: listed,
      allowExternalPrincipals,
      principals: principals.get(share) ?? [],
    };
  });
}

function addTo<T>(map: Map<Resource, T[]>, shares: Resource[], item: T): void {
  for (const share of shares) {
    const items = map.get(share);
    if (items === undefined) map.set(share, [item]);
    else items.push(item);
  }
}

const sharesNamedBy = (plan: Plan, resource: Resource): Resource[] =>
  resourcesNamedBy(plan, resource, "resource_share_arn", shareTypes.share, ["arn", "id"]);

/** The key that an association lists; undefined where nothing says that it is one. */
function keyIn(plan: Plan, resource: Resource, options: TargetOptions): Reference | undefined {
  const { key, leaves } = keyReferenceOf(plan, resource, "resource_arn", options);
  const isArn = typeof key.text === "string" && /^arn:[^:]*:kms:[^:]*:[^:]*:key\//.test(key.text);
  const refers = leaves.some((leaf) => leaf.kind === "resource" && !leaf.data && isKeyType(leaf.type));
  return isArn || key.keys.length > 0 || refers ? key : undefined;
}

function principalIn(plan: Plan, resource: Resource): SharePrincipal {
  const { node, sensitive, location } = attributeOf(plan, resource, "principal");
  const where = `${resource.address}.principal`;
  const text = (): SharePrincipal["text"] => {
    if (sensitive) return unknown("sensitive", where);
    return node === undefined ? unknown("not set", where) : stringValue(node);
  };
  return {
    text: text(),
    ...(sensitive || node === undefined ? {} : sharePrincipalAccount(node)),
    location: location ?? locationOf(resource.at, resource.address),
  };
}
