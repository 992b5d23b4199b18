import { parseAlias } from "../../key-policy/alias.ts";
import type { Reference } from "../../model/document.ts";
import type { TargetOptions } from "../../model/format.ts";
import type { Node } from "../../model/node.ts";
import { valueAt } from "../../parse/pointer.ts";
import type { Argument } from "./argument.ts";
import { attributeOf } from "./attribute.ts";
import { referencesOf } from "./configuration.ts";
import { idOf, regionIn } from "./entity.ts";
import type { Leaf, ResourceLeaf } from "./follow.ts";
import { afterApply, holesOf, kindOf, originOf } from "./holes.ts";
import { at, type JsonObject, stringAt } from "./json.ts";
import type { Plan, Resource } from "./plan.ts";
import { isAliasType, isKeyType, keyArguments } from "./resources.ts";
import { nodeOf, stringValue, unknown } from "./values.ts";

/** A key as an argument of a resource names it. */
export interface Named {
  text: Reference["text"];
  /** The resources of the plan that it is, or one of which it is. */
  keys: Resource[];
}

/** Beyond this many candidates the answer is that nobody knows. */
const candidateLimit = 200;

/** The key that an argument names: by its ARN or id, or, while these are unknown, by what the configuration refers to. */
export function keyNamedBy(plan: Plan, resource: Resource, name: string, depth = 0): Named {
  const { node, sensitive } = attributeOf(plan, resource, name);
  if (node === undefined) return { text: unknown("not set", `${resource.address}.${name}`), keys: [] };
  const text = stringValue(node);
  const shown = sensitive ? unknown("sensitive", `${resource.address}.${name}`) : text;
  if (node.type !== "unknown" && node.type !== "text")
    return { text: shown, keys: typeof text === "string" ? withId(plan, resource, text) : [] };
  const references = referencesOf(at(resource.written, "expressions", name));
  const keys = new Set<Resource>();
  for (const leaf of leavesOf(plan, resource, node, references)) {
    const found = leaf.kind === "resource" ? keysAt(plan, leaf, depth) : [];
    for (const key of found.slice(0, candidateLimit + 1)) keys.add(key);
  }
  return { text: node.type === "text" ? shown : text, keys: keys.size > candidateLimit ? [] : [...keys] };
}

/** Where the references of an unknown value end; of a text in which they are parts: where it is an ARN, the key's. */
function leavesOf(plan: Plan, resource: Resource, node: Node, references: string[]): Leaf[] {
  const { leaves } = originOf(plan, resource, references);
  if (node.type !== "text") return leaves;
  const [before, last] = node.parts.slice(-2);
  const isKey = typeof before === "string" && before.endsWith(":key/") && typeof last === "object";
  return isKey ? leaves.filter((leaf) => leaf.kind === "resource" && kindOf(leaf) === "key-id") : [];
}

/** `aws_kms_key.a.arn`, and by way of an alias `aws_kms_alias.a.target_key_arn`. */
function keysAt(plan: Plan, leaf: ResourceLeaf, depth: number): Resource[] {
  const named = plan.named(leaf);
  if (isKeyType(leaf.type)) return named;
  const argument = keyArguments.get(leaf.type);
  if (argument === undefined || !/^(target_key_(id|arn)|key_id)$/.test(leaf.attribute) || depth > 5)
    return [];
  return named.slice(0, candidateLimit).flatMap((other) => keyNamedBy(plan, other, argument, depth + 1).keys);
}

/** How an argument of another resource names a key. */
export interface KeyReference {
  key: Reference;
  /** Where the references of the argument end. */
  leaves: Leaf[];
}

/** The key that an argument of another resource names, also by an alias or by way of a data source. */
export function keyReferenceOf(
  plan: Plan,
  resource: Resource,
  argument: Pick<Argument, "node" | "sensitive" | "expression" | "name"> | string,
  options: TargetOptions,
): KeyReference {
  const { node, sensitive, expression, name } =
    typeof argument === "string"
      ? {
          ...attributeOf(plan, resource, argument),
          expression: at(resource.written, "expressions", argument),
          name: argument,
        }
      : argument;
  const where = `${resource.address}.${name}`;
  const references = referencesOf(expression);
  const leaves = plan.follow(resource, references).flatMap((one) => one.leaves);
  if (node === undefined) return { key: { text: unknown("not set", where), keys: [] }, leaves };
  const text = stringValue(node);
  const shown = sensitive ? unknown("sensitive", where) : text;
  const named = parseAlias(node);
  if (typeof text === "string" || named !== undefined) {
    const known = typeof text === "string" ? text : rawText(plan, node);
    const alias = named === undefined ? lookedUp(plan, leaves) : named.certain ? named.name : undefined;
    const keys =
      named === undefined
        ? withId(plan, resource, known)
        : keysOfAlias(plan, resource, known, typeof text === "string" ? named.name : known, options);
    return {
      key: {
        text: shown,
        keys: keys.map((key) => idOf(plan, key)),
        ...(alias === undefined || sensitive ? {} : { alias }),
      },
      leaves,
    };
  }
  const open = leavesOf(plan, resource, node, references);
  const keys = new Set<Resource>();
  const aliases = new Set<string | undefined>();
  for (const leaf of open) {
    const found = behind(plan, leaf, 0);
    aliases.add(found.alias);
    for (const key of found.keys) keys.add(key);
  }
  const [alias, another] = [...aliases];
  return {
    key: {
      text: shown,
      keys: keys.size > candidateLimit ? [] : [...keys].map((key) => idOf(plan, key)),
      ...(alias === undefined || another !== undefined || sensitive ? {} : { alias }),
    },
    leaves,
  };
}

/** What a known value was looked up by: the one data source that the argument refers to. */
function lookedUp(plan: Plan, leaves: Leaf[]): string | undefined {
  const [leaf, another] = leaves.filter(({ kind }) => kind !== "given");
  return leaf?.kind === "resource" && another === undefined ? behind(plan, leaf, 0).alias : undefined;
}

/** A text as the evaluator gives it: with the same holes in it, it is the same. */
function rawText(plan: Plan, { at: { pointer } }: Node): string {
  const value = valueAt(plan.parsed.value, pointer);
  return typeof value === "string" ? value : "";
}

/** The keys, and the alias, behind a reference to a key, an alias or a data source of these. */
function behind(plan: Plan, leaf: Leaf, depth: number): { keys: Resource[]; alias?: string } {
  if (leaf.kind !== "resource" || depth > 5) return { keys: [] };
  if (leaf.data) return behindData(plan, leaf, depth);
  const keys = keysAt(plan, leaf, depth).slice(0, candidateLimit + 1);
  if (!isAliasType(leaf.type)) return { keys };
  const aliases = plan.named(leaf).slice(0, candidateLimit);
  const [name, another] = new Set(aliases.map((alias) => nameOf(alias)));
  const targets = aliases.flatMap((alias) => keyNamedBy(plan, alias, "target_key_id").keys);
  return {
    keys: targets,
    ...(name === undefined || another !== undefined ? {} : { alias: plan.shown(name) }),
  };
}

function behindData(plan: Plan, leaf: ResourceLeaf, depth: number): { keys: Resource[]; alias?: string } {
  const argument = new Map([
    ["aws_kms_alias", "name"],
    ["aws_kms_key", "key_id"],
  ]).get(leaf.type);
  if (argument === undefined) return { keys: [] };
  const written = plan.written(leaf);
  const expression = at(written, "expressions", argument);
  const constant = stringAt(expression, "constant_value");
  const [read, another] = plan.readWith(leaf);
  const text = constant ?? (another === undefined ? read : undefined);
  const named = text === undefined ? undefined : parseAlias(nodeIn(plan, leaf, written, text));
  const standing = { module: leaf.module, index: leaf.index ?? leaf.pair, written };
  const inner = plan
    .follow(standing, referencesOf(expression))
    .flatMap(({ leaves }) => leaves)
    .map((next) => behind(plan, next, depth + 1));
  const [alias] = inner.flatMap((found) => found.alias ?? []);
  const keys = inner.flatMap((found) => found.keys);
  if (named?.certain === true) return { keys, alias: named.name };
  return { keys, ...(alias === undefined ? {} : { alias }) };
}

/** A text that a data source has, as a node. */
function nodeIn(
  plan: Plan,
  { text: address }: ResourceLeaf,
  written: JsonObject | undefined,
  text: string,
): Node {
  const holes = holesOf(plan, { address, written }, () => ({ reason: afterApply, expression: address }));
  return nodeOf({ parsed: plan.parsed, pointer: "" }, text, undefined, holes);
}

const nameOf = (alias: Resource): string | undefined => stringAt(alias.values, argumentOfName(alias));

const argumentOfName = ({ type }: Resource): string => (type === "awscc_kms_alias" ? "alias_name" : "name");

/** The keys of an alias of the plan: by its name in the same Region, or by its ARN. */
function keysOfAlias(
  plan: Plan,
  resource: Resource,
  text: string,
  name: string | undefined,
  options: TargetOptions,
): Resource[] {
  const byName = indexOf(plan, isAliasType, (alias) => [nameOf(alias)], "aliases").get(name ?? "") ?? [];
  const here = JSON.stringify(regionIn(plan, resource, options));
  const found = byName.filter((alias) =>
    text === name
      ? JSON.stringify(regionIn(plan, alias, options)) === here
      : stringAt(alias.values, "arn") === text,
  );
  return found.flatMap((alias) => keyNamedBy(plan, alias, "target_key_id").keys);
}

/** The resources of a type that an argument names: by reference, or by one of their attributes that is known. */
export function resourcesNamedBy(
  plan: Plan,
  resource: Resource,
  name: string,
  type: string,
  attributes: string[],
): Resource[] {
  const references = referencesOf(at(resource.written, "expressions", name));
  const leaves = plan.follow(resource, references).flatMap((one) => one.leaves);
  const found = new Set<Resource>();
  for (const leaf of leaves)
    if (leaf.kind === "resource" && leaf.type === type)
      for (const one of plan.named(leaf)) if (found.size <= candidateLimit) found.add(one);
  if (found.size > 0) return found.size > candidateLimit ? [] : [...found];
  const text = stringAt(resource.values, name);
  if (text === undefined || text === "") return [];
  const index = indexOf(
    plan,
    (other) => other === type,
    ({ values }) => attributes.map((attribute) => stringAt(values, attribute)),
    `${type} ${attributes}`,
  );
  return index.get(text) ?? [];
}

const indexes = new WeakMap<Plan, Map<string, Map<string, Resource[]>>>();

/** The resources of some types by texts that name them. */
function indexOf(
  plan: Plan,
  isOfType: (type: string) => boolean,
  textsOf: (resource: Resource) => (string | undefined)[],
  key: string,
): Map<string, Resource[]> {
  const all = indexes.get(plan) ?? new Map<string, Map<string, Resource[]>>();
  indexes.set(plan, all);
  let index = all.get(key);
  if (index !== undefined) return index;
  index = new Map<string, Resource[]>();
  for (const resource of plan.resources) {
    if (!isOfType(resource.type)) continue;
    for (const text of new Set(textsOf(resource))) {
      if (!text) continue;
      const others = index.get(text);
      if (others === undefined) index.set(text, [resource]);
      else others.push(resource);
    }
  }
  all.set(key, index);
  return index;
}

/** The keys with an ARN or id. The keys of a multi-Region set share their id: then the Region tells. */
function withId(plan: Plan, resource: Resource, id: string): Resource[] {
  const names = ({ values }: Resource) => ["arn", "key_id", "id"].map((name) => stringAt(values, name));
  const found = indexOf(plan, isKeyType, names, "keys").get(id) ?? [];
  if (found.length < 2) return found;
  const region = (of: Resource) => stringAt(of.values, "region") ?? stringAt(of.values, "arn")?.split(":")[3];
  const near = found.filter((key) => region(key) !== undefined && region(key) === region(resource));
  return near.length > 0 ? near : found;
}
