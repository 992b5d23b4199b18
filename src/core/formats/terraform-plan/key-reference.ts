import { parseAlias } from "../../key-policy/alias.ts";
import type { Reference } from "../../model/document.ts";
import type { TargetOptions } from "../../model/format.ts";
import type { Node } from "../../model/node.ts";
import { valueAt } from "../../parse/pointer.ts";
import type { Argument } from "./argument.ts";
import { attributeOf } from "./attribute.ts";
import { attributeKind } from "./attribute-kind.ts";
import { regionFromPlan, resourceId } from "./entity.ts";
import { type JsonObject, jsonAt, stringAt } from "./json.ts";
import type { Plan, PlanResource } from "./plan.ts";
import { referencesOf } from "./plan-configuration.ts";
import type { ReferenceTarget, ResourceTarget } from "./reference-targets.ts";
import { candidateLimit, keysById, resourceIndex } from "./resource-lookup.ts";
import { isAliasType, isKeyType, keyArguments } from "./resource-types.ts";
import { originOf, unknownValues } from "./unknown-values.ts";
import { knownAfterApply, nodeFromPlan, stringValue, unknownBecause } from "./values.ts";

/** The key in an argument of a resource. */
export interface NamedKeys {
  text: Reference["text"];
  /** The resources of the plan that can be the key. */
  keys: PlanResource[];
}

const depthLimit = 5;

/** Returns the key in an argument: by its ARN or ID, or by the references of the argument while these are unknown. */
export function keyNamedBy(plan: Plan, resource: PlanResource, name: string, depth = 0): NamedKeys {
  const { node, sensitive } = attributeOf(plan, resource, name);
  if (node === undefined) return { text: unknownBecause("not set", `${resource.address}.${name}`), keys: [] };
  const text = stringValue(node);
  const displayed = sensitive ? unknownBecause("sensitive", `${resource.address}.${name}`) : text;
  if (node.type !== "unknown" && node.type !== "text")
    return { text: displayed, keys: typeof text === "string" ? keysById(plan, resource, text) : [] };
  const references = referencesOf(jsonAt(resource.config, "expressions", name));
  const keys = new Set<PlanResource>();
  for (const target of keyTargets(plan, resource, node, references)) {
    const candidates = target.kind === "resource" ? keysAtTarget(plan, target, depth) : [];
    for (const key of candidates.slice(0, candidateLimit + 1)) keys.add(key);
  }
  return { text: node.type === "text" ? displayed : text, keys: keys.size > candidateLimit ? [] : [...keys] };
}

/** Returns the targets of an unknown value. For a partly unknown key ARN, these are only the targets of the key ID. */
function keyTargets(plan: Plan, resource: PlanResource, node: Node, references: string[]): ReferenceTarget[] {
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
  const resources = plan.resourcesAt(target);
  if (isKeyType(target.type)) return resources;
  const argument = keyArguments.get(target.type);
  if (
    argument === undefined ||
    !/^(target_key_(id|arn)|key_id)$/.test(target.attribute) ||
    depth > depthLimit
  )
    return [];
  return resources
    .slice(0, candidateLimit)
    .flatMap((resource) => keyNamedBy(plan, resource, argument, depth + 1).keys);
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
  options: TargetOptions,
): KeyReference {
  const { node, sensitive, expression, name } =
    typeof argument === "string"
      ? {
          ...attributeOf(plan, resource, argument),
          expression: jsonAt(resource.config, "expressions", argument),
          name: argument,
        }
      : argument;
  const address = `${resource.address}.${name}`;
  const references = referencesOf(expression);
  const targets = plan.targetsOf(resource, references);
  if (node === undefined) return { key: { text: unknownBecause("not set", address), keys: [] }, targets };
  const text = stringValue(node);
  const displayed = sensitive ? unknownBecause("sensitive", address) : text;
  const aliasName = parseAlias(node);
  if (typeof text === "string" || aliasName !== undefined) {
    const known = typeof text === "string" ? text : rawText(plan, node);
    const alias =
      aliasName === undefined ? lookupAlias(plan, targets) : aliasName.certain ? aliasName.name : undefined;
    const keys =
      aliasName === undefined
        ? keysById(plan, resource, known)
        : keysOfAlias(plan, resource, known, typeof text === "string" ? aliasName.name : known, options);
    return {
      key: {
        text: displayed,
        keys: keys.map((key) => resourceId(plan, key)),
        ...(alias === undefined || sensitive ? {} : { alias }),
      },
      targets,
    };
  }
  const unknownTargets = keyTargets(plan, resource, node, references);
  const keys = new Set<PlanResource>();
  const aliases = new Set<string | undefined>();
  for (const target of unknownTargets) {
    const resolved = resolveTarget(plan, target, 0);
    aliases.add(resolved.alias);
    for (const key of resolved.keys) keys.add(key);
  }
  const [alias, another] = [...aliases];
  return {
    key: {
      text: displayed,
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
  if (target.kind !== "resource" || depth > depthLimit) return { keys: [] };
  if (target.data) return resolveDataSource(plan, target, depth);
  const keys = keysAtTarget(plan, target, depth).slice(0, candidateLimit + 1);
  if (!isAliasType(target.type)) return { keys };
  const aliases = plan.resourcesAt(target).slice(0, candidateLimit);
  const [name, another] = new Set(aliases.map((alias) => aliasNameOf(alias)));
  return {
    keys: aliases.flatMap((alias) => keyNamedBy(plan, alias, "target_key_id").keys),
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
  const [value, another] = plan.dataSourceValues(target);
  const text = constant ?? (another === undefined ? value : undefined);
  const aliasName = text === undefined ? undefined : parseAlias(dataSourceNode(plan, target, config, text));
  const context = { module: target.module, index: target.index ?? target.pairedKey, config };
  const resolved = plan
    .targetsOf(context, referencesOf(expression))
    .map((next) => resolveTarget(plan, next, depth + 1));
  const [alias] = resolved.flatMap((result) => result.alias ?? []);
  const keys = resolved.flatMap(({ keys }) => keys);
  if (aliasName?.certain === true) return { keys, alias: aliasName.name };
  return { keys, ...(alias === undefined ? {} : { alias }) };
}

/** Returns a string in a data source as a node. */
function dataSourceNode(
  plan: Plan,
  { text: address }: ResourceTarget,
  config: JsonObject | undefined,
  text: string,
): Node {
  const unknowns = unknownValues(plan, { address, config }, () => ({
    reason: knownAfterApply,
    expression: address,
  }));
  return nodeFromPlan({ parsed: plan.parsed, pointer: "" }, text, undefined, unknowns);
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
  options: TargetOptions,
): PlanResource[] {
  const byName =
    resourceIndex(plan, isAliasType, (alias) => [aliasNameOf(alias)], "aliases").get(name ?? "") ?? [];
  const region = JSON.stringify(regionFromPlan(plan, resource, options));
  const matching = byName.filter((alias) =>
    text === name
      ? JSON.stringify(regionFromPlan(plan, alias, options)) === region
      : stringAt(alias.values, "arn") === text,
  );
  return matching.flatMap((alias) => keyNamedBy(plan, alias, "target_key_id").keys);
}
