import { locationOf, type Node } from "../../model/node.ts";
import type { Json, Location } from "../../model/source.ts";
import { type Attribute, attributeOf } from "./attribute.ts";
import { referencesOf } from "./configuration.ts";
import { afterApply, holeOf, holesOf, originOf } from "./holes.ts";
import { anyTrue, at, isObject } from "./json.ts";
import { hasNumbered } from "./numbered.ts";
import type { Plan, Resource } from "./plan.ts";
import { nodeOf } from "./values.ts";

/** An argument, in one of the blocks that hold it. */
export interface Argument extends Attribute {
  /** What is written for it; undefined where that cannot be told. */
  expression: Json | undefined;
  /** As it is written, without positions: `rule.apply_server_side_encryption_by_default.kms_master_key_id`. */
  name: string;
  location: Location | undefined;
}

/** The arguments that a path leads to, one for each block on the way. `*` in the path, every item, goes without saying. */
export function argumentsAt(plan: Plan, resource: Resource, path: string[]): Argument[] {
  const names = path.filter((name) => name !== "*");
  const [first, ...rest] = names;
  if (first === undefined) return [];
  const name = names.join(".");
  const expression = at(resource.written, "expressions", first);
  if (rest.length === 0) return [{ ...attributeOf(plan, resource, first), expression, name }];
  const found: Argument[] = [];
  const whole: Inside = {
    pointer: resource.valuesAt,
    value: resource.values,
    shape: resource.unknown ?? {},
    sensitive: resource.sensitive,
    expressions: at(resource.written, "expressions"),
  };
  walk(plan, resource, whole, names, name, found);
  return found;
}

/** A block: its values, what is unknown and sensitive in it, and what is written for it. */
interface Inside {
  pointer: string;
  value: Json | undefined;
  shape: Json | undefined;
  sensitive: Json | undefined;
  expressions: Json | undefined;
}

const marked = (marks: Json | undefined, step: string | number): Json | undefined =>
  marks === true ? true : at(marks, step);

function walk(
  plan: Plan,
  resource: Resource,
  block: Inside,
  names: string[],
  name: string,
  found: Argument[],
): void {
  if (hasNumbered(block.value)) {
    found.push(open(plan, resource, block, name));
    return;
  }
  const [first = "", ...rest] = names;
  const inner: Inside = {
    pointer: `${block.pointer}/${first}`,
    value: at(block.value, first),
    shape: marked(block.shape, first),
    sensitive: marked(block.sensitive, first),
    // An expression for a whole map stands for each of its attributes.
    expressions: isExpression(block.expressions) ? block.expressions : at(block.expressions, first),
  };
  if (rest.length === 0) {
    // Nothing is written for a block that `dynamic` makes: then the value itself tells.
    const written = block.expressions === undefined ? undefined : inner.expressions !== undefined;
    const argument = argumentOf(plan, resource, inner, written, name);
    if (argument !== undefined) found.push(argument);
    return;
  }
  if (!Array.isArray(inner.value)) {
    if (isObject(inner.value) || hasNumbered(inner.value))
      walk(plan, resource, { ...inner, ...single(inner) }, rest, name, found);
    else if (inner.shape === true && inner.expressions !== undefined)
      found.push(...hidden(plan, resource, inner, name));
    return;
  }
  const written = Array.isArray(inner.expressions) ? inner.expressions : [inner.expressions];
  for (const [i, item] of inner.value.entries()) {
    const expressions = isExpression(inner.expressions)
      ? inner.expressions
      : matching(item, i, inner.value.length, written);
    const next: Inside = {
      pointer: `${inner.pointer}/${i}`,
      value: item,
      shape: marked(inner.shape, i),
      sensitive: marked(inner.sensitive, i),
      expressions,
    };
    walk(plan, resource, next, rest, name, found);
  }
}

const single = ({ expressions }: Inside): Pick<Inside, "expressions"> => ({
  expressions: Array.isArray(expressions) && expressions.length === 1 ? expressions[0] : expressions,
});

/** An expression, as against the expressions of a block. */
const isExpression = (written: Json | undefined): boolean =>
  isObject(written) && (Array.isArray(written.references) || Object.hasOwn(written, "constant_value"));

/**
 * The block of the configuration that a planned block was made of. Those of a set come in an order of the plan's own:
 * their constants tell. Where it cannot be told, it is none.
 */
function matching(item: Json, i: number, count: number, written: (Json | undefined)[]): Json | undefined {
  const fits = (block: Json | undefined): boolean =>
    isObject(block) &&
    Object.entries(block).every(([name, expression]) => {
      const constant = at(expression, "constant_value");
      const value = at(item, name);
      return constant === undefined || value === undefined || typeof value === "object" || constant === value;
    });
  if (written.length === count && fits(written[i])) return written[i];
  const [one, another] = written.filter(fits);
  return another === undefined ? one : undefined;
}

function argumentOf(
  plan: Plan,
  resource: Resource,
  { pointer, value, shape, sensitive, expressions }: Inside,
  written: boolean | undefined,
  name: string,
): Argument | undefined {
  const place = { parsed: plan.parsed, pointer };
  const there = value !== undefined && value !== null;
  const base = {
    name,
    written,
    expression: expressions,
    sensitive: anyTrue(sensitive),
    location: there ? locationOf(place, resource.address) : undefined,
  };
  const hole = () => holeIn(plan, resource, expressions, `${resource.address}.${name}`);
  if (there && shape !== true)
    return { ...base, node: nodeOf(place, value, shape, holesOf(plan, resource, hole)) };
  if (shape !== true || written === false || at(expressions, "constant_value") === null)
    return { ...base, node: undefined };
  // Of known values only, and yet unknown: it is computed, and so it came out null.
  if (written === true && originOf(plan, resource, referencesOf(expressions)).known)
    return { ...base, node: undefined };
  return { ...base, node: { type: "unknown", part: hole(), at: resource.at } };
}

/** An argument in blocks of which nothing is known but what is written for them. */
function hidden(plan: Plan, resource: Resource, { expressions }: Inside, name: string): Argument[] {
  if (originOf(plan, resource, referencesOf(expressions)).known) return [];
  const node: Node = {
    type: "unknown",
    part: holeIn(plan, resource, expressions, `${resource.address}.${name}`),
    at: resource.at,
  };
  return [{ node, written: true, location: undefined, sensitive: false, expression: expressions, name }];
}

/** An argument in a block of which evaluated source does not hold whether there is one. */
function open(
  plan: Plan,
  resource: Resource,
  { pointer, value, sensitive, expressions }: Inside,
  name: string,
): Argument {
  const place = { parsed: plan.parsed, pointer };
  const holes = holesOf(plan, resource, () => holeIn(plan, resource, expressions, resource.address));
  return {
    node: nodeOf(place, value, undefined, holes),
    written: true,
    location: locationOf(place, resource.address),
    sensitive: anyTrue(sensitive),
    expression: expressions,
    name,
  };
}

const holeIn = (plan: Plan, resource: Resource, expression: Json | undefined, fallback: string) =>
  expression === undefined
    ? { reason: afterApply, expression: fallback }
    : holeOf(plan, resource, originOf(plan, resource, referencesOf(expression)), "other", fallback);
