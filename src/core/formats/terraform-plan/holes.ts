import type { UnknownPart, UnknownPartType } from "../../model/node.ts";
import type { Leaf, ResourceLeaf } from "./follow.ts";
import { leafOf } from "./numbered.ts";
import type { Plan, Resource } from "./plan.ts";
import { sameAccount } from "./provider.ts";
import type { Holes } from "./values.ts";

export const afterApply = "known only after apply";

/** What the references of an expression lead to, as far as it is not known when the plan is made. */
export interface Origin {
  /** The references as written, without those to known values, unless all are. */
  references: string[];
  leaves: Leaf[];
  /** Every reference leads to a known value, so the expression has one too. */
  known: boolean;
}

export function originOf(plan: Plan, resource: Resource, references: string[]): Origin {
  const isKnown = (leaf: Leaf) => leaf.kind === "given" || (leaf.kind === "resource" && plan.isKnown(leaf));
  const all = plan.follow(resource, references);
  const open = all.filter(({ leaves }) => leaves.length === 0 || !leaves.every(isKnown));
  const known = all.length > 0 && open.length === 0;
  const shown = known ? all : open;
  const leaves = shown.flatMap((one) => one.leaves);
  const openLeaves = leaves.filter((leaf) => !isKnown(leaf));
  return {
    references: shown.map(({ reference }) => reference),
    leaves: openLeaves.length > 0 ? openLeaves : leaves,
    known,
  };
}

/** What an unknown value is for, as far as the type of its hole depends on it. */
export type Use = "principal" | "account" | "other";

/**
 * The hole of an unknown value. `fallback` is its expression where nothing is referred to.
 * A plan does not show what an expression makes of an account id, so in a principal it is a principal of that account.
 */
export function holeOf(
  plan: Plan,
  resource: Resource,
  origin: Origin,
  use: Use,
  fallback: string,
): UnknownPart {
  const [first = fallback] = origin.references;
  return typed(plan, resource, { reason: afterApply, expression: first }, origin.leaves, use);
}

/** The holes of an attribute. Evaluated source shows what is made of an account id: there it is nothing else. */
export const holesOf = (
  plan: Plan,
  resource: Pick<Resource, "address" | "written">,
  later: () => UnknownPart,
): Holes => ({
  later,
  numbered(number) {
    const found = plan.holes?.[number];
    if (found === undefined) return { reason: "not known", expression: resource.address };
    const { reason, expression } = found;
    return typed(plan, resource, { reason, expression }, [leafOf(found)], "exact");
  },
});

function typed(
  plan: Plan,
  resource: Pick<Resource, "written">,
  hole: UnknownPart,
  leaves: Leaf[],
  use: Use | "exact",
): UnknownPart {
  const kinds = leaves.map((leaf) => (leaf.kind === "resource" ? kindOf(leaf) : undefined));
  const known = kinds.filter((kind) => kind !== undefined);
  if (kinds.length === 0 || known.length < kinds.length) return hole;
  const ours = (kind: Kind) =>
    kind === "role-arn" || kind === "user-arn" || kind === "principal" || kind === "caller";
  const self = () =>
    leaves.every((leaf) => {
      if (leaf.kind !== "resource") return false;
      return sameAccount(plan.configuration, resource.written, plan.written(leaf));
    });
  const [kind] = known;
  const alone = known.every((other) => other === kind);
  if (use === "principal" && known.some(ours)) {
    // Also `arn:${partition}:iam::${account}:root`.
    if (!known.every((other) => ours(other) || other === "partition")) return hole;
    const typed = alone && (kind === "role-arn" || kind === "user-arn") ? { type: kind } : {};
    return { ...hole, ...typed, ...(self() ? { self: true } : {}) };
  }
  if (use === "exact" && kind === "principal") return self() ? { ...hole, self: true } : hole;
  if (!alone || kind === undefined || kind === "principal") return hole;
  if (kind === "caller")
    return use !== "other" ? { ...hole, type: "account-id", ...(self() ? { self: true } : {}) } : hole;
  return { ...hole, type: kind, ...(ours(kind) && self() ? { self: true } : {}) };
}

/** `caller`: the account id of the caller; `principal`: an IAM role or user, of which not the ARN is named. */
type Kind = UnknownPartType | "caller" | "principal";

const arnTypes = new Map<string, UnknownPartType>([
  ["aws_iam_role", "role-arn"],
  ["aws_iam_service_linked_role", "role-arn"],
  ["aws_iam_user", "user-arn"],
]);

const keyTypes = /^aws_kms_(external_|replica_|replica_external_)?key$/;

const aliasAttributes = new Map<string, UnknownPartType>([
  ["arn", "alias-arn"],
  ["name", "alias-name"],
  ["id", "alias-name"],
  ["target_key_arn", "key-arn"],
  ["target_key_id", "key-id"],
]);

export function kindOf({ data, type, attribute }: ResourceLeaf): Kind | undefined {
  if (type === "aws_caller_identity") {
    if (attribute === "account_id" || attribute === "id") return "caller";
    return attribute === "arn" ? "principal" : undefined;
  }
  if (data && type === "aws_partition") {
    if (attribute === "partition" || attribute === "id") return "partition";
    return attribute === "dns_suffix" ? "dns-suffix" : undefined;
  }
  if (data && type === "aws_region") return attribute === "description" ? undefined : "region";
  if (type === "aws_organizations_account" && attribute === "id") return "account-id";
  const arn = arnTypes.get(type);
  // Without an attribute: `aws_iam_role.job[*].arn` is listed as `aws_iam_role.job`.
  if (arn !== undefined) return attribute === "arn" ? arn : attribute === "" ? "principal" : undefined;
  if (keyTypes.test(type)) {
    if (attribute === "arn") return "key-arn";
    return attribute === "key_id" || attribute === "id" ? "key-id" : undefined;
  }
  if (type === "aws_kms_alias") return aliasAttributes.get(attribute);
  // Those that name who acts: none of them is a key's.
  return type.startsWith("aws_") && /^(.*(iam|issuer|role|user)_)?arn$/.test(attribute) ? "arn" : undefined;
}
