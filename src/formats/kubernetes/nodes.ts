import { fromJson, type Node } from "../../model/node.ts";
import type { Json, Parsed } from "../../model/source.ts";
import { withHoles } from "../policy/holes.ts";
import { ofTemplate, templateOf } from "./template.ts";

/** A value as nodes: what another tool fills in, and what a template may leave out, is not known. */
export function nodeOf(parsed: Parsed, pointer: string, value: Json): Node {
  const node = withHoles(fromJson(parsed, pointer, value));
  const blocks = templateOf(parsed)?.blocks ?? [];
  const { start } = parsed.locate(pointer);
  // A block around the whole object decides whether there is one.
  const inside = blocks.filter(([from]) => from > start.offset);
  return inside.length === 0 ? node : uncertain(node, inside);
}

function uncertain(node: Node, blocks: [number, number][]): Node {
  const { start } = node.at.parsed.locate(node.at.pointer);
  if (blocks.some(([from, to]) => from < start.offset && start.offset < to))
    return { type: "unknown", hole: ofTemplate, at: node.at };
  if (node.type === "list") return { ...node, items: node.items.map((item) => uncertain(item, blocks)) };
  if (node.type !== "map") return node;
  const entries = node.entries.map(({ key, value }) => ({ key, value: uncertain(value, blocks) }));
  return { ...node, entries };
}
