import { isUnknown } from "../../key-policy/pattern.ts";
import type { Account, Key, Statement } from "../../model/document.ts";
import { attributeOf } from "./attribute.ts";
import { jsonAt } from "./json.ts";
import type { ExpressionContext, Plan, PlanResource } from "./plan.ts";
import { referencesOf } from "./plan-configuration.ts";
import { accountRelation, providerAccount, providerNameOf } from "./provider-account.ts";
import type { ResourceTarget } from "./reference-targets.ts";
import { unknownBecause } from "./values.ts";

/**
 * Returns the account that owns a key: from the options, the ARN, the provider, or the `aws_caller_identity` in its policy.
 * The owner is `self` if the account of the caller is unknown. If a policy names the caller of a provider with other
 * credentials, and the accounts of both are unknown, the owner is the account of the key's provider.
 */
export function ownerFromPlan(
  plan: Plan,
  key: PlanResource,
  policies: [PlanResource, string][],
  preset: string | undefined,
): Account {
  if (preset !== undefined) return preset;
  for (const values of [key.values, key.before]) {
    const arn = jsonAt(values, "arn");
    const account = typeof arn === "string" ? arn.split(":")[4] : undefined;
    if (account !== undefined && /^\d{12}$/.test(account)) return account;
  }
  const ofProvider = providerAccount(plan, key.config);
  if (ofProvider !== undefined) return ofProvider;
  let hasOtherCaller = false;
  for (const [holder, name] of policies) {
    const references = referencesOf(jsonAt(holder.config, "expressions", name));
    const callers = callerIdentities(plan, holder, references).filter(
      (target) => plan.configAt(target) !== undefined,
    );
    const own = callers.filter((target) => isOwnCaller(plan, key, target));
    hasOtherCaller ||= own.length < callers.length;
    const [account, another] = [...new Set(own.flatMap((target) => plan.dataSourceValues(target)))];
    if (account !== undefined && another === undefined) return account;
    // A known policy contains the account ID, so `self` applies only if the policy is unknown or partly unknown.
    if (
      own.length > 0 &&
      account === undefined &&
      /^(unknown|text)$/.test(attributeOf(plan, holder, name).node?.type ?? "")
    )
      return "self";
  }
  return hasOtherCaller
    ? unknownBecause("its account is not in the input", `provider.${providerNameOf(plan, key.config)}`)
    : unknownBecause("undecided", "");
}

const isOwnCaller = (plan: Plan, key: PlanResource, target: ResourceTarget): boolean =>
  accountRelation(plan, key.config, plan.configAt(target)) === "same";

const documentLimit = 100;

/** Returns every `aws_caller_identity` that references resolve to, directly or through policy documents. */
function callerIdentities(plan: Plan, holder: ExpressionContext, references: string[]): ResourceTarget[] {
  const callers: ResourceTarget[] = [];
  const seen = new Set<unknown>();
  const queue: [ExpressionContext, string[]][] = [[holder, references]];
  for (let next = queue.shift(); next !== undefined && seen.size < documentLimit; next = queue.shift()) {
    for (const target of plan.targetsOf(...next)) {
      if (target.kind !== "resource" || !target.data) continue;
      if (target.type === "aws_caller_identity") callers.push(target);
      if (target.type !== "aws_iam_policy_document") continue;
      const config = plan.configAt(target);
      if (config === undefined || seen.has(config)) continue;
      seen.add(config);
      queue.push([{ module: target.module, config }, referencesOf(jsonAt(config, "expressions"))]);
    }
  }
  return callers;
}

/**
 * Infers owners from other keys and from policies. A key with the owner `self` gets the known owner of its scope. If the
 * policy of a key without owner names IAM resources of the plan, which belong to the owner, the owner is the only account
 * whose root principal is allowed `kms:*`.
 */
export function withInferredOwners(keys: Key[]): Key[] {
  const knownOwners = new Map<string, Set<string>>();
  for (const { owner, scope } of keys)
    if (typeof owner === "string" && owner !== "self")
      knownOwners.set(scope, (knownOwners.get(scope) ?? new Set()).add(owner));
  return keys.map((key) => {
    const [account, another] = knownOwners.get(key.scope) ?? [];
    if (key.owner === "self")
      return account !== undefined && another === undefined ? { ...key, owner: account } : key;
    if (!isUnknown(key.owner) || account !== undefined) return key;
    const root = soleRootAccount(key.policy.statements);
    return root === undefined ? key : { ...key, owner: root };
  });
}

function soleRootAccount(statements: Statement[]): string | undefined {
  const fullAccess = statements.filter(
    ({ effect, conditions, notPrincipal, notAction, actions }) =>
      effect === "Allow" &&
      conditions.length + Number(notPrincipal) + Number(notAction) === 0 &&
      actions.some(({ text }) => /^(\*|kms:\*)$/i.test(text)),
  );
  const named = statements.flatMap((statement) => statement.principals.map(({ account }) => account));
  const trusted = fullAccess.flatMap((statement) => statement.principals);
  if (!named.includes("self") || trusted.some(({ account }) => account === "self")) return undefined;
  const roots = trusted.flatMap(({ kind, account }) =>
    kind === "root" && typeof account === "string" ? account : [],
  );
  const [root, another] = new Set(roots);
  return another === undefined ? root : undefined;
}
