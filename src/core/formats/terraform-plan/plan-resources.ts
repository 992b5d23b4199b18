import type { Change } from "../../model/document.ts";
import type { SourcePointer } from "../../model/node.ts";
import type { Json, Parsed, Problem } from "../../model/source.ts";
import { sourceProblem } from "../../parse/problem.ts";
import { type AddressStep, type InstanceKey, modulePath } from "./address.ts";
import { isObject, type JsonObject, jsonAt, listAt, stringAt } from "./json.ts";
import type { PlanConfiguration } from "./plan-configuration.ts";

/** A resource after the plan is applied: an element of `resource_changes` or of `planned_values`. */
export interface PlanResource {
  address: string;
  module: AddressStep[];
  mode: "managed" | "data";
  type: string;
  name: string;
  index?: InstanceKey | undefined;
  at: SourcePointer;
  /** The values after the change. */
  values: JsonObject;
  /** The pointer of `values`. */
  valuesPointer: string;
  /** `after_unknown`; null if the input does not distinguish missing values from unknown values. */
  afterUnknown: Json;
  sensitive: Json;
  before: JsonObject | null;
  beforeSensitive: Json;
  actions?: Change["actions"];
  /** The resource in the configuration; absent if the plan does not contain it. */
  config?: JsonObject | undefined;
  /** The existing object that the resource imports: `id` or `identity`. */
  importing?: JsonObject;
  /** The `lifecycle` block. Only evaluated source contains it. */
  lifecycle?: JsonObject;
}

/** The document that resources are read from. */
export interface ResourceReader {
  parsed: Parsed;
  configuration: PlanConfiguration;
  /** True for evaluated source, false for a plan. */
  isSource: boolean;
}

type IsWanted = (mode: string, type: string) => boolean;

export interface ChangedResources {
  resources: PlanResource[];
  /** Resources that the plan deletes and does not recreate. They have no values. */
  deleted: PlanResource[];
  problems: Problem[];
}

const moduleDepthLimit = 200;

export function resourcesInChanges(reader: ResourceReader, isWanted: IsWanted): ChangedResources {
  const found: ChangedResources = { resources: [], deleted: [], problems: [] };
  listAt(reader.parsed.value, "resource_changes").forEach((element, i) => {
    if (!isObject(element)) return;
    const mode = stringAt(element, "mode") ?? "managed";
    if (!isWanted(mode, stringAt(element, "type") ?? "")) return;
    const pointer = `/resource_changes/${i}`;
    const after = jsonAt(element, "change", "after");
    // Deleted and forgotten resources have no values after the change.
    const isDeleted = after === null && isDeletion(element);
    // A deposed object is the rest of an earlier replacement. It matters only because its deletion deletes a key.
    if (!isDeleted && stringAt(element, "deposed") !== undefined) return;
    if ((!isObject(after) && !isDeleted) || jsonAt(element, "change", "after_unknown") === true) {
      if (after !== null || !mayHaveNoValues(element))
        found.problems.push(unreadableChange(reader.parsed, element, pointer));
      return;
    }
    const before = jsonAt(element, "change", "before");
    (isDeleted ? found.deleted : found.resources).push({
      ...identity(reader, element, mode, pointer),
      values: isObject(after) ? after : {},
      valuesPointer: `${pointer}/change/after`,
      afterUnknown: jsonAt(element, "change", "after_unknown") ?? {},
      sensitive: jsonAt(element, "change", "after_sensitive") ?? false,
      before: isObject(before) ? before : null,
      beforeSensitive: jsonAt(element, "change", "before_sensitive") ?? false,
      ...(reader.isSource ? {} : { actions: actionsOf(element) }),
    });
  });
  return found;
}

export function resourcesInPlannedValues(reader: ResourceReader, isWanted: IsWanted): PlanResource[] {
  const resources: PlanResource[] = [];
  const visit = (module: Json | undefined, pointer: string, depth: number) => {
    if (depth > moduleDepthLimit) return;
    listAt(module, "resources").forEach((element, i) => {
      if (!isObject(element)) return;
      const mode = stringAt(element, "mode") ?? "managed";
      const values = jsonAt(element, "values");
      if (!isWanted(mode, stringAt(element, "type") ?? "") || !isObject(values)) return;
      const resourcePointer = `${pointer}/resources/${i}`;
      resources.push({
        ...identity(reader, element, mode, resourcePointer),
        values,
        valuesPointer: `${resourcePointer}/values`,
        afterUnknown: null,
        sensitive: jsonAt(element, "sensitive_values") ?? false,
        before: null,
        beforeSensitive: false,
      });
    });
    listAt(module, "child_modules").forEach((child, i) => {
      visit(child, `${pointer}/child_modules/${i}`, depth + 1);
    });
  };
  visit(jsonAt(reader.parsed.value, "planned_values", "root_module"), "/planned_values/root_module", 0);
  return resources;
}

function identity(
  { parsed, configuration, isSource }: ResourceReader,
  element: JsonObject,
  mode: string,
  pointer: string,
) {
  const type = stringAt(element, "type") ?? "";
  const name = stringAt(element, "name") ?? "";
  const address = stringAt(element, "address") ?? `${type}.${name}`;
  const module = modulePath(stringAt(element, "module_address") ?? address);
  const index = jsonAt(element, "index");
  const data = mode === "data";
  const importing = jsonAt(element, "change", "importing");
  const lifecycle = jsonAt(element, "lifecycle");
  const config = isSource ? jsonAt(element, "written") : undefined;
  return {
    address,
    module,
    mode: data ? ("data" as const) : ("managed" as const),
    type,
    name,
    ...(typeof index === "string" || typeof index === "number" ? { index } : {}),
    ...(isObject(importing) ? { importing } : {}),
    at: { parsed, pointer },
    ...(isSource
      ? {
          config: isObject(config) ? config : {},
          lifecycle: isObject(lifecycle) ? lifecycle : {},
        }
      : { config: configuration.resource(module, `${data ? "data." : ""}${type}.${name}`) }),
  };
}

const actionNames = new Set(["no-op", "create", "read", "update", "delete", "forget"]);

const actionsOf = (element: JsonObject): NonNullable<Change["actions"]> =>
  listAt(element, "change", "actions").filter((action) =>
    actionNames.has(action as string),
  ) as Change["actions"];

function isDeletion(element: JsonObject): boolean {
  const [action, another] = listAt(element, "change", "actions");
  return action === "delete" && another === undefined;
}

/** Only a resource that Terraform forgets, or that no longer exists, and a data source can have no values after the change. */
function mayHaveNoValues(element: JsonObject): boolean {
  const actions = listAt(element, "change", "actions");
  const isAbsent = (jsonAt(element, "change", "before") ?? null) === null;
  return (
    actions.length > 0 &&
    actions.every(
      (action) =>
        action === "forget" || action === "delete" || action === "read" || (action === "no-op" && isAbsent),
    )
  );
}

const unreadableChange = (parsed: Parsed, element: JsonObject, pointer: string): Problem =>
  sourceProblem(
    parsed,
    pointer,
    `The planned values of ${stringAt(element, "address") ?? "a resource"} are not an object.`,
    "Check the unmodified output of terraform show -json.",
  );
