import type { Policy } from "../../model/document.ts";
import { policyOf } from "../../policy/policy.ts";
import { attributeOf } from "./attribute.ts";
import { referencesOf } from "./configuration.ts";
import { deferredDocument } from "./document.ts";
import { originOf } from "./holes.ts";
import { anyTrue, at } from "./json.ts";
import type { Plan, Resource } from "./plan.ts";

export interface Context {
  arn?: string | undefined;
  attachedBy?: string | undefined;
}

/** The policy in an attribute of a resource: its text, or what the plan shows of the document behind it. */
export function policyIn(plan: Plan, holder: Resource, name: string, { arn, attachedBy }: Context): Policy {
  const { node, sensitive } = attributeOf(plan, holder, name);
  const context = {
    address: holder.address,
    ...(arn === undefined ? {} : { arn }),
    ...(attachedBy === undefined ? {} : { attachedBy }),
    ...(sensitive ? { sensitive } : {}),
  };
  if (node?.type !== "unknown") return policyOf(node, context);

  const origin = originOf(plan, holder, referencesOf(at(holder.written, "expressions", name)));
  const documents = origin.leaves.map((leaf) => (leaf.kind === "resource" ? plan.documents(leaf) : []));
  const [source, another] = [...new Set(documents.flat())];
  // A value of another resource has a part in it that the document does not show; a local may be a mere choice.
  const mixed = origin.leaves.some((leaf, i) => leaf.kind === "resource" && documents[i]?.length === 0);
  if (source === undefined || another !== undefined || mixed) {
    const expression = origin.references.slice(0, 3).join(", ");
    return policyOf(expression === "" ? node : { ...node, hole: { ...node.hole, expression } }, context);
  }
  const { node: document, more, complete } = deferredDocument(plan, source);
  const hidden = sensitive || anyTrue(source.sensitive);
  const policy = policyOf(document, {
    ...context,
    address: source.address,
    ...(hidden ? { sensitive: true } : {}),
  });
  if (policy.state !== "resolved") return policy;
  const whole = complete && origin.leaves.every((leaf) => leaf.kind === "resource");
  return {
    ...policy,
    ...(whole ? {} : { state: "partial", unknown: { reason: readLater, expression: source.address } }),
    ...(more === undefined || policy.more !== undefined
      ? {}
      : { more: { reason: more.reason, expression: more.expression } }),
  };
}

const readLater = "its policy document is read only during apply";
