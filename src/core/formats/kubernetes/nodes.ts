import { fromJson, type Node } from "../../model/node.ts";
import type { Json, Parsed } from "../../model/source.ts";
import { parsePlaceholders } from "../key-policy/unknown-parts.ts";
import { ofTemplate, templateOf } from "./template.ts";

/** A value as nodes: what another tool fills in, and what a template may leave out, is not known. */
export function nodeOf(parsed: Parsed, pointer: string, value: Json): Node {
  const node = parsePlaceholders(fromJson(parsed, pointer, value));
  const blocks = templateOf(parsed)?.blocks ?? [];
  const { start } = parsed.locate(`${pointer}/apiVersion`);
  // A block around the whole object decides whether there is one.
  const inside = blocks.filter(([from]) => from > start.offset);
  return inside.length === 0 ? node : uncertain(node, inside);
}

function uncertain(node: Node, blocks: [number, number][]): Node {
  const { start, end } = node.at.parsed.locate(node.at.pointer);
  const { text } = node.at.parsed.source;
  if (
    blocks.some(
      ([from, to]) => from < start.offset && end.offset <= to && !hasKeyBefore(text, from, start.offset),
    )
  )
    return { type: "unknown", hole: ofTemplate, at: node.at };
  if (node.type === "list") return { ...node, items: node.items.map((item) => uncertain(item, blocks)) };
  if (node.type !== "map") return node;
  const entries = node.entries.map(({ key, value }) => ({ key, value: uncertain(value, blocks) }));
  return { ...node, entries };
}

/** Whether the key of a value stands before a block: a map begins with its first key, which may be in the block. */
function hasKeyBefore(text: string, block: number, value: number): boolean {
  const between = text.slice(block, value).replace(/\{\{[\s\S]*?\}\}|#[^\n]*/g, "");
  return between.trim() === "";
}
