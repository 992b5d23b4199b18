import { addToGroup } from "../../model/groups.ts";
import { keyNameOf } from "./imported-key.ts";
import { jsonAt, stringAt } from "./json.ts";
import type { Plan, PlanResource } from "./plan.ts";
import { referencesOf } from "./plan-configuration.ts";
import { isKeyType } from "./resource-types.ts";

/** With more candidates than this, the resource counts as unknown. */
export const candidateLimit = 200;

/** Returns the resources of a type in an argument, by reference or by a known attribute. */
export function resourcesNamedBy(
  plan: Plan,
  resource: PlanResource,
  name: string,
  type: string,
  attributes: string[],
): PlanResource[] {
  const references = referencesOf(jsonAt(resource.config, "expressions", name));
  const candidates = new Set<PlanResource>();
  for (const target of plan.targetsOf(resource, references))
    if (target.kind === "resource" && target.type === type)
      for (const candidate of plan.resourcesAt(target))
        if (candidates.size <= candidateLimit) candidates.add(candidate);
  if (candidates.size > 0) return candidates.size > candidateLimit ? [] : [...candidates];
  const value = stringAt(resource.values, name);
  if (value === undefined || value === "") return [];
  const index = resourceIndex(
    plan,
    (other) => other === type,
    ({ values }) => attributes.map((attribute) => stringAt(values, attribute)),
    `${type} ${attributes}`,
  );
  return index.get(value) ?? [];
}

const indexes = new WeakMap<Plan, Map<string, Map<string, PlanResource[]>>>();

/** Returns a cached index of resources by the strings that identify them. */
export function resourceIndex(
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
      if (name) addToGroup(index, name, resource);
    }
  }
  all.set(key, index);
  return index;
}

/** Returns the keys with an ARN or ID. Related multi-Region keys share their ID, so the Region selects one of them. */
export function keysById(plan: Plan, resource: PlanResource, id: string): PlanResource[] {
  const names = (key: PlanResource) => [
    ...["arn", "key_id", "id"].map((name) => stringAt(key.values, name)),
    ...Object.values(keyNameOf(key)),
  ];
  const candidates = resourceIndex(plan, isKeyType, names, "keys").get(id) ?? [];
  if (candidates.length < 2) return candidates;
  const regionOf = ({ values }: PlanResource) =>
    stringAt(values, "region") ?? stringAt(values, "arn")?.split(":")[3];
  const sameRegion = candidates.filter(
    (key) => regionOf(key) !== undefined && regionOf(key) === regionOf(resource),
  );
  return sameRegion.length > 0 ? sameRegion : candidates;
}
