import type { Node } from "../../model/node.ts";
import type { Json } from "../../model/source.ts";
import { spendSteps } from "../../parse/budget.ts";
import { conditionHolds, evaluateCondition } from "./conditions.ts";
import {
  describeExpression,
  type EvaluationContext,
  invalidArguments,
  literalNode,
  newEvaluationState,
  pointerAt,
  reportProblem,
  unknownNode,
} from "./context.ts";
import { findInMapFunction } from "./mappings.ts";
import { recordSensitive } from "./no-echo.ts";
import { getAttFunction, refFunction, subFunction } from "./references.ts";
import {
  base64Function,
  joinFunction,
  lengthFunction,
  selectFunction,
  splitFunction,
  toJsonFunction,
} from "./string-functions.ts";
import { bindName, stringNode } from "./strings.ts";
import { isMap, type JsonMap, joinPointer } from "./template.ts";

type IntrinsicFunction = (context: EvaluationContext, args: Json, pointer: string) => Node | undefined;

const unknownFunction =
  (name: string, reason: string): IntrinsicFunction =>
  (context, args, pointer) =>
    unknownNode(context, pointer, reason, describeExpression({ [name]: args }));

const conditionFunction =
  (name: string): IntrinsicFunction =>
  (context, args, pointer) =>
    literalNode(context, pointer, evaluateCondition(context, { [name]: args }, parentOf(pointer)));

const functions: { [name: string]: IntrinsicFunction } = {
  Ref: refFunction,
  "Fn::And": conditionFunction("Fn::And"),
  "Fn::Base64": base64Function,
  "Fn::Cidr": unknownFunction("Fn::Cidr", "computed at deployment"),
  "Fn::Equals": conditionFunction("Fn::Equals"),
  "Fn::FindInMap": findInMapFunction,
  "Fn::GetAZs": unknownFunction("Fn::GetAZs", "set at deployment"),
  "Fn::GetAtt": getAttFunction,
  "Fn::If": ifFunction,
  "Fn::ImportValue": importValueFunction,
  "Fn::Join": joinFunction,
  "Fn::Length": lengthFunction,
  "Fn::Not": conditionFunction("Fn::Not"),
  "Fn::Or": conditionFunction("Fn::Or"),
  "Fn::Select": selectFunction,
  "Fn::Split": splitFunction,
  "Fn::Sub": subFunction,
  "Fn::ToJsonString": toJsonFunction,
  "Fn::Transform": unknownFunction("Fn::Transform", "inserted by a transform"),
};

const parentOf = (pointer: string): string => pointer.slice(0, pointer.lastIndexOf("/"));

/** Evaluates an expression of the template; returns undefined for AWS::NoValue. Throws only OverBudget. */
export function evaluate(context: EvaluationContext, raw: Json, pointer: string): Node | undefined {
  spendSteps(context.template.parsed, pointer);
  if (typeof raw === "string") return stringNode(context, raw, pointer);
  if (raw === null || typeof raw !== "object")
    return { type: "scalar", value: raw, at: pointerAt(context, pointer) };
  if (Array.isArray(raw)) {
    const items = raw
      .map((item, i) => evaluate(context, item, joinPointer(pointer, i)))
      .filter((item) => item !== undefined);
    return { type: "list", items, at: pointerAt(context, pointer) };
  }
  const keys = Object.keys(raw);
  const name = keys.find((key) => key === "Ref" || (key.startsWith("Fn::") && !isLoop(key)));
  return name === undefined ? mapNode(context, raw, pointer) : callFunction(context, name, raw, pointer);
}

function callFunction(
  context: EvaluationContext,
  name: string,
  raw: JsonMap,
  pointer: string,
): Node | undefined {
  // `Ref` may be an ordinary key. A transform adds keys that are not in the template.
  if (Object.keys(raw).length > 1 && name === "Ref") return mapNode(context, raw, pointer);
  const expression = describeExpression({ [name]: raw[name] as Json });
  if ("Fn::Transform" in raw) return unknownNode(context, pointer, "inserted by a transform", expression);
  if (Object.keys(raw).length > 1) {
    reportProblem(
      context,
      pointer,
      `${name} is not the only key of its object.`,
      "Remove the other keys, or move them out of the object.",
    );
    return unknownNode(context, pointer, "invalid function arguments", expression);
  }
  const intrinsic = Object.hasOwn(functions, name) ? functions[name] : undefined;
  if (!intrinsic) return unknownNode(context, pointer, "unsupported function", expression);
  const node = intrinsic(context, raw[name] as Json, joinPointer(pointer, name));
  recordSensitive(context.template, raw, node);
  // The result of a function has the location of the call. A branch of Fn::If or a selected item keeps its own.
  return node && node.at.pointer === joinPointer(pointer, name)
    ? { ...node, at: pointerAt(context, pointer) }
    : node;
}

function mapNode(context: EvaluationContext, raw: JsonMap, pointer: string): Node {
  const entries = mapEntries(context, raw, pointer).flatMap((entry) => {
    const value = evaluate(entry.context, entry.raw, entry.pointer);
    return value ? [{ key: entry.key, value }] : [];
  });
  return { type: "map", entries, at: pointerAt(context, pointer) };
}

function ifFunction(context: EvaluationContext, args: Json, pointer: string): Node | undefined {
  const [condition, ...branches] = Array.isArray(args) ? args : [];
  if (
    condition === undefined ||
    branches.length !== 2 ||
    (typeof condition !== "string" && !isMap(condition))
  )
    return invalidArguments(context, pointer, { "Fn::If": args }, "a condition and two values");
  const result =
    typeof condition === "string"
      ? conditionHolds(context, bindName(context, condition), joinPointer(pointer, 0))
      : evaluateCondition(context, condition, joinPointer(pointer, 0));
  const branch = result ? 1 : 2;
  return evaluate(context, branches[branch - 1] as Json, joinPointer(pointer, branch));
}

function importValueFunction(context: EvaluationContext, args: Json, pointer: string): Node | undefined {
  return unknownNode(
    context,
    pointer,
    "exported by another stack",
    describeExpression({ "Fn::ImportValue": args }),
  );
}

export interface MapEntry {
  key: string;
  raw: Json;
  pointer: string;
  context: EvaluationContext;
}

const isLoop = (key: string): boolean => key.startsWith("Fn::ForEach::");
const MAX_LOOP_ITERATIONS = 2000;

/** Returns the entries of a map, with Fn::ForEach loops expanded. */
export function mapEntries(context: EvaluationContext, raw: JsonMap, pointer: string): MapEntry[] {
  return Object.entries(raw).flatMap(([key, value]) =>
    isLoop(key)
      ? loopEntries(context, key, value, joinPointer(pointer, key))
      : { key: bindName(context, key), raw: value, pointer: joinPointer(pointer, key), context },
  );
}

function loopEntries(context: EvaluationContext, key: string, raw: Json, pointer: string): MapEntry[] {
  const [variable, collection, body] = Array.isArray(raw) ? raw : [];
  if (typeof variable !== "string" || collection === undefined || !isMap(body)) {
    invalidArguments(context, pointer, { [key]: raw }, "a variable name, a list of values, and an object");
    return [];
  }
  return loopValues(context, key, collection, joinPointer(pointer, 1)).flatMap((value) => {
    const bindings = new Map(context.bindings).set(variable, value);
    return mapEntries({ ...context, bindings }, body, joinPointer(pointer, 2));
  });
}

/** Returns the values of a loop variable. An unknown collection counts as one unknown value. */
function loopValues(context: EvaluationContext, key: string, collection: Json, pointer: string): Node[] {
  const unknownValues = [
    unknownNode(context, pointer, "loop over unknown values", key.replace("Fn::ForEach::", "")),
  ];
  if (!context.template.languageExtensions) return unknownValues;
  // Loops around resources are expanded before any choice is made, so a collection that depends on one is unknown.
  const scratch = context.beforeChoices ? { ...context, state: newEvaluationState() } : context;
  const node = evaluate(scratch, collection, pointer);
  if (context.beforeChoices && scratch.state.decisions > 0) return unknownValues;
  if (node?.type !== "list" || !node.items.every((item) => item.type === "scalar")) return unknownValues;
  context.state.loopIterations += node.items.length;
  return context.state.loopIterations > MAX_LOOP_ITERATIONS ? unknownValues : node.items;
}
