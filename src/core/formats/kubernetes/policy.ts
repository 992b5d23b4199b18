import { normalizePolicy } from "../../key-policy/policy.ts";
import type { Key, OtherPolicy, Policy } from "../../model/document.ts";
import { fromJson, locationOf, type Node, textNode, type UnknownNode } from "../../model/node.ts";
import { parseEmbeddedJson } from "../../parse/json.ts";
import { valueAt } from "../../parse/pointer.ts";
import { isProblem } from "../../parse/problem.ts";
import { placeholderParts } from "../key-policy/placeholder.ts";
import { parsePlaceholders } from "../key-policy/unknown-parts.ts";
import type { Catalog, Manifest } from "./catalog.ts";
import { ManifestFields } from "./fields.ts";
import { policyKeyFields } from "./kinds.ts";
import { referencedKey } from "./references.ts";

/** Returns the policy in the fields of an object. */
export function manifestPolicy(manifest: Manifest, context: { arn?: string; attachedBy?: string }): Policy {
  const node = new ManifestFields(manifest).node("policy");
  return policyFromNode(node, { address: manifest.resource, ...context });
}

function policyFromNode(
  node: Node | undefined,
  context: { address: string; arn?: string; attachedBy?: string },
): Policy {
  if (node?.type === "unknown") return normalizePolicy(withShortExpression(node), context);
  const text = node && valueAt(node.at.parsed.value, node.at.pointer);
  if (node === undefined || typeof text !== "string") return normalizePolicy(node, context);
  const inner = parseEmbeddedJson(node.at, text);
  if (!isProblem(inner) && typeof inner.value !== "string")
    return normalizePolicy(parsePlaceholders(fromJson(inner, node.at.pointer)), context);
  const parts = placeholderParts(text.trim());
  const placeholder = parts.find((part) => typeof part !== "string");
  const isCall = /^\s*\$\{\s*\w+\([\s\S]*\}\s*$/.test(text);
  if (placeholder === undefined && !isCall)
    return normalizePolicy({ type: "scalar", value: text, at: node.at }, context);
  const withUnknownParts = textNode(parts, node.at);
  if (withUnknownParts.type === "unknown")
    return normalizePolicy(withShortExpression(withUnknownParts), context);
  const policy = normalizePolicy(withUnknownParts, context);
  // The placeholders may turn the string into JSON.
  return policy.state === "unreadable"
    ? normalizePolicy(withShortExpression(unknownPolicy(node, text.trim())), context)
    : policy;
}

const unknownPolicy = (node: Node, text: string): UnknownNode => ({
  type: "unknown",
  part: { reason: "filled in by another tool", expression: text.replace(/^\$\{\s*|\s*\}$/g, "") },
  at: node.at,
});

/** Shortens the expression if a function call generates the entire document. */
function withShortExpression(node: UnknownNode): UnknownNode {
  const { expression } = node.part;
  if (expression.length <= 80 && !expression.includes("\n")) return node;
  const start = /^\w+\(/.exec(expression)?.[0];
  const short = start === undefined ? `${expression.slice(0, 40).split("\n")[0]}…` : `${start}…)`;
  return { ...node, part: { ...node.part, expression: short } };
}

/** KeyPolicy objects that apply to a key, and those that apply to it or to another key. */
interface AttachedPolicies {
  certain: Manifest[];
  possible: Manifest[];
}

const attachments = new WeakMap<Catalog, Map<string, AttachedPolicies>>();

function policiesAttachedTo(catalog: Catalog, { id }: Manifest): AttachedPolicies {
  const known = attachments.get(catalog) ?? findAttachments(catalog);
  attachments.set(catalog, known);
  return known.get(id) ?? { certain: [], possible: [] };
}

function findAttachments(catalog: Catalog): Map<string, AttachedPolicies> {
  const attached = new Map<string, AttachedPolicies>();
  for (const policy of catalog.manifests.filter(({ kind }) => kind === "KeyPolicy")) {
    const keys = referencedKey(catalog, policy, policyKeyFields)?.reference.keys ?? [];
    for (const id of keys) {
      const { certain, possible } = attached.get(id) ?? { certain: [], possible: [] };
      attached.set(
        id,
        keys.length === 1
          ? { certain: [...certain, policy], possible }
          : { certain, possible: [...possible, policy] },
      );
    }
  }
  return attached;
}

/** Returns the KeyPolicy that is attached to a key last. */
export const lastAttachedPolicy = (catalog: Catalog, key: Manifest): Manifest | undefined =>
  policiesAttachedTo(catalog, key).certain.at(-1);

/** Returns the policy that remains: KMS keeps the one attached last, and a KeyPolicy is attached after key creation. */
export function effectivePolicy(catalog: Catalog, key: Manifest, arn: string | undefined): Key["policy"] {
  const context = arn === undefined ? {} : { arn };
  const { certain, possible } = policiesAttachedTo(catalog, key);
  const last = certain.at(-1);
  if (last !== undefined) {
    const policy = manifestPolicy(last, { ...context, attachedBy: last.resource });
    const others = [key, ...certain.slice(0, -1)].flatMap(otherPolicy);
    return others.length === 0 ? policy : { ...policy, otherPolicies: others };
  }
  const [candidate] = possible;
  if (candidate === undefined) return manifestPolicy(key, context);
  const part = { reason: "the key that the policy applies to is unknown", expression: candidate.resource };
  const at = { parsed: candidate.parsed, pointer: candidate.pointer };
  return normalizePolicy({ type: "unknown", part, at }, { address: candidate.resource });
}

function otherPolicy(manifest: Manifest): OtherPolicy[] {
  const node = new ManifestFields(manifest).node("policy");
  if (node === undefined || (node.type === "scalar" && node.value === "")) return [];
  return [
    {
      resource: manifest.resource,
      location: locationOf(node.at, manifest.resource),
      ...(node.type === "unknown" ? { conditional: true as const } : {}),
    },
  ];
}
