import { locationOf, type Node, type SourcePointer } from "../../model/node.ts";
import type { Location } from "../../model/source.ts";
import { anyTrue, jsonAt } from "./json.ts";
import type { Plan, PlanResource } from "./plan.ts";
import { referencesOf } from "./plan-configuration.ts";
import { originOf, unknownFromReferences, unknownValues, type ValueUse } from "./unknown-values.ts";
import { knownAfterApply, nodeFromPlan } from "./values.ts";

/** A planned attribute of a resource. */
export interface Attribute {
  /** Undefined if the attribute is not set, so that the default of AWS or the provider applies. */
  node: Node | undefined;
  /** True if the configuration sets the attribute; undefined if the input does not contain the configuration. */
  isSet: boolean | undefined;
  /** The location of the value. */
  location: Location | undefined;
  sensitive: boolean;
}

/**
 * Returns an attribute of a resource. Optional attributes that the provider computes are unknown before apply even if
 * they are not set, so the configuration decides. An unknown attribute whose expression has only known references is
 * null, because the provider computes it.
 */
export function attributeOf(
  plan: Plan,
  resource: PlanResource,
  name: string,
  use: ValueUse = "other",
): Attribute {
  const position: SourcePointer = { parsed: plan.parsed, pointer: `${resource.valuesPointer}/${name}` };
  const expression = jsonAt(resource.config, "expressions", name);
  const isSet =
    resource.config === undefined
      ? undefined
      : expression !== undefined && jsonAt(expression, "constant_value") !== null;
  const sensitive = resource.sensitive === true || anyTrue(jsonAt(resource.sensitive, name));
  const value = jsonAt(resource.values, name);
  const describeUnknown = () => {
    const fallback = `${resource.address}.${name}`;
    if (isSet === undefined) return { reason: knownAfterApply, expression: fallback };
    return unknownFromReferences(
      plan,
      resource,
      originOf(plan, resource, referencesOf(expression)),
      use,
      fallback,
    );
  };
  const shape = resource.afterUnknown === true ? true : jsonAt(resource.afterUnknown, name);
  const hasValue = value !== undefined && value !== null;
  const base = { isSet, sensitive, location: hasValue ? locationOf(position, resource.address) : undefined };
  if (hasValue && shape !== true)
    return {
      ...base,
      node: nodeFromPlan(position, value, shape, unknownValues(plan, resource, describeUnknown)),
    };

  const isUnknown = resource.afterUnknown === null ? value === undefined : anyTrue(shape);
  const isNull = () =>
    resource.afterUnknown !== null && originOf(plan, resource, referencesOf(expression)).known;
  if (!isUnknown || isSet === false || (isSet === true && isNull())) return { ...base, node: undefined };
  return { ...base, node: { type: "unknown", part: describeUnknown(), at: resource.at } };
}
