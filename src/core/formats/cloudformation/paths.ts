import { child, type Hole, type Node } from "../../model/node.ts";
import type { Json } from "../../model/source.ts";
import { type Resource, type Run, valueOf } from "./run.ts";
import { isMap, join } from "./template.ts";

export interface Found {
  /** What stands at the end of the path, once for each item of the lists on the way. */
  nodes: Node[];
  /** Something on the way is not known, so that there may be more. */
  open?: Hole;
}

/**
 * The values at a path of properties; `*` is every item of a list. Only what stands on the way is evaluated, so that
 * nothing beside it makes choices.
 */
export function reach(run: Run, resource: Resource, path: string[]): Found {
  const found: Found = { nodes: [] };
  const { Properties } = resource.raw;
  if (Properties !== undefined) walk(run, Properties, join(resource.pointer, "Properties"), path, found);
  return found;
}

function walk(run: Run, raw: Json, pointer: string, path: string[], found: Found): void {
  const [name, ...rest] = path;
  const plain = name !== undefined && typeof raw === "object" && raw !== null && !isComputed(raw);
  if (!plain) {
    const node = valueOf(run, raw, pointer);
    if (node) follow(node, path, found);
  } else if (name === "*") {
    // One map where a list has to stand is a list of one.
    if (!Array.isArray(raw)) walk(run, raw, pointer, rest, found);
    else raw.forEach((item, i) => walk(run, item, join(pointer, i), rest, found));
  } else if (isMap(raw) && Object.hasOwn(raw, name))
    walk(run, raw[name] as Json, join(pointer, name), rest, found);
}

/** A function, or a map to which a loop or a transform adds. */
const isComputed = (raw: Json): boolean =>
  isMap(raw) && Object.keys(raw).some((key) => key === "Ref" || key.startsWith("Fn::"));

function follow(node: Node, path: string[], found: Found): void {
  const [name, ...rest] = path;
  if (name === undefined) found.nodes.push(node);
  else if (node.type === "unknown") found.open ??= node.hole;
  else if (name === "*" && node.type === "list") for (const item of node.items) follow(item, rest, found);
  else if (name === "*") follow(node, rest, found);
  else {
    const next = child(node, name);
    if (next) follow(next, rest, found);
  }
}
