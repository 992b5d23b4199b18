import { own } from "../../model/json.ts";
import type { Json } from "../../model/source.ts";
import {
  canonicalExpression,
  describeExpression,
  type EvaluationContext,
  expressionId,
  invalidArguments,
  reportProblem,
} from "./context.ts";
import { allowsValue, chooseValue, evaluateOperand } from "./parameters.ts";
import { mayEqual } from "./strings.ts";
import { isMap, isScalar, joinPointer } from "./template.ts";

/** Maximum length of a chain of conditions. Conditions beyond it count as unknown. */
const MAX_DEPTH = 200;

/** Returns whether a condition of the template is true in this context. */
export function conditionHolds(context: EvaluationContext, name: string, pointer: string): boolean {
  const { conditions } = context.state;
  const known = conditions.get(name);
  if (typeof known === "boolean") return known;
  const definition = context.conditions.get(name);
  if (definition && known === undefined && context.state.conditionDepth >= MAX_DEPTH)
    return chooseBoolean(context, `condition ${name}`, name);
  if (!definition || known === "open") {
    if (known === "open")
      reportProblem(
        context,
        pointer,
        `Condition ${name} depends on itself.`,
        "Remove the circular dependency between conditions.",
      );
    const chosen = chooseBoolean(context, `condition ${name}`, name);
    conditions.set(name, chosen);
    return chosen;
  }
  conditions.set(name, "open");
  context.state.conditionDepth++;
  const result = evaluateCondition(
    { ...context, bindings: definition.bindings },
    definition.raw,
    definition.pointer,
    name,
  );
  context.state.conditionDepth--;
  const chosen = conditions.get(name);
  // In a cycle, the condition was already decided during its own evaluation.
  if (typeof chosen === "boolean") return chosen;
  conditions.set(name, result);
  return result;
}

/** Evaluates a condition expression, as in Conditions or in the arguments of Fn::And. `name`: its name, if any. */
export function evaluateCondition(
  context: EvaluationContext,
  raw: Json,
  pointer: string,
  name?: string,
): boolean {
  if (typeof raw === "boolean") return raw;
  const [entry, ...more] = isMap(raw) ? Object.entries(raw) : [];
  if (entry && more.length === 0) {
    const [key, args] = entry;
    const at = joinPointer(pointer, key);
    if (key === "Condition" && typeof args === "string") return conditionHolds(context, args, at);
    if (key === "Fn::Equals" && Array.isArray(args) && args.length === 2)
      return equals(context, args[0] as Json, args[1] as Json, at, name);
    if (key === "Fn::Not" && Array.isArray(args) && args.length === 1)
      return !evaluateCondition(context, args[0] as Json, joinPointer(at, 0));
    if (key === "Fn::And" && Array.isArray(args) && args.length > 0)
      return args.every((arg, i) => evaluateCondition(context, arg, joinPointer(at, i)));
    if (key === "Fn::Or" && Array.isArray(args) && args.length > 0)
      return args.some((arg, i) => evaluateCondition(context, arg, joinPointer(at, i)));
    const expected = own(expectedArguments, key);
    if (expected) invalidArguments(context, at, raw, expected);
  }
  return chooseBoolean(context, `expression ${expressionId(context, raw)}`, name ?? describeExpression(raw));
}

const expectedArguments: { [name: string]: string } = {
  "Fn::Equals": "a list of two values",
  "Fn::Not": "a list of one condition",
  "Fn::And": "a list of two to ten conditions",
  "Fn::Or": "a list of two to ten conditions",
  Condition: "the name of a condition",
};

function chooseBoolean(context: EvaluationContext, id: string, subject: string): boolean {
  context.state.decisions++;
  return context.choose({ id, subject }) === 0;
}

function equals(
  context: EvaluationContext,
  a: Json,
  b: Json,
  pointer: string,
  name: string | undefined,
): boolean {
  const ids = [expressionId(context, a), expressionId(context, b)] as const;
  if (ids[0] === ids[1]) return true;
  const left = evaluateOperand(context, a, joinPointer(pointer, 0));
  const right = evaluateOperand(context, b, joinPointer(pointer, 1));
  const known = [left, right].map((node) =>
    node?.type === "scalar" && node.value !== null ? String(node.value) : undefined,
  );
  if (known[0] !== undefined && known[1] !== undefined) return known[0] === known[1];
  const atom = `equals ${[...ids].sort().join(" ")}`;
  const subject = name ?? `${describeExpression(a)} equals ${describeExpression(b)}`;
  const value = known[0] ?? known[1];
  const [raw, node, id] = known[0] === undefined ? [a, left, ids[0]] : [b, right, ids[1]];
  if (value === undefined || !node) return chooseBoolean(context, atom, subject);
  if (!mayEqual(node, value) || !allowsValue(context, raw, value)) return false;
  // If an expression is compared with several literals, try each of them, and none of them. Two comparisons with
  // different literals are then never both true.
  const values = (context.comparedLiterals.get(canonicalExpression(raw)) ?? []).filter(
    (other) => mayEqual(node, other) && allowsValue(context, raw, other),
  );
  const decided = context.state.decided.get(id);
  if (typeof decided === "string") return decided === value;
  if (!values.includes(value)) return chooseBoolean(context, atom, subject);
  return (
    (decided === null ? null : chooseValue(context, id, describeExpression(raw), values, true)) === value
  );
}

/** Returns the literals that the conditions compare each expression with, by canonical expression. */
export function literalsByExpression(conditions: Json): Map<string, string[]> {
  const compared = new Map<string, string[]>();
  const add = (expression: Json, literal: Json) => {
    if (!isScalar(literal) || isScalar(expression)) return;
    const id = canonicalExpression(expression);
    const values = compared.get(id) ?? [];
    if (!values.includes(String(literal))) values.push(String(literal));
    compared.set(id, values);
  };
  const walk = (raw: Json): void => {
    if (Array.isArray(raw)) raw.forEach(walk);
    if (!isMap(raw)) return;
    const pair = raw["Fn::Equals"];
    if (Array.isArray(pair) && pair.length === 2) {
      add(pair[0] as Json, pair[1] as Json);
      add(pair[1] as Json, pair[0] as Json);
    }
    Object.values(raw).forEach(walk);
  };
  walk(conditions);
  return compared;
}
