import { type Node, textNode, unknownPartText } from "../../model/node.ts";
import { placeholderParts } from "./placeholder.ts";

const readableKey = (key: string): string =>
  placeholderParts(key)
    .map((part) => (typeof part === "string" ? part : unknownPartText(part)))
    .join("");

/** Replaces placeholders in strings with unknown parts, and those in map keys with their readable form. */
export function parsePlaceholders(node: Node): Node {
  switch (node.type) {
    case "list":
      return { ...node, items: node.items.map(parsePlaceholders) };
    case "map":
      return {
        ...node,
        entries: node.entries.map(({ key, value }) => ({
          key: readableKey(key),
          value: parsePlaceholders(value),
        })),
      };
    case "scalar":
      return typeof node.value === "string" ? textNode(placeholderParts(node.value), node.at) : node;
    case "text":
      return textNode(
        node.parts.flatMap((part) => (typeof part === "string" ? placeholderParts(part) : [part])),
        node.at,
      );
    default:
      return node;
  }
}
