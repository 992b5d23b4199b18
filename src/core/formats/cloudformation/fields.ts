import { toUnknown } from "../../key-policy/pattern.ts";
import type { PartialString, Unknown, Value } from "../../model/document.ts";
import { child, locationOf, type Node, textOf, type UnknownPart } from "../../model/node.ts";
import type { Location } from "../../model/source.ts";
import {
  describeExpression,
  type EvaluationContext,
  evaluateValue,
  pointerAt,
  type TemplateResource,
} from "./context.ts";
import { isMap, joinPointer } from "./template.ts";

/** Reads the properties of a resource and records their `locations`, or `defaults` for those that are not set. */
export interface Properties {
  /** Returns the value of a property. It is unknown if the property is not set but a transform may add it. */
  node(property: string): Node | undefined;
  /** Returns a converted property, or `fallback` if it is not set. */
  read<T, D>(field: string, property: string, convert: (node: Node) => T, fallback: D): T | D | Unknown;
  locations: { [field: string]: Location };
  defaults: string[];
}

export function propertiesOf(context: EvaluationContext, { id, raw, pointer }: TemplateResource): Properties {
  const properties = raw.Properties ?? {};
  const at = joinPointer(pointer, "Properties");
  const evaluated =
    isMap(properties) && !isFunctionCall(properties) ? undefined : evaluateValue(context, properties, at);
  const unknownRest = evaluated?.type === "unknown" ? evaluated.part : insertedTransform(properties);
  const node = (property: string): Node | undefined => {
    const written =
      isMap(properties) && Object.hasOwn(properties, property) && !isFunctionCall(properties)
        ? evaluateValue(context, properties[property] ?? null, joinPointer(at, property))
        : evaluated && child(evaluated, property);
    if (written?.type === "scalar" && written.value === null) return undefined;
    return (
      written ??
      (unknownRest ? { type: "unknown", part: unknownRest, at: pointerAt(context, at) } : undefined)
    );
  };
  const locations: { [field: string]: Location } = {};
  const defaults: string[] = [];
  return {
    node,
    locations,
    defaults,
    read(field, property, convert, fallback) {
      const value = node(property);
      if (!value) {
        defaults.push(field);
        return fallback;
      }
      locations[field] = locationOf(value.at, id);
      return value.type === "unknown" ? toUnknown(value.part) : convert(value);
    },
  };
}

/** Returns whether an object is a function call. Fn::Transform may have other properties next to it. */
const isFunctionCall = (raw: object): boolean =>
  Object.keys(raw).some((key) => /^(Ref|Fn::(?!Transform$).*)$/.test(key));

function insertedTransform(properties: unknown): UnknownPart | undefined {
  if (!isMap(properties as never) || !("Fn::Transform" in (properties as object))) return undefined;
  const transform = (properties as { "Fn::Transform": never })["Fn::Transform"];
  return {
    reason: "inserted by a transform",
    expression: describeExpression({ "Fn::Transform": transform }),
  };
}

const partiallyUnknown = (node: Node): Unknown => ({
  unknown: { reason: "contains unknown values", expression: textOf(node) ?? "" },
});

const typeNames: { [type: string]: string } = {
  list: "a list",
  map: "an object",
  text: "a string",
  scalar: "a string",
};

function unexpectedType(node: Node, expected: string): Unknown {
  const expression = node.type === "scalar" ? String(node.value) : "";
  return { unknown: { reason: `${typeNames[node.type]} instead of ${expected}`, expression } };
}

export function booleanOf(node: Node): Value<boolean> {
  if (node.type === "text") return partiallyUnknown(node);
  const text = node.type === "scalar" ? String(node.value).toLowerCase() : "";
  return text === "true" || text === "false" ? text === "true" : unexpectedType(node, "a boolean");
}

export function numberOf(node: Node): Value<number> {
  if (node.type === "text") return partiallyUnknown(node);
  const text = node.type === "scalar" && typeof node.value !== "boolean" ? String(node.value).trim() : "";
  const number = text === "" ? Number.NaN : Number(text);
  return Number.isFinite(number) ? number : unexpectedType(node, "a number");
}

export function stringOf(node: Node): Value<string> {
  if (node.type === "unknown") return toUnknown(node.part);
  if (node.type === "text") return partiallyUnknown(node);
  return node.type === "scalar" && node.value !== null
    ? String(node.value)
    : unexpectedType(node, "a string");
}

/** Like `stringOf`, but keeps the known parts of a partially known string. */
export function stringOrPartial(node: Node): Value<string> | PartialString {
  if (node.type !== "text") return stringOf(node);
  return { text: textOf(node) ?? "", knownParts: node.parts.filter((part) => typeof part === "string") };
}

type Tags = { [key: string]: Value<string> };

const setTag = (tags: Tags, name: string, value: Node): void => {
  Object.defineProperty(tags, name, { value: stringOf(value), enumerable: true, configurable: true });
};

/** Reads tags in a list or, as in some resource types, in a map. */
export function parseTags(node: Node): Value<Tags> {
  if (node.type !== "map") return parseTagList(node);
  const tags: Tags = {};
  for (const { key, value } of node.entries) setTag(tags, key, value);
  return tags;
}

/** Reads tags in a list of `Key` and `Value`. The result is unknown if any tag key is unknown. */
export function parseTagList(node: Node): Value<Tags> {
  if (node.type !== "list") return unexpectedType(node, "a list of tags");
  const tags: Tags = {};
  for (const item of node.items) {
    if (item.type === "unknown") return toUnknown(item.part);
    const key = child(item, "Key");
    const value = child(item, "Value");
    if (!key || !value) return unexpectedType(item, "a tag with Key and Value");
    const name = stringOf(key);
    if (typeof name !== "string") return name;
    setTag(tags, name, value);
  }
  return tags;
}
