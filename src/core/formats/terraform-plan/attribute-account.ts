import type { UnknownPart } from "../../model/node.ts";
import { attributeKind } from "./attribute-kind.ts";
import { jsonAt, stringAt } from "./json.ts";
import type { Plan, PlanResource } from "./plan.ts";
import { referencesOf } from "./plan-configuration.ts";
import { accountRelation, providerAccount } from "./provider-account.ts";
import type { ResourceTarget } from "./reference-targets.ts";

/** Returns the account that all targets are, or belong to: that of the resource (`self`), another one, or none. */
export function accountOfTargets(
  plan: Plan,
  resource: Pick<PlanResource, "config">,
  targets: ResourceTarget[],
): Pick<UnknownPart, "self" | "account"> {
  const accounts = new Set(targets.map((target) => accountOfTarget(plan, resource, target)));
  const [account, another] = accounts;
  if (account === undefined || another !== undefined || accounts.has(undefined)) return {};
  return account === "self" ? { self: true } : { account };
}

/** Returns `self`, an account ID, or undefined if the input does not show the account. */
function accountOfTarget(
  plan: Plan,
  resource: Pick<PlanResource, "config">,
  target: ResourceTarget,
): string | undefined {
  if (target.type === "aws_iam_session_context") return accountOfSession(plan, resource, target);
  if (!belongsToProvider(target)) return undefined;
  const config = plan.configAt(target);
  const relation = accountRelation(plan, resource.config, config);
  if (relation === "same") return "self";
  return relation === "other" ? providerAccount(plan, config) : undefined;
}

/** Other account IDs can name any account. A shared VPC that a data source finds has another owner. */
function belongsToProvider(target: ResourceTarget): boolean {
  switch (attributeKind(target)) {
    case "caller":
    case "principal":
    case "assumed-role-arn":
    case "user-arn":
      return true;
    case "role-arn":
      return target.attribute !== "role_arn" && !target.attribute.endsWith("_role_arn");
    case "account-id":
      return !target.data && target.attribute === "owner_id";
    default:
      return false;
  }
}

/** The issuer of a session is in the account of the ARN that the data source looks up. */
function accountOfSession(
  plan: Plan,
  resource: Pick<PlanResource, "config">,
  target: ResourceTarget,
): string | undefined {
  const config = plan.configAt(target);
  const expression = jsonAt(config, "expressions", "arn");
  const constant = stringAt(expression, "constant_value");
  if (constant !== undefined) return /^arn:[^:]*:(?:iam|sts)::(\d{12}):/.exec(constant)?.[1];
  const context = { module: target.module, index: target.index ?? target.pairedKey, config };
  const sources = plan.targetsOf(context, referencesOf(expression));
  const found = sources.map((source) =>
    source.kind === "resource" && source.type !== "aws_iam_session_context"
      ? accountOfTarget(plan, resource, source)
      : undefined,
  );
  const [account, another] = new Set(found);
  return another === undefined && found.every((other) => other !== undefined) ? account : undefined;
}
