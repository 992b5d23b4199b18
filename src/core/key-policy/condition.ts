import type { Condition, ConditionValue } from "../model/document.ts";
import { locationOf, type Node } from "../model/node.ts";
import { type Coded, coded, decode, hasHole, holeAt, unknown } from "./pattern.ts";
import { accountOf } from "./principal.ts";

const operators = new Map(
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

/** `ForAnyValue:StringLikeIfExists` in its parts; null where AWS has no such operator. */
export function operatorOf(written: string): Operator | null {
  const [, set, name = ""] = /^(?:(forallvalues|foranyvalue):)?(.*)$/i.exec(written) ?? [];
  const ifExists = /ifexists$/i.test(name);
  const operator = operators.get((ifExists ? name.slice(0, -"IfExists".length) : name).toLowerCase());
  // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_IfExists
  if (operator === undefined || (operator === "Null" && ifExists)) return null;
  const prefix = set?.toLowerCase() === "foranyvalue" ? "ForAnyValue" : "ForAllValues";
  return { operator, ...(set === undefined ? {} : { set: prefix }), ifExists };
}

/** One operator and key with its values. `nodes` are scalar, text or unknown nodes. */
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
    values: nodes.map((node) => valueOf(key, node)),
    location: locationOf(at.at, address),
  };
}

/** Conditions hold together: what one demands is there for the others, which may hold without it. */
export const withDemands = (conditions: Condition[]): Condition[] =>
  conditions.map((condition) =>
    condition.operator !== "Null" &&
    conditions.some((other) => other !== condition && demandsKey(other) && implies(other.key, condition.key))
      ? { ...condition, presenceRequired: true }
      : condition,
  );

const demandsKey = ({ operator, set, ifExists, values }: Condition): boolean =>
  operator === "Null"
    ? values.length > 0 && values.every(({ text }) => text.toLowerCase() === "false")
    : set !== "ForAllValues" && !ifExists && !/Not|Unknown/.test(operator);

/** Where one pair of a context is there, the list of its names has a member. */
const implies = (one: string, key: string): boolean =>
  one === key ||
  (key === "kms:encryptioncontextkeys" && one.startsWith("kms:encryptioncontext:")) ||
  (key === "aws:tagkeys" && one.startsWith("aws:requesttag/"));

/** A condition, or a set of them, of which not even the operator is known. */
export const unknownCondition = (node: Node & { type: "unknown" }, address: string): Condition => ({
  operator: "Unknown",
  ifExists: false,
  key: "",
  name: "",
  values: [{ text: decode(coded(node) as Coded), unknown: "whole", matchesEverything: false }],
  location: locationOf(node.at, address),
});

const accountKeys = new Set([
  "kms:calleraccount",
  "aws:principalaccount",
  "aws:sourceaccount",
  "aws:resourceaccount",
]);

function valueOf(key: string, node: Node): ConditionValue {
  const text = coded(node) as Coded;
  const value: ConditionValue = { text: decode(text), matchesEverything: takesAll.test(text.code) };
  if (node.type === "unknown") {
    value.unknown = "whole";
    const { hole } = node;
    if (hole.self === true) value.account = "self";
    else if (hole.type !== undefined || accountKeys.has(key) || key.startsWith("kms:encryptioncontext:"))
      value.account = unknown(hole);
    return value;
  }
  if (text.holes.length > 0) value.unknown = "part";
  if (key === "aws:sourceip") value.matchesEverything ||= Number(text.code.split("/")[1] ?? 32) < 8;
  if (accountKeys.has(key)) {
    setAccount(value, text, text.code);
  } else if (/^arn:/i.test(text.code)) {
    const segments = text.code.split(":");
    const account = segments[4];
    // `arn:*` and the like leave the account open as well.
    if (account === undefined) value.matchesEverything ||= /[*?]/.test(text.code);
    else if (account !== "") setAccount(value, text, account);
  } else if (/arn$/.test(key) && text.code.startsWith("*")) {
    // The star takes in the account: `*:role/app`.
    value.matchesEverything ||= !/\d{12}/.test(text.code);
  } else if (key.startsWith("kms:encryptioncontext:")) {
    const named = accountIn(text);
    if (named !== undefined) value.account = named;
  } else if (hasHole(text.code[0] ?? "") && /arn$/.test(key)) {
    const hole = holeAt(text, text.code[0] as string);
    value.account =
      hole?.self === true ? "self" : unknown(hole ?? { reason: "not known", expression: value.text });
  }
  return value;
}

/** What every value fits, or every organisation, VPC or endpoint: the beginning of their ids is always the same. */
const takesAll = /^((o|vpce?)-)?[*?]*\*[*?/]*$/;

/** An account with a wildcard in it is any account; what follows a whole id is no part of it. */
function setAccount(value: ConditionValue, text: Coded, segment: string): void {
  const whole = segment.replace(/(?<=^(\d{12}|[\uE000-\uF8FF]))\*+$/, "");
  if (/[*?]/.test(whole)) value.matchesEverything = true;
  else value.account = accountOf(text, whole);
}

/** The account that a text names by twelve digits or by a reference. */
function accountIn(text: Coded): ConditionValue["account"] {
  const digits = /(?<!\d)\d{12}(?!\d)/.exec(text.code);
  if (digits !== null) return digits[0];
  const hole = text.holes[0];
  if (hole === undefined) return undefined;
  return hole.self === true ? "self" : unknown(hole);
}
