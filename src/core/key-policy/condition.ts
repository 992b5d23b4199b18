import type { Condition, ConditionValue } from "../model/document.ts";
import { locationOf, type Node } from "../model/node.ts";
import {
  decodeString,
  type EncodedString,
  encodeString,
  hasUnknownPart,
  matchesPattern,
  toUnknown,
  unknownPartAt,
} from "./pattern.ts";
import { accountOf, accountOfPart } from "./principal.ts";

const operatorNames = new Map(
  [
    ..."StringEquals StringNotEquals StringEqualsIgnoreCase StringNotEqualsIgnoreCase StringLike StringNotLike".split(
      " ",
    ),
    ..."NumericEquals NumericNotEquals NumericLessThan NumericLessThanEquals NumericGreaterThan".split(" "),
    ..."NumericGreaterThanEquals DateEquals DateNotEquals DateLessThan DateLessThanEquals DateGreaterThan".split(
      " ",
    ),
    ..."DateGreaterThanEquals Bool BinaryEquals IpAddress NotIpAddress ArnEquals ArnLike ArnNotEquals".split(
      " ",
    ),
    ..."ArnNotLike Null".split(" "),
  ].map((name) => [name.toLowerCase(), name]),
);

export interface Operator {
  operator: string;
  set?: "ForAnyValue" | "ForAllValues";
  ifExists: boolean;
}

/** Parses an operator such as `ForAnyValue:StringLikeIfExists`; returns null if AWS has no such operator. */
export function parseOperator(written: string): Operator | null {
  const [, set, name = ""] = /^(?:(forallvalues|foranyvalue):)?(.*)$/i.exec(written) ?? [];
  const ifExists = /ifexists$/i.test(name);
  const operator = operatorNames.get((ifExists ? name.slice(0, -"IfExists".length) : name).toLowerCase());
  // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_IfExists
  if (operator === undefined || (operator === "Null" && ifExists)) return null;
  const prefix = set?.toLowerCase() === "foranyvalue" ? "ForAnyValue" : "ForAllValues";
  return { operator, ...(set === undefined ? {} : { set: prefix }), ifExists };
}

/** Returns the condition for one operator and key. `nodes` are scalar, text, or unknown nodes. */
export function conditionOf(
  operator: Operator,
  name: string,
  nodes: Node[],
  at: Node,
  address: string,
): Condition {
  const key = name.toLowerCase();
  return {
    ...operator,
    key,
    name,
    values: nodes.map((node) => conditionValue(key, node)),
    location: locationOf(at.at, address),
  };
}

/**
 * Marks the conditions whose key another condition requires to be present. All conditions of a statement must hold, so
 * a condition that would hold without the key cannot rely on its absence.
 */
export function markRequiredPresence(conditions: Condition[]): Condition[] {
  const requiring = new Map<string, number>();
  for (const condition of conditions.filter(requiresPresence))
    for (const key of presentKeys(condition.key)) requiring.set(key, (requiring.get(key) ?? 0) + 1);
  return conditions.map((condition) => {
    const others = (requiring.get(condition.key) ?? 0) - (requiresPresence(condition) ? 1 : 0);
    return condition.operator !== "Null" && others > 0 ? { ...condition, presenceRequired: true } : condition;
  });
}

const requiresPresence = ({ operator, set, ifExists, values }: Condition): boolean =>
  operator === "Null"
    ? values.length > 0 && values.every(({ text }) => text.toLowerCase() === "false")
    : set !== "ForAllValues" && !ifExists && !/Not|Unknown/.test(operator);

/**
 * Returns the condition keys that a request has if it has a key. If one encryption context pair or request tag is
 * present, the list of their names is not empty.
 */
const presentKeys = (key: string): string[] => [
  key,
  ...(key.startsWith("kms:encryptioncontext:") ? ["kms:encryptioncontextkeys"] : []),
  ...(key.startsWith("aws:requesttag/") ? ["aws:tagkeys"] : []),
];

/** Returns a condition whose operator, key, and values are unknown. It can represent several conditions. */
export const unknownCondition = (node: Node & { type: "unknown" }, address: string): Condition => ({
  operator: "Unknown",
  ifExists: false,
  key: "",
  name: "",
  values: [
    { text: decodeString(encodeString(node) as EncodedString), unknown: "whole", matchesEverything: false },
  ],
  location: locationOf(node.at, address),
});

const accountKeys = new Set([
  "kms:calleraccount",
  "aws:principalaccount",
  "aws:sourceaccount",
  "aws:resourceaccount",
]);

function conditionValue(key: string, node: Node): ConditionValue {
  const text = encodeString(node) as EncodedString;
  const value: ConditionValue = { text: decodeString(text), matchesEverything: false };
  if (node.type === "unknown") {
    const { part } = node;
    // A value of a known type is never a wildcard, like a string with an unknown part.
    value.unknown = part.type === undefined ? "whole" : "part";
    if (part.self === true || part.account !== undefined) value.account = accountOfPart(part);
    else if (
      (part.type !== undefined && part.type !== "name") ||
      accountKeys.has(key) ||
      key.startsWith("kms:encryptioncontext:")
    )
      value.account = toUnknown(part);
    return value;
  }
  if (text.unknownParts.length > 0) value.unknown = "part";
  value.matchesEverything = matchesEverything(key, text.encoded);
  if (accountKeys.has(key)) {
    setAccount(value, text, text.encoded);
  } else if (/^arn:/i.test(text.encoded)) {
    const account = text.encoded.split(":")[4];
    if (account !== undefined && account !== "") setAccount(value, text, account);
  } else if (key.startsWith("kms:encryptioncontext:")) {
    const named = accountInString(text);
    if (named !== undefined) value.account = named;
  } else if (hasUnknownPart(text.encoded[0] ?? "") && /arn$/.test(key)) {
    const part = unknownPartAt(text, text.encoded[0] as string);
    value.account = accountOfPart(
      part ?? { reason: "its value is not in the input", expression: value.text },
    );
  }
  return value;
}

/**
 * Returns whether a pattern matches values of any account, organization, network or service. `src/core/analysis` decides
 * what the conditions of a key policy allow together; this is about one value.
 */
function matchesEverything(key: string, pattern: string): boolean {
  if (key === "aws:sourceip") return Number(pattern.split("/")[1] ?? 32) < 8;
  if (!/[*?]/.test(pattern)) return false;
  if (/^aws:(principal|source)org(id|paths)$/.test(key))
    return /[*?]/.test(pattern.split("/", 1)[0] as string);
  if (/^aws:sourcevpce?$|^aws:userid$/.test(key)) return true;
  if (/arn$|^kms:granteeprincipal$/.test(key)) {
    const [, , , , account, resource = ""] = pattern.split(":");
    return account === undefined || (account === "" && /^.{0,2}[*?]/.test(resource));
  }
  return samples.every((sample) => matchesPattern(pattern, sample)) || /^[*?]*\*[*?]*$/.test(pattern);
}

/** Two services that have nothing in common: a pattern for both is one for all. */
const samples = ["s3.us-east-1.amazonaws.com", "lambda.eu-central-2.amazonaws.com"];

/** A wildcard in the account segment matches several accounts; a wildcard after a complete ID does not count. */
function setAccount(value: ConditionValue, text: EncodedString, segment: string): void {
  const account = segment.replace(/(?<=^(\d{12}|[\uE000-\uF8FF]))\*+$/, "");
  if (/[*?]/.test(account)) value.matchesEverything = true;
  else value.account = accountOf(text, account);
}

/** Returns the account that a string contains, as 12 digits or as a reference. */
function accountInString(text: EncodedString): ConditionValue["account"] {
  const digits = /(?<!\d)\d{12}(?!\d)/.exec(text.encoded);
  if (digits !== null) return digits[0];
  const part = text.unknownParts[0];
  return part && accountOfPart(part);
}
