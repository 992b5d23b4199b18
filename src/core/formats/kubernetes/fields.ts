import { toUnknown } from "../../key-policy/pattern.ts";
import type { Change, Entity, InlineSuppression, Unknown, Value } from "../../model/document.ts";
import { isSuppressionName } from "../../model/inline-suppression.ts";
import { isMap } from "../../model/json.ts";
import { child, escapePointer, locationOf, type Node, type SourcePointer } from "../../model/node.ts";
import type { Location } from "../../model/source.ts";
import { stringOf, parseTags as tagMap } from "../cloudformation/fields.ts";
import type { Manifest } from "./catalog.ts";
import { valueAtPath } from "./objects.ts";

/** Reads the fields of an object and records their `locations`, or `defaults` for those that are not set. */
export class ManifestFields {
  readonly locations: { [field: string]: Location } = {};
  readonly defaults: string[] = [];
  readonly #manifest: Manifest;

  constructor(manifest: Manifest) {
    this.#manifest = manifest;
  }

  /** Returns the first field that is set. If none is set and the object may have more fields, returns an unknown node. */
  node(...names: string[]): Node | undefined {
    const { controller, node, unknownFields, pointer, parsed } = this.#manifest;
    const spec = child(node, "spec");
    const parts =
      controller === "ack"
        ? [spec]
        : ["forProvider", "initProvider"].map((part) => spec && child(spec, part));
    for (const part of parts)
      for (const name of names) {
        const found = part && child(part, name);
        if (found !== undefined && !(found.type === "scalar" && found.value === null)) return found;
      }
    return unknownFields && { type: "unknown", part: unknownFields, at: { parsed, pointer } };
  }

  read<T, D>(field: string, names: string[], convert: (node: Node) => T, fallback: D): T | D | Unknown {
    return this.readNode(field, this.node(...names), convert, fallback);
  }

  /** Like `read`, for a node that is not a field of the object. */
  readNode<T, D>(
    field: string,
    node: Node | undefined,
    convert: (node: Node) => T,
    fallback: D,
  ): T | D | Unknown {
    if (node === undefined) {
      this.defaults.push(field);
      return fallback;
    }
    this.locate(field, node.at);
    return node.type === "unknown" ? toUnknown(node.part) : convert(node);
  }

  locate(field: string, position: SourcePointer): void {
    this.locations[field] = locationOf(position, this.#manifest.resource);
  }

  annotation(name: string): Node | undefined {
    const metadata = child(this.#manifest.node, "metadata");
    const annotations = metadata && child(metadata, "annotations");
    if (annotations?.type === "unknown") return annotations;
    const found = annotations && child(annotations, name);
    return found?.type === "scalar" && found.value === null ? undefined : found;
  }
}

export const unknownValue = (reason: string, expression = ""): Unknown => ({
  unknown: { reason, expression },
});

/** Returns the entity of an object. Call it after the fields are read. `before`: immutable properties before an update. */
export function manifestEntity(
  manifest: Manifest,
  { locations, defaults }: ManifestFields,
  before?: Change["before"],
): Entity {
  const { id, resource, type, scope, parsed, pointer, action } = manifest;
  const suppressions = annotationSuppressions(manifest);
  return {
    id,
    resource,
    type,
    scope,
    location: locationOf({ parsed, pointer }, resource),
    locations,
    defaults,
    // A request contains one object: a key's alias is in another request.
    ...(action === undefined
      ? {}
      : { change: { actions: [action], partialInput: true, ...(before && { before }) } }),
    ...(suppressions.length === 0 ? {} : { inlineSuppressions: suppressions }),
  };
}

function annotationSuppressions({ raw, parsed, pointer, resource }: Manifest): InlineSuppression[] {
  const annotations = valueAtPath(raw, "metadata", "annotations");
  if (!isMap(annotations)) return [];
  return Object.entries(annotations).flatMap(([name, value]): InlineSuppression[] => {
    if (!isSuppressionName(name) || typeof value === "object") return [];
    const position = { parsed, pointer: `${pointer}/metadata/annotations/${escapePointer(name)}` };
    return [{ value: String(value), location: locationOf(position, resource) }];
  });
}

type Tags = { [key: string]: Value<string> };

/** Reads tags in a map, or in a list of names and values. */
export function parseManifestTags(node: Node): Value<Tags> {
  if (node.type !== "list") return node.type === "map" ? tagMap(node) : unknownValue("not a list of tags");
  const entries: { key: string; value: Node }[] = [];
  for (const item of node.items) {
    if (item.type === "unknown") return toUnknown(item.part);
    const key = child(item, "tagKey") ?? child(item, "key");
    const value = child(item, "tagValue") ?? child(item, "value");
    const name = key === undefined ? unknownValue("a tag has no key") : stringOf(key);
    if (typeof name !== "string") return name;
    if (value !== undefined) entries.push({ key: name, value });
  }
  return tagMap({ type: "map", entries, at: node.at });
}

/** Returns whether an ID is set. An empty string counts as not set. */
export function isIdSet(node: Node): Value<boolean> {
  if (node.type === "unknown") return toUnknown(node.part);
  return !(node.type === "scalar" && node.value === "");
}
