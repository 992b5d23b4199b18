import { locationOf, type Node } from "../../model/node.ts";
import type { Json, Location } from "../../model/source.ts";
import { type Attribute, attributeOf } from "./attribute.ts";
import { anyTrue, isObject, jsonAt } from "./json.ts";
import { hasPlaceholder } from "./placeholders.ts";
import type { Plan, PlanResource } from "./plan.ts";
import { referencesOf } from "./plan-configuration.ts";
import { originOf, unknownFromReferences, unknownValues } from "./unknown-values.ts";
import { knownAfterApply, nodeFromPlan } from "./values.ts";

/** An argument of a resource, possibly in nested blocks. */
export interface Argument extends Attribute {
  /** The expression of the argument; undefined if it cannot be determined. */
  expression: Json | undefined;
  /** The path without indexes: `rule.apply_server_side_encryption_by_default.kms_master_key_id`. */
  name: string;
  location: Location | undefined;
}

/** Returns the arguments at a path, one for each block on the path. Lists need no `*` in the path. */
export function argumentsAt(plan: Plan, resource: PlanResource, path: string[]): Argument[] {
  const names = path.filter((name) => name !== "*");
  const [first, ...rest] = names;
  if (first === undefined) return [];
  const name = names.join(".");
  const expression = jsonAt(resource.config, "expressions", first);
  if (rest.length === 0) return [{ ...attributeOf(plan, resource, first), expression, name }];
  const found: Argument[] = [];
  const root: PlannedBlock = {
    pointer: resource.valuesPointer,
    value: resource.values,
    shape: resource.afterUnknown ?? {},
    sensitive: resource.sensitive,
    expressions: jsonAt(resource.config, "expressions"),
  };
  collectArguments(plan, resource, root, names, name, found);
  return found;
}

interface PlannedBlock {
  pointer: string;
  value: Json | undefined;
  /** The part of `after_unknown` for this block. */
  shape: Json | undefined;
  sensitive: Json | undefined;
  /** The expressions of the block in the configuration. */
  expressions: Json | undefined;
}

const shapeAt = (shape: Json | undefined, step: string | number): Json | undefined =>
  shape === true ? true : jsonAt(shape, step);

function collectArguments(
  plan: Plan,
  resource: PlanResource,
  block: PlannedBlock,
  names: string[],
  name: string,
  found: Argument[],
): void {
  if (hasPlaceholder(block.value)) {
    found.push(argumentOfUncertainBlock(plan, resource, block, name));
    return;
  }
  const [first = "", ...rest] = names;
  const inner: PlannedBlock = {
    pointer: `${block.pointer}/${first}`,
    value: jsonAt(block.value, first),
    shape: shapeAt(block.shape, first),
    sensitive: shapeAt(block.sensitive, first),
    // An expression for a whole map applies to each of its attributes.
    expressions: isExpression(block.expressions) ? block.expressions : jsonAt(block.expressions, first),
  };
  if (rest.length === 0) {
    // The configuration contains no block for a `dynamic` block, so only the value shows whether it is set.
    const isSet = block.expressions === undefined ? undefined : inner.expressions !== undefined;
    const argument = argumentIn(plan, resource, inner, isSet, name);
    if (argument !== undefined) found.push(argument);
    return;
  }
  if (!Array.isArray(inner.value)) {
    if (isObject(inner.value) || hasPlaceholder(inner.value))
      collectArguments(plan, resource, { ...inner, ...unwrapSingle(inner) }, rest, name, found);
    else if (inner.shape === true && inner.expressions !== undefined)
      found.push(...argumentsOfUnknownBlock(plan, resource, inner, name));
    return;
  }
  const configBlocks = Array.isArray(inner.expressions) ? inner.expressions : [inner.expressions];
  for (const [i, item] of inner.value.entries()) {
    const expressions = isExpression(inner.expressions)
      ? inner.expressions
      : configBlockOf(item, i, inner.value.length, configBlocks);
    const next: PlannedBlock = {
      pointer: `${inner.pointer}/${i}`,
      value: item,
      shape: shapeAt(inner.shape, i),
      sensitive: shapeAt(inner.sensitive, i),
      expressions,
    };
    collectArguments(plan, resource, next, rest, name, found);
  }
}

const unwrapSingle = ({ expressions }: PlannedBlock): Pick<PlannedBlock, "expressions"> => ({
  expressions: Array.isArray(expressions) && expressions.length === 1 ? expressions[0] : expressions,
});

/** Returns whether this is an expression, as opposed to the expressions of a block. */
const isExpression = (config: Json | undefined): boolean =>
  isObject(config) && (Array.isArray(config.references) || Object.hasOwn(config, "constant_value"));

/**
 * Returns the configuration block of a planned block; undefined if it is ambiguous. A plan sorts the blocks of a set in
 * its own order, so they are matched by their constants.
 */
function configBlockOf(
  item: Json,
  i: number,
  count: number,
  configBlocks: (Json | undefined)[],
): Json | undefined {
  const matches = (block: Json | undefined): boolean =>
    isObject(block) &&
    Object.entries(block).every(([name, expression]) => {
      const constant = jsonAt(expression, "constant_value");
      const value = jsonAt(item, name);
      return constant === undefined || value === undefined || typeof value === "object" || constant === value;
    });
  if (configBlocks.length === count && matches(configBlocks[i])) return configBlocks[i];
  const [block, another] = configBlocks.filter(matches);
  return another === undefined ? block : undefined;
}

function argumentIn(
  plan: Plan,
  resource: PlanResource,
  { pointer, value, shape, sensitive, expressions }: PlannedBlock,
  isSet: boolean | undefined,
  name: string,
): Argument | undefined {
  const position = { parsed: plan.parsed, pointer };
  const hasValue = value !== undefined && value !== null;
  const base = {
    name,
    isSet,
    expression: expressions,
    sensitive: anyTrue(sensitive),
    location: hasValue ? locationOf(position, resource.address) : undefined,
  };
  const describeUnknown = () => unknownArgument(plan, resource, expressions, `${resource.address}.${name}`);
  if (hasValue && shape !== true)
    return {
      ...base,
      node: nodeFromPlan(position, value, shape, unknownValues(plan, resource, describeUnknown)),
    };
  if (shape !== true || isSet === false || jsonAt(expressions, "constant_value") === null)
    return { ...base, node: undefined };
  // The expression has only known references, so its value is null and the provider computes the attribute.
  if (isSet === true && originOf(plan, resource, referencesOf(expressions)).known)
    return { ...base, node: undefined };
  return { ...base, node: { type: "unknown", part: describeUnknown(), at: resource.at } };
}

/** Returns the argument in blocks that have a configuration but no planned values. */
function argumentsOfUnknownBlock(
  plan: Plan,
  resource: PlanResource,
  { expressions }: PlannedBlock,
  name: string,
): Argument[] {
  if (originOf(plan, resource, referencesOf(expressions)).known) return [];
  const node: Node = {
    type: "unknown",
    part: unknownArgument(plan, resource, expressions, `${resource.address}.${name}`),
    at: resource.at,
  };
  return [{ node, isSet: true, location: undefined, sensitive: false, expression: expressions, name }];
}

/** Returns the argument in a block of evaluated source that may not exist. */
function argumentOfUncertainBlock(
  plan: Plan,
  resource: PlanResource,
  { pointer, value, sensitive, expressions }: PlannedBlock,
  name: string,
): Argument {
  const position = { parsed: plan.parsed, pointer };
  const unknowns = unknownValues(plan, resource, () =>
    unknownArgument(plan, resource, expressions, resource.address),
  );
  return {
    node: nodeFromPlan(position, value, undefined, unknowns),
    isSet: true,
    location: locationOf(position, resource.address),
    sensitive: anyTrue(sensitive),
    expression: expressions,
    name,
  };
}

const unknownArgument = (
  plan: Plan,
  resource: PlanResource,
  expression: Json | undefined,
  fallback: string,
) =>
  expression === undefined
    ? { reason: knownAfterApply, expression: fallback }
    : unknownFromReferences(
        plan,
        resource,
        originOf(plan, resource, referencesOf(expression)),
        "other",
        fallback,
      );
