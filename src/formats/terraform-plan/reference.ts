import type { Reference } from "../../model/document.ts";
import { attributeOf } from "./attribute.ts";
import { referencesOf } from "./configuration.ts";
import type { ResourceLeaf } from "./follow.ts";
import { originOf } from "./holes.ts";
import { at, stringAt } from "./json.ts";
import type { Plan, Resource } from "./plan.ts";
import { isKeyType, keyArguments } from "./resources.ts";
import { stringValue, unknown } from "./values.ts";

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
  if (node.type !== "unknown") {
    const text = stringValue(node);
    const keys = typeof text === "string" ? withId(plan, resource, text) : [];
    return { text: sensitive ? unknown("sensitive", `${resource.address}.${name}`) : text, keys };
  }
  const { leaves } = originOf(plan, resource, referencesOf(at(resource.written, "expressions", name)));
  const keys = new Set<Resource>();
  for (const leaf of leaves) {
    const found = leaf.kind === "resource" ? keysAt(plan, leaf, depth) : [];
    for (const key of found.slice(0, candidateLimit + 1)) keys.add(key);
  }
  return { text: stringValue(node), keys: keys.size > candidateLimit ? [] : [...keys] };
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

const indexes = new WeakMap<Plan, Map<string, Resource[]>>();

/** The keys with an ARN or id. The keys of a multi-Region set share their id: then the Region tells. */
function withId(plan: Plan, resource: Resource, id: string): Resource[] {
  let index = indexes.get(plan);
  if (index === undefined) {
    index = new Map();
    for (const key of plan.resources) {
      if (!isKeyType(key.type)) continue;
      const names = new Set([
        stringAt(key.values, "arn"),
        stringAt(key.values, "key_id"),
        stringAt(key.values, "id"),
      ]);
      for (const name of names) if (name) index.set(name, [...(index.get(name) ?? []), key]);
    }
    indexes.set(plan, index);
  }
  const found = index.get(id) ?? [];
  if (found.length < 2) return found;
  const region = (of: Resource) => stringAt(of.values, "region") ?? stringAt(of.values, "arn")?.split(":")[3];
  const near = found.filter((key) => region(key) !== undefined && region(key) === region(resource));
  return near.length > 0 ? near : found;
}
