import { fromJson, type Node } from "../../model/node.ts";
import type { Json, Parsed } from "../../model/source.ts";
import { parsePlaceholders } from "../key-policy/unknown-parts.ts";
import { helmTemplateOf, templateValue } from "./helm-template.ts";

/** Returns the node of an object. Placeholders and content of conditional template blocks are unknown. */
export function manifestNode(parsed: Parsed, pointer: string, value: Json): Node {
  const node = parsePlaceholders(fromJson(parsed, pointer, value));
  const blocks = helmTemplateOf(parsed)?.blocks ?? [];
  const { start } = parsed.locate(`${pointer}/apiVersion`);
  // A block around the entire object only decides whether the object exists.
  const inside = blocks.filter(([from]) => from > start.offset);
  return inside.length === 0 ? node : markConditionalBlocks(node, inside);
}

function markConditionalBlocks(node: Node, blocks: [number, number][]): Node {
  const { start, end } = node.at.parsed.locate(node.at.pointer);
  const { text } = node.at.parsed.source;
  if (
    blocks.some(
      ([from, to]) => from < start.offset && end.offset <= to && !hasKeyBefore(text, from, start.offset),
    )
  )
    return { type: "unknown", part: templateValue, at: node.at };
  if (node.type === "list")
    return { ...node, items: node.items.map((item) => markConditionalBlocks(item, blocks)) };
  if (node.type !== "map") return node;
  const entries = node.entries.map(({ key, value }) => ({
    key,
    value: markConditionalBlocks(value, blocks),
  }));
  return { ...node, entries };
}

/** Returns whether the key of a value precedes the block. A map starts at its first key, which may be in the block. */
function hasKeyBefore(text: string, block: number, value: number): boolean {
  const between = text.slice(block, value).replace(/\{\{[\s\S]*?\}\}|#[^\n]*/g, "");
  return between.trim() === "";
}
