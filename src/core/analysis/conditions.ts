import type { Cause, Condition, ConditionValue } from "../model/document.ts";
import { own } from "../model/json.ts";
import { addressesOf, everyAddress } from "./address.ts";
import { type ConditionScope, textCauses } from "./context.ts";
import { difference, everything, isSubset, type Language, languageOf, literal, nothing } from "./language.ts";
import { patternsOf } from "./patterns.ts";
import {
  type CallerKind,
  callerKeys,
  callersOfAccount,
  carriersOf,
  isMultivalued,
  mayCarry,
  organizationKeys,
} from "./universe.ts";
import {
  type Interval,
  type IntervalSet,
  joinIntervals,
  strings,
  subtract,
  type ValueSet,
} from "./values.ts";

/** The requests that a condition matches: all, none, or those whose parts are in sets. */
export type ConditionSet = "all" | "none" | PartSet[];

interface PartSet {
  part: string;
  set: ValueSet;
}

/**
 * Returns the requests that a condition matches.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 */
export function conditionSet(written: Condition, scope: ConditionScope): ConditionSet {
  const condition = aboutCaller(written);
  const { operator } = condition;
  if (operator === "Unknown") return unknownSet(condition, scope);
  if (operator === "Null") return presenceSet(condition, scope);
  if (operator === "Bool") return [booleanSet(condition, scope)];
  if (/^(Not)?IpAddress$/.test(operator)) return [intervalSet(condition, scope, "address")];
  if (operator.startsWith("Numeric")) return [intervalSet(condition, scope, "number")];
  if (operator.startsWith("Date")) return [intervalSet(condition, scope, "date")];
  return stringSet(condition, scope);
}

/**
 * Returns the condition with the two sides swapped, if it compares a property of the key with the same one of the caller:
 * `aws:ResourceAccount` with `${aws:PrincipalAccount}`.
 */
function aboutCaller(condition: Condition): Condition {
  const sides = own(swapped, condition.key);
  const [value] = condition.values;
  if (sides === undefined || value === undefined || condition.values.length > 1) return condition;
  const key = /^\$\{\s*([\w:]+)\s*\}$/.exec(value.text)?.[1]?.toLowerCase();
  if (key === undefined || !sides.keys.includes(key)) return condition;
  return { ...condition, key, values: [{ ...value, text: sides.value }] };
}

const swapped: { [key: string]: { keys: string[]; value: string } | undefined } = {
  "aws:resourceaccount": {
    keys: ["aws:principalaccount", "kms:calleraccount", "aws:sourceaccount"],
    value: "${aws:ResourceAccount}",
  },
  "aws:resourceorgid": { keys: ["aws:principalorgid", "aws:sourceorgid"], value: "${aws:ResourceOrgID}" },
};

/**
 * An unknown condition does nothing, or it restricts the requests in every respect that a rule asks about: to the owner or,
 * if the statement is for everyone, to another account.
 */
function unknownSet(condition: Condition, scope: ConditionScope): ConditionSet {
  const { context, effect, kind, action, id, isForEveryone } = scope;
  const outcome = context.choose(id, effect === "Allow" && isForEveryone ? 3 : 2, () =>
    conditionCauses(condition),
  );
  if (outcome === 0) return "all";
  if (effect === "Deny") return "none";
  if (outcome === 2) {
    const other = context.accountOf({
      text: "another account",
      account: "another account",
      relation: "external",
    });
    return kind === "principal"
      ? [{ part: "caller", set: strings(callersOfAccount(other)) }]
      : [{ part: "aws:sourceaccount", set: strings(languageOf([literal(other)])) }];
  }
  const parts = [
    kind === "principal" ? "aws:userid" : "aws:sourceaccount",
    ...["kms:grantisforawsresource", "kms:replicaregion", "kms:primaryregion"].filter((key) =>
      carriersOf(key)?.includes(action),
    ),
  ];
  return parts.map((part) => {
    const value = literal(
      part === "aws:sourceaccount"
        ? context.owner
        : part === "kms:grantisforawsresource"
          ? "true"
          : "unknown",
    );
    context.confine(part, value);
    return { part, set: strings(languageOf([value])) };
  });
}

const conditionCauses = ({ name, values }: Condition): Cause[] =>
  textCauses(
    values.map(({ text }) => text),
    name === "" ? "a condition of the statement" : `the condition on ${name}`,
  );

const valueCauses = ({ text, account }: ConditionValue): Cause[] =>
  typeof account === "object" ? [account.unknown] : textCauses(text, `the condition value ${text}`);

/** Returns the part of a request that a condition key is about. */
const partOf = (key: string, kind: CallerKind): string =>
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
  const measure = measureOf(condition.key);
  if (measure !== undefined) {
    const intervals = absent ? [] : everyInterval(measure);
    return [{ part: `${part} (${measure})`, set: { kind: "interval", absent, intervals } }];
  }
  if (isMultivalued(part))
    return [{ part, set: { kind: "list", absent, all: everything, some: [], present: !absent } }];
  if (!absent) return [{ part, set: strings(everything) }];
  return [
    { part, set: strings(isAlsoFalse(condition, scope) ? languageOf([literal("false")]) : nothing, true) },
  ];
}

/** How a condition key is compared, if not as a string. */
const measureOf = (key: string): Measure | undefined => {
  if (/sourceip$/.test(key)) return "address";
  if (/days$|age$/.test(key)) return "number";
  return /time$|validto$/.test(key) ? "date" : undefined;
};

const everyInterval = (measure: Measure): readonly Interval[] =>
  measure === "address" ? everyAddress : [[Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]];

/** AWS does not document whether requests for other grants carry the value false or no value; a Deny of one is meant for both. */
const isAlsoFalse = ({ key }: Condition, { effect, action }: ConditionScope): boolean =>
  effect === "Deny" && key === "kms:grantisforawsresource" && mayCarry(key, action);

function booleanSet(condition: Condition, scope: ConditionScope): PartSet {
  const wanted = [...new Set(condition.values.map((value, i) => String(isTrue(value, i, scope))))];
  const isForFalse = isAlsoFalse(condition, scope) && wanted.includes("false");
  const part = partOf(condition.key, scope.kind);
  const absent = matchesAbsent(condition) || isForFalse;
  const values = languageOf(wanted.map(literal));
  return isMultivalued(part)
    ? { part, set: { kind: "list", absent, all: everything, some: [values], present: true } }
    : { part, set: strings(values, absent) };
}

/** Returns whether a condition matches requests without its condition key. */
const matchesAbsent = ({ operator, set, ifExists }: Condition): boolean =>
  ifExists || set === "ForAllValues" || (set === undefined && operator.includes("Not"));

function stringSet(condition: Condition, scope: ConditionScope): ConditionSet {
  const part = partOf(condition.key, scope.kind);
  const patterns = patternsOf(condition, part, scope);
  if (patterns === "depends on the request")
    return isMultivalued(part) || !matchesAbsent(condition)
      ? "none"
      : [{ part, set: strings(nothing, true) }];
  const matched = languageOf(patterns);
  const values = condition.operator.includes("Not") ? difference(everything, matched) : matched;
  const absent = matchesAbsent(condition) || (isAlsoFalse(condition, scope) && acceptsFalse(values));
  if (!isMultivalued(part)) return [{ part, set: strings(values, absent) }];
  const forAll =
    condition.set === "ForAllValues" || (condition.set === undefined && condition.operator.includes("Not"));
  const content = forAll ? { all: values, some: [] } : { all: everything, some: [values] };
  return [{ part, set: { kind: "list", absent, present: true, ...content } }];
}

const acceptsFalse = (values: Language): boolean => isSubset(languageOf([literal("false")]), values);

type Measure = "address" | "number" | "date";

function intervalSet(condition: Condition, scope: ConditionScope, measure: Measure): PartSet {
  const { operator, values, key } = condition;
  const all = everyInterval(measure);
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
  // The position of an unknown bound is arbitrary, but not at an end: some requests are on either side of it.
  const bound = text.includes("⟨") ? 1 : number;
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
