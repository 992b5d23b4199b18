import { identityPolicyOf } from "../../key-policy/identity.ts";
import type { IdentityPolicy } from "../../model/document.ts";
import { locationOf, type Node, textOf } from "../../model/node.ts";
import { type Argument, argumentsAt } from "./argument.ts";
import { entityOf, Fields } from "./entity.ts";
import { at } from "./json.ts";
import type { Plan, Resource } from "./plan.ts";
import { documentBehind, readLater } from "./policy.ts";
import { identityPolicyArguments } from "./resources.ts";

/** The IAM policies in a resource that concern keys. */
export function identityPoliciesOf(plan: Plan, resource: Resource): IdentityPolicy[] {
  const path = identityPolicyArguments.get(resource.type) ?? [];
  const [block] = path;
  if (path.length === 1 || block === undefined)
    return argumentsAt(plan, resource, path).flatMap((argument) => policyIn(plan, resource, argument) ?? []);
  if (isComputed(resource, block)) return [];
  const names = argumentsAt(plan, resource, [block, block === "policies" ? "policy_name" : "name"]);
  return argumentsAt(plan, resource, path).flatMap((argument, i) => {
    const policy = policyIn(plan, resource, argument);
    if (policy === undefined) return [];
    const node = names[i]?.node;
    const name = node === undefined ? null : textOf(node);
    return {
      ...policy,
      id: `${policy.id}.${block}[${i}]`,
      ...(name === null ? {} : { name }),
    };
  });
}

/** A role that is there already lists also the policies that other resources put into it. */
const isComputed = (resource: Resource, block: string): boolean =>
  at(resource.written, "expressions", block) === undefined &&
  JSON.stringify(at(resource.before ?? {}, block)) === JSON.stringify(at(resource.values, block));

function policyIn(plan: Plan, resource: Resource, argument: Argument): IdentityPolicy | undefined {
  const found = documentBehind(plan, resource, argument, argument.expression);
  const { later, sources = [] } = found;
  const read = identityPolicyOf(found.node === undefined ? undefined : withoutIds(found.node), {
    address: found.address,
    ...(found.sensitive ? { sensitive: true } : {}),
  });
  // Every IAM policy that is still to come may concern keys: only those count of which the plan shows that they do.
  const named = sources.some((source) => /\bkms:/i.test(JSON.stringify(source.values)));
  if (read.statements.length === 0 && !(read.state === "unresolved" && named)) return undefined;
  const fields = new Fields(plan, resource);
  if (found.node !== undefined)
    fields.locations.policy = argument.location ?? locationOf(found.node.at, found.address);
  const whole = later === undefined || (later.whole && later.more === undefined);
  return {
    ...entityOf(plan, resource, fields),
    ...read,
    ...(whole || read.state !== "resolved"
      ? {}
      : { state: "partial", unknown: { reason: readLater, expression: found.address } }),
  };
}

/**
 * A plan does not show what an expression makes of a key's id. IAM refuses an id by itself as a Resource, so it is
 * an ARN that ends in it.
 */
function withoutIds(node: Node): Node {
  if (node.type === "unknown" && node.part.type === "key-id")
    return { ...node, part: { ...node.part, type: "key-arn" } };
  if (node.type === "list") return { ...node, items: node.items.map(withoutIds) };
  if (node.type === "map")
    return { ...node, entries: node.entries.map(({ key, value }) => ({ key, value: withoutIds(value) })) };
  return node;
}
