import type { TargetOptions } from "../../model/format.ts";
import {
  type Hole,
  type HoleType,
  type Node,
  type SourcePointer,
  textOf,
  type UnknownNode,
} from "../../model/node.ts";
import type { Json, Problem } from "../../model/source.ts";
import type { Choose } from "../shared/choices.ts";
import { addProblem, isMap, isScalar, type JsonMap, problemAt, type Template } from "./template.ts";

/** One evaluation of a component under one assignment of what the template leaves open. */
export interface Run {
  template: Template;
  options: TargetOptions;
  /** Loop variables of Fn::ForEach. */
  bindings: ReadonlyMap<string, Node>;
  choose: Choose;
  /** Before any run: nothing may be chosen. */
  outside?: boolean;
  evaluate(run: Run, raw: Json, pointer: string): Node | undefined;
  /** By logical id and by name, those of Fn::ForEach included. */
  resources: ReadonlyMap<string, Resource>;
  conditions: ReadonlyMap<string, Definition>;
  /** The literals that conditions compare an expression with, by its canonical text. */
  compared: ReadonlyMap<string, string[]>;
  state: RunState;
}

export interface RunState {
  conditions: Map<string, boolean | "open">;
  /** What undecided expressions are taken for, by `identity`; null: none of the values that they are compared with. */
  decided: Map<string, string | null>;
  /** References that are being followed. */
  following: Set<string>;
  /** Conditions that are being evaluated. */
  depth: number;
  decisions: number;
  /** Values of loop variables that were tried. */
  expansions: number;
  /** The stack could not be deployed under this assignment, and why, where that is worth a word. */
  impossible: boolean;
  obstacles: Problem[];
}

/** Something that the template names, where it stands, and the loop variables that hold there. */
export interface Definition {
  raw: Json;
  pointer: string;
  bindings: ReadonlyMap<string, Node>;
}

export interface Resource extends Definition {
  id: string;
  type: string;
  raw: JsonMap;
  /** Of a key that exists. */
  arn?: string;
}

/** A hole that stands for a resource of the template. */
export interface ResourceHole extends Hole {
  resource?: string;
}

export const newState = (): RunState => ({
  conditions: new Map(),
  decided: new Map(),
  following: new Set(),
  depth: 0,
  decisions: 0,
  expansions: 0,
  impossible: false,
  obstacles: [],
});

export const place = (run: Run, pointer: string): SourcePointer => ({ parsed: run.template.parsed, pointer });

export const valueOf = (run: Run, raw: Json, pointer: string): Node | undefined =>
  run.evaluate(run, raw, pointer);

export function unknown(
  run: Run,
  pointer: string,
  reason: string,
  expression: string,
  extra: { type?: HoleType | undefined; self?: boolean; resource?: string } = {},
): UnknownNode {
  const { type, ...rest } = extra;
  const hole: ResourceHole = { reason, expression, ...rest, ...(type ? { type } : {}) };
  return { type: "unknown", hole, at: place(run, pointer) };
}

export function scalar(run: Run, pointer: string, value: string | number | boolean): Node {
  return { type: "scalar", value, at: place(run, pointer) };
}

/** What makes the template undeployable, whatever is chosen. */
export function report(run: Run, pointer: string, message: string, remedy: string): void {
  addProblem(run.template, problemAt(run.template, pointer, message, remedy));
}

/** What makes it undeployable as far as was chosen: worth a report only if every choice leads there. */
export function obstruct(run: Run, pointer: string, message: string, remedy: string): void {
  if (run.state.decisions > 0) {
    run.state.impossible = true;
    run.state.obstacles.push(problemAt(run.template, pointer, message, remedy));
  } else report(run, pointer, message, remedy);
}

/** A misused function: a problem, and a value that is not known. */
export function misused(run: Run, pointer: string, raw: Json, should: string): UnknownNode {
  const name = isMap(raw) ? (Object.keys(raw)[0] ?? "") : String(raw);
  report(run, pointer, `${name} must be given ${should}.`, `Correct the arguments of ${name}.`);
  return unknown(run, pointer, "misused function", describe(raw));
}

/** One text for one expression: two expressions with the same identity have the same value. */
export function identity(run: Run, raw: Json): string {
  const text = canonical(raw);
  const bound = [...run.bindings].filter(([name]) => text.includes(name));
  return text + bound.map(([name, node]) => ` ${name}=${textOf(node)}`).join("");
}

/** An expression alone, sorted by key; `Fn::Sub "${A}"` is `Ref A`. */
export function canonical(raw: Json): string {
  if (Array.isArray(raw)) return `[${raw.map(canonical).join(",")}]`;
  if (!isMap(raw)) return JSON.stringify(isScalar(raw) ? String(raw) : raw);
  const sub = raw["Fn::Sub"];
  const alone = typeof sub === "string" ? /^\$\{([\w:]+)\}$/.exec(sub)?.[1] : undefined;
  if (alone !== undefined && Object.keys(raw).length === 1) return canonical({ Ref: alone });
  const entries = Object.entries(raw).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, value]) => `${JSON.stringify(key)}:${canonical(value)}`).join(",")}}`;
}

const MAX_DESCRIPTION = 120;

/** An expression as a person would say it: `Env`, `Role.Arn`, `Fn::ImportValue shared-key`. */
export function describe(raw: Json): string {
  const text = describeAll(raw, 0);
  return text.length > MAX_DESCRIPTION ? `${text.slice(0, MAX_DESCRIPTION)}…` : text;
}

function describeAll(raw: Json, depth: number): string {
  if (depth > 6) return "…";
  const inner = (value: Json) => describeAll(value, depth + 1);
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
