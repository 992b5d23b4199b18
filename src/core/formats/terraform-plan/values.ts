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
import { isObject, jsonAt } from "./json.ts";
import { hasPlaceholder, splitAtPlaceholders } from "./placeholders.ts";

export const knownAfterApply = "known only after apply";

export const unknownBecause = (reason: string, expression: string): Unknown => ({
  unknown: { reason, expression },
});

export const unknownFrom = ({ reason, expression }: UnknownPart): Unknown =>
  unknownBecause(reason, expression);

/** Describes the unknown parts of a value. */
export interface UnknownValues {
  /** For values that are unknown according to `after_unknown`. */
  afterApply: () => UnknownPart;
  /** For a placeholder in the value, by its number. */
  placeholder: (number: number) => UnknownPart;
}

/** Returns JSON as nodes. `shape`: the part of `after_unknown` for the value. Placeholders become unknown nodes. */
export function nodeFromPlan(
  position: SourcePointer,
  value: Json | undefined,
  shape: Json | undefined,
  unknowns: UnknownValues,
): Node {
  if (shape === true) return { type: "unknown", part: unknowns.afterApply(), at: position };
  const parts = (text: string) =>
    splitAtPlaceholders(text).map((part) => (typeof part === "number" ? unknowns.placeholder(part) : part));
  if (hasPlaceholder(value)) return textNode(parts(value), position);
  const childNode = (step: string | number, item: Json | undefined, itemShape: Json | undefined): Node =>
    nodeFromPlan(
      { ...position, pointer: `${position.pointer}/${escapePointer(String(step))}` },
      item,
      itemShape,
      unknowns,
    );
  if (Array.isArray(value))
    return {
      type: "list",
      items: value.map((item, i) => childNode(i, item, jsonAt(shape, i))),
      at: position,
    };
  if (isObject(value)) {
    // If one key is unknown, so is the set of keys.
    const unknownKey = Object.keys(value).find(hasPlaceholder);
    if (unknownKey !== undefined) {
      const part = parts(unknownKey).find((item) => typeof item === "object") as UnknownPart;
      return { type: "unknown", part, at: position };
    }
    const missing = isObject(shape) ? Object.keys(shape).filter((key) => !Object.hasOwn(value, key)) : [];
    const keys = [...Object.keys(value), ...missing.filter((key) => jsonAt(shape, key) === true)];
    const entries = keys.map((key) => ({
      key,
      value: childNode(key, jsonAt(value, key), jsonAt(shape, key)),
    }));
    return { type: "map", entries, at: position };
  }
  return { type: "scalar", value: value ?? null, at: position };
}

function unexpectedNode(node: Node, expected: string): Unknown {
  if (node.type === "unknown") return unknownFrom(node.part);
  // For a partly unknown string, the expression is the whole string.
  if (node.type === "text") return unknownBecause(firstReason(node), textOf(node) ?? "");
  return unknownBecause(`not ${expected}`, node.at.pointer.split("/").at(-1) ?? "");
}

const firstReason = ({ parts }: TextNode): string =>
  parts.find((part) => typeof part !== "string")?.reason ?? "partly unknown";

export function stringValue(node: Node): Value<string> {
  if (node.type === "scalar" && node.value !== null) return String(node.value);
  return unexpectedNode(node, "a string");
}

/** Returns a string, possibly with unknown parts. */
export function partialStringValue(node: Node): Value<string> | PartialString {
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
  return unexpectedNode(node, "a Boolean");
}

export function numberValue(node: Node): Value<number> {
  const { value } = node.type === "scalar" ? node : { value: null };
  const isNumber = typeof value === "number" || (typeof value === "string" && /^-?\d+(\.\d+)?$/.test(value));
  // JSON has no Infinity: 1e999 would become null in the document, as if the argument were not set.
  return isNumber && Number.isFinite(Number(value)) ? Number(value) : unexpectedNode(node, "a number");
}
