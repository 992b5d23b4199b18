import { identityPolicyOf } from "../../key-policy/identity.ts";
import type { IdentityPolicy } from "../../model/document.ts";
import { locationOf, type Node, textOf } from "../../model/node.ts";
import { type Argument, argumentsAt } from "./argument.ts";
import { entityFromPlan, FieldReader } from "./entity.ts";
import { jsonAt } from "./json.ts";
import type { Plan, PlanResource } from "./plan.ts";
import { policyDocumentOf, readDuringApply } from "./policy.ts";
import { identityPolicyArguments } from "./resource-types.ts";

/** Returns the IAM policies of a resource that apply to keys. */
export function identityPoliciesFromPlan(plan: Plan, resource: PlanResource): IdentityPolicy[] {
  const path = identityPolicyArguments.get(resource.type) ?? [];
  const [block] = path;
  if (path.length === 1 || block === undefined)
    return argumentsAt(plan, resource, path).flatMap(
      (argument) => identityPolicyIn(plan, resource, argument) ?? [],
    );
  if (isComputed(resource, block)) return [];
  const names = argumentsAt(plan, resource, [block, block === "policies" ? "policy_name" : "name"]);
  return argumentsAt(plan, resource, path).flatMap((argument, i) => {
    const policy = identityPolicyIn(plan, resource, argument);
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

/** An existing role also lists policies that other resources attach to it, so an unchanged list is computed. */
const isComputed = (resource: PlanResource, block: string): boolean =>
  jsonAt(resource.config, "expressions", block) === undefined &&
  JSON.stringify(jsonAt(resource.before ?? {}, block)) === JSON.stringify(jsonAt(resource.values, block));

function identityPolicyIn(
  plan: Plan,
  resource: PlanResource,
  argument: Argument,
): IdentityPolicy | undefined {
  const document = policyDocumentOf(plan, resource, argument, argument.expression);
  const { planned, sources = [] } = document;
  const policy = identityPolicyOf(document.node === undefined ? undefined : keyIdsAsArns(document.node), {
    address: document.address,
    ...(document.sensitive ? { sensitive: true } : {}),
  });
  // Every unknown IAM policy can apply to keys. Keep only those whose sources in the plan mention KMS.
  const mentionsKms = sources.some((source) => /\bkms:/i.test(JSON.stringify(source.values)));
  if (policy.statements.length === 0 && !(policy.state === "unresolved" && mentionsKms)) return undefined;
  const fields = new FieldReader(plan, resource);
  if (document.node !== undefined)
    fields.locations.policy = argument.location ?? locationOf(document.node.at, document.address);
  const isEntirePolicy =
    planned === undefined || (planned.isEntirePolicy && planned.unknownStatements === undefined);
  return {
    ...entityFromPlan(plan, resource, fields),
    ...policy,
    ...(isEntirePolicy || policy.state !== "resolved"
      ? {}
      : { state: "partial", unknown: { reason: readDuringApply, expression: document.address } }),
  };
}

/**
 * Treats unknown key IDs as key ARNs. A plan does not contain the string around a reference, and IAM rejects a bare key
 * ID as a Resource, so the string is an ARN that ends with the ID.
 */
function keyIdsAsArns(node: Node): Node {
  if (node.type === "unknown" && node.part.type === "key-id")
    return { ...node, part: { ...node.part, type: "key-arn" } };
  if (node.type === "list") return { ...node, items: node.items.map(keyIdsAsArns) };
  if (node.type === "map")
    return { ...node, entries: node.entries.map(({ key, value }) => ({ key, value: keyIdsAsArns(value) })) };
  return node;
}
