import type { Partial, Unknown, Value } from "../../model/document.ts";
import { escapePointer, type Hole, holeText, type Node, type Place } from "../../model/node.ts";
import type { Json } from "../../model/source.ts";
import { at, isObject } from "./json.ts";

export const unknown = (reason: string, expression: string): Unknown => ({ unknown: { reason, expression } });

export const ofHole = ({ reason, expression }: Hole): Unknown => unknown(reason, expression);

/** JSON as nodes, with holes where `shape` (as of `after_unknown`) says that a value comes later. */
export function nodeOf(
  place: Place,
  value: Json | undefined,
  shape: Json | undefined,
  hole: () => Hole,
): Node {
  if (shape === true) return { type: "unknown", hole: hole(), at: place };
  const inside = (step: string | number, item: Json | undefined, part: Json | undefined): Node =>
    nodeOf({ ...place, pointer: `${place.pointer}/${escapePointer(String(step))}` }, item, part, hole);
  if (Array.isArray(value))
    return { type: "list", items: value.map((item, i) => inside(i, item, at(shape, i))), at: place };
  if (isObject(value)) {
    const missing = isObject(shape) ? Object.keys(shape).filter((key) => !Object.hasOwn(value, key)) : [];
    const keys = [...Object.keys(value), ...missing.filter((key) => at(shape, key) === true)];
    const entries = keys.map((key) => ({ key, value: inside(key, at(value, key), at(shape, key)) }));
    return { type: "map", entries, at: place };
  }
  return { type: "scalar", value: value ?? null, at: place };
}

const unreadable = (node: Node, wanted: string): Unknown =>
  node.type === "unknown"
    ? ofHole(node.hole)
    : unknown(`it is not ${wanted}`, node.at.pointer.split("/").at(-1) ?? "");

export function stringValue(node: Node): Value<string> {
  if (node.type === "scalar" && node.value !== null) return String(node.value);
  return unreadable(node, "a string");
}

/** A string, of which parts may be unknown. */
export function textValue(node: Node): Value<string> | Partial {
  if (node.type !== "text") return stringValue(node);
  return {
    text: node.parts.map((part) => (typeof part === "string" ? part : holeText(part))).join(""),
    known: node.parts.filter((part) => typeof part === "string"),
  };
}

export function booleanValue(node: Node): Value<boolean> {
  if (node.type === "scalar" && typeof node.value === "boolean") return node.value;
  if (node.type === "scalar" && (node.value === "true" || node.value === "false"))
    return node.value === "true";
  return unreadable(node, "true or false");
}

export function numberValue(node: Node): Value<number> {
  if (node.type === "scalar" && typeof node.value === "number") return node.value;
  if (node.type === "scalar" && typeof node.value === "string" && /^-?\d+(\.\d+)?$/.test(node.value))
    return Number(node.value);
  return unreadable(node, "a number");
}
