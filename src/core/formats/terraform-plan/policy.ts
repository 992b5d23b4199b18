import { normalizePolicy } from "../../key-policy/policy.ts";
import type { Policy } from "../../model/document.ts";
import type { Node } from "../../model/node.ts";
import type { Json } from "../../model/source.ts";
import { spendPolicy } from "../../parse/budget.ts";
import { type Attribute, attributeOf } from "./attribute.ts";
import { anyTrue, jsonAt } from "./json.ts";
import type { Plan, PlanResource } from "./plan.ts";
import { referencesOf } from "./plan-configuration.ts";
import { type PlannedDocument, plannedDocument } from "./policy-document.ts";
import { originOf } from "./unknown-values.ts";

export interface PolicyAttachment {
  arn?: string | undefined;
  attachedBy?: string | undefined;
}

/** Returns the policy in an attribute of a resource: its JSON, or the planned policy document that it comes from. */
export function policyFromPlan(
  plan: Plan,
  holder: PlanResource,
  name: string,
  { arn, attachedBy }: PolicyAttachment,
): Policy {
  const attribute = attributeOf(plan, holder, name);
  const document = policyDocumentOf(plan, holder, attribute, jsonAt(holder.config, "expressions", name));
  const policy = normalizePolicy(document.node, {
    address: document.address,
    ...(arn === undefined ? {} : { arn }),
    ...(attachedBy === undefined ? {} : { attachedBy }),
    ...(document.sensitive ? { sensitive: true } : {}),
  });
  spendPolicy(plan.parsed, holder.valuesPointer, policy);
  const { planned } = document;
  if (planned === undefined || policy.state !== "resolved") return policy;
  return {
    ...policy,
    ...withUnknownStatements(policy, planned),
    ...(planned.isEntirePolicy && planned.complete
      ? {}
      : { state: "partial", unknown: { reason: readDuringApply, expression: document.address } }),
  };
}

/** Returns the properties of a policy of which the planned document omits statements. */
function withUnknownStatements(
  { unknown, unknownStatements = [], location }: Policy,
  planned: Pick<PlannedDocument, "unknownStatements">,
): Partial<Policy> {
  if (planned.unknownStatements === undefined) return {};
  const { reason, expression } = planned.unknownStatements;
  const omitted = location === undefined ? [] : [{ reason, expression, location }];
  return {
    hasUnknownStatements: true,
    unknown: unknown ?? { reason, expression },
    unknownStatements: [...unknownStatements, ...omitted],
  };
}

export const readDuringApply = "the policy document is read only during apply";

/** The policy document of an argument. */
export interface PolicyDocumentSource {
  node: Node | undefined;
  /** The address of the resource or data source that contains it. */
  address: string;
  sensitive: boolean;
  /** Only for a document that is read during apply. */
  planned?: Pick<PlannedDocument, "unknownStatements" | "complete"> & {
    /** True if the policy certainly consists of this document only. */
    isEntirePolicy: boolean;
  };
  /** Only for an unknown document: the documents that it can consist of. */
  sources?: PlanResource[];
}

/** Returns the policy document of an argument: its JSON, or the data source from which it is read during apply. */
export function policyDocumentOf(
  plan: Plan,
  holder: PlanResource,
  { node, sensitive }: Pick<Attribute, "node" | "sensitive">,
  expression: Json | undefined,
): PolicyDocumentSource {
  const base = { node, address: holder.address, sensitive };
  if (node?.type !== "unknown") return base;
  const origin = originOf(plan, holder, referencesOf(expression));
  const documents = origin.targets.map((target) =>
    target.kind === "resource" ? plan.policyDocumentsAt(target) : [],
  );
  const sources = [...new Set(documents.flat())];
  const [source, another] = sources;
  // The value of another resource adds an unknown part. A local can just select one of several documents.
  const mixed = origin.targets.some((target, i) => target.kind === "resource" && documents[i]?.length === 0);
  if (source === undefined || another !== undefined || mixed) {
    const references = origin.references.slice(0, 3).join(", ");
    if (references === "") return base;
    return { ...base, node: { ...node, part: { ...node.part, expression: references } }, sources };
  }
  const { node: document, unknownStatements, complete } = plannedDocument(plan, source, holder);
  return {
    node: document,
    address: source.address,
    sensitive: sensitive || anyTrue(source.sensitive),
    planned: {
      complete,
      ...(unknownStatements === undefined ? {} : { unknownStatements }),
      isEntirePolicy: origin.targets.every((target) => target.kind === "resource"),
    },
  };
}
