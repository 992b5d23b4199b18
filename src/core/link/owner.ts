import { isUnknown } from "../key-policy/pattern.ts";
import type { Account, ConditionValue, Key, Principal, Relation, Statement } from "../model/document.ts";
import type { TargetOptions } from "../model/format.ts";

/** An account that may own the keys of a scope. */
export interface OwnerCandidate {
  account: Account;
  /** Returns the relation of another account to this owner, or undefined if there is no other account. */
  relation(other: Account | undefined): Relation | undefined;
}

/**
 * Returns the accounts that may own each key: one if the input determines it, several if the key policy gives several
 * accounts the same access, and a single unknown one if it names none. A key without a known owner has the owner of the
 * other keys in its scope, if they agree.
 */
export function ownerCandidates(keys: Key[], options: TargetOptions): Map<Key, OwnerCandidate[]> {
  const declared = new Map(keys.map((key) => [key, ownerOf(key, options)]));
  const scopes = new Map<string, Account[]>();
  for (const [{ scope }, owner] of declared) {
    if (owner !== null) scopes.set(scope, distinct([...(scopes.get(scope) ?? []), owner]));
  }
  return new Map(
    [...declared].map(([key, owner]) => {
      if (owner !== null) return [key, withLiteralRoot(key, owner)];
      const [shared, another] = scopes.get(key.scope) ?? [];
      const isShared = shared !== undefined && another === undefined;
      return [key, isShared ? withLiteralRoot(key, shared) : candidatesOf(key)];
    }),
  );
}

/** Returns the owner that the input determines for this key, or null. */
function ownerOf(key: Key, options: TargetOptions): Account | null {
  if (options.account !== undefined) return options.account;
  if (!isUnknown(key.owner)) return key.owner;
  const arn = key.arn ?? keyArnsInResources(key)[0];
  if (arn !== undefined) return arn.split(":")[4] as string;
  const { statements } = key.policy;
  if (statements.some(namesOwnAccount)) return "self";
  // The account of a provider, if the policy refers to the callers of others.
  if (key.owner.unknown.expression !== "") return key.owner;
  const roots = fullRoots(key);
  if (roots.length > 0) return roots.length === 1 ? (roots[0] as Account) : null;
  // An IAM resource of the same input belongs to the owner account, although it does not name the account.
  return statements.flatMap(accountsIn).includes("self") ? "self" : null;
}

/**
 * Returns an owner as the only candidate. If a symbol names the owner, but its root does not have `kms:*` and that of
 * exactly one account ID does, that account may be the owner too.
 */
function withLiteralRoot(key: Key, owner: Account): OwnerCandidate[] {
  const candidate = candidateFor(owner);
  if (owner !== "self" && !isUnknown(owner)) return [candidate];
  const roots = fullRoots(key);
  if (roots.some((root) => candidate.relation(root) === "owner")) return [candidate];
  const [literal, another] = roots.filter((root) => typeof root === "string" && root !== "self");
  return literal === undefined || another !== undefined ? [candidate] : [candidate, candidateFor(literal)];
}

/** Returns the accounts that the key policy names, each of which may own the key. */
function candidatesOf(key: Key): OwnerCandidate[] {
  const { statements } = key.policy;
  const roots = fullRoots(key);
  if (roots.length > 0) return limitCandidates(roots.map(candidateFor));
  if (statements.some((s) => s.principals.some((p) => p.kind === "unknown"))) return [unknownOwner];
  const accounts = distinct(statements.flatMap(accountsIn));
  if (accounts.length === 0) return [unknownOwner];
  return accounts.length === 1
    ? accounts.map(candidateFor)
    : limitCandidates([...accounts.map(candidateFor), unnamedOwner]);
}

const fullRoots = (key: Key): Account[] =>
  distinct(key.policy.statements.filter(isFullAllow).flatMap(rootsOf));

const unknownAccount: Account = {
  unknown: { reason: "the owner account of the key is not in the input", expression: "" },
};
// An IAM resource of the same input belongs to the owner, whichever account that is.
const unknownOwner: OwnerCandidate = {
  account: unknownAccount,
  relation: (other) => (other === undefined ? undefined : other === "self" ? "owner" : "unknown"),
};

/** An owner that is none of the accounts in the policy. */
const unnamedOwner: OwnerCandidate = {
  account: unknownAccount,
  relation: (other) =>
    other === undefined ? undefined : other === "self" ? "owner" : isUnknown(other) ? "unknown" : "external",
};

const candidateFor = (owner: Account): OwnerCandidate => ({
  account: owner,
  relation(other) {
    if (other === undefined) return undefined;
    if (other === "self") return "owner";
    if (isUnknown(other)) {
      // Different references may lead to the same account. Equal references always do.
      return isUnknown(owner) && owner.unknown.expression === other.unknown.expression ? "owner" : "unknown";
    }
    // If the owner is named by a symbol, a literal account ID is another account.
    return other === owner ? "owner" : "external";
  },
});

/** Describes an owner in the assumptions of a variant. */
export function describeOwner({ account, relation }: OwnerCandidate): string {
  if (account === "self") return "the deploying account";
  if (!isUnknown(account)) return `account ${account}`;
  const { expression } = account.unknown;
  if (expression.startsWith("provider.")) return `the account of ${expression}`;
  if (expression !== "") return `account ${expression}`;
  return relation("x") === "external" ? "another account" : "unknown";
}

/** Every candidate multiplies the variants. With more candidates than this, the owner is unknown. */
const MAX_CANDIDATES = 8;
const limitCandidates = (candidates: OwnerCandidate[]): OwnerCandidate[] =>
  candidates.length > MAX_CANDIDATES ? [unknownOwner] : candidates;

const distinct = (accounts: Account[]): Account[] => [
  ...new Map(accounts.map((a) => [isUnknown(a) ? `⟨${a.unknown.expression}⟩` : a, a])).values(),
];

const isFullAllow = (statement: Statement): boolean =>
  statement.effect === "Allow" &&
  statement.conditions.length === 0 &&
  !statement.notPrincipal &&
  !statement.notAction &&
  statement.actions.some(({ text }) => /^(\*|kms:\*)$/i.test(text));

const rootsOf = (statement: Statement): Account[] =>
  statement.principals.flatMap((p) => (p.kind === "root" && p.account !== undefined ? [p.account] : []));

/** Returns whether a statement names the owner account by a symbol. A role or user of the same input is not enough. */
const namesOwnAccount = (statement: Statement): boolean =>
  statement.principals.some(
    (p) => p.account === "self" && !(isOnlyUnknownPart(p.text) && (p.kind === "role" || p.kind === "user")),
  ) ||
  statement.conditions.some((c) =>
    c.values.some((v) => v.account === "self" && !(isOnlyUnknownPart(v.text) && /arn$/.test(c.key))),
  );

const isOnlyUnknownPart = (text: string): boolean => /^⟨[^⟨⟩]*⟩$/.test(text);

const accountsIn = (statement: Statement): Account[] => [
  ...statement.principals.flatMap((p) => (p.account === undefined ? [] : [p.account])),
  ...statement.conditions.flatMap((condition) =>
    scopeKeys.has(condition.key)
      ? condition.values.flatMap((v) => (v.account === undefined ? [] : [v.account]))
      : [],
  ),
];

/** Condition keys whose values contain the account of the caller, or of the resource that a service acts for. */
const scopeKeys = new Set([
  "kms:calleraccount",
  "aws:principalaccount",
  "aws:principalarn",
  "aws:sourceaccount",
  "aws:sourcearn",
]);

/** Returns the key ARNs in a standalone policy. They can only be the ARN of its key. */
const keyArnsInResources = (key: Key): string[] =>
  key.kind === "policy"
    ? key.policy.statements
        .flatMap((s) => s.resources)
        .filter((r) => /^arn:[^:]+:kms:[^:]+:\d{12}:key\//.test(r))
    : [];

/** Returns the key with its owner, and with the relation of every account in its policy to the owner. */
export function withOwnerRelations(key: Key, owner: OwnerCandidate): Key {
  const policy = {
    ...key.policy,
    statements: key.policy.statements.map((s) => statementWithRelations(s, owner)),
  };
  return {
    ...key,
    owner: owner.account,
    policy,
  };
}

function statementWithRelations(statement: Statement, owner: OwnerCandidate): Statement {
  const related = <T extends Principal | ConditionValue>(item: T): T => {
    const wholeUnknown = "kind" in item && item.kind === "unknown";
    // `invalid_principal` reports an invalid principal. No other rule judges it by its account.
    if ("invalidReason" in item) return item;
    const relation = wholeUnknown ? "unknown" : owner.relation(item.account);
    return relation === undefined ? item : { ...item, relation };
  };
  return {
    ...statement,
    principals: statement.principals.map(related),
    conditions: statement.conditions.map((c) => ({ ...c, values: c.values.map(related) })),
  };
}
