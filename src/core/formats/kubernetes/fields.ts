import type { Change, Entity, InlineSuppression, Unknown, Value } from "../../model/document.ts";
import { isSuppressionName } from "../../model/inline-suppression.ts";
import { isMap } from "../../model/json.ts";
import { child, escapePointer, locationOf, type Node, type SourcePointer } from "../../model/node.ts";
import type { Location } from "../../model/source.ts";
import { stringOf, tagsOf as tagMap, unknownOf } from "../cloudformation/fields.ts";
import type { Manifest } from "./catalogue.ts";
import { at } from "./objects.ts";

/** The fields of an object, each read once; what is read is remembered for `locations` and `defaults`. */
export class Fields {
  readonly locations: { [field: string]: Location } = {};
  readonly defaults: string[] = [];
  readonly #manifest: Manifest;

  constructor(manifest: Manifest) {
    this.#manifest = manifest;
  }

  /** The first of some names that is given. */
  node(...names: string[]): Node | undefined {
    const { maker, node, open, pointer, parsed } = this.#manifest;
    const spec = child(node, "spec");
    const parts =
      maker === "ack" ? [spec] : ["forProvider", "initProvider"].map((part) => spec && child(spec, part));
    for (const part of parts)
      for (const name of names) {
        const found = part && child(part, name);
        if (found !== undefined && !(found.type === "scalar" && found.value === null)) return found;
      }
    return open === undefined ? undefined : { type: "unknown", hole: open, at: { parsed, pointer } };
  }

  read<T, D>(field: string, names: string[], convert: (node: Node) => T, fallback: D): T | D | Unknown {
    return this.take(field, this.node(...names), convert, fallback);
  }

  /** As `read`, of a value that stands elsewhere. */
  take<T, D>(
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
    return node.type === "unknown" ? unknownOf(node.hole) : convert(node);
  }

  locate(field: string, place: SourcePointer): void {
    this.locations[field] = locationOf(place, this.#manifest.resource);
  }

  annotation(name: string): Node | undefined {
    const metadata = child(this.#manifest.node, "metadata");
    const annotations = metadata && child(metadata, "annotations");
    if (annotations?.type === "unknown") return annotations;
    const found = annotations && child(annotations, name);
    return found?.type === "scalar" && found.value === null ? undefined : found;
  }
}

export const unknown = (reason: string, expression = ""): Unknown => ({ unknown: { reason, expression } });

/** To be called after its fields are read. `before` is what a change cannot change in place. */
export function entityOf(
  manifest: Manifest,
  { locations, defaults }: Fields,
  before?: Change["before"],
): Entity {
  const { id, resource, type, scope, parsed, pointer, action } = manifest;
  const ignores = ignoresOf(manifest);
  return {
    id,
    resource,
    type,
    scope,
    location: locationOf({ parsed, pointer }, resource),
    locations,
    defaults,
    // A request is about one object: the alias of a key is the object of another one.
    ...(action === undefined
      ? {}
      : { change: { actions: [action], partialInput: true, ...(before && { before }) } }),
    ...(ignores.length === 0 ? {} : { inlineSuppressions: ignores }),
  };
}

function ignoresOf({ raw, parsed, pointer, resource }: Manifest): InlineSuppression[] {
  const annotations = at(raw, "metadata", "annotations");
  if (!isMap(annotations)) return [];
  return Object.entries(annotations).flatMap(([name, value]): InlineSuppression[] => {
    if (!isSuppressionName(name) || typeof value === "object") return [];
    const place = { parsed, pointer: `${pointer}/metadata/annotations/${escapePointer(name)}` };
    return [{ value: String(value), location: locationOf(place, resource) }];
  });
}

type Tags = { [key: string]: Value<string> };

/** A map, or a list of names with values. */
export function tagsOf(node: Node): Value<Tags> {
  if (node.type !== "list") return node.type === "map" ? tagMap(node) : unknown("it is not a list of tags");
  const entries: { key: string; value: Node }[] = [];
  for (const item of node.items) {
    if (item.type === "unknown") return unknownOf(item.hole);
    const key = child(item, "tagKey") ?? child(item, "key");
    const value = child(item, "tagValue") ?? child(item, "value");
    const name = key === undefined ? unknown("a tag has no key") : stringOf(key);
    if (typeof name !== "string") return name;
    if (value !== undefined) entries.push({ key: name, value });
  }
  return tagMap({ type: "map", entries, at: node.at });
}

/** Whether an id is given; an empty text is none. */
export function isGiven(node: Node): Value<boolean> {
  if (node.type === "unknown") return unknownOf(node.hole);
  return !(node.type === "scalar" && node.value === "");
}
