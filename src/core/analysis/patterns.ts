import type { Condition, ConditionValue } from "../model/document.ts";
import { own } from "../model/json.ts";
import { type ConditionScope, type Context, isAccountId, type Named, textCauses } from "./context.ts";
import { anyCharacter, anyText, caseless, includes, languageOf, literal, type Pattern } from "./language.ts";
import { colon, literalText, type Piece, piecesOf, segmentsOf, textPieces } from "./text.ts";
import {
  callerPrefix,
  callersByType,
  callersIn,
  organizationKeys,
  organizationOfOwner,
  unknownName,
} from "./universe.ts";

const accountKeys = new Set([
  "kms:calleraccount",
  "aws:principalaccount",
  "aws:sourceaccount",
  "aws:resourceaccount",
]);
const arnKeys = new Set(["aws:principalarn", "aws:sourcearn", "kms:granteeprincipal"]);
const isOrganizationKey = (key: string): boolean =>
  organizationKeys.has(key) || key === "aws:sourceorgid" || key === "aws:sourceorgpaths";

/** A value of a condition: the contents that it matches, and whether they belong to one account, organization, network or resource. */
interface ValuePattern {
  pattern: Pattern;
  narrow: boolean;
}

type Resolved = Piece & { kind: "text" | "star" | "mark" | "unknown" };

/**
 * Returns the contents that the values of a condition match, before negation. A value can depend on other parts of the
 * request, such as a tag of the caller. An Allow then matches whatever the caller can choose, and a Deny matches nothing
 * for certain.
 */
export function patternsOf(
  condition: Condition,
  part: string,
  scope: ConditionScope,
): Pattern[] | "depends on the request" {
  const patterns: Pattern[] = [];
  for (const [i, value] of condition.values.entries()) {
    const found = valuePattern(condition, value, i, part, scope);
    if (found === null && scope.effect === "Deny" && condition.operator.includes("Not"))
      return "depends on the request";
    if (found === null) continue;
    if (part !== "caller") patterns.push(found.pattern);
    else if (condition.key === "aws:principaltype") patterns.push(...callersOfTypes(found.pattern));
    else if (condition.key !== "aws:principalarn") patterns.push(...callersIn(found.pattern));
    // The session of a role is not a part of aws:PrincipalArn.
    else patterns.push(found.pattern, [...found.pattern, ...literal("#"), anyText()]);
    if (found.narrow) scope.context.confine(part, found.pattern);
  }
  return patterns;
}

const callersOfTypes = (pattern: Pattern): Pattern[] => {
  const types = languageOf([pattern]);
  return Object.entries(callersByType).flatMap(([type, callers]) => (includes(types, type) ? callers : []));
};

function valuePattern(
  condition: Condition,
  value: ConditionValue,
  position: number,
  part: string,
  scope: ConditionScope,
): ValuePattern | null {
  const { context, effect, id } = scope;
  const { key, operator } = condition;
  const wildcards = /Like|Arn/.test(operator);
  const toPattern = operator.includes("IgnoreCase") ? caseless : literal;
  if (value.unknown === "whole" && wildcards && !isOfKnownType(key, value)) {
    const isOpen =
      context.choose(`${id} ${position}`, 2, () =>
        textCauses(value.text, `the condition value ${value.text}`),
      ) === 1;
    if (isOpen) return withPart(part, { pattern: [anyText()], narrow: false });
  }
  const pieces: Resolved[] = [];
  const text = key === "aws:principalarn" ? context.callerText(value.text) : value.text;
  for (const piece of piecesOf(text, {
    wildcards,
    variables: context.variables && !/Bool|Binary/.test(operator),
  })) {
    if (piece.kind !== "variable") {
      pieces.push(piece);
      continue;
    }
    const constant = own(constants(context), piece.name);
    if (constant !== undefined) pieces.push(...(textPieces(constant) as Resolved[]));
    else if (alwaysEqual(key, piece.name) || (effect === "Allow" && !operator.includes("Not")))
      pieces.push({ kind: "star" });
    else return null;
  }
  if (key === "kms:grantoperations" && value.unknown !== undefined) {
    const causes = () => textCauses(value.text, `the condition value ${value.text}`);
    if (context.choose(`${id} ${position}`, 2, causes) === 1)
      return { pattern: literal("CreateGrant"), narrow: false };
  }
  const found = accountKeys.has(key)
    ? accountPattern(pieces, value, context)
    : arnKeys.has(key)
      ? arnPattern(pieces, value, part, context)
      : isOrganizationKey(key)
        ? organizationPattern(pieces, key, part, context)
        : plainPattern(pieces, value, key, toPattern);
  return withPart(part, found, key);
}

/** A reference to an attribute of a resource is an ARN or an ID and never a wildcard. Any other reference may be one. */
const isOfKnownType = (key: string, { account }: ConditionValue): boolean =>
  account !== undefined && (account === "self" || !accountKeys.has(key));

/** Policy variables whose value the key determines. */
const constants = ({ owner }: Context): { [name: string]: string | undefined } => ({
  "aws:resourceaccount": owner,
  "aws:resourceorgid": organizationOfOwner,
});

const callerAccount = new Set(["kms:calleraccount", "aws:principalaccount"]);

/** Returns whether a policy variable always fits its position in a value of the condition key. */
const alwaysEqual = (key: string, variable: string): boolean =>
  key === variable ||
  (callerAccount.has(key) && callerAccount.has(variable)) ||
  (key === "aws:principalarn" && (callerAccount.has(variable) || variable === "aws:username")) ||
  (key === "aws:principalorgpaths" && variable === "aws:principalorgid") ||
  (key === "aws:sourceorgpaths" && variable === "aws:sourceorgid") ||
  (key === "aws:sourcearn" && variable === "aws:sourceaccount");

/** Returns whether a value is, apart from wildcards, a policy variable that always fits. */
export const comparesWithItself = (key: string, text: string): boolean => {
  const variables = piecesOf(text, { wildcards: true, variables: true }).filter(
    ({ kind }) => kind === "variable",
  );
  return (
    variables.length > 0 &&
    variables.every((piece) => piece.kind === "variable" && alwaysEqual(key, piece.name))
  );
};

/** Converts a value to the contents of its part of the request. */
function withPart(part: string, { pattern, narrow }: ValuePattern, key = part): ValuePattern {
  if (part === "organization" && key === "aws:principalorgid")
    return { narrow, pattern: [...pattern, ...literal("/"), anyText()] };
  return { pattern, narrow };
}

const tokens = (
  pieces: readonly Piece[],
  without = "",
  toPattern: (text: string) => Pattern = literal,
): Pattern =>
  pieces.flatMap((piece): Pattern => {
    if (piece.kind === "star") return [anyText(without)];
    if (piece.kind === "mark") return [anyCharacter(without)];
    return piece.kind === "variable" ? [anyText(without)] : toPattern(piece.text);
  });

const hasUnknown = (pieces: readonly Piece[]): boolean => pieces.some(({ kind }) => kind === "unknown");

/** The account of an unknown value may be the owner's, unless the reference says which account it is. */
const withAccount = (value: ConditionValue): Named =>
  value.account === undefined
    ? { text: value.text, account: { unknown: { reason: "", expression: value.text } }, relation: "unknown" }
    : value;

function accountPattern(pieces: readonly Piece[], value: ConditionValue, context: Context): ValuePattern {
  if (hasUnknown(pieces)) return { pattern: literal(context.accountOf(withAccount(value))), narrow: true };
  const id = accountIn(pieces);
  if (id !== null) return { pattern: literal(nameAccount(id, value, context)), narrow: true };
  return { pattern: tokens(pieces, ":/#"), narrow: false };
}

/** Returns the account ID in a segment. A wildcard after a complete ID stands for nothing. */
function accountIn(pieces: readonly Piece[]): string | null {
  const id = literalText(pieces.slice(0, 12));
  return isAccountId(id) && pieces.slice(12).every(({ kind }) => kind === "star") ? id : null;
}

/** Records that the policy names an account. Returns its ID. */
function nameAccount(id: string, value: ConditionValue, context: Context): string {
  return context.accountOf(
    value.account === id
      ? value
      : { text: id, account: id, relation: id === context.owner ? "owner" : "external" },
  );
}

function arnPattern(
  pieces: readonly Resolved[],
  value: ConditionValue,
  part: string,
  context: Context,
): ValuePattern {
  const segments = segmentsOf(pieces);
  if (segments.length < 6) return shortArnPattern(pieces, value, part, context);
  const [, partition = [], service = [], region = [], account = [], resource = []] = segments;
  const accountId = hasUnknown(account)
    ? context.accountOf(withAccount(value))
    : (accountIn(account) ?? literalText(account));
  if (accountId !== null && isAccountId(accountId)) nameAccount(accountId, value, context);
  // A session of a federated user is a caller like any other.
  const isFederated =
    part === "caller" && literalText(service) === "sts" && startsWith(resource, "federated-user/");
  const head = [
    textPieces("arn"),
    /^(⟨.*⟩|aws(-[a-z]+)*)$/.test(literalText(partition) ?? "") ? textPieces("aws") : partition,
    isFederated ? textPieces("iam") : service,
    region,
    accountId === null ? account : textPieces(accountId),
  ];
  const pattern = [
    ...head.flatMap((segment) => tokens([...segment, colon], ":")),
    ...tokens(resource.map(asName), part === "caller" ? "#" : ""),
  ];
  return {
    pattern,
    narrow:
      accountId !== null && (accountId !== "" || (literalText(service) !== null && namesResource(resource))),
  };
}

/** An ARN without account, as those of S3, belongs to one owner if it names the resource: bucket names have three letters or more. */
const namesResource = (resource: readonly Piece[]): boolean => {
  const name = resource.findIndex(({ kind }) => kind === "star" || kind === "mark");
  return name < 0 || name >= 3;
};

/** Returns an unknown part as a name that callers can have. */
const asName = <P extends Piece>(piece: P): P =>
  piece.kind === "unknown" ? { ...piece, text: unknownName(piece.text) } : piece;

const startsWith = (pieces: readonly Piece[], text: string): boolean =>
  literalText(pieces.slice(0, text.length)) === text;

/** Returns the contents for a value that is not an entire ARN: a reference to one, or a pattern such as `*`. */
function shortArnPattern(
  pieces: readonly Resolved[],
  value: ConditionValue,
  part: string,
  context: Context,
): ValuePattern {
  const [first] = pieces;
  if (first?.kind === "unknown") {
    const account = context.accountOf(withAccount(value));
    const type =
      part === "caller" || part === "kms:granteeprincipal"
        ? `${callerPrefix}${account}:role/`
        : `arn:aws:unknown::${account}:`;
    const pattern = [...literal(type), ...tokens(pieces.map(asName), part === "caller" ? "#" : "")];
    return { pattern, narrow: true };
  }
  const text = literalText(pieces);
  const id = accountIn(segmentsOf(pieces)[4] ?? pieces);
  if (id !== null) nameAccount(id, value, context);
  return { pattern: tokens(pieces, part === "caller" ? "#" : ""), narrow: text !== null || id !== null };
}

function organizationPattern(
  pieces: readonly Piece[],
  key: string,
  part: string,
  context: Context,
): ValuePattern {
  const end = pieces.findIndex((piece) => piece.kind === "text" && piece.text === "/");
  const id = literalText(end < 0 ? pieces : pieces.slice(0, end));
  const isPath = key.endsWith("paths");
  const pattern = tokens(pieces, isPath ? "" : "/");
  const narrow = id !== null && id !== "";
  if (narrow) context.organizations.set(part, (context.organizations.get(part) ?? new Set()).add(id));
  return { pattern, narrow };
}

function plainPattern(
  pieces: readonly Piece[],
  value: ConditionValue,
  key: string,
  toPattern: (text: string) => Pattern,
): ValuePattern {
  const pattern = tokens(pieces, "", toPattern);
  const isContext = key.startsWith("kms:encryptioncontext:");
  return { pattern, narrow: isContext ? value.account !== undefined : literalText(pieces) !== null };
}
