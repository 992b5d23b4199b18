import { policyOf } from "../../key-policy/policy.ts";
import type { Key, OtherPolicy, Policy } from "../../model/document.ts";
import { fromJson, locationOf, type Node, textNode, type UnknownNode } from "../../model/node.ts";
import { parseEmbeddedJson } from "../../parse/json.ts";
import { valueAt } from "../../parse/pointer.ts";
import { isProblem } from "../../parse/problem.ts";
import { withHoles } from "../key-policy/holes.ts";
import { partsOf } from "../key-policy/placeholder.ts";
import type { Catalogue, Manifest } from "./catalogue.ts";
import { Fields } from "./fields.ts";
import { policyNaming } from "./kinds.ts";
import { keyNamed } from "./references.ts";

/** The policy that an object has in its own fields. */
export function ownPolicy(manifest: Manifest, context: { arn?: string; attachedBy?: string }): Policy {
  const node = new Fields(manifest).node("policy");
  return policyIn(node, { address: manifest.resource, ...context });
}

function policyIn(
  node: Node | undefined,
  context: { address: string; arn?: string; attachedBy?: string },
): Policy {
  if (node?.type === "unknown") return policyOf(shortened(node), context);
  const text = node && valueAt(node.at.parsed.value, node.at.pointer);
  if (node === undefined || typeof text !== "string") return policyOf(node, context);
  const inner = parseEmbeddedJson(node.at, text);
  if (!isProblem(inner) && typeof inner.value !== "string")
    return policyOf(withHoles(fromJson(inner, node.at.pointer)), context);
  const parts = partsOf(text.trim());
  const hole = parts.find((part) => typeof part !== "string");
  const isCall = /^\s*\$\{\s*\w+\([\s\S]*\}\s*$/.test(text);
  if (hole === undefined && !isCall) return policyOf({ type: "scalar", value: text, at: node.at }, context);
  const filled = textNode(parts, node.at);
  if (filled.type === "unknown") return policyOf(shortened(filled), context);
  const policy = policyOf(filled, context);
  // What is filled in may make it JSON.
  return policy.state === "unreadable" ? policyOf(shortened(filledIn(node, text.trim())), context) : policy;
}

const filledIn = (node: Node, written: string): UnknownNode => ({
  type: "unknown",
  hole: { reason: "filled in by another tool", expression: written.replace(/^\$\{\s*|\s*\}$/g, "") },
  at: node.at,
});

/** A whole document that is written as a call is named by its first words. */
function shortened(node: UnknownNode): UnknownNode {
  const { expression } = node.hole;
  if (expression.length <= 80 && !expression.includes("\n")) return node;
  const start = /^\w+\(/.exec(expression)?.[0];
  const short = start === undefined ? `${expression.slice(0, 40).split("\n")[0]}…` : `${start}…)`;
  return { ...node, hole: { ...node.hole, expression: short } };
}

/** The objects that put a policy to a key, and those of which it is not known to which of several they do. */
interface Attached {
  sure: Manifest[];
  perhaps: Manifest[];
}

const attachments = new WeakMap<Catalogue, Map<string, Attached>>();

function attachedTo(catalogue: Catalogue, { id }: Manifest): Attached {
  const known = attachments.get(catalogue) ?? attachmentsIn(catalogue);
  attachments.set(catalogue, known);
  return known.get(id) ?? { sure: [], perhaps: [] };
}

function attachmentsIn(catalogue: Catalogue): Map<string, Attached> {
  const attached = new Map<string, Attached>();
  for (const policy of catalogue.manifests.filter(({ kind }) => kind === "KeyPolicy")) {
    const keys = keyNamed(catalogue, policy, policyNaming)?.reference.keys ?? [];
    for (const id of keys) {
      const { sure, perhaps } = attached.get(id) ?? { sure: [], perhaps: [] };
      attached.set(
        id,
        keys.length === 1 ? { sure: [...sure, policy], perhaps } : { sure, perhaps: [...perhaps, policy] },
      );
    }
  }
  return attached;
}

/** The KeyPolicy that is put to a key last. */
export const lastAttached = (catalogue: Catalogue, key: Manifest): Manifest | undefined =>
  attachedTo(catalogue, key).sure.at(-1);

/** The policy that stays: AWS keeps the one that is put last, and a KeyPolicy comes after its key. */
export function governing(catalogue: Catalogue, key: Manifest, arn: string | undefined): Key["policy"] {
  const context = arn === undefined ? {} : { arn };
  const { sure, perhaps } = attachedTo(catalogue, key);
  const last = sure.at(-1);
  if (last !== undefined) {
    const policy = ownPolicy(last, { ...context, attachedBy: last.resource });
    const others = [key, ...sure.slice(0, -1)].flatMap(otherPolicy);
    return others.length === 0 ? policy : { ...policy, otherPolicies: others };
  }
  const [one] = perhaps;
  if (one === undefined) return ownPolicy(key, context);
  const hole = { reason: "which key the policy is attached to is not known", expression: one.resource };
  const at = { parsed: one.parsed, pointer: one.pointer };
  return policyOf({ type: "unknown", hole, at }, { address: one.resource });
}

function otherPolicy(manifest: Manifest): OtherPolicy[] {
  const node = new Fields(manifest).node("policy");
  if (node === undefined || (node.type === "scalar" && node.value === "")) return [];
  return [
    {
      resource: manifest.resource,
      location: locationOf(node.at, manifest.resource),
      ...(node.type === "unknown" ? { conditional: true as const } : {}),
    },
  ];
}
