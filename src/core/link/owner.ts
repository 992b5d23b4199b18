import { isUnknown } from "../key-policy/pattern.ts";
import type {
  Account,
  ConditionValue,
  Key,
  Policy,
  PolicySize,
  Principal,
  Relation,
  Statement,
} from "../model/document.ts";
import type { TargetOptions } from "../model/format.ts";

/** An account that may own the keys of a scope, and how others stand to it. */
export interface Candidate {
  account: Account;
  relation(other: Account | undefined): Relation | undefined;
}

/**
 * The accounts that may own each key: one where the input decides it, several where the policy names several with
 * equal right, a single unknown one where it names none. A key that does not tell shares the owner of its scope.
 */
export function ownerCandidates(keys: Key[], options: TargetOptions): Map<Key, Candidate[]> {
  const declared = new Map(keys.map((key) => [key, ownerOf(key, options)]));
  const scopes = new Map<string, Account[]>();
  for (const [{ scope }, owner] of declared) {
    if (owner !== null) scopes.set(scope, distinct([...(scopes.get(scope) ?? []), owner]));
  }
  return new Map(
    [...declared].map(([key, owner]) => {
      if (owner !== null) return [key, [candidateFor(owner)]];
      const shared = scopes.get(key.scope) ?? [];
      return [key, shared.length === 1 ? shared.map(candidateFor) : candidatesOf(key)];
    }),
  );
}

/** The owner as the input tells it for this key; null where it does not. */
function ownerOf(key: Key, options: TargetOptions): Account | null {
  if (options.account !== undefined) return options.account;
  if (!isUnknownOwner(key.owner)) return key.owner;
  const arn = key.arn ?? keyArnsInResources(key)[0];
  if (arn !== undefined) return arn.split(":")[4] as string;
  const { statements } = key.policy;
  if (statements.some(namesOwnAccount)) return "self";
  const roots = fullRoots(key);
  if (roots.length > 0) return roots.length === 1 ? (roots[0] as Account) : null;
  // An IAM resource of the same input is the owner's, though it does not name the account.
  return statements.flatMap(accountsIn).includes("self") ? "self" : null;
}

/** The accounts that a policy names, each of which may own the key. */
function candidatesOf(key: Key): Candidate[] {
  const { statements } = key.policy;
  const roots = fullRoots(key);
  if (roots.length > 0) return limitCandidates(roots.map(candidateFor));
  if (statements.some((s) => s.principals.some((p) => p.kind === "unknown"))) return [unknownOwner];
  const accounts = distinct(statements.flatMap(accountsIn));
  if (accounts.length === 0) return [unknownOwner];
  return accounts.length === 1
    ? accounts.map(candidateFor)
    : limitCandidates([...accounts.map(candidateFor), externalOwner]);
}

const fullRoots = (key: Key): Account[] =>
  distinct(key.policy.statements.filter(isFullAllow).flatMap(rootsOf));

/** Whether an owner is still open: no account and no reference to one. */
const isUnknownOwner = (owner: Account): boolean => isUnknown(owner) && owner.unknown.expression === "";

const unknownAccount: Account = {
  unknown: { reason: "the input does not tell which account owns the key", expression: "" },
};
const unknownOwner: Candidate = {
  account: unknownAccount,
  relation: (other) => (other === undefined ? undefined : "unknown"),
};

/** The owner is none of the accounts that are named. */
const externalOwner: Candidate = {
  account: unknownAccount,
  relation: (other) => (other === undefined ? undefined : isUnknown(other) ? "unknown" : "external"),
};

const candidateFor = (owner: Account): Candidate => ({
  account: owner,
  relation(other) {
    if (other === undefined) return undefined;
    if (other === "self") return "owner";
    if (isUnknown(other)) {
      // Two references may lead to one account; the same reference does.
      return isUnknown(owner) && owner.unknown.expression === other.unknown.expression ? "owner" : "unknown";
    }
    // Where the owner is a symbol, an id that is written out is another account.
    return other === owner ? "owner" : "external";
  },
});

export function describeOwner({ account, relation }: Candidate): string {
  if (!isUnknown(account)) return `account ${account}`;
  if (account.unknown.expression !== "") return `account ${account.unknown.expression}`;
  return relation("x") === "external" ? "an account that is not named" : "not known";
}

/** Beyond this many the answer is that nobody knows. */
const limitCandidates = (candidates: Candidate[]): Candidate[] =>
  candidates.length > 8 ? [unknownOwner] : candidates;

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

/** Whether a statement names its own account by a symbol, and not only an IAM resource that belongs to it. */
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

/** Condition keys that name an account of the caller, or of the resource that it acts for. */
const scopeKeys = new Set([
  "kms:calleraccount",
  "aws:principalaccount",
  "aws:principalarn",
  "aws:sourceaccount",
  "aws:sourcearn",
]);

/** Key ARNs in a policy that stands alone: they can only be its key's. */
const keyArnsInResources = (key: Key): string[] =>
  key.kind === "policy"
    ? key.policy.statements
        .flatMap((s) => s.resources)
        .filter((r) => /^arn:[^:]+:kms:[^:]+:\d{12}:key\//.test(r))
    : [];

/** The key with its owner, and every account in its policy in relation to it. */
export function withOwnerRelations(key: Key, owner: Candidate): Key {
  const policy = {
    ...key.policy,
    statements: key.policy.statements.map((s) => statementWithRelations(s, owner)),
  };
  return { ...key, owner: owner.account, policy: policy.sensitive === true ? redacted(policy) : policy };
}

function statementWithRelations(statement: Statement, owner: Candidate): Statement {
  const related = <T extends Principal | ConditionValue>(item: T): T => {
    const unknownAsWhole = "kind" in item && item.kind === "unknown";
    const relation = unknownAsWhole ? "unknown" : owner.relation(item.account);
    return relation === undefined ? item : { ...item, relation };
  };
  return {
    ...statement,
    principals: statement.principals.map(related),
    conditions: statement.conditions.map((c) => ({ ...c, values: c.values.map(related) })),
  };
}

const hidden = "(sensitive)";
/** What tells nothing: the words of the service itself. */
const shown = (text: string): string =>
  /^(true|false|[A-Z][A-Za-z]+|.*\.amazonaws\.com)$/.test(text) ? text : hidden;

const measured = (size: PolicySize): PolicySize =>
  size.unsupportedCharacter === undefined
    ? size
    : { ...size, unsupportedCharacter: { ...size.unsupportedCharacter, text: hidden } };

/** The policy without its texts: the verdicts need only what has been read out of them. */
const redacted = ({ canonical: _, size, ...policy }: Policy): Policy => ({
  ...policy,
  ...(size === undefined ? {} : { size: measured(size) }),
  problems: policy.problems.map((problem) => ({ ...problem, message: `the policy is malformed ${hidden}` })),
  statements: policy.statements.map((statement) => ({
    ...statement,
    sid: null,
    resources: statement.resources.map(() => hidden),
    actions: statement.actions.map((action) => (action.known ? action : { ...action, text: hidden })),
    principals: statement.principals.map(({ account: _, ...principal }) => ({
      ...principal,
      text: principal.kind === "service" ? shown(principal.text) : hidden,
    })),
    conditions: statement.conditions.map((condition) => ({
      ...condition,
      values: condition.values.map(({ account, ...value }) => ({
        ...value,
        text: shown(value.text),
        ...(account === undefined ? {} : { account: hidden }),
      })),
    })),
  })),
});
