import { isUnknown } from "../../key-policy/pattern.ts";
import type { Account, Key, Statement } from "../../model/document.ts";
import { attributeOf } from "./attribute.ts";
import { referencesOf } from "./configuration.ts";
import type { ResourceLeaf } from "./follow.ts";
import { at } from "./json.ts";
import type { Plan, Resource, Standing } from "./plan.ts";
import { sameAccount } from "./provider.ts";
import { unknown } from "./values.ts";

/**
 * The account that owns a key: as configured, by its ARN, or by the `aws_caller_identity` that its policy names.
 * `self` where that is not read yet.
 */
export function ownerOf(
  plan: Plan,
  key: Resource,
  policies: [Resource, string][],
  preset: string | undefined,
): Account {
  if (preset !== undefined) return preset;
  for (const values of [key.values, key.before]) {
    const arn = at(values, "arn");
    const account = typeof arn === "string" ? arn.split(":")[4] : undefined;
    if (account !== undefined && /^\d{12}$/.test(account)) return account;
  }
  for (const [holder, name] of policies) {
    const references = referencesOf(at(holder.written, "expressions", name));
    const callers = callersBehind(plan, holder, references).filter((leaf) =>
      sameAccount(plan.configuration, key.written, plan.written(leaf)),
    );
    const [account, another] = [...new Set(callers.flatMap((leaf) => plan.readWith(leaf)))];
    if (account !== undefined && another === undefined) return account;
    // The policy's text would show the account: it is a symbol only while the policy is unknown, or a part of it.
    if (
      callers.length > 0 &&
      account === undefined &&
      /^(unknown|text)$/.test(attributeOf(plan, holder, name).node?.type ?? "")
    )
      return "self";
  }
  return unknown("undecided", "");
}

/** Every `aws_caller_identity` that references lead to, also by way of policy documents. */
function callersBehind(plan: Plan, holder: Standing, references: string[]): ResourceLeaf[] {
  const callers: ResourceLeaf[] = [];
  const seen = new Set<unknown>();
  const queue: [Standing, string[]][] = [[holder, references]];
  for (let step = queue.shift(); step !== undefined && seen.size < 100; step = queue.shift()) {
    for (const leaf of plan.follow(step[0], step[1]).flatMap(({ leaves }) => leaves)) {
      if (leaf.kind !== "resource" || !leaf.data) continue;
      if (leaf.type === "aws_caller_identity") callers.push(leaf);
      if (leaf.type !== "aws_iam_policy_document") continue;
      const written = plan.written(leaf);
      if (written === undefined || seen.has(written)) continue;
      seen.add(written);
      queue.push([{ module: leaf.module, written }, referencesOf(at(written, "expressions"))]);
    }
  }
  return callers;
}

/**
 * A plan shows some ids where the source has a symbol: a key whose owner is still a symbol has the owner that its
 * scope shows. An undecided one whose policy names IAM resources of the plan, which are its owner's, has the account
 * whose root alone is allowed `kms:*`.
 */
export function settled(keys: Key[]): Key[] {
  const shown = new Map<string, Set<string>>();
  for (const { owner, scope } of keys)
    if (typeof owner === "string" && owner !== "self")
      shown.set(scope, (shown.get(scope) ?? new Set()).add(owner));
  return keys.map((key) => {
    const [account, another] = shown.get(key.scope) ?? [];
    if (key.owner === "self")
      return account !== undefined && another === undefined ? { ...key, owner: account } : key;
    if (!isUnknown(key.owner) || account !== undefined) return key;
    const root = onlyRoot(key.policy.statements);
    return root === undefined ? key : { ...key, owner: root };
  });
}

function onlyRoot(statements: Statement[]): string | undefined {
  const full = statements.filter(
    ({ effect, conditions, notPrincipal, notAction, actions }) =>
      effect === "Allow" &&
      conditions.length + Number(notPrincipal) + Number(notAction) === 0 &&
      actions.some(({ text }) => /^(\*|kms:\*)$/i.test(text)),
  );
  const named = statements.flatMap((statement) => statement.principals.map(({ account }) => account));
  const trusted = full.flatMap((statement) => statement.principals);
  if (!named.includes("self") || trusted.some(({ account }) => account === "self")) return undefined;
  const roots = trusted.flatMap(({ kind, account }) =>
    kind === "root" && typeof account === "string" ? account : [],
  );
  const [root, another] = new Set(roots);
  return another === undefined ? root : undefined;
}
