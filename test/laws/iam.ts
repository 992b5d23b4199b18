/**
 * A naive evaluator of key policies, written from AWS's documentation alone. It shares no code with src/, so a
 * misreading in one does not hide in the other.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
import { type Context, conditionHolds } from "./conditions.ts";
import { matches, tokens } from "./pattern.ts";
import { all, any, not, type Truth, truthOf } from "./truth.ts";

type OneOrMore = string | readonly string[];
export type PrincipalElement = "*" | { readonly [type: string]: OneOrMore };
type Operand = string | number | boolean;

export interface Statement {
  Sid?: string;
  Effect: "Allow" | "Deny";
  Principal?: PrincipalElement;
  NotPrincipal?: PrincipalElement;
  Action?: OneOrMore;
  NotAction?: OneOrMore;
  Resource?: OneOrMore;
  NotResource?: OneOrMore;
  Condition?: { readonly [operator: string]: { readonly [key: string]: Operand | readonly Operand[] } };
}

export interface Policy {
  Version?: string;
  Id?: string;
  Statement: readonly Statement[];
}

/** A service, or a principal of an account. */
export interface Caller {
  account?: string;
  /** The ARN of the account root, the user, or the role. */
  arn?: string;
  /** The ARN of the role session. */
  session?: string;
  service?: string;
}

export interface Request {
  caller: Caller;
  /** The name of the KMS action, without prefix. */
  action: string;
  context: Context;
}

/** The ARN of the key that the policy belongs to. */
export const keyArn = "arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";

/** Returns whether the policy allows the request: an Allow matches and no Deny does. */
export function isAllowed(policy: Policy, request: Request): Truth {
  const by = (effect: string): Truth =>
    any(
      policy.Statement.filter(({ Effect }) => Effect === effect).map((one) =>
        statementMatches(policy, one, request),
      ),
    );
  const allowed = by("Allow");
  return allowed === "no" ? "no" : all([allowed, not(by("Deny"))]);
}

export function statementMatches({ Version }: Policy, statement: Statement, request: Request): Truth {
  if (!actionMatches(statement, request.action) || !resourceMatches(statement)) return "no";
  const principal =
    statement.Principal === undefined
      ? not(isExempt(statement.NotPrincipal as PrincipalElement, request.caller))
      : truthOf(isNamed(statement.Principal, request.caller));
  if (principal === "no") return "no";
  const conditions = Object.entries(statement.Condition ?? {}).flatMap(([operator, keys]) =>
    Object.entries(keys).map(([key, values]) =>
      conditionHolds(
        operator,
        key.toLowerCase(),
        [values].flat().map(String),
        request.context,
        Version === "2012-10-17",
      ),
    ),
  );
  return all([principal, ...conditions]);
}

const list = (value: OneOrMore | undefined): readonly string[] => (value === undefined ? [] : [value].flat());

const matchedActions = new WeakMap<Statement, Map<string, boolean>>();

export function actionMatches(statement: Statement, action: string): boolean {
  let known = matchedActions.get(statement);
  if (known === undefined) {
    known = new Map();
    matchedActions.set(statement, known);
  }
  const answer = known.get(action) ?? namesAction(statement, action);
  known.set(action, answer);
  return answer;
}

function namesAction({ Action, NotAction }: Statement, action: string): boolean {
  const named = (patterns: OneOrMore | undefined): boolean =>
    list(patterns).some((pattern) => matches(tokens(pattern, true), `kms:${action}`, true));
  return Action === undefined ? !named(NotAction) : named(Action);
}

function resourceMatches({ Resource, NotResource }: Statement): boolean {
  const named = (patterns: OneOrMore | undefined): boolean =>
    list(patterns).some((pattern) => matches(tokens(pattern, true), keyArn));
  return Resource === undefined ? !named(NotResource) : named(Resource);
}

/** An account root or account ID stands for all principals of the account, and a role for its sessions. */
function isNamed(element: PrincipalElement, caller: Caller): boolean {
  if (element === "*" || list(element["AWS"]).includes("*")) return true;
  return namesAccount(element, caller) || namesCaller(element, caller);
}

const namesAccount = (element: PrincipalElement, { account }: Caller): boolean =>
  element !== "*" &&
  account !== undefined &&
  list(element["AWS"]).some((name) => name === account || name === `arn:aws:iam::${account}:root`);

function namesCaller(element: PrincipalElement, { arn, session, service }: Caller): boolean {
  if (element === "*") return true;
  return service === undefined
    ? list(element["AWS"]).some((name) => name === arn || name === session)
    : list(element["Service"]).includes(service);
}

/**
 * A NotPrincipal exempts a principal only together with its account, and a session only together with its role; AWS
 * says that the others "might" be denied.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
 */
function isExempt(element: PrincipalElement, caller: Caller): Truth {
  if (element === "*" || list(element["AWS"]).includes("*")) return "yes";
  if (caller.service !== undefined) return truthOf(namesCaller(element, caller));
  const names = list(element["AWS"]);
  const account = namesAccount(element, caller);
  if (caller.arn?.endsWith(":root") === true) return truthOf(account);
  const required = [caller.arn, ...(caller.session === undefined ? [] : [caller.session])];
  const named = required.filter((name) => names.includes(name as string)).length;
  if (account && named === required.length) return "yes";
  return account || named > 0 ? "maybe" : "no";
}
