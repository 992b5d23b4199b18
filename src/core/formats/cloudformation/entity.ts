import { aliasIn } from "../../key-policy/alias.ts";
import type { Entity, Reference } from "../../model/document.ts";
import { type Hole, locationOf, type Node, type SourcePointer } from "../../model/node.ts";
import type { Location, Parsed } from "../../model/source.ts";
import type { Entities } from "../shared/variants.ts";
import { type Properties, stringOf } from "./fields.ts";
import { constructOf, ignoresOf } from "./ignores.ts";
import { place, type Resource, type ResourceHole, type Run } from "./run.ts";

/** Reads the entities of one resource in one run. */
export type Reader = (run: Run, resource: Resource) => Entities;

/** The entity's own fields; to be called after its properties are read. */
export function entityOf(
  run: Run,
  resource: Resource,
  { locations, defaults }: Pick<Properties, "locations" | "defaults">,
): Entity {
  const construct = constructOf(resource);
  const ignores = ignoresOf(run, resource);
  return {
    id: idOf(run, resource.id),
    resource: resource.id,
    type: resource.type,
    scope: scopeOf(run),
    location: { ...blockOf(place(run, resource.pointer)), address: resource.id },
    locations,
    defaults,
    ...(construct === undefined ? {} : { constructPath: construct }),
    ...(ignores.length === 0 ? {} : { inlineSuppressions: ignores }),
  };
}

export const idOf = (run: Run, logicalId: string): string => `${scopeOf(run)}#${logicalId}`;

const scopes = new WeakMap<Parsed, string>();

/** The file; for a YAML stream, from its second document on, with the document's number. */
export function scopeOf(run: Run): string {
  const { parsed } = run.template;
  const scope = scopes.get(parsed) ?? scopeIn(parsed);
  scopes.set(parsed, scope);
  return scope;
}

function scopeIn({ source, locate }: Parsed): string {
  const before = source.text.slice(0, locate("").start.offset);
  const [head = "", ...markers] = before.split(/^---(?=\s|$)/m);
  const implicit = head.split("\n").some((line) => line.trim() !== "" && !/^[#%\uFEFF]/.test(line));
  const number = markers.length + (implicit ? 1 : 0);
  return number > 1 ? `${source.path}#${number}` : source.path;
}

/** The range of a resource from its logical id on, where that stands right before. */
function blockOf(at: SourcePointer): Location {
  const location = locationOf(at);
  const key = at.pointer
    .slice(at.pointer.lastIndexOf("/") + 1)
    .replaceAll("~1", "/")
    .replaceAll("~0", "~");
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

/** A property that names a key: of this template by its logical id, or by a text. */
export function referenceOf(
  run: Run,
  resource: Resource,
  { node, locations }: Properties,
  field: string,
  property: string,
): Reference | undefined {
  const value = node(property);
  if (!value) return undefined;
  locations[field] = locationOf(value.at, resource.id);
  return referenceTo(run, value);
}

/** `keys` are the ids of what it names in the template, of an alias too: links.ts makes ids of keys of them. */
export function referenceTo(run: Run, node: Node): Reference {
  const hole = keyHole(node);
  const target = hole?.resource === undefined ? undefined : run.resources.get(hole.resource);
  const keys = target && isKeyType(target.type) ? [idOf(run, target.id)] : [];
  const alias = aliasIn(node);
  return {
    text: stringOf(node),
    keys,
    ...(alias?.certain === true ? { alias: alias.name } : {}),
    ...(isForeign(node) ? { notAKey: true } : {}),
  };
}

/** The ARN, the id or the name of a resource of the template that is none of KMS. */
function isForeign(node: Node): boolean {
  if (node.type !== "unknown") return false;
  const { type, resource }: ResourceHole = node.hole;
  return resource !== undefined && type !== undefined && !/^(key|alias)-/.test(type);
}

const isKeyType = (type: string): boolean => /^AWS::KMS::(Key|ReplicaKey|Alias)$/.test(type);

/** The key itself, or its ARN written with its id: `arn:aws:kms:…:key/${Key}`. */
function keyHole(node: Node): ResourceHole | undefined {
  if (node.type === "unknown") return node.hole;
  if (node.type !== "text") return undefined;
  const [before, last] = node.parts.slice(-2) as [string | Hole, string | Hole];
  return typeof last === "object" &&
    last.type === "key-id" &&
    typeof before === "string" &&
    before.endsWith(":key/")
    ? last
    : undefined;
}
