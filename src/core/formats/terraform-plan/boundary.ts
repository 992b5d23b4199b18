import { listAt, stringAt } from "./json.ts";
import type { Plan, PlanResource } from "./plan.ts";
import { resourcesNamedBy } from "./resource-lookup.ts";
import { policyAttachments } from "./resource-types.ts";

const boundaryArgument = "permissions_boundary";

const policyTypes = ["aws_iam_policy", "awscc_iam_managed_policy"];

/** Returns the managed policies that only serve as a permissions boundary: no role, user, or group has them attached. */
export function boundariesInPlan(plan: Plan): ReadonlySet<PlanResource> {
  const policies = plan.resources.filter(({ type }) => policyTypes.includes(type));
  const boundaries = new Set<PlanResource>();
  if (policies.length === 0) return boundaries;
  const attached = new Set<PlanResource>();
  for (const resource of plan.resources) {
    if (hasBoundary.test(resource.type))
      for (const policy of policiesNamedBy(plan, policies, resource, boundaryArgument))
        boundaries.add(policy);
    for (const argument of policyAttachments.get(resource.type) ?? [])
      for (const policy of policiesNamedBy(plan, policies, resource, argument)) attached.add(policy);
  }
  return new Set([...boundaries].filter((policy) => !attached.has(policy) && !attachesItself(policy)));
}

const hasBoundary = /^(aws|awscc)_iam_(role|user)$|^aws_ssoadmin_permissions_boundary_attachment$/;

function policiesNamedBy(
  plan: Plan,
  policies: PlanResource[],
  resource: PlanResource,
  argument: string,
): PlanResource[] {
  const named = policyTypes.flatMap((type) =>
    resourcesNamedBy(plan, resource, argument, type, ["arn", "policy_arn", "id"]),
  );
  const arns = new Set(listAt(resource.values, argument));
  if (arns.size === 0) return named;
  return [...named, ...policies.filter(({ values }) => arns.has(stringAt(values, "arn") ?? ""))];
}

/** `awscc_iam_managed_policy` names the roles, users, and groups that it is attached to. */
const attachesItself = ({ values, config }: PlanResource): boolean =>
  ["roles", "users", "groups"].some(
    (name) =>
      listAt(values, name).length > 0 || listAt(config ?? {}, "expressions", name, "references").length > 0,
  );
