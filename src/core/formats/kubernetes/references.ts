import type { Reference } from "../../model/document.ts";
import type { JsonMap } from "../../model/json.ts";
import { child, type Node, textOf } from "../../model/node.ts";
import { valueAt } from "../../parse/pointer.ts";
import { stringOf } from "../cloudformation/fields.ts";
import { placeholderParts } from "../key-policy/placeholder.ts";
import { type Catalogue, keysNamed, type Manifest } from "./catalogue.ts";
import { Fields, unknown } from "./fields.ts";
import type { Naming } from "./kinds.ts";
import { at } from "./objects.ts";

/** What an object names as its key, and where; undefined where it names none. */
export function keyNamed(
  catalogue: Catalogue,
  from: Manifest,
  naming: Naming,
): { reference: Reference; node: Node } | undefined {
  const fields = new Fields(from);
  const bare: Manifest = { ...from };
  delete bare.open;
  const written = new Fields(bare);
  const node = written.node(...naming.text);
  const reference = written.node(...naming.reference);
  const selector = written.node(...(naming.selector ?? []));
  const found =
    reference === undefined
      ? selector && bySelector(catalogue, from, naming, selector)
      : byName(catalogue, from, naming, reference);
  if (node !== undefined) {
    const text = stringOf(node);
    const keys = found?.keys.length ? found.keys : typeof text === "string" ? byValue(catalogue, text) : [];
    return { node, reference: { text, keys } };
  }
  const place = reference ?? selector ?? fields.node(...naming.text);
  if (place === undefined) return undefined;
  return {
    node: place,
    reference: found ?? {
      text:
        place.type === "unknown" ? unknown(place.hole.reason, place.hole.expression) : unknown("not known"),
      keys: [],
    },
  };
}

function byName(catalogue: Catalogue, from: Manifest, naming: Naming, node: Node): Reference {
  if (node.type === "unknown") return { text: unknown(node.hole.reason, node.hole.expression), keys: [] };
  // ACK has it one level deeper.
  const target = child(node, "from") ?? node;
  const nameNode = child(target, "name");
  const name = nameNode === undefined ? null : written(nameNode);
  if (nameNode === undefined || name === null)
    return { text: unknown("the reference names nothing", naming.kind), keys: [] };
  const spaceNode = child(target, "namespace");
  const namespace = (spaceNode === undefined ? null : written(spaceNode)) ?? from.namespace;
  const keys = keysNamed(catalogue, from, naming, (key) => key.name === name && key.namespace === namespace);
  const expression = [naming.kind, namespace, name].filter(Boolean).join("/");
  // A name that is filled in may be that of any key.
  const isOpen = placeholderParts(name).some((part) => typeof part !== "string");
  if (isOpen && keys.length === 0)
    return { text: unknown("filled in by another tool", outside(expression)), keys: [] };
  return { text: textFor(keys, expression), keys: ids(keys) };
}

function bySelector(catalogue: Catalogue, from: Manifest, naming: Naming, node: Node): Reference {
  if (node.type === "unknown") return { text: unknown(node.hole.reason, node.hole.expression), keys: [] };
  const labels = child(node, "matchLabels");
  const wanted = labels?.type === "map" ? labels.entries.map(({ key, value }) => [key, written(value)]) : [];
  const controlled = child(node, "matchControllerRef");
  const isControlled = controlled?.type === "scalar" && String(controlled.value) === "true";
  const expression = `${naming.kind} with ${wanted.map(([key, value]) => `${key}=${value}`).join(", ") || "the same controller"}`;
  // Which objects have the same controller only a composition tells.
  if (isControlled && from.within === undefined)
    return { text: unknown("the cluster decides it", outside(expression)), keys: [] };
  const keys = keysNamed(
    catalogue,
    from,
    naming,
    (key) =>
      wanted.every(
        ([name, value]) => name !== null && name !== undefined && String(key.labels[name]) === value,
      ) &&
      (from.namespace === "" || key.namespace === from.namespace),
  );
  if (keys.length === 0 && labels?.type === "unknown")
    return { text: unknown(labels.hole.reason, labels.hole.expression), keys: [] };
  return { text: textFor(keys, expression), keys: ids(keys) };
}

/** The text as it is written, placeholders too. */
function written(node: Node): string | null {
  const value = valueAt(node.at.parsed.value, node.at.pointer);
  return value === undefined || value === null || typeof value === "object" ? textOf(node) : String(value);
}

/** A key outside the input is a key all the same, and none of those in it. */
const textFor = (keys: Manifest[], expression: string): Reference["text"] =>
  keys.length === 0 ? outside(expression) : unknown("known once the key is there", expression);

const outside = (expression: string): string =>
  `arn:⟨partition⟩:kms:⟨region⟩:⟨account⟩:key/⟨${expression.replaceAll(":", " ")}⟩`;

const ids = (keys: Manifest[]): string[] => keys.map(({ id }) => id);

/** Keys that say of themselves that they have an ARN or id. */
function byValue(catalogue: Catalogue, text: string): string[] {
  const id = /^arn:[^:]*:kms:[^:]*:[^:]*:key\/(.+)$/.exec(text)?.[1] ?? text;
  return ids(catalogue.manifests.filter((key) => namesOf(key).some((name) => name === text || name === id)));
}

/** The ARN, and the id that Crossplane keeps as the object's name outside. */
function namesOf({ kind, raw }: Manifest): string[] {
  if (!kind.endsWith("Key")) return [];
  const status = raw.status ?? null;
  return [
    at(raw, "metadata", "annotations", "crossplane.io/external-name"),
    at(status, "keyID"),
    at(status, "atProvider", "keyId"),
    at(status, "atProvider", "keyID"),
    arnOf(raw),
  ].filter((name) => typeof name === "string");
}

/** The ARN of an object that is there. */
export function arnOf(raw: JsonMap): string | undefined {
  const arn =
    at(raw, "status", "ackResourceMetadata", "arn") ??
    at(raw, "status", "atProvider", "arn") ??
    at(raw, "status", "atProvider", "ARN");
  return typeof arn === "string" && /^arn:[\w-]+:kms:[\w-]+:\d{12}:key\/./.test(arn) ? arn : undefined;
}
