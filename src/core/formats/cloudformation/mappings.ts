import { own } from "../../model/json.ts";
import type { Node } from "../../model/node.ts";
import type { Json } from "../../model/source.ts";
import { MAX_ASSIGNMENTS } from "../shared/choices.ts";
import {
  canonicalExpression,
  describeExpression,
  type EvaluationContext,
  evaluateValue,
  expressionId,
  invalidArguments,
  reportUndeployable,
  unknownNode,
} from "./context.ts";
import { allowsValue, chooseValue, evaluateOperand } from "./parameters.ts";
import { mayEqual } from "./strings.ts";
import { isMap, type JsonMap, joinPointer } from "./template.ts";

/** Evaluates Fn::FindInMap. If a key is unknown, tries each key of the mapping. */
export function findInMapFunction(context: EvaluationContext, args: Json, pointer: string): Node | undefined {
  const raw = { "Fn::FindInMap": args };
  const [mapName, top, second, options] = Array.isArray(args) ? args : [];
  if (mapName === undefined || top === undefined || second === undefined)
    return invalidArguments(context, pointer, raw, "a mapping name and two keys");
  const at = pointer.replace(/\/Fn::FindInMap$/, "");
  const unknownResult = () => unknownNode(context, at, "the mapping key is unknown", describeExpression(raw));
  const fallback = isMap(options) ? options.DefaultValue : undefined;
  const missing = (message: string, remedy: string) => {
    if (fallback !== undefined)
      return evaluateValue(context, fallback, joinPointer(joinPointer(pointer, 3), "DefaultValue"));
    reportUndeployable(context, pointer, message, remedy);
    return unknownNode(context, at, "not in the mapping", describeExpression(raw));
  };

  const { mappings, transformed } = context.template;
  const name = mappingKey(context, mapName, joinPointer(pointer, 0), Object.keys(mappings), false);
  if (name === undefined) return unknownResult();
  const map = name === null ? undefined : own(mappings, name);
  if (!isMap(map)) {
    if (transformed) return unknownResult();
    return missing(`Mapping ${name} does not exist.`, "Add it to Mappings, or correct the name.");
  }
  const steps: [Json, number][] = [
    [top, 1],
    [second, 2],
  ];
  let value: Json = map;
  for (const [step, i] of steps) {
    if (!isMap(value)) return unknownResult();
    const found: string | null | undefined = mappingKey(
      context,
      step,
      joinPointer(pointer, i),
      keysOfMapping(value),
      fallback !== undefined,
    );
    if (found === undefined || "Fn::Transform" in value) return unknownResult();
    if (found === null || !Object.hasOwn(value, found)) {
      const missingKey = found === null ? describeExpression(step) : JSON.stringify(found);
      return missing(
        `Mapping ${name} has no key ${missingKey}.`,
        "Add the key to the mapping, or specify a DefaultValue for Fn::FindInMap.",
      );
    }
    value = (value as JsonMap)[found] as Json;
  }
  // A mapping contains only literals. Their location is that of the Fn::FindInMap call.
  return relocate(evaluateValue({ ...context, bindings: new Map() }, value, at), at);
}

const keysOfMapping = (map: JsonMap): string[] => Object.keys(map).filter((name) => name !== "Fn::Transform");

/** Returns a mapping key; null if it is not a key of the mapping, undefined if it is unknown. */
function mappingKey(
  context: EvaluationContext,
  raw: Json,
  pointer: string,
  keys: string[],
  allowNone: boolean,
): string | null | undefined {
  const node = evaluateOperand(context, raw, pointer);
  if (node?.type === "scalar" && node.value !== null) return String(node.value);
  if (node?.type !== "text" && node?.type !== "unknown") return undefined;
  const id = expressionId(context, raw);
  const decided = context.state.decided.get(id);
  if (typeof decided === "string") return decided;
  const excluded = decided === null ? (context.comparedLiterals.get(canonicalExpression(raw)) ?? []) : [];
  const possible = keys.filter(
    (name) => !excluded.includes(name) && mayEqual(node, name) && allowsValue(context, raw, name),
  );
  if (possible.length > MAX_ASSIGNMENTS) return undefined;
  return possible.length === 0
    ? null
    : chooseValue(context, id, describeExpression(raw), possible, allowNone);
}

function relocate(node: Node | undefined, pointer: string): Node | undefined {
  if (node?.type === "list")
    return {
      ...node,
      at: { ...node.at, pointer },
      items: node.items.map((item) => relocate(item, pointer) as Node),
    };
  return node && { ...node, at: { ...node.at, pointer } };
}
