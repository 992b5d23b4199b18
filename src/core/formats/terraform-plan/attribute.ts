import { locationOf, type Node, type SourcePointer } from "../../model/node.ts";
import type { Location } from "../../model/source.ts";
import { referencesOf } from "./configuration.ts";
import { holeOf, holesOf, originOf, type Use } from "./holes.ts";
import { anyTrue, at } from "./json.ts";
import type { Plan, Resource } from "./plan.ts";
import { nodeOf } from "./values.ts";

/** An attribute of a resource as it will be. */
export interface Attribute {
  /** Undefined where nothing is set: AWS's or the provider's default holds. */
  node: Node | undefined;
  /** Whether it is written in the configuration; undefined where the input does not show that. */
  written: boolean | undefined;
  /** Where its value stands. */
  location: Location | undefined;
  sensitive: boolean;
}

/**
 * Optional attributes that the provider computes are unknown before apply also where nothing sets them: the
 * configuration tells. So it does where an expression of known values only comes out unknown: it came out null.
 */
export function attributeOf(plan: Plan, resource: Resource, name: string, use: Use = "other"): Attribute {
  const place: SourcePointer = { parsed: plan.parsed, pointer: `${resource.valuesAt}/${name}` };
  const expression = at(resource.written, "expressions", name);
  const written =
    resource.written === undefined
      ? undefined
      : expression !== undefined && at(expression, "constant_value") !== null;
  const sensitive = resource.sensitive === true || anyTrue(at(resource.sensitive, name));
  const value = at(resource.values, name);
  const hole = () => {
    const fallback = `${resource.address}.${name}`;
    if (written === undefined) return { reason: "known only after apply", expression: fallback };
    return holeOf(plan, resource, originOf(plan, resource, referencesOf(expression)), use, fallback);
  };
  const shape = resource.unknown === true ? true : at(resource.unknown, name);
  const there = value !== undefined && value !== null;
  const base = { written, sensitive, location: there ? locationOf(place, resource.address) : undefined };
  if (there && shape !== true)
    return { ...base, node: nodeOf(place, value, shape, holesOf(plan, resource, hole)) };

  const open = resource.unknown === null ? value === undefined : anyTrue(shape);
  const isNull = () => resource.unknown !== null && originOf(plan, resource, referencesOf(expression)).known;
  if (!open || written === false || (written === true && isNull())) return { ...base, node: undefined };
  return { ...base, node: { type: "unknown", part: hole(), at: resource.at } };
}
