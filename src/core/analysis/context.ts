import { isUnknown } from "../key-policy/pattern.ts";
import type { Account, Cause, Policy, Relation, Statement } from "../model/document.ts";
import { actionClasses } from "./action-groups.ts";
import type { ChooseOutcome } from "./choices.ts";
import type { Pattern } from "./language.ts";
import type { CallerKind } from "./universe.ts";

/** A principal or a condition value that may belong to an account. */
export interface Named {
  text: string;
  account?: Account;
  relation?: Relation;
}

/** A policy, and what every run of its analysis needs of its statements. */
export interface AnalyzedPolicy {
  owner: Account;
  /** null: the policy has no Version, which means 2008-10-17. */
  version: Policy["version"];
  /** The statements that are a Deny, or may be one. */
  denies: readonly Statement[];
  /** The ARNs of users and roles that the policy names. */
  callerTexts: readonly string[];
  /** The IDs of accounts that the policy names. */
  accountIds: readonly string[];
  /** Numbers actions by the Deny statements that cover them, and the condition keys there that they carry. */
  denyClassOf: (action: string) => number;
  /** IDs that stand for unknown accounts, by account. */
  invented: Map<string, string>;
}

export function analyzedPolicy(owner: Account, { statements, version }: Policy): AnalyzedPolicy {
  const denies = statements.filter(({ effect }) => effect !== "Allow");
  return {
    owner,
    version,
    denies,
    callerTexts: callerTextsIn(statements),
    accountIds: [...new Set(statements.flatMap(accountIdsIn))],
    denyClassOf: actionClasses(denies),
    invented: new Map(),
  };
}

/**
 * One run of the analysis of a policy: every unknown value has an outcome, and every account is an ID. The names that
 * occur on the way are collected, because access is open if it reaches something that the policy does not name.
 */
export class Context {
  readonly choose: ChooseOutcome;
  readonly owner: string;
  /** Policy variables are active: Version is 2012-10-17. */
  readonly variables: boolean;
  /** The accounts that the statements name, with their names. */
  readonly accounts = new Map<string, Named>();
  /** By condition key or part of a request: the values that stand for one account, organization, network or resource. */
  readonly confined = new Map<string, Pattern[]>();
  readonly policy: AnalyzedPolicy;
  /** By part of a request: the organizations that the statements name. */
  readonly organizations = new Map<string, Set<string>>();
  #literalOwner: string | undefined;

  constructor(choose: ChooseOutcome, policy: AnalyzedPolicy) {
    const { owner, version } = policy;
    this.choose = choose;
    this.policy = policy;
    this.variables = hasVariables(version);
    this.owner = isAccountId(owner) ? owner : this.#invent("owner");
    this.accounts.set(this.owner, { text: this.owner, relation: "owner" });
  }

  /** Returns the ID of the account of a principal or a value. An unknown account has an invented ID. */
  accountOf(named: Named): string {
    const id = this.#idOf(named);
    if (!this.accounts.has(id)) this.accounts.set(id, named);
    return id;
  }

  #idOf({ text, account = text, relation }: Named): string {
    if (account === "self" || relation === "owner") return this.owner;
    const id = isAccountId(account) ? account : this.#unknownId(text, account);
    if (relation !== "unknown" || id === this.owner) return id;
    // Two different account IDs are never both the owner.
    if (isAccountId(account) && (this.#literalOwner ?? account) !== account) return id;
    const isOwner = this.choose(`owner ${id}`, 2, () => accountCauses(text, account)) === 1;
    if (isOwner && isAccountId(account)) this.#literalOwner = account;
    return isOwner ? this.owner : id;
  }

  /** An unknown account may be one that the policy names. Only a Deny can take something from it then. */
  #unknownId(text: string, account: Account): string {
    const id = this.#invent(JSON.stringify(account));
    if (this.policy.denies.length === 0) return id;
    const others = this.policy.accountIds.filter((other) => other !== this.owner).slice(0, 3);
    if (others.length === 0) return id;
    const taken = this.choose(`account ${id}`, others.length + 1, () => accountCauses(text, account));
    return others[taken - 1] ?? id;
  }

  /**
   * Returns the ARN of a user or role. One with unknown parts may be another ARN that the policy names; the ARNs of two
   * resources are different. Only a Deny can take something from it then.
   */
  callerText(text: string): string {
    if (!text.includes("⟨") || this.policy.denies.length === 0) return text;
    const pattern = new RegExp(`^${text.split(unknownParts).map(escaped).join(".+")}$`, "s");
    const others = this.policy.callerTexts.filter(
      (other) => other !== text && !other.startsWith("⟨") && pattern.test(other),
    );
    if (others.length === 0) return text;
    const candidates = [...new Set(others)].slice(0, 3);
    const causes = () => textCauses(text, `the principal ${text}`);
    return candidates[this.choose(`caller ${text}`, candidates.length + 1, causes) - 1] ?? text;
  }

  confine(part: string, pattern: Pattern): void {
    const known = this.confined.get(part);
    if (known === undefined) this.confined.set(part, [pattern]);
    else known.push(pattern);
  }

  /** Returns an account ID that no policy contains. Every run of an analysis invents the same. */
  #invent(name: string): string {
    const { invented } = this.policy;
    const known = invented.get(name);
    if (known !== undefined) return known;
    const id = String(999_900_000_000 + invented.size);
    invented.set(name, id);
    return id;
  }
}

/** A condition, and what it is evaluated for. */
export interface ConditionScope {
  context: Context;
  kind: CallerKind;
  effect: "Allow" | "Deny";
  action: string;
  /** The statement covers every caller. */
  isForEveryone: boolean;
  /** Identifies the condition among all conditions of the policy. */
  id: string;
}

/** Returns whether policy variables are active: since Version 2012-10-17. No Version means 2008-10-17. */
export const hasVariables = (version: Policy["version"]): boolean =>
  version !== "2008-10-17" && version !== null;

const unknownParts = /⟨(?:[^⟨⟩]|⟨[^⟨⟩]*⟩)*⟩/;
const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

/** Returns the ARNs of users and roles in a policy. */
const callerTextsIn = (statements: readonly Statement[]): string[] =>
  statements.flatMap(({ principals, conditions }) => [
    ...principals.flatMap(({ kind, text }) => (kind === "role" || kind === "user" ? [text] : [])),
    ...conditions.flatMap(({ key, values }) =>
      key === "aws:principalarn" ? values.flatMap(({ text }) => (/[*?$]/.test(text) ? [] : [text])) : [],
    ),
  ]);

const accountIdsIn = ({ principals, conditions }: Statement): string[] =>
  [...principals, ...conditions.flatMap(({ values }) => values)].flatMap(({ account }) =>
    isAccountId(account) ? [account] : [],
  );

export const isAccountId = (account: unknown): account is string =>
  typeof account === "string" && /^\d{12}$/.test(account);

function accountCauses(text: string, account: Account): Cause[] {
  if (isUnknown(account)) return [account.unknown];
  return isAccountId(account) ? [ownerUnknown] : textCauses(text, `the account of ${text}`);
}

const ownerUnknown: Cause = { clause: "the account that owns the key is unknown" };

/** Returns the strings with unknown parts as causes, or a clause that `name` is unknown. */
export const textCauses = (text: string | readonly string[], name: string): Cause[] => {
  const partial = [text].flat().filter((one) => one.includes("⟨"));
  return partial.length > 0 ? partial : [{ clause: `${name} is unknown` }];
};
