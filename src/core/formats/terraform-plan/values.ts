import type { PartialString, Unknown, Value } from "../../model/document.ts";
import {
  escapePointer,
  type Node,
  type SourcePointer,
  type TextNode,
  textNode,
  textOf,
  type UnknownPart,
  unknownPartText,
} from "../../model/node.ts";
import type { Json } from "../../model/source.ts";
import { at, isObject } from "./json.ts";
import { hasNumbered, partsOf } from "./numbered.ts";

export const unknown = (reason: string, expression: string): Unknown => ({ unknown: { reason, expression } });

export const ofHole = ({ reason, expression }: UnknownPart): Unknown => unknown(reason, expression);

/** The holes of a value. */
export interface Holes {
  /** The one that stands for whatever `after_unknown` says comes later. */
  later: () => UnknownPart;
  /** One that stands in the value itself, by its number. */
  numbered: (number: number) => UnknownPart;
}

/** JSON as nodes, with holes where `shape` (as of `after_unknown`) says that a value comes later, and where texts have some. */
export function nodeOf(
  place: SourcePointer,
  value: Json | undefined,
  shape: Json | undefined,
  holes: Holes,
): Node {
  if (shape === true) return { type: "unknown", part: holes.later(), at: place };
  const parts = (text: string) =>
    partsOf(text).map((part) => (typeof part === "number" ? holes.numbered(part) : part));
  if (hasNumbered(value)) return textNode(parts(value), place);
  const inside = (step: string | number, item: Json | undefined, part: Json | undefined): Node =>
    nodeOf({ ...place, pointer: `${place.pointer}/${escapePointer(String(step))}` }, item, part, holes);
  if (Array.isArray(value))
    return { type: "list", items: value.map((item, i) => inside(i, item, at(shape, i))), at: place };
  if (isObject(value)) {
    // An unknown key leaves open which ones there are.
    const open = Object.keys(value).find(hasNumbered);
    if (open !== undefined) {
      const hole = parts(open).find((part) => typeof part === "object") as UnknownPart;
      return { type: "unknown", part: hole, at: place };
    }
    const missing = isObject(shape) ? Object.keys(shape).filter((key) => !Object.hasOwn(value, key)) : [];
    const keys = [...Object.keys(value), ...missing.filter((key) => at(shape, key) === true)];
    const entries = keys.map((key) => ({ key, value: inside(key, at(value, key), at(shape, key)) }));
    return { type: "map", entries, at: place };
  }
  return { type: "scalar", value: value ?? null, at: place };
}

function unreadable(node: Node, wanted: string): Unknown {
  if (node.type === "unknown") return ofHole(node.part);
  // A mixture of text and holes is one value of its own: its expression is the whole of it.
  if (node.type === "text") return unknown(reasonOf(node), textOf(node) ?? "");
  return unknown(`it is not ${wanted}`, node.at.pointer.split("/").at(-1) ?? "");
}

const reasonOf = ({ parts }: TextNode): string =>
  parts.find((part) => typeof part !== "string")?.reason ?? "not known";

export function stringValue(node: Node): Value<string> {
  if (node.type === "scalar" && node.value !== null) return String(node.value);
  return unreadable(node, "a string");
}

/** A string, of which parts may be unknown. */
export function textValue(node: Node): Value<string> | PartialString {
  if (node.type !== "text") return stringValue(node);
  return {
    text: node.parts.map((part) => (typeof part === "string" ? part : unknownPartText(part))).join(""),
    knownParts: node.parts.filter((part) => typeof part === "string"),
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
