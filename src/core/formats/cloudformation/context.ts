import type { Options } from "../../model/format.ts";
import {
  type Hole,
  type HoleType,
  type Node,
  type Place,
  textOf,
  type UnknownNode,
} from "../../model/node.ts";
import type { Json, Problem } from "../../model/source.ts";
import type { Choose } from "../shared/choices.ts";
import {
  addProblem,
  type CloudFormationTemplate,
  isMap,
  isScalar,
  type JsonMap,
  problemAt,
} from "./template.ts";

/** One evaluation of a component under one assignment of what the template leaves open. */
export interface EvaluationContext {
  template: CloudFormationTemplate;
  options: Options;
  /** Loop variables of Fn::ForEach. */
  bindings: ReadonlyMap<string, Node>;
  choose: Choose;
  /** Before any run: nothing may be chosen. */
  beforeChoices?: boolean;
  evaluate(context: EvaluationContext, raw: Json, pointer: string): Node | undefined;
  /** By logical id and by name, those of Fn::ForEach included. */
  resources: ReadonlyMap<string, TemplateResource>;
  conditions: ReadonlyMap<string, Definition>;
  /** The literals that conditions compare an expression with, by its canonical text. */
  comparedLiterals: ReadonlyMap<string, string[]>;
  state: EvaluationState;
}

export interface EvaluationState {
  conditions: Map<string, boolean | "open">;
  /** What undecided expressions are taken for, by `identity`; null: none of the values that they are compared with. */
  decided: Map<string, string | null>;
  /** References that are being followed. */
  visiting: Set<string>;
  /** Conditions that are being evaluated. */
  conditionDepth: number;
  decisions: number;
  /** Values of loop variables that were tried. */
  loopIterations: number;
  /** The stack could not be deployed under this assignment, and why, where that is worth a word. */
  undeployable: boolean;
  problems: Problem[];
}

/** Something that the template names, where it stands, and the loop variables that hold there. */
export interface Definition {
  raw: Json;
  pointer: string;
  bindings: ReadonlyMap<string, Node>;
}

export interface TemplateResource extends Definition {
  id: string;
  type: string;
  raw: JsonMap;
  /** Of a key that exists. */
  arn?: string;
}

/** A hole that stands for a resource of the template. */
export interface UnknownReference extends Hole {
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

export const placeAt = (context: EvaluationContext, pointer: string): Place => ({
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
  extra: { type?: HoleType | undefined; self?: boolean; resource?: string } = {},
): UnknownNode {
  const { type, ...rest } = extra;
  const hole: UnknownReference = { reason, expression, ...rest, ...(type ? { type } : {}) };
  return { type: "unknown", hole, at: placeAt(context, pointer) };
}

export function scalarNode(
  context: EvaluationContext,
  pointer: string,
  value: string | number | boolean,
): Node {
  return { type: "scalar", value, at: placeAt(context, pointer) };
}

/** What makes the template undeployable, whatever is chosen. */
export function reportProblem(
  context: EvaluationContext,
  pointer: string,
  message: string,
  remedy: string,
): void {
  addProblem(context.template, problemAt(context.template, pointer, message, remedy));
}

/** What makes it undeployable as far as was chosen: worth a report only if every choice leads there. */
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

/** A misused function: a problem, and a value that is not known. */
export function invalidArguments(
  context: EvaluationContext,
  pointer: string,
  raw: Json,
  should: string,
): UnknownNode {
  const name = isMap(raw) ? (Object.keys(raw)[0] ?? "") : String(raw);
  reportProblem(context, pointer, `${name} must be given ${should}.`, `Correct the arguments of ${name}.`);
  return unknownNode(context, pointer, "misused function", describeExpression(raw));
}

/** One text for one expression: two expressions with the same identity have the same value. */
export function expressionId(context: EvaluationContext, raw: Json): string {
  const text = canonicalExpression(raw);
  const bound = [...context.bindings].filter(([name]) => text.includes(name));
  return text + bound.map(([name, node]) => ` ${name}=${textOf(node)}`).join("");
}

/** An expression alone, sorted by key; `Fn::Sub "${A}"` is `Ref A`. */
export function canonicalExpression(raw: Json): string {
  if (Array.isArray(raw)) return `[${raw.map(canonicalExpression).join(",")}]`;
  if (!isMap(raw)) return JSON.stringify(isScalar(raw) ? String(raw) : raw);
  const sub = raw["Fn::Sub"];
  const alone = typeof sub === "string" ? /^\$\{([\w:]+)\}$/.exec(sub)?.[1] : undefined;
  if (alone !== undefined && Object.keys(raw).length === 1) return canonicalExpression({ Ref: alone });
  const entries = Object.entries(raw).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, value]) => `${JSON.stringify(key)}:${canonicalExpression(value)}`).join(",")}}`;
}

const MAX_DESCRIPTION = 120;

/** An expression as a person would say it: `Env`, `Role.Arn`, `Fn::ImportValue shared-key`. */
export function describeExpression(raw: Json): string {
  const text = describeNested(raw, 0);
  return text.length > MAX_DESCRIPTION ? `${text.slice(0, MAX_DESCRIPTION)}…` : text;
}

function describeNested(raw: Json, depth: number): string {
  if (depth > 6) return "…";
  const inner = (value: Json) => describeNested(value, depth + 1);
  if (Array.isArray(raw)) return raw.map(inner).join(" ");
  if (!isMap(raw)) return raw === "" ? '""' : String(raw);
  const [entry, ...more] = Object.entries(raw);
  if (!entry || more.length > 0) return more.length > 0 ? "{…}" : "{}";
  const [name, value] = entry;
  if (name === "Ref") return inner(value);
  if (name === "Condition") return inner(value);
  if (name === "Fn::GetAtt") return Array.isArray(value) ? value.map(inner).join(".") : inner(value);
  if (name === "Fn::Transform") return `${name} ${isMap(value) ? inner(value.Name ?? "") : inner(value)}`;
  return `${name} ${inner(value)}`;
}
