import type { UnknownPart, UnknownPartType } from "../../model/node.ts";
import { unknownValueTarget } from "./placeholders.ts";
import type { Plan, PlanResource } from "./plan.ts";
import { sameAccount } from "./provider.ts";
import type { ReferenceTarget, ResourceTarget } from "./reference-targets.ts";
import { knownAfterApply, type UnknownValues } from "./values.ts";

/** The references of an expression that are unknown at plan time, and their targets. */
export interface ExpressionOrigin {
  /** References with unknown values. If all values are known, all references. */
  references: string[];
  targets: ReferenceTarget[];
  /** True if every reference has a known value, so that the expression has one too. */
  known: boolean;
}

export function originOf(plan: Plan, resource: PlanResource, references: string[]): ExpressionOrigin {
  const isKnown = (target: ReferenceTarget) =>
    target.kind === "known" || (target.kind === "resource" && plan.isKnown(target));
  const all = plan.resolve(resource, references);
  const unknown = all.filter(({ targets }) => targets.length === 0 || !targets.every(isKnown));
  const known = all.length > 0 && unknown.length === 0;
  const relevant = known ? all : unknown;
  const targets = relevant.flatMap((resolved) => resolved.targets);
  const unknownTargets = targets.filter((target) => !isKnown(target));
  return {
    references: relevant.map(({ reference }) => reference),
    targets: unknownTargets.length > 0 ? unknownTargets : targets,
    known,
  };
}

/** The position of an unknown value, if the type of the value depends on it. */
export type ValueUse = "principal" | "account" | "other";

/**
 * Describes an unknown value. `fallback` is its expression if there are no references. A plan does not contain the string
 * around a reference to an account ID, so in a principal it counts as a principal of that account.
 */
export function unknownFromReferences(
  plan: Plan,
  resource: PlanResource,
  origin: ExpressionOrigin,
  use: ValueUse,
  fallback: string,
): UnknownPart {
  const [expression = fallback] = origin.references;
  return withType(plan, resource, { reason: knownAfterApply, expression }, origin.targets, use);
}

/**
 * Describes the unknown parts of an attribute. Evaluated source contains the string around a reference, so a placeholder for an
 * account ID is the account ID itself.
 */
export const unknownValues = (
  plan: Plan,
  resource: Pick<PlanResource, "address" | "config">,
  afterApply: () => UnknownPart,
): UnknownValues => ({
  afterApply,
  placeholder(number) {
    const found = plan.unknowns?.[number];
    if (found === undefined)
      return { reason: "missing in the evaluated source", expression: resource.address };
    const { reason, expression } = found;
    return withType(plan, resource, { reason, expression }, [unknownValueTarget(found)], "exact");
  },
});

/** Adds the type of the value, if all targets have the same type, and whether it belongs to the owner's account. */
function withType(
  plan: Plan,
  resource: Pick<PlanResource, "config">,
  part: UnknownPart,
  targets: ReferenceTarget[],
  use: ValueUse | "exact",
): UnknownPart {
  const kinds = targets.map((target) => (target.kind === "resource" ? attributeKind(target) : undefined));
  const known = kinds.filter((kind) => kind !== undefined);
  if (kinds.length === 0 || known.length < kinds.length) return part;
  const isAccountSpecific = (kind: AttributeKind) =>
    kind === "role-arn" || kind === "user-arn" || kind === "principal" || kind === "caller";
  const isOwnAccount = () =>
    targets.every((target) => {
      if (target.kind !== "resource") return false;
      return sameAccount(plan.configuration, resource.config, plan.configAt(target));
    });
  const [kind] = known;
  const isUniform = known.every((other) => other === kind);
  if (use === "principal" && known.some(isAccountSpecific)) {
    // This includes `arn:${partition}:iam::${account}:root`.
    if (!known.every((other) => isAccountSpecific(other) || other === "partition")) return part;
    const type = isUniform && (kind === "role-arn" || kind === "user-arn") ? { type: kind } : {};
    return { ...part, ...type, ...(isOwnAccount() ? { self: true } : {}) };
  }
  if (use === "exact" && kind === "principal") return isOwnAccount() ? { ...part, self: true } : part;
  if (!isUniform || kind === undefined || kind === "principal") return part;
  if (kind === "caller")
    return use !== "other"
      ? { ...part, type: "account-id", ...(isOwnAccount() ? { self: true } : {}) }
      : part;
  return { ...part, type: kind, ...(isAccountSpecific(kind) && isOwnAccount() ? { self: true } : {}) };
}

/** `caller`: the account ID of the caller. `principal`: an IAM role or user, but not its ARN. */
type AttributeKind = UnknownPartType | "caller" | "principal";

const principalTypes = new Map<string, UnknownPartType>([
  ["aws_iam_role", "role-arn"],
  ["aws_iam_service_linked_role", "role-arn"],
  ["aws_iam_user", "user-arn"],
]);

const keyTypePattern = /^aws_kms_(external_|replica_|replica_external_)?key$/;

const aliasAttributes = new Map<string, UnknownPartType>([
  ["arn", "alias-arn"],
  ["name", "alias-name"],
  ["id", "alias-name"],
  ["target_key_arn", "key-arn"],
  ["target_key_id", "key-id"],
]);

export function attributeKind({ data, type, attribute }: ResourceTarget): AttributeKind | undefined {
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
  const principalArn = principalTypes.get(type);
  if (principalArn !== undefined) {
    if (attribute === "arn") return principalArn;
    // A plan lists `aws_iam_role.job[*].arn` as `aws_iam_role.job`, without an attribute.
    return attribute === "" ? "principal" : undefined;
  }
  if (keyTypePattern.test(type)) {
    if (attribute === "arn") return "key-arn";
    return attribute === "key_id" || attribute === "id" ? "key-id" : undefined;
  }
  if (type === "aws_kms_alias") return aliasAttributes.get(attribute);
  // Attributes such as `role_arn` contain the ARN of an acting identity, never of a key.
  return type.startsWith("aws_") && /^(.*(iam|issuer|role|user)_)?arn$/.test(attribute) ? "arn" : undefined;
}
