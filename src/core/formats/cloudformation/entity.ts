import { parseAlias } from "../../key-policy/alias.ts";
import type { Entity, Reference } from "../../model/document.ts";
import { locationOf, type Node, type SourcePointer, type UnknownPart } from "../../model/node.ts";
import type { Location, Parsed } from "../../model/source.ts";
import { pointerParts } from "../../parse/pointer.ts";
import type { PartialEntityLists } from "../shared/variants.ts";
import {
  type EvaluationContext,
  pointerAt,
  type TemplateResource,
  type UnknownReference,
} from "./context.ts";
import { type Properties, stringOf } from "./fields.ts";
import { constructPathOf, metadataSuppressions } from "./suppressions.ts";

/** Reads the entities of one resource in one context. */
export type EntityReader = (context: EvaluationContext, resource: TemplateResource) => PartialEntityLists;

/** Returns the common entity fields of a resource. Call it after the properties are read. */
export function resourceEntity(
  context: EvaluationContext,
  resource: TemplateResource,
  { locations, defaults }: Pick<Properties, "locations" | "defaults">,
): Entity {
  const construct = constructPathOf(resource);
  const suppressions = metadataSuppressions(context, resource);
  return {
    id: entityId(context, resource.id),
    resource: resource.id,
    type: resource.type,
    scope: templateScope(context),
    location: { ...resourceRange(pointerAt(context, resource.pointer)), address: resource.id },
    locations,
    defaults,
    ...(construct === undefined ? {} : { constructPath: construct }),
    ...(suppressions.length === 0 ? {} : { inlineSuppressions: suppressions }),
  };
}

export const entityId = (context: EvaluationContext, logicalId: string): string =>
  `${templateScope(context)}#${logicalId}`;

const scopes = new WeakMap<Parsed, string>();

/** Returns the file and, for the second and later documents of a YAML stream, the document number. */
export function templateScope(context: EvaluationContext): string {
  const { parsed } = context.template;
  const scope = scopes.get(parsed) ?? scopeOfDocument(parsed);
  scopes.set(parsed, scope);
  return scope;
}

/** Sets the scope of a template that is a value of another one. */
export function setTemplateScope(parsed: Parsed, scope: string): void {
  scopes.set(parsed, scope);
}

function scopeOfDocument({ source, locate }: Parsed): string {
  const before = source.text.slice(0, locate("").start.offset);
  const [head = "", ...markers] = before.split(/^---(?=\s|$)/m);
  const implicit = head.split("\n").some((line) => line.trim() !== "" && !/^[#%\uFEFF]/.test(line));
  const number = markers.length + (implicit ? 1 : 0);
  return number > 1 ? `${source.path}#${number}` : source.path;
}

/** Returns the range of a resource, including its logical ID if that directly precedes it. */
function resourceRange(at: SourcePointer): Location {
  const location = locationOf(at);
  const key = pointerParts(at.pointer).at(-1) ?? "";
  const before = at.parsed.source.text.slice(0, at.parsed.locate(at.pointer).start.offset);
  const gap = /["']?[ \t]*:\s*(?:#[^\n]*\n\s*|[&!]\S*\s+)*$/.exec(before.slice(-1000))?.[0];
  if (gap === undefined) return location;
  const head = before.slice(0, before.length - gap.length);
  if (!head.endsWith(key)) return location;
  const quote = gap.startsWith('"') || gap.startsWith("'") ? 1 : 0;
  const start = head.length - key.length - quote;
  const lineStart = head.lastIndexOf("\n", start - 1) + 1;
  const line = location.line - (before.slice(start).match(/\n/g)?.length ?? 0);
  return { ...location, line, column: start - lineStart + 1 };
}

/** Reads a property that refers to a key, and records its location. */
export function propertyReference(
  context: EvaluationContext,
  resource: TemplateResource,
  { node, locations }: Properties,
  field: string,
  property: string,
): Reference | undefined {
  const value = node(property);
  if (!value) return undefined;
  locations[field] = locationOf(value.at, resource.id);
  return referenceTo(context, value);
}

/** Returns a reference. `keys` may contain IDs of aliases in the template; links.ts resolves them to keys. */
export function referenceTo(context: EvaluationContext, node: Node): Reference {
  const reference = keyReference(node);
  const target = reference?.resource === undefined ? undefined : context.resources.get(reference.resource);
  const keys = target && isKeyType(target.type) ? [entityId(context, target.id)] : [];
  const alias = parseAlias(node);
  return {
    text: stringOf(node),
    keys,
    ...(alias?.certain === true ? { alias: alias.name } : {}),
    ...(isOtherResource(node) ? { notAKey: true } : {}),
  };
}

/** Returns whether a node is the ARN, ID, or name of a resource in the template other than a KMS resource. */
function isOtherResource(node: Node): boolean {
  if (node.type !== "unknown") return false;
  const { type, resource }: UnknownReference = node.part;
  return resource !== undefined && type !== undefined && !/^(key|alias)-/.test(type);
}

const isKeyType = (type: string): boolean => /^AWS::KMS::(Key|ReplicaKey|Alias)$/.test(type);

/** Returns the reference to a key in a node: the node itself, or the key ID in `arn:aws:kms:…:key/${Key}`. */
function keyReference(node: Node): UnknownReference | undefined {
  if (node.type === "unknown") return node.part;
  if (node.type !== "text") return undefined;
  const [before, last] = node.parts.slice(-2) as [string | UnknownPart, string | UnknownPart];
  return typeof last === "object" &&
    last.type === "key-id" &&
    typeof before === "string" &&
    before.endsWith(":key/")
    ? last
    : undefined;
}
