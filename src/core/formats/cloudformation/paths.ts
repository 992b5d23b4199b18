import { child, type Hole, type Node } from "../../model/node.ts";
import type { Json } from "../../model/source.ts";
import { type EvaluationContext, evaluateValue, type TemplateResource } from "./context.ts";
import { isMap, joinPointer } from "./template.ts";

export interface PathValues {
  /** What stands at the end of the path, once for each item of the lists on the way. */
  nodes: Node[];
  /** Something on the way is not known, so that there may be more. */
  unknown?: Hole;
}

/**
 * The values at a path of properties; `*` is every item of a list. Only what stands on the way is evaluated, so that
 * nothing beside it makes choices.
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
  const plain = name !== undefined && typeof raw === "object" && raw !== null && !isComputed(raw);
  if (!plain) {
    const node = evaluateValue(context, raw, pointer);
    if (node) walkNode(node, path, found);
  } else if (name === "*") {
    // One map where a list has to stand is a list of one.
    if (!Array.isArray(raw)) walkRaw(context, raw, pointer, rest, found);
    else raw.forEach((item, i) => walkRaw(context, item, joinPointer(pointer, i), rest, found));
  } else if (isMap(raw) && Object.hasOwn(raw, name))
    walkRaw(context, raw[name] as Json, joinPointer(pointer, name), rest, found);
}

/** A function, or a map to which a loop or a transform adds. */
const isComputed = (raw: Json): boolean =>
  isMap(raw) && Object.keys(raw).some((key) => key === "Ref" || key.startsWith("Fn::"));

function walkNode(node: Node, path: string[], found: PathValues): void {
  const [name, ...rest] = path;
  if (name === undefined) found.nodes.push(node);
  else if (node.type === "unknown") found.unknown ??= node.hole;
  else if (name === "*" && node.type === "list") for (const item of node.items) walkNode(item, rest, found);
  else if (name === "*") walkNode(node, rest, found);
  else {
    const next = child(node, name);
    if (next) walkNode(next, rest, found);
  }
}
