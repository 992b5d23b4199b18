import type { Cause, Condition, ConditionValue } from "../model/document.ts";
import { addressesOf, everyAddress } from "./address.ts";
import { type ConditionScope, textCauses } from "./context.ts";
import { difference, everything, isSubset, type Language, languageOf, literal, nothing } from "./language.ts";
import { patternsOf } from "./patterns.ts";
import { type CallerKind, callerKeys, isMultivalued, mayCarry, organizationKeys } from "./universe.ts";
import { type Interval, type IntervalSet, joinIntervals, subtract, type ValueSet } from "./values.ts";

/** The requests that a condition matches: all, none, or those whose part is in a set. */
export type ConditionSet = "all" | "none" | { part: string; set: ValueSet };

/**
 * Returns the requests that a condition matches.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 */
export function conditionSet(condition: Condition, scope: ConditionScope): ConditionSet {
  const { operator } = condition;
  if (operator === "Unknown")
    return scope.context.choose(scope.id, 2, () => conditionCauses(condition)) === 0 ? "all" : "none";
  if (operator === "Null") return presenceSet(condition, scope);
  if (operator === "Bool") return booleanSet(condition, scope);
  if (/^(Not)?IpAddress$/.test(operator)) return intervalSet(condition, scope, "address");
  if (operator.startsWith("Numeric")) return intervalSet(condition, scope, "number");
  if (operator.startsWith("Date")) return intervalSet(condition, scope, "date");
  return stringSet(condition, scope);
}

const conditionCauses = ({ name, values }: Condition): Cause[] =>
  textCauses(
    values.map(({ text }) => text),
    name === "" ? "a condition of the statement" : `the condition on ${name}`,
  );

const valueCauses = ({ text, account }: ConditionValue): Cause[] =>
  typeof account === "object" ? [account.unknown] : textCauses(text, `the condition value ${text}`);

/** Returns the part of a request that a condition key is about. */
export const partOf = (key: string, kind: CallerKind): string =>
  kind === "principal" && (callerKeys.has(key) || key === "aws:principaltype")
    ? "caller"
    : organizationKeys.has(key)
      ? "organization"
      : key;

/** Returns the outcome of a boolean value. */
const isTrue = (value: ConditionValue, position: number, { context, id }: ConditionScope): boolean =>
  value.unknown === undefined
    ? value.text.toLowerCase() === "true"
    : context.choose(`${id} ${position}`, 2, () => valueCauses(value)) === 1;

function presenceSet(condition: Condition, scope: ConditionScope): ConditionSet {
  const wanted = new Set(condition.values.map((value, i) => isTrue(value, i, scope)));
  if (wanted.size !== 1) return wanted.size === 0 ? "none" : "all";
  const part = partOf(condition.key, scope.kind);
  const absent = wanted.has(true);
  if (part === "caller") return absent ? "none" : "all";
  const values = absent ? nothing : everything;
  if (isAlsoFalse(condition, scope) && absent)
    return { part, set: { kind: "string", absent, values: languageOf([literal("false")]) } };
  return isMultivalued(part)
    ? { part, set: { kind: "list", absent, all: everything, some: [], present: !absent } }
    : { part, set: { kind: "string", absent, values } };
}

/** AWS does not document whether requests for other grants carry the value false or no value; a Deny of one is meant for both. */
const isAlsoFalse = ({ key }: Condition, { effect, action }: ConditionScope): boolean =>
  effect === "Deny" && key === "kms:grantisforawsresource" && mayCarry(key, action);

function booleanSet(condition: Condition, scope: ConditionScope): ConditionSet {
  const wanted = [...new Set(condition.values.map((value, i) => String(isTrue(value, i, scope))))];
  const isForFalse = isAlsoFalse(condition, scope) && wanted.includes("false");
  return {
    part: partOf(condition.key, scope.kind),
    set: {
      kind: "string",
      absent: matchesAbsent(condition) || isForFalse,
      values: languageOf(wanted.map(literal)),
    },
  };
}

/** Returns whether a condition matches requests without its condition key. */
const matchesAbsent = ({ operator, set, ifExists }: Condition): boolean =>
  ifExists || set === "ForAllValues" || (set === undefined && operator.includes("Not"));

function stringSet(condition: Condition, scope: ConditionScope): ConditionSet {
  const part = partOf(condition.key, scope.kind);
  const patterns = patternsOf(condition, part, scope);
  if (patterns === "depends on the request") return "none";
  const matched = languageOf(patterns);
  const values = condition.operator.includes("Not") ? difference(everything, matched) : matched;
  const absent = matchesAbsent(condition) || (isAlsoFalse(condition, scope) && acceptsFalse(values));
  if (!isMultivalued(part)) return { part, set: { kind: "string", absent, values } };
  const forAll =
    condition.set === "ForAllValues" || (condition.set === undefined && condition.operator.includes("Not"));
  return {
    part,
    set: {
      kind: "list",
      absent,
      present: true,
      ...(forAll ? { all: values, some: [] } : { all: everything, some: [values] }),
    },
  };
}

const acceptsFalse = (values: Language): boolean => isSubset(languageOf([literal("false")]), values);

type Measure = "address" | "number" | "date";

function intervalSet(condition: Condition, scope: ConditionScope, measure: Measure): ConditionSet {
  const { operator, values, key } = condition;
  const all: readonly Interval[] =
    measure === "address" ? everyAddress : [[Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]];
  const matched = joinIntervals(
    values.flatMap((value, i): Interval[] => {
      if (measure === "address" && value.unknown === "whole") {
        const isOpen = scope.context.choose(`${scope.id} ${i}`, 2, () => valueCauses(value)) === 1;
        return isOpen ? [...all] : [addressesOf("192.0.2.0/24") as Interval];
      }
      return intervalOf(operator, value.text, measure);
    }),
  );
  const isNegated = operator.includes("Not");
  const set: IntervalSet = {
    kind: "interval",
    absent: matchesAbsent(condition),
    intervals: isNegated ? complement(all, matched) : matched,
  };
  return { part: `${key} (${measure})`, set };
}

/** Returns the contents that a comparison with one value matches, before negation. */
function intervalOf(operator: string, text: string, measure: Measure): Interval[] {
  if (measure === "address") {
    const range = addressesOf(text);
    return range === null ? [] : [range];
  }
  const number = measure === "number" ? Number(text) : dateOf(text);
  // The position of an unknown bound is arbitrary: some requests are on either side of it.
  const bound = text.includes("⟨") ? 0 : number;
  if (Number.isNaN(bound)) return [];
  const below = bound - Math.max(Math.abs(bound), 1) * Number.EPSILON;
  const above = bound + Math.max(Math.abs(bound), 1) * Number.EPSILON;
  if (operator.endsWith("LessThan")) return [[Number.NEGATIVE_INFINITY, below]];
  if (operator.endsWith("LessThanEquals")) return [[Number.NEGATIVE_INFINITY, bound]];
  if (operator.endsWith("GreaterThan")) return [[above, Number.POSITIVE_INFINITY]];
  if (operator.endsWith("GreaterThanEquals")) return [[bound, Number.POSITIVE_INFINITY]];
  return [[bound, bound]];
}

/** Dates are ISO 8601, or seconds since 1970. */
const dateOf = (text: string): number => (/^-?\d{5,}$/.test(text) ? Number(text) * 1000 : Date.parse(text));

function complement(all: readonly Interval[], matched: readonly Interval[]): Interval[] {
  const whole: IntervalSet = { kind: "interval", absent: false, intervals: all };
  return subtract(whole, { ...whole, intervals: matched }).flatMap((rest) => (rest as IntervalSet).intervals);
}
