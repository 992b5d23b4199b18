import { holeText, type Node, textNode } from "../../model/node.ts";
import { partsOf } from "./placeholder.ts";

const shown = (key: string): string =>
  partsOf(key)
    .map((part) => (typeof part === "string" ? part : holeText(part)))
    .join("");

/** The placeholders in its texts as holes; in the names of its elements and condition keys as text that shows them. */
export function withHoles(node: Node): Node {
  switch (node.type) {
    case "list":
      return { ...node, items: node.items.map(withHoles) };
    case "map":
      return {
        ...node,
        entries: node.entries.map(({ key, value }) => ({ key: shown(key), value: withHoles(value) })),
      };
    case "scalar":
      return typeof node.value === "string" ? textNode(partsOf(node.value), node.at) : node;
    case "text":
      return textNode(
        node.parts.flatMap((part) => (typeof part === "string" ? partsOf(part) : [part])),
        node.at,
      );
    default:
      return node;
  }
}
