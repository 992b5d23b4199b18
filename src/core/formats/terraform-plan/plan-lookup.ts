import { addToGroup } from "../../model/groups.ts";
import type { Json } from "../../model/source.ts";
import { type AddressStep, type InstanceKey, modulePath, modulePathKey } from "./address.ts";
import { jsonAt, listAt, stringAt } from "./json.ts";
import type { PlanResource } from "./plan-resources.ts";
import type { ResourceTarget } from "./reference-targets.ts";

/** The instances of a resource, in order and by key. */
export interface ResourceInstances {
  all: PlanResource[];
  byKey: Map<InstanceKey | undefined, PlanResource>;
}

/** Identifies a resource in a module instance. */
export const resourceKey = (module: AddressStep[], { type, name }: { type: string; name: string }): string =>
  `${modulePathKey(module)}|${type}.${name}`;

/** Returns a module path without instance keys. */
export const withoutKeys = (module: AddressStep[]): AddressStep[] => module.map(({ name }) => ({ name }));

/** Identifies all instances of a resource or data source, in all instances of its module. */
export const configKey = (
  data: boolean,
  module: AddressStep[],
  named: { type: string; name: string },
): string => `${data ? "data" : "managed"} ${resourceKey(withoutKeys(module), named)}`;

export function groupByName(resources: PlanResource[]): Map<string, ResourceInstances> {
  const groups = new Map<string, ResourceInstances>();
  for (const resource of resources) {
    const key = resourceKey(resource.module, resource);
    const group: ResourceInstances = groups.get(key) ?? { all: [], byKey: new Map() };
    group.all.push(resource);
    group.byKey.set(resource.index, resource);
    groups.set(key, group);
  }
  return groups;
}

/** Returns the instances that a target can be: one instance if its key is known, otherwise all. */
export function selectInstances(
  instances: ResourceInstances | undefined,
  { index, pairedKey }: ResourceTarget,
): PlanResource[] {
  if (instances === undefined) return [];
  const key = index ?? pairedKey;
  const instance = key === undefined ? undefined : instances.byKey.get(key);
  if (instance !== undefined) return [instance];
  return index === undefined ? instances.all : [];
}

/** Returns the changes of all instances by `configKey`. */
export function changesByConfig(plan: Json): Map<string, Json[]> {
  const changes = new Map<string, Json[]>();
  for (const element of listAt(plan, "resource_changes")) {
    const change = jsonAt(element, "change");
    const [type, name] = [stringAt(element, "type"), stringAt(element, "name")];
    if (change === undefined || type === undefined || name === undefined) continue;
    const module = modulePath(stringAt(element, "module_address") ?? stringAt(element, "address") ?? "");
    const key = configKey(stringAt(element, "mode") === "data", module, { type, name });
    addToGroup(changes, key, change);
  }
  return changes;
}

const moduleDepthLimit = 200;

/** The attribute of each data source that owners and key references depend on. */
const lookupAttributes = new Map([
  ["aws_caller_identity", "account_id"],
  ["aws_kms_alias", "name"],
  ["aws_kms_key", "key_id"],
]);

/** Returns the values of `lookupAttributes` in all parts of a plan, by `resourceKey` without instance keys. */
export function collectDataSourceValues(plan: Json): Map<string, Set<string>> {
  const values = new Map<string, Set<string>>();
  const add = (resource: Json, attributes: Json | undefined) => {
    const type = stringAt(resource, "type") ?? "";
    const attribute = stringAt(resource, "mode") === "managed" ? undefined : lookupAttributes.get(type);
    const value = attribute === undefined ? undefined : stringAt(attributes, attribute);
    if (value === undefined) return;
    const module = withoutKeys(modulePath(stringAt(resource, "address") ?? ""));
    const key = resourceKey(module, { type, name: stringAt(resource, "name") ?? "" });
    values.set(key, (values.get(key) ?? new Set()).add(value));
  };
  eachPlannedResource(plan, add);
  return values;
}

/** Calls `visit` with each resource in the state, in the planned values, and in the changes, and with its attributes. */
export function eachPlannedResource(
  plan: Json,
  visit: (resource: Json, attributes: Json | undefined) => void,
): void {
  const visitModule = (module: Json | undefined, depth: number) => {
    for (const resource of listAt(module, "resources")) visit(resource, jsonAt(resource, "values"));
    if (depth < moduleDepthLimit)
      for (const child of listAt(module, "child_modules")) visitModule(child, depth + 1);
  };
  visitModule(jsonAt(plan, "prior_state", "values", "root_module"), 0);
  visitModule(jsonAt(plan, "planned_values", "root_module"), 0);
  for (const change of listAt(plan, "resource_changes")) visit(change, jsonAt(change, "change", "after"));
}
