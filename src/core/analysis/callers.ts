import type { Principal, Statement } from "../model/document.ts";
import { type Context, textCauses } from "./context.ts";
import {
  anyText,
  difference,
  everything,
  type Language,
  languageOf,
  literal,
  nothing,
  type Pattern,
  union,
} from "./language.ts";
import { literalText, piecesOf, segmentsOf } from "./text.ts";
import { type CallerKind, callerPrefix, callersOfAccount, everyCaller, unknownName } from "./universe.ts";

/** Callers by kind. A kind that is absent has no caller in the set. */
export type Callers = { [kind in CallerKind]?: Language };

const everyone: Callers = { principal: everything, service: everything };
const nobody: Callers = {};

/** Returns the callers that a Principal element covers. The root of an account stands for all its principals. */
function callersOf(principals: readonly Principal[], context: Context): Callers {
  return principals.map((principal) => callersOfOne(principal, context)).reduce(unite, nobody);
}

/** Returns the callers that a statement applies to, for some of its principals. */
export function callersOfStatement(
  statement: Statement,
  principals: readonly Principal[],
  context: Context,
): Callers {
  if (!statement.notPrincipal) return callersOf(principals, context);
  const exempt = statement.principals
    .map((principal) => exemptedBy(principal, context))
    .reduce(unite, nobody);
  return {
    principal: difference(everyCaller(), exempt.principal ?? nothing),
    service: difference(everything, exempt.service ?? nothing),
  };
}

/**
 * Returns the callers that an entry of NotPrincipal exempts. The root of an account is only itself there; its users and
 * roles have entries of their own.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
 */
function exemptedBy(principal: Principal, context: Context): Callers {
  if (principal.kind !== "root") return callersOfOne(principal, context);
  return { principal: languageOf([[...literal(`${callerPrefix}${context.accountOf(principal)}:root`)]]) };
}

const unite = (a: Callers, b: Callers): Callers => {
  const joined: Callers = {};
  for (const kind of ["principal", "service"] as const) {
    const [one, other] = [a[kind], b[kind]];
    const both = one === undefined ? other : other === undefined ? one : union(one, other);
    if (both !== undefined) joined[kind] = both;
  }
  return joined;
};

function callersOfOne(principal: Principal, context: Context): Callers {
  const { kind, text } = principal;
  switch (kind) {
    case "everyone":
      return everyone;
    case "root":
      // A malformed account ID is meant to be the owner's.
      return wholeAccount(
        principal.invalidReason === undefined ? context.accountOf(principal) : context.owner,
      );
    case "user":
    case "role":
    case "assumed-role":
    case "federated-user":
      return { principal: languageOf(namedPatterns(principal, context)) };
    case "iam": {
      const account = context.accountOf(principal);
      const isRoot = context.choose(`root ${text}`, 2, () => textCauses(text, `the principal ${text}`)) === 1;
      return isRoot ? wholeAccount(account) : { principal: languageOf(namedPatterns(principal, context)) };
    }
    case "service":
      return { service: languageOf([literal(text)]) };
    case "unknown":
      return unknownCallers(principal, context);
    case "federated":
    case "unique-id":
      return { principal: languageOf([literal(`${kind} ${text}`)]) };
    case "invalid":
      return nobody;
  }
}

const wholeAccount = (id: string): Callers => ({ principal: callersOfAccount(id) });

/** A principal that is unknown as a whole is everyone, a role of the owner or of another account, or a service. */
function unknownCallers(principal: Principal, context: Context): Callers {
  const { text, type } = principal;
  const options = type === "*" ? 4 : 3;
  const taken = context.choose(`principal ${text}`, options, () => textCauses(text, `the principal ${text}`));
  const role = (id: string): Callers => ({
    principal: languageOf([literal(`${callerPrefix}${id}:role/${unknownName(text)}`)]),
  });
  if (taken === 0) return role(context.owner);
  if (taken === 1) return everyone;
  if (taken === 3) return { service: languageOf([literal(text)]) };
  return role(
    context.accountOf({ text, account: { unknown: { reason: "", expression: text } }, relation: "external" }),
  );
}

/** Returns the patterns of a user or role; for a role with each of its sessions. */
function namedPatterns(principal: Principal, context: Context): Pattern[] {
  const { kind } = principal;
  const text = context.callerText(principal.text);
  const account = context.accountOf(principal);
  const prefix = `${callerPrefix}${account}:`;
  const segments = segmentsOf(piecesOf(text, { wildcards: false, variables: false }));
  const name = segments.length < 6 ? null : literalText(segments[5] ?? []);
  const resource = name && unknownName(name);
  if (resource === null) return withSessions(literal(`${prefix}role/${unknownName(text)}`));
  if (kind === "assumed-role") {
    const [, role = "", ...name] = resource.split("/");
    return sessionPatterns(prefix, role, name.join("/"), context);
  }
  return kind === "role" || kind === "iam"
    ? withSessions(literal(prefix + resource))
    : [literal(prefix + resource)];
}

const withSessions = (role: Pattern): Pattern[] => [role, [...role, ...literal("#"), anyText()]];

/**
 * Returns the patterns of a session. Its ARN does not contain the path of its role. If the policy names the role, the
 * path is known, because names of roles are unique in an account.
 */
function sessionPatterns(prefix: string, role: string, session: string, context: Context): Pattern[] {
  const known = context.policy.callerTexts.find(
    (text) => text.endsWith(`/${role}`) && text.includes(":role/") && isIn(prefix, text),
  );
  const suffix = literal(`/${role}#${session}`);
  return known === undefined
    ? [
        [...literal(`${prefix}role`), ...suffix],
        [...literal(`${prefix}role/`), anyText("#"), ...suffix],
      ]
    : [literal(`${prefix}${known.slice(known.indexOf(":role/") + 1)}#${session}`)];
}

const isIn = (prefix: string, arn: string): boolean => {
  const account = literalText(segmentsOf(piecesOf(arn, { wildcards: true, variables: true }))[4] ?? []);
  return account !== null && (account.startsWith("⟨") || prefix.includes(`:${account}:`));
};
