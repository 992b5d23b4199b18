import type { TargetOptions } from "../../model/format.ts";
import {
  type Node,
  type SourcePointer,
  textOf,
  type UnknownNode,
  type UnknownPart,
  type UnknownPartType,
} from "../../model/node.ts";
import type { Json, Problem } from "../../model/source.ts";
import { truncated } from "../../model/truncated.ts";
import type { Choose } from "../shared/choices.ts";
import {
  addProblem,
  type CloudFormationTemplate,
  isMap,
  isScalar,
  type JsonMap,
  problemAt,
} from "./template.ts";

/** The context of one evaluation: the template, and one assignment of its undecided choices. */
export interface EvaluationContext {
  template: CloudFormationTemplate;
  options: TargetOptions;
  /** Loop variables of Fn::ForEach. */
  bindings: ReadonlyMap<string, Node>;
  choose: Choose;
  /** Choices are not possible yet. */
  beforeChoices?: boolean;
  evaluate(context: EvaluationContext, raw: Json, pointer: string): Node | undefined;
  /** By logical ID, including those from Fn::ForEach. */
  resources: ReadonlyMap<string, TemplateResource>;
  conditions: ReadonlyMap<string, Definition>;
  /** The literals that conditions compare an expression with, by canonical expression. */
  comparedLiterals: ReadonlyMap<string, string[]>;
  state: EvaluationState;
}

export interface EvaluationState {
  conditions: Map<string, boolean | "open">;
  /** Values chosen for undecided expressions, by `expressionId`. Null: none of the values that they are compared with. */
  decided: Map<string, string | null>;
  /** Aliases whose names are being evaluated. */
  visiting: Set<string>;
  /** Number of conditions that are being evaluated. */
  conditionDepth: number;
  decisions: number;
  /** Number of loop iterations so far. */
  loopIterations: number;
  /** The stack cannot be deployed under this assignment. */
  undeployable: boolean;
  /** Reported only if every assignment is undeployable. */
  problems: Problem[];
}

/** A named definition in the template, its location, and the loop variables in scope. */
export interface Definition {
  raw: Json;
  pointer: string;
  bindings: ReadonlyMap<string, Node>;
}

export interface TemplateResource extends Definition {
  id: string;
  type: string;
  raw: JsonMap;
  /** The ARN of an existing key. */
  arn?: string;
}

/** An unknown value that refers to a resource of the template. */
export interface UnknownReference extends UnknownPart {
  resource?: string;
}

export const newEvaluationState = (): EvaluationState => ({
  conditions: new Map(),
  decided: new Map(),
  visiting: new Set(),
  conditionDepth: 0,
  decisions: 0,
  loopIterations: 0,
  undeployable: false,
  problems: [],
});

export const pointerAt = (context: EvaluationContext, pointer: string): SourcePointer => ({
  parsed: context.template.parsed,
  pointer,
});

export const evaluateValue = (context: EvaluationContext, raw: Json, pointer: string): Node | undefined =>
  context.evaluate(context, raw, pointer);

export function unknownNode(
  context: EvaluationContext,
  pointer: string,
  reason: string,
  expression: string,
  extra: { type?: UnknownPartType | undefined; self?: boolean; resource?: string } = {},
): UnknownNode {
  const { type, ...rest } = extra;
  const part: UnknownReference = { reason, expression, ...rest, ...(type ? { type } : {}) };
  return { type: "unknown", part, at: pointerAt(context, pointer) };
}

export function literalNode(
  context: EvaluationContext,
  pointer: string,
  value: string | number | boolean,
): Node {
  return { type: "scalar", value, at: pointerAt(context, pointer) };
}

/** Reports a problem that makes the template undeployable. */
export function reportProblem(
  context: EvaluationContext,
  pointer: string,
  message: string,
  remedy: string,
): void {
  addProblem(context.template, problemAt(context.template, pointer, message, remedy));
}

/** Marks the assignment as undeployable. The problem is reported only if every assignment is undeployable. */
export function reportUndeployable(
  context: EvaluationContext,
  pointer: string,
  message: string,
  remedy: string,
): void {
  if (context.state.decisions > 0) {
    context.state.undeployable = true;
    context.state.problems.push(problemAt(context.template, pointer, message, remedy));
  } else reportProblem(context, pointer, message, remedy);
}

/** Reports invalid arguments of a function, and returns an unknown value. */
export function invalidArguments(
  context: EvaluationContext,
  pointer: string,
  raw: Json,
  expected: string,
): UnknownNode {
  const name = isMap(raw) ? (Object.keys(raw)[0] ?? "") : String(raw);
  reportProblem(context, pointer, `${name} requires ${expected}.`, `Correct the arguments of ${name}.`);
  return unknownNode(context, pointer, "invalid function arguments", describeExpression(raw));
}

/** Returns an ID for an expression in its scope. Expressions with the same ID have the same value. */
export function expressionId(context: EvaluationContext, raw: Json): string {
  const text = canonicalExpression(raw);
  const bound = [...context.bindings].filter(([name]) => text.includes(name));
  return text + bound.map(([name, node]) => ` ${name}=${textOf(node)}`).join("");
}

/** Serializes an expression with sorted keys. `Fn::Sub "${A}"` is equal to `Ref A`. */
export function canonicalExpression(raw: Json): string {
  if (Array.isArray(raw)) return `[${raw.map(canonicalExpression).join(",")}]`;
  if (!isMap(raw)) return JSON.stringify(isScalar(raw) ? String(raw) : raw);
  const sub = raw["Fn::Sub"];
  const onlyReference = typeof sub === "string" ? /^\$\{([\w:]+)\}$/.exec(sub)?.[1] : undefined;
  if (onlyReference !== undefined && Object.keys(raw).length === 1)
    return canonicalExpression({ Ref: onlyReference });
  const entries = Object.entries(raw).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, value]) => `${JSON.stringify(key)}:${canonicalExpression(value)}`).join(",")}}`;
}

const MAX_DESCRIPTION = 120;

/** Returns a short description of an expression: `Env`, `Role.Arn`, `Fn::ImportValue shared-key`. */
export function describeExpression(raw: Json): string {
  return truncated(describeNested(raw, 0, { left: MAX_DESCRIPTION }), MAX_DESCRIPTION);
}

/** `budget` counts the values that still fit, because an expression may be as large as the template. */
function describeNested(raw: Json, depth: number, budget: { left: number }): string {
  if (depth > 6 || budget.left-- <= 0) return "…";
  const inner = (value: Json) => describeNested(value, depth + 1, budget);
  if (Array.isArray(raw))
    return raw
      .slice(0, budget.left + 1)
      .map(inner)
      .join(" ");
  if (!isMap(raw)) return raw === "" ? '""' : String(raw).slice(0, MAX_DESCRIPTION + 1);
  const [entry, ...more] = Object.entries(raw);
  if (!entry || more.length > 0) return more.length > 0 ? "{…}" : "{}";
  const [name, value] = entry;
  if (name === "Ref") return inner(value);
  if (name === "Condition") return inner(value);
  if (name === "Fn::GetAtt") return Array.isArray(value) ? value.map(inner).join(".") : inner(value);
  if (name === "Fn::Transform") {
    const { Name: transform = value, Parameters: parameters } = isMap(value) ? value : {};
    const location = isMap(parameters) ? parameters.Location : undefined;
    return [name, inner(transform), ...(location === undefined ? [] : [inner(location)])].join(" ");
  }
  return `${name} ${inner(value)}`;
}
