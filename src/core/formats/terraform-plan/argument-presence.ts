import type { Unknown } from "../../model/document.ts";
import type { Argument } from "./argument.ts";
import type { Plan } from "./plan.ts";
import type { ReferenceTarget } from "./reference-targets.ts";
import { isAliasType, isKeyType } from "./resource-types.ts";
import { unknownFrom } from "./values.ts";

/** Returns whether an argument has a value in the plan. Values that the provider computes do not count. */
export const isSetArgument = ({ node, isSet }: Argument): boolean =>
  node !== undefined &&
  isSet !== false &&
  !(node.type === "scalar" && (node.value === null || node.value === "")) &&
  !(node.type === "list" && node.items.length === 0);

/**
 * Returns whether an unknown argument will have a value. A variable or local can select between a value and null, and a
 * resource without instances has no value.
 */
export function isCertainlySet(
  plan: Plan,
  { node }: Argument,
  targets: ReferenceTarget[],
): true | false | Unknown {
  if (node?.type !== "unknown") return true;
  const unknownTargets = targets.filter((target) => target.kind !== "known" || target.variable !== undefined);
  const isAbsent = (target: ReferenceTarget): boolean =>
    target.kind === "resource" &&
    !target.data &&
    (isKeyType(target.type) || isAliasType(target.type)) &&
    plan.resourcesAt(target).length === 0;
  if (
    unknownTargets.some(isAbsent) &&
    unknownTargets.every((target) => target.kind === "known" || isAbsent(target))
  )
    return false;
  return unknownTargets.length > 0 && unknownTargets.every((target) => target.kind === "resource")
    ? true
    : unknownFrom(node.part);
}
