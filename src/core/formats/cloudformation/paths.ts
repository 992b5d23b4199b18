import { child, type Node, type UnknownPart } from "../../model/node.ts";
import type { Json } from "../../model/source.ts";
import { type EvaluationContext, evaluateValue, type TemplateResource } from "./context.ts";
import { isMap, joinPointer } from "./template.ts";

/** The values at the end of a path. */
export interface PathValues {
  /** One value for each combination of list items along the path. */
  nodes: Node[];
  /** The first unknown value along the path. There may be more values if it is set. */
  unknown?: UnknownPart;
}

/**
 * Returns the values at a path of properties; `*` matches every item of a list. Evaluates only what is on the path, so
 * that other properties make no choices.
 */
export function valuesAt(context: EvaluationContext, resource: TemplateResource, path: string[]): PathValues {
  const found: PathValues = { nodes: [] };
  const { Properties } = resource.raw;
  if (Properties !== undefined)
    walkRaw(context, Properties, joinPointer(resource.pointer, "Properties"), path, found);
  return found;
}

function walkRaw(
  context: EvaluationContext,
  raw: Json,
  pointer: string,
  path: string[],
  found: PathValues,
): void {
  const [name, ...rest] = path;
  const isLiteralContainer =
    name !== undefined && typeof raw === "object" && raw !== null && !isComputed(raw);
  if (!isLiteralContainer) {
    const node = evaluateValue(context, raw, pointer);
    if (node) walkNode(node, path, found);
  } else if (name === "*") {
    // A single object counts as a list of one.
    if (!Array.isArray(raw)) walkRaw(context, raw, pointer, rest, found);
    else raw.forEach((item, i) => walkRaw(context, item, joinPointer(pointer, i), rest, found));
  } else if (isMap(raw) && Object.hasOwn(raw, name))
    walkRaw(context, raw[name] as Json, joinPointer(pointer, name), rest, found);
}

/** Returns whether a value is a function call, or an object that a loop or a transform extends. */
const isComputed = (raw: Json): boolean =>
  isMap(raw) && Object.keys(raw).some((key) => key === "Ref" || key.startsWith("Fn::"));

function walkNode(node: Node, path: string[], found: PathValues): void {
  const [name, ...rest] = path;
  if (name === undefined) found.nodes.push(node);
  else if (node.type === "unknown") found.unknown ??= node.part;
  else if (name === "*" && node.type === "list") for (const item of node.items) walkNode(item, rest, found);
  else if (name === "*") walkNode(node, rest, found);
  else {
    const next = child(node, name);
    if (next) walkNode(next, rest, found);
  }
}
