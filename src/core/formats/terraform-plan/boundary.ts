import { listAt, stringAt } from "./json.ts";
import type { Plan, PlanResource } from "./plan.ts";
import { resourcesNamedBy } from "./resource-lookup.ts";
import { policyAttachments } from "./resource-types.ts";

const boundaryArgument = "permissions_boundary";

/** Returns the managed policies that only serve as a permissions boundary: no role, user, or group has them attached. */
export function boundariesInPlan(plan: Plan): ReadonlySet<PlanResource> {
  const boundaries = new Set<PlanResource>();
  const attached = new Set<PlanResource>();
  for (const resource of plan.resources) {
    for (const policy of policiesNamedBy(plan, resource, boundaryArgument)) boundaries.add(policy);
    for (const argument of policyAttachments.get(resource.type) ?? [])
      for (const policy of policiesNamedBy(plan, resource, argument)) attached.add(policy);
  }
  return new Set([...boundaries].filter((policy) => !attached.has(policy) && !attachesItself(policy)));
}

const policiesNamedBy = (plan: Plan, resource: PlanResource, argument: string): PlanResource[] =>
  ["aws_iam_policy", "awscc_iam_managed_policy"].flatMap((type) => {
    const named = resourcesNamedBy(plan, resource, argument, type, ["arn", "policy_arn", "id"]);
    if (named.length > 0) return named;
    const arns = listAt(resource.values, argument);
    return plan.resources.filter(
      ({ type: other, values }) => other === type && arns.includes(stringAt(values, "arn") ?? ""),
    );
  });

/** `awscc_iam_managed_policy` names the roles, users, and groups that it is attached to. */
const attachesItself = ({ values, config }: PlanResource): boolean =>
  ["roles", "users", "groups"].some(
    (name) =>
      listAt(values, name).length > 0 || listAt(config ?? {}, "expressions", name, "references").length > 0,
  );
