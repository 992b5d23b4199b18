import type { UnknownPart, UnknownPartType } from "../../model/node.ts";
import { accountOfTargets } from "./attribute-account.ts";
import { type AttributeKind, attributeKind, identityTypes } from "./attribute-kind.ts";
import { unknownValueTarget } from "./placeholders.ts";
import type { Plan, PlanResource } from "./plan.ts";
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

/** Adds the type of the value, if all targets have the same type, and its account. */
function withType(
  plan: Plan,
  resource: Pick<PlanResource, "config">,
  part: UnknownPart,
  targets: ReferenceTarget[],
  use: ValueUse | "exact",
): UnknownPart {
  const resources = targets.filter((target) => target.kind === "resource");
  const kinds = resources.flatMap((target) => attributeKind(target) ?? []);
  const [kind] = kinds;
  if (kind === undefined || kinds.length < targets.length) return part;
  const isUniform = kinds.every((other) => other === kind);
  const account = () => accountOfTargets(plan, resource, resources);
  if (use === "principal" && kinds.some(isIdentity)) {
    // This includes `arn:${partition}:iam::${account}:root`.
    if (!kinds.every((other) => isIdentity(other) || other === "partition")) return part;
    const [type, ...others] = new Set(resources.map(principalType));
    return {
      ...part,
      type: type !== undefined && others.length === 0 ? type : "principal-arn",
      ...account(),
    };
  }
  if (kind === "principal") return use === "exact" && isUniform ? { ...part, ...account() } : part;
  if (!isUniform) return part;
  if (kind === "caller") return use === "other" ? part : { ...part, type: "account-id", ...account() };
  // The plan does not contain the string around it.
  if (use === "other" && (kind === "account-id" || kind === "name")) return part;
  return { ...part, type: kind, ...(isIdentity(kind) ? account() : {}) };
}

/** Returns the type of the ARN in a principal. An account ID is only a part of it. */
function principalType(target: ResourceTarget): UnknownPartType | undefined {
  const kind = attributeKind(target);
  if (kind === "principal") return identityTypes.get(target.type);
  return kind === "caller" || kind === "account-id" ? undefined : kind;
}

const identities = new Set<AttributeKind>([
  "account-id",
  "assumed-role-arn",
  "caller",
  "principal",
  "principal-arn",
  "role-arn",
  "user-arn",
]);

const isIdentity = (kind: AttributeKind): boolean => identities.has(kind);
