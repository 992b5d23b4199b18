import { normalizePolicy } from "../../key-policy/policy.ts";
import type { Policy } from "../../model/document.ts";
import type { Node } from "../../model/node.ts";
import type { Json } from "../../model/source.ts";
import { type Attribute, attributeOf } from "./attribute.ts";
import { referencesOf } from "./configuration.ts";
import { type Deferred, deferredDocument } from "./document.ts";
import { originOf } from "./holes.ts";
import { anyTrue, at } from "./json.ts";
import type { Plan, Resource } from "./plan.ts";

export interface Context {
  arn?: string | undefined;
  attachedBy?: string | undefined;
}

/** The policy in an attribute of a resource: its text, or what the plan shows of the document behind it. */
export function policyIn(plan: Plan, holder: Resource, name: string, { arn, attachedBy }: Context): Policy {
  const attribute = attributeOf(plan, holder, name);
  const found = documentBehind(plan, holder, attribute, at(holder.written, "expressions", name));
  const policy = normalizePolicy(found.node, {
    address: found.address,
    ...(arn === undefined ? {} : { arn }),
    ...(attachedBy === undefined ? {} : { attachedBy }),
    ...(found.sensitive ? { sensitive: true } : {}),
  });
  const { later } = found;
  if (later === undefined || policy.state !== "resolved") return policy;
  const { more } = later;
  return {
    ...policy,
    ...(more === undefined ? {} : { hasUnknownStatements: true, unknown: policy.unknown ?? causeOf(more) }),
    ...(later.whole && later.complete
      ? {}
      : { state: "partial", unknown: { reason: readLater, expression: found.address } }),
  };
}

const causeOf = ({ reason, expression }: NonNullable<Deferred["more"]>) => ({ reason, expression });

export const readLater = "its policy document is read only during apply";

/** A policy document as it is written, where the plan shows it. */
export interface Found {
  node: Node | undefined;
  /** Of the resource or data source that it stands in. */
  address: string;
  sensitive: boolean;
  /** Of one that apply still has to read. */
  later?: Pick<Deferred, "more" | "complete"> & {
    /** The policy is nothing but this document. */
    whole: boolean;
  };
  /** Of one that is not known: the documents that it may be made of. */
  sources?: Resource[];
}

/** The policy document of an argument: its text, or the data source that it will be read from. */
export function documentBehind(
  plan: Plan,
  holder: Resource,
  { node, sensitive }: Pick<Attribute, "node" | "sensitive">,
  expression: Json | undefined,
): Found {
  const base = { node, address: holder.address, sensitive };
  if (node?.type !== "unknown") return base;
  const origin = originOf(plan, holder, referencesOf(expression));
  const documents = origin.leaves.map((leaf) => (leaf.kind === "resource" ? plan.documents(leaf) : []));
  const sources = [...new Set(documents.flat())];
  const [source, another] = sources;
  // A value of another resource has a part in it that the document does not show; a local may be a mere choice.
  const mixed = origin.leaves.some((leaf, i) => leaf.kind === "resource" && documents[i]?.length === 0);
  if (source === undefined || another !== undefined || mixed) {
    const references = origin.references.slice(0, 3).join(", ");
    if (references === "") return base;
    return { ...base, node: { ...node, part: { ...node.part, expression: references } }, sources };
  }
  const { node: document, more, complete } = deferredDocument(plan, source);
  return {
    node: document,
    address: source.address,
    sensitive: sensitive || anyTrue(source.sensitive),
    later: {
      complete,
      ...(more === undefined ? {} : { more }),
      whole: origin.leaves.every((leaf) => leaf.kind === "resource"),
    },
  };
}
