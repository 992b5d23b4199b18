import { aliasIn } from "../../key-policy/alias.ts";
import type { Reference } from "../../model/document.ts";
import type { Options } from "../../model/format.ts";
import type { Node } from "../../model/node.ts";
import { valueAt } from "../../parse/pointer.ts";
import type { Argument } from "./argument.ts";
import { attributeOf } from "./attribute.ts";
import { regionFromPlan, resourceId } from "./entity.ts";
import { type JsonObject, jsonAt, stringAt } from "./json.ts";
import type { Plan, PlanResource } from "./plan.ts";
import { referencesOf } from "./plan-configuration.ts";
import type { ReferenceTarget, ResourceTarget } from "./reference-targets.ts";
import { isAliasType, isKeyType, keyArguments } from "./resource-types.ts";
import { attributeKind, knownAfterApply, originOf, unknownValues } from "./unknown-values.ts";
import { nodeFromPlan, stringValue, unknownBecause } from "./values.ts";

/** The key in an argument of a resource. */
export interface NamedKeys {
  text: Reference["text"];
  /** The resources of the plan that can be the key. */
  keys: PlanResource[];
}

/** With more candidates than this, the key counts as unknown. */
const candidateLimit = 200;

/** Returns the key in an argument: by its ARN or ID, or by the references of the argument while these are unknown. */
export function keyNamedBy(plan: Plan, resource: PlanResource, name: string, depth = 0): NamedKeys {
  const { node, sensitive } = attributeOf(plan, resource, name);
  if (node === undefined) return { text: unknownBecause("not set", `${resource.address}.${name}`), keys: [] };
  const text = stringValue(node);
  const shown = sensitive ? unknownBecause("sensitive", `${resource.address}.${name}`) : text;
  if (node.type !== "unknown" && node.type !== "text")
    return { text: shown, keys: typeof text === "string" ? keysById(plan, resource, text) : [] };
  const references = referencesOf(jsonAt(resource.config, "expressions", name));
  const keys = new Set<PlanResource>();
  for (const target of targetsOf(plan, resource, node, references)) {
    const found = target.kind === "resource" ? keysAtTarget(plan, target, depth) : [];
    for (const key of found.slice(0, candidateLimit + 1)) keys.add(key);
  }
  return { text: node.type === "text" ? shown : text, keys: keys.size > candidateLimit ? [] : [...keys] };
}

/** Returns the targets of an unknown value. For a partly unknown key ARN, these are only the targets of the key ID. */
function targetsOf(plan: Plan, resource: PlanResource, node: Node, references: string[]): ReferenceTarget[] {
  const { targets } = originOf(plan, resource, references);
  if (node.type !== "text") return targets;
  const [before, last] = node.parts.slice(-2);
  const isKeyArn = typeof before === "string" && before.endsWith(":key/") && typeof last === "object";
  return isKeyArn
    ? targets.filter((target) => target.kind === "resource" && attributeKind(target) === "key-id")
    : [];
}

/** Returns the keys of `aws_kms_key.a.arn`, or through an alias of `aws_kms_alias.a.target_key_arn`. */
function keysAtTarget(plan: Plan, target: ResourceTarget, depth: number): PlanResource[] {
  const named = plan.resourcesAt(target);
  if (isKeyType(target.type)) return named;
  const argument = keyArguments.get(target.type);
  if (argument === undefined || !/^(target_key_(id|arn)|key_id)$/.test(target.attribute) || depth > 5)
    return [];
  return named.slice(0, candidateLimit).flatMap((other) => keyNamedBy(plan, other, argument, depth + 1).keys);
}

/** The key in an argument of another resource. */
export interface KeyReference {
  key: Reference;
  /** The targets of all references in the argument. */
  targets: ReferenceTarget[];
}

/** Returns the key in an argument of another resource, directly or through an alias or a data source. */
export function keyReferenceOf(
  plan: Plan,
  resource: PlanResource,
  argument: Pick<Argument, "node" | "sensitive" | "expression" | "name"> | string,
  options: Options,
): KeyReference {
  const { node, sensitive, expression, name } =
    typeof argument === "string"
      ? {
          ...attributeOf(plan, resource, argument),
          expression: jsonAt(resource.config, "expressions", argument),
          name: argument,
        }
      : argument;
  const where = `${resource.address}.${name}`;
  const references = referencesOf(expression);
  const targets = plan.resolve(resource, references).flatMap((one) => one.targets);
  if (node === undefined) return { key: { text: unknownBecause("not set", where), keys: [] }, targets };
  const text = stringValue(node);
  const shown = sensitive ? unknownBecause("sensitive", where) : text;
  const named = aliasIn(node);
  if (typeof text === "string" || named !== undefined) {
    const known = typeof text === "string" ? text : rawText(plan, node);
    const alias = named === undefined ? lookupAlias(plan, targets) : named.certain ? named.name : undefined;
    const keys =
      named === undefined
        ? keysById(plan, resource, known)
        : keysOfAlias(plan, resource, known, typeof text === "string" ? named.name : known, options);
    return {
      key: {
        text: shown,
        keys: keys.map((key) => resourceId(plan, key)),
        ...(alias === undefined || sensitive ? {} : { alias }),
      },
      targets,
    };
  }
  const unknownTargets = targetsOf(plan, resource, node, references);
  const keys = new Set<PlanResource>();
  const aliases = new Set<string | undefined>();
  for (const target of unknownTargets) {
    const found = resolveTarget(plan, target, 0);
    aliases.add(found.alias);
    for (const key of found.keys) keys.add(key);
  }
  const [alias, another] = [...aliases];
  return {
    key: {
      text: shown,
      keys: keys.size > candidateLimit ? [] : [...keys].map((key) => resourceId(plan, key)),
      ...(alias === undefined || another !== undefined || sensitive ? {} : { alias }),
    },
    targets,
  };
}

/** Returns the alias by which the only data source of the argument looked up a known value. */
function lookupAlias(plan: Plan, targets: ReferenceTarget[]): string | undefined {
  const [target, another] = targets.filter(({ kind }) => kind !== "known");
  return target?.kind === "resource" && another === undefined
    ? resolveTarget(plan, target, 0).alias
    : undefined;
}

/** Returns a string with its placeholders. Strings with the same unknown values are equal in this form. */
function rawText(plan: Plan, { at: { pointer } }: Node): string {
  const value = valueAt(plan.parsed.value, pointer);
  return typeof value === "string" ? value : "";
}

/** Returns the keys and the alias of a reference to a key, an alias or a data source of these. */
function resolveTarget(
  plan: Plan,
  target: ReferenceTarget,
  depth: number,
): { keys: PlanResource[]; alias?: string } {
  if (target.kind !== "resource" || depth > 5) return { keys: [] };
  if (target.data) return resolveDataSource(plan, target, depth);
  const keys = keysAtTarget(plan, target, depth).slice(0, candidateLimit + 1);
  if (!isAliasType(target.type)) return { keys };
  const aliases = plan.resourcesAt(target).slice(0, candidateLimit);
  const [name, another] = new Set(aliases.map((alias) => aliasNameOf(alias)));
  const targets = aliases.flatMap((alias) => keyNamedBy(plan, alias, "target_key_id").keys);
  return {
    keys: targets,
    ...(name === undefined || another !== undefined ? {} : { alias: plan.display(name) }),
  };
}

function resolveDataSource(
  plan: Plan,
  target: ResourceTarget,
  depth: number,
): { keys: PlanResource[]; alias?: string } {
  const argument = new Map([
    ["aws_kms_alias", "name"],
    ["aws_kms_key", "key_id"],
  ]).get(target.type);
  if (argument === undefined) return { keys: [] };
  const config = plan.configAt(target);
  const expression = jsonAt(config, "expressions", argument);
  const constant = stringAt(expression, "constant_value");
  const [read, another] = plan.dataSourceValues(target);
  const text = constant ?? (another === undefined ? read : undefined);
  const named = text === undefined ? undefined : aliasIn(dataSourceNode(plan, target, config, text));
  const context = { module: target.module, index: target.index ?? target.pairedKey, config };
  const inner = plan
    .resolve(context, referencesOf(expression))
    .flatMap(({ targets }) => targets)
    .map((next) => resolveTarget(plan, next, depth + 1));
  const [alias] = inner.flatMap((found) => found.alias ?? []);
  const keys = inner.flatMap((found) => found.keys);
  if (named?.certain === true) return { keys, alias: named.name };
  return { keys, ...(alias === undefined ? {} : { alias }) };
}

/** Returns a string in a data source as a node. */
function dataSourceNode(
  plan: Plan,
  { text: address }: ResourceTarget,
  config: JsonObject | undefined,
  text: string,
): Node {
  const holes = unknownValues(plan, { address, config }, () => ({
    reason: knownAfterApply,
    expression: address,
  }));
  return nodeFromPlan({ parsed: plan.parsed, pointer: "" }, text, undefined, holes);
}

const aliasNameOf = (alias: PlanResource): string | undefined =>
  stringAt(alias.values, aliasNameArgument(alias));

const aliasNameArgument = ({ type }: PlanResource): string =>
  type === "awscc_kms_alias" ? "alias_name" : "name";

/** Returns the keys of an alias in the plan, by its name in the same Region or by its ARN. */
function keysOfAlias(
  plan: Plan,
  resource: PlanResource,
  text: string,
  name: string | undefined,
  options: Options,
): PlanResource[] {
  const byName =
    resourceIndex(plan, isAliasType, (alias) => [aliasNameOf(alias)], "aliases").get(name ?? "") ?? [];
  const region = JSON.stringify(regionFromPlan(plan, resource, options));
  const found = byName.filter((alias) =>
    text === name
      ? JSON.stringify(regionFromPlan(plan, alias, options)) === region
      : stringAt(alias.values, "arn") === text,
  );
  return found.flatMap((alias) => keyNamedBy(plan, alias, "target_key_id").keys);
}

/** Returns the resources of a type in an argument, by reference or by a known attribute. */
export function resourcesNamedBy(
  plan: Plan,
  resource: PlanResource,
  name: string,
  type: string,
  attributes: string[],
): PlanResource[] {
  const references = referencesOf(jsonAt(resource.config, "expressions", name));
  const targets = plan.resolve(resource, references).flatMap((one) => one.targets);
  const found = new Set<PlanResource>();
  for (const target of targets)
    if (target.kind === "resource" && target.type === type)
      for (const one of plan.resourcesAt(target)) if (found.size <= candidateLimit) found.add(one);
  if (found.size > 0) return found.size > candidateLimit ? [] : [...found];
  const text = stringAt(resource.values, name);
  if (text === undefined || text === "") return [];
  const index = resourceIndex(
    plan,
    (other) => other === type,
    ({ values }) => attributes.map((attribute) => stringAt(values, attribute)),
    `${type} ${attributes}`,
  );
  return index.get(text) ?? [];
}

const indexes = new WeakMap<Plan, Map<string, Map<string, PlanResource[]>>>();

/** Returns a cached index of resources by the strings that identify them. */
function resourceIndex(
  plan: Plan,
  isOfType: (type: string) => boolean,
  namesOf: (resource: PlanResource) => (string | undefined)[],
  key: string,
): Map<string, PlanResource[]> {
  const all = indexes.get(plan) ?? new Map<string, Map<string, PlanResource[]>>();
  indexes.set(plan, all);
  let index = all.get(key);
  if (index !== undefined) return index;
  index = new Map<string, PlanResource[]>();
  for (const resource of plan.resources) {
    if (!isOfType(resource.type)) continue;
    for (const name of new Set(namesOf(resource))) {
      if (!name) continue;
      const others = index.get(name);
      if (others === undefined) index.set(name, [resource]);
      else others.push(resource);
    }
  }
  all.set(key, index);
  return index;
}

/** Returns the keys with an ARN or ID. Related multi-Region keys share their ID, so the Region selects one of them. */
function keysById(plan: Plan, resource: PlanResource, id: string): PlanResource[] {
  const names = ({ values }: PlanResource) => ["arn", "key_id", "id"].map((name) => stringAt(values, name));
  const found = resourceIndex(plan, isKeyType, names, "keys").get(id) ?? [];
  if (found.length < 2) return found;
  const region = (of: PlanResource) =>
    stringAt(of.values, "region") ?? stringAt(of.values, "arn")?.split(":")[3];
  const sameRegion = found.filter((key) => region(key) !== undefined && region(key) === region(resource));
  return sameRegion.length > 0 ? sameRegion : found;
}
