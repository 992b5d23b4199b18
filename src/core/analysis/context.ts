import { isUnknown } from "../key-policy/pattern.ts";
import type { Account, Cause, Relation, Statement, Value } from "../model/document.ts";
import type { ChooseOutcome } from "./choices.ts";
import type { Pattern } from "./language.ts";
import type { CallerKind } from "./universe.ts";

/** A principal or a condition value that may belong to an account. */
export interface Named {
  text: string;
  account?: Account;
  relation?: Relation;
}

export interface AnalyzedPolicy {
  owner: Account;
  statements: readonly Statement[];
  /** null: the policy has no Version, which means 2008-10-17. */
  version: Value<string | null> | undefined;
  /** IDs that stand for unknown accounts, by account. */
  invented: Map<string, string>;
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
  readonly statements: readonly Statement[];
  /** The ARNs of users and roles that the policy names. */
  readonly callerTexts: readonly string[];
  /** By part of a request: the organizations that the statements name. */
  readonly organizations = new Map<string, Set<string>>();
  readonly #invented: Map<string, string>;
  #literalOwner: string | undefined;

  constructor(choose: ChooseOutcome, { owner, statements, version, invented }: AnalyzedPolicy) {
    this.choose = choose;
    this.statements = statements;
    this.callerTexts = callerTextsIn(statements);
    this.variables = hasVariables(version);
    this.#invented = invented;
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
    if (!this.statements.some(({ effect }) => effect !== "Allow")) return id;
    const others = [...new Set(this.statements.flatMap(accountIdsIn))]
      .filter((other) => other !== this.owner)
      .slice(0, 3);
    if (others.length === 0) return id;
    const taken = this.choose(`account ${id}`, others.length + 1, () => accountCauses(text, account));
    return others[taken - 1] ?? id;
  }

  /**
   * Returns the ARN of a user or role. One with unknown parts may be another ARN that the policy names; the ARNs of two
   * resources are different. Only a Deny can take something from it then.
   */
  callerText(text: string): string {
    if (!text.includes("⟨") || !this.statements.some(({ effect }) => effect !== "Allow")) return text;
    const pattern = new RegExp(`^${text.split(unknownParts).map(escaped).join(".+")}$`, "s");
    const others = this.callerTexts.filter(
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
    const known = this.#invented.get(name);
    if (known !== undefined) return known;
    const id = String(999_900_000_000 + this.#invented.size);
    this.#invented.set(name, id);
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
export const hasVariables = (version: AnalyzedPolicy["version"]): boolean =>
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
