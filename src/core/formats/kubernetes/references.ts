import { toUnknown } from "../../key-policy/pattern.ts";
import type { Reference } from "../../model/document.ts";
import { type JsonMap, own } from "../../model/json.ts";
import { child, type Node, textOf } from "../../model/node.ts";
import { valueAt } from "../../parse/pointer.ts";
import { stringOf } from "../cloudformation/fields.ts";
import { placeholderParts } from "../key-policy/placeholder.ts";
import { type Catalog, candidateKeys, type Manifest } from "./catalog.ts";
import { ManifestFields, unknownValue } from "./fields.ts";
import type { KeyReferenceFields } from "./kinds.ts";
import { valueAtPath } from "./objects.ts";

/** Returns the reference to an object's key and its node; undefined if there is no reference. */
export function referencedKey(
  catalog: Catalog,
  from: Manifest,
  keyFields: KeyReferenceFields,
): { reference: Reference; node: Node } | undefined {
  const fields = new ManifestFields(from);
  const withoutUnknown: Manifest = { ...from };
  delete withoutUnknown.unknownFields;
  const known = new ManifestFields(withoutUnknown);
  const node = known.node(...keyFields.value);
  const reference = known.node(...keyFields.reference);
  const selector = known.node(...(keyFields.selector ?? []));
  const found =
    reference === undefined
      ? selector && referenceBySelector(catalog, from, keyFields, selector)
      : referenceByName(catalog, from, keyFields, reference);
  if (node !== undefined) {
    const text = stringOf(node);
    const keys = found?.keys.length
      ? found.keys
      : typeof text === "string"
        ? keysByIdentifier(catalog, text)
        : [];
    return { node, reference: { text, keys } };
  }
  const referenceNode = reference ?? selector ?? fields.node(...keyFields.value);
  if (referenceNode === undefined) return undefined;
  return {
    node: referenceNode,
    reference: found ?? {
      text:
        referenceNode.type === "unknown"
          ? toUnknown(referenceNode.part)
          : unknownValue("its value is not in the input"),
      keys: [],
    },
  };
}

function referenceByName(
  catalog: Catalog,
  from: Manifest,
  keyFields: KeyReferenceFields,
  node: Node,
): Reference {
  if (node.type === "unknown") return { text: toUnknown(node.part), keys: [] };
  // ACK nests the reference in `from`.
  const target = child(node, "from") ?? node;
  const nameNode = child(target, "name");
  const name = nameNode === undefined ? null : literalString(nameNode);
  if (nameNode === undefined || name === null)
    return { text: unknownValue("the reference has no name", keyFields.kind), keys: [] };
  const namespaceNode = child(target, "namespace");
  const namespace = (namespaceNode === undefined ? null : literalString(namespaceNode)) ?? from.namespace;
  const keys = candidateKeys(
    catalog,
    from,
    keyFields,
    (key) => key.name === name && key.namespace === namespace,
  );
  const expression = [keyFields.kind, namespace, name].filter(Boolean).join("/");
  // A name with placeholders may be the name of any key.
  const hasPlaceholder = placeholderParts(name).some((part) => typeof part !== "string");
  if (hasPlaceholder && keys.length === 0)
    return { text: unknownValue("filled in by another tool", outsideInput(expression)), keys: [] };
  return { text: referenceText(keys, expression), keys: ids(keys) };
}

function referenceBySelector(
  catalog: Catalog,
  from: Manifest,
  keyFields: KeyReferenceFields,
  node: Node,
): Reference {
  if (node.type === "unknown") return { text: toUnknown(node.part), keys: [] };
  const labels = child(node, "matchLabels");
  const labelValues =
    labels?.type === "map" ? labels.entries.map(({ key, value }) => [key, literalString(value)]) : [];
  const matchController = child(node, "matchControllerRef");
  const usesControllerRef = matchController?.type === "scalar" && String(matchController.value) === "true";
  const expression = `${keyFields.kind} with ${labelValues.map(([key, value]) => `${key}=${value}`).join(", ") || "the same controller"}`;
  // Only a composition shows which objects have the same controller.
  if (usesControllerRef && from.composition === undefined)
    return { text: unknownValue("resolved in the cluster", outsideInput(expression)), keys: [] };
  const keys = candidateKeys(
    catalog,
    from,
    keyFields,
    (key) =>
      labelValues.every(
        ([name, value]) => name !== null && name !== undefined && String(own(key.labels, name)) === value,
      ) &&
      (from.namespace === "" || key.namespace === from.namespace),
  );
  if (keys.length === 0 && labels?.type === "unknown") return { text: toUnknown(labels.part), keys: [] };
  return { text: referenceText(keys, expression), keys: ids(keys) };
}

/** Returns the string as written, including placeholders. */
function literalString(node: Node): string | null {
  const value = valueAt(node.at.parsed.value, node.at.pointer);
  return value === undefined || value === null || typeof value === "object" ? textOf(node) : String(value);
}

/** A key outside the input gets an ARN with unknown parts, which differs from every key in the input. */
const referenceText = (keys: Manifest[], expression: string): Reference["text"] =>
  keys.length === 0
    ? outsideInput(expression)
    : unknownValue("known only after the key is created", expression);

const outsideInput = (expression: string): string =>
  `arn:⟨partition⟩:kms:⟨region⟩:⟨account⟩:key/⟨${expression.replaceAll(":", " ")}⟩`;

const ids = (keys: Manifest[]): string[] => keys.map(({ id }) => id);

/** Returns the keys whose status or annotations contain the ARN or ID. */
function keysByIdentifier(catalog: Catalog, text: string): string[] {
  const id = /^arn:[^:]*:kms:[^:]*:[^:]*:key\/(.+)$/.exec(text)?.[1] ?? text;
  return ids(
    catalog.manifests.filter((key) => identifiersOf(key).some((name) => name === text || name === id)),
  );
}

/** Returns the ARN and IDs of a key. Crossplane stores the key ID as the external name. */
function identifiersOf({ kind, raw }: Manifest): string[] {
  if (!kind.endsWith("Key")) return [];
  const status = raw.status ?? null;
  return [
    valueAtPath(raw, "metadata", "annotations", "crossplane.io/external-name"),
    valueAtPath(status, "keyID"),
    valueAtPath(status, "atProvider", "keyId"),
    valueAtPath(status, "atProvider", "keyID"),
    statusArn(raw),
  ].filter((name) => typeof name === "string");
}

/** Returns the ARN of an existing resource, from the status. */
export function statusArn(raw: JsonMap): string | undefined {
  const arn =
    valueAtPath(raw, "status", "ackResourceMetadata", "arn") ??
    valueAtPath(raw, "status", "atProvider", "arn") ??
    valueAtPath(raw, "status", "atProvider", "ARN");
  return typeof arn === "string" && /^arn:[\w-]+:kms:[\w-]+:\d{12}:key\/./.test(arn) ? arn : undefined;
}
