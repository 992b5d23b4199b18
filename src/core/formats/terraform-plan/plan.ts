import type { Change } from "../../model/document.ts";
import type { SourcePointer } from "../../model/node.ts";
import type { Json, Parsed, Problem } from "../../model/source.ts";
import type { NumberedUnknown } from "../../model/terraform-evaluation.ts";
import { sourceProblem } from "../../parse/problem.ts";
import { Configuration } from "./configuration.ts";
import { follow, type Leaf, type ResourceLeaf } from "./follow.ts";
import { anyTrue, at, isObject, type JsonObject, listAt, stringAt } from "./json.ts";
import { firstIn, leafOf, shownText } from "./numbered.ts";
import { type Index, moduleKey, modulesOf, type Step } from "./traversal.ts";

/** A resource as it will be once the plan is applied: one element of `resource_changes`, or of `planned_values`. */
export interface Resource {
  address: string;
  module: Step[];
  mode: "managed" | "data";
  type: string;
  name: string;
  index?: Index | undefined;
  at: SourcePointer;
  /** The values after the change, and where they stand. */
  values: JsonObject;
  valuesAt: string;
  /** The shape of `after_unknown`; null where the input does not tell missing from unknown. */
  unknown: Json;
  sensitive: Json;
  before: JsonObject | null;
  beforeSensitive: Json;
  actions?: Change["actions"];
  /** As it is written; absent where the plan has no such configuration. */
  written?: JsonObject | undefined;
  /** `prevent_destroy`, where the input shows it: a plan does not. */
  kept?: Json;
}

/** Where an expression stands. */
export type Standing = Pick<Resource, "module" | "index" | "written">;

const noInstances: ReadonlySet<Index> = new Set();
const actionNames = new Set(["no-op", "create", "read", "update", "delete", "forget"]);

/** What evaluated source has beside a plan: its holes, and the scopes that all its plans have in common. */
export interface Evaluated {
  holes: readonly NumberedUnknown[];
  scopes: Map<string, string>;
}

/**
 * A plan, or source that was evaluated into the like of one: there each resource brings what is written for it, and
 * references to what is not known are holes. Only the resources of the types asked for are made into objects.
 */
export class Plan {
  readonly parsed: Parsed;
  readonly configuration: Configuration;
  readonly resources: Resource[];
  /** Resources that the plan deletes and does not make anew. They have no values. */
  readonly deleted: Resource[] = [];
  /** False where `resource_changes` is missing and `planned_values` is read instead. */
  readonly hasChanges: boolean;
  readonly problems: Problem[] = [];
  /** Of evaluated source. */
  readonly holes: readonly NumberedUnknown[] | undefined;
  /** The scopes of its resources, by the credentials of their providers. */
  readonly scopes: Map<string, string>;
  #byName: Map<string, Group> | undefined;
  #data: Map<string, Group> | undefined;
  #changes: Map<string, Json[]> | undefined;
  #modules: Map<string, Set<Index>> | undefined;
  #read: Map<string, Set<string>> | undefined;

  constructor(parsed: Parsed, isWanted: (type: string) => boolean, evaluated?: Evaluated) {
    this.parsed = parsed;
    this.holes = evaluated?.holes;
    this.scopes = evaluated?.scopes ?? new Map();
    this.configuration = new Configuration(parsed.value);
    this.hasChanges = Array.isArray(at(parsed.value, "resource_changes"));
    const wanted = (mode: string, type: string) => mode === "managed" && isWanted(type);
    this.resources = this.hasChanges
      ? this.#fromChanges(wanted, this.deleted)
      : this.#fromPlannedValues(wanted);
  }

  /** Where each reference of an expression of a resource ends. */
  follow(resource: Standing, references: string[]): { reference: string; leaves: Leaf[] }[] {
    const { holes } = this;
    if (holes !== undefined)
      return references.map((text) => {
        const hole = firstIn(text, holes);
        if (hole === undefined) return { reference: text, leaves: [{ kind: "given", text }] };
        return { reference: hole.expression, leaves: [leafOf(hole)] };
      });
    const { module, index, written } = resource;
    const scope = { module, index, forEach: at(written, "for_each_expression") };
    return follow(this.configuration, (parent, name) => this.#instances(parent, name), scope, references);
  }

  /** The resources that a leaf can stand for: the instance that it names, the one it is paired with, or all. */
  named(leaf: ResourceLeaf): Resource[] {
    if (leaf.data) return [];
    this.#byName ??= groupByName(this.resources);
    return chosen(this.#byName.get(nameKey(leaf.module, leaf)), leaf);
  }

  /** The policy documents that apply still has to read. */
  documents(leaf: ResourceLeaf): Resource[] {
    return leaf.type === "aws_iam_policy_document" ? this.#dataSources(leaf) : [];
  }

  /** What is written for the resource or data source at a leaf. */
  written(leaf: ResourceLeaf): JsonObject | undefined {
    if (leaf.provider === undefined)
      return this.configuration.resource(leaf.module, `${leaf.data ? "data." : ""}${leaf.type}.${leaf.name}`);
    const [found] = leaf.data ? this.#dataSources(leaf) : this.named(leaf);
    return { ...found?.written, provider_config_key: leaf.provider };
  }

  #dataSources(leaf: ResourceLeaf): Resource[] {
    if (!leaf.data) return [];
    this.#data ??= groupByName(this.#fromChanges((mode) => mode === "data"));
    return chosen(this.#data.get(nameKey(leaf.module, leaf)), leaf);
  }

  /** A text as people read it, with what is not known in brackets. */
  shown(text: string): string {
    return shownText(text, this.holes);
  }

  /** Whether the attribute of a resource or data source is known when the plan is made, in all its instances. */
  isKnown(leaf: ResourceLeaf): boolean {
    if (!this.hasChanges || this.holes !== undefined) return false;
    this.#changes ??= changesByName(this.parsed.value);
    const changes = this.#changes.get(plainKey(leaf.data, leaf.module, leaf));
    // A data source that was read already is not among the changes.
    if (changes === undefined) return leaf.data;
    return changes.every(
      (change) =>
        at(change, "after_unknown") !== true &&
        !anyTrue(at(change, "after_unknown", leaf.attribute)) &&
        at(change, "after", leaf.attribute) !== undefined,
    );
  }

  /**
   * What a data source was read with, over all its instances: the account of an `aws_caller_identity`, the name of
   * an `aws_kms_alias`, what an `aws_kms_key` was looked up by.
   */
  readWith(leaf: ResourceLeaf): string[] {
    this.#read ??= readValues(this.parsed.value);
    return [...(this.#read.get(nameKey(bare(leaf.module), leaf)) ?? [])];
  }

  #instances(parent: Step[], name: string): ReadonlySet<Index> {
    if (this.#modules === undefined) {
      this.#modules = new Map();
      for (const { module } of this.resources)
        for (const [depth, { name: called, index }] of module.entries()) {
          if (index === undefined) continue;
          const key = `${moduleKey(module.slice(0, depth))}|${called}`;
          this.#modules.set(key, (this.#modules.get(key) ?? new Set()).add(index));
        }
    }
    return this.#modules.get(`${moduleKey(parent)}|${name}`) ?? noInstances;
  }

  #fromChanges(wanted: (mode: string, type: string) => boolean, deleted?: Resource[]): Resource[] {
    const resources: Resource[] = [];
    listAt(this.parsed.value, "resource_changes").forEach((element, i) => {
      if (!isObject(element)) return;
      const mode = stringAt(element, "mode") ?? "managed";
      if (!wanted(mode, stringAt(element, "type") ?? "")) return;
      const pointer = `/resource_changes/${i}`;
      const after = at(element, "change", "after");
      // Deleted and forgotten resources have no values after the change.
      const gone = after === null && isDeletion(element);
      // What an earlier replacement left behind is no resource any more, but deleting it deletes a key.
      if (!gone && stringAt(element, "deposed") !== undefined) return;
      if (!isObject(after) && !gone) {
        if (after !== null) this.problems.push(unreadable(this.parsed, element, pointer));
        return;
      }
      const before = at(element, "change", "before");
      (gone ? deleted : resources)?.push({
        ...this.#identity(element, mode, pointer),
        values: isObject(after) ? after : {},
        valuesAt: `${pointer}/change/after`,
        unknown: at(element, "change", "after_unknown") ?? {},
        sensitive: at(element, "change", "after_sensitive") ?? false,
        before: isObject(before) ? before : null,
        beforeSensitive: at(element, "change", "before_sensitive") ?? false,
        ...(this.holes === undefined ? { actions: actionsOf(element) } : {}),
      });
    });
    return resources;
  }

  #fromPlannedValues(wanted: (mode: string, type: string) => boolean): Resource[] {
    const resources: Resource[] = [];
    const walk = (module: Json | undefined, pointer: string, depth: number) => {
      if (depth > 200) return;
      listAt(module, "resources").forEach((element, i) => {
        if (!isObject(element)) return;
        const mode = stringAt(element, "mode") ?? "managed";
        const values = at(element, "values");
        if (!wanted(mode, stringAt(element, "type") ?? "") || !isObject(values)) return;
        const place = `${pointer}/resources/${i}`;
        resources.push({
          ...this.#identity(element, mode, place),
          values,
          valuesAt: `${place}/values`,
          unknown: null,
          sensitive: at(element, "sensitive_values") ?? false,
          before: null,
          beforeSensitive: false,
        });
      });
      listAt(module, "child_modules").forEach((child, i) => {
        walk(child, `${pointer}/child_modules/${i}`, depth + 1);
      });
    };
    walk(at(this.parsed.value, "planned_values", "root_module"), "/planned_values/root_module", 0);
    return resources;
  }

  #identity(element: JsonObject, mode: string, pointer: string) {
    const type = stringAt(element, "type") ?? "";
    const name = stringAt(element, "name") ?? "";
    const address = stringAt(element, "address") ?? `${type}.${name}`;
    const module = modulesOf(stringAt(element, "module_address") ?? address);
    const index = at(element, "index");
    const data = mode === "data";
    const own = this.holes === undefined ? undefined : at(element, "written");
    return {
      address,
      module,
      mode: data ? ("data" as const) : ("managed" as const),
      type,
      name,
      ...(typeof index === "string" || typeof index === "number" ? { index } : {}),
      at: { parsed: this.parsed, pointer },
      ...(this.holes === undefined
        ? { written: this.configuration.resource(module, `${data ? "data." : ""}${type}.${name}`) }
        : {
            written: isObject(own) ? own : {},
            kept: at(element, "lifecycle", "prevent_destroy") ?? false,
          }),
    };
  }
}

const actionsOf = (element: JsonObject): NonNullable<Change["actions"]> =>
  listAt(element, "change", "actions").filter((action) =>
    actionNames.has(action as string),
  ) as Change["actions"];

function isDeletion(element: JsonObject): boolean {
  const [action, another] = listAt(element, "change", "actions");
  return action === "delete" && another === undefined;
}

const unreadable = (parsed: Parsed, element: JsonObject, pointer: string): Problem =>
  sourceProblem(
    parsed,
    pointer,
    `The change of ${stringAt(element, "address") ?? "a resource"} has no values that can be read.`,
    "Give the output of terraform show -json as it is.",
  );

const nameKey = (module: Step[], { type, name }: { type: string; name: string }): string =>
  `${moduleKey(module)}|${type}.${name}`;

/** A module without instance keys. */
const bare = (module: Step[]): Step[] => module.map(({ name }) => ({ name }));

const plainKey = (data: boolean, module: Step[], named: { type: string; name: string }): string =>
  `${data ? "data" : "managed"} ${nameKey(bare(module), named)}`;

function changesByName(plan: Json): Map<string, Json[]> {
  const changes = new Map<string, Json[]>();
  for (const element of listAt(plan, "resource_changes")) {
    const change = at(element, "change");
    const [type, name] = [stringAt(element, "type"), stringAt(element, "name")];
    if (change === undefined || type === undefined || name === undefined) continue;
    const module = modulesOf(stringAt(element, "module_address") ?? stringAt(element, "address") ?? "");
    const key = plainKey(stringAt(element, "mode") === "data", module, { type, name });
    const known = changes.get(key);
    if (known === undefined) changes.set(key, [change]);
    else known.push(change);
  }
  return changes;
}

/** The instances of one resource, in order and by their key. */
interface Group {
  all: Resource[];
  byIndex: Map<Index | undefined, Resource>;
}

function groupByName(resources: Resource[]): Map<string, Group> {
  const groups = new Map<string, Group>();
  for (const resource of resources) {
    const key = nameKey(resource.module, resource);
    const group: Group = groups.get(key) ?? { all: [], byIndex: new Map() };
    group.all.push(resource);
    group.byIndex.set(resource.index, resource);
    groups.set(key, group);
  }
  return groups;
}

function chosen(group: Group | undefined, { index, pair }: ResourceLeaf): Resource[] {
  if (group === undefined) return [];
  const one = index ?? pair;
  const found = one === undefined ? undefined : group.byIndex.get(one);
  if (found !== undefined) return [found];
  return index === undefined ? group.all : [];
}

const told = new Map([
  ["aws_caller_identity", "account_id"],
  ["aws_kms_alias", "name"],
  ["aws_kms_key", "key_id"],
]);

/** What the data sources were read with that others hang on, by their addresses without instance keys. */
function readValues(plan: Json): Map<string, Set<string>> {
  const read = new Map<string, Set<string>>();
  const add = (resource: Json, values: Json | undefined) => {
    const type = stringAt(resource, "type") ?? "";
    const attribute = stringAt(resource, "mode") === "managed" ? undefined : told.get(type);
    const value = attribute === undefined ? undefined : stringAt(values, attribute);
    if (value === undefined) return;
    const path = bare(modulesOf(stringAt(resource, "address") ?? ""));
    const key = nameKey(path, { type, name: stringAt(resource, "name") ?? "" });
    read.set(key, (read.get(key) ?? new Set()).add(value));
  };
  const walk = (module: Json | undefined, depth: number) => {
    for (const resource of listAt(module, "resources")) add(resource, at(resource, "values"));
    if (depth < 200) for (const child of listAt(module, "child_modules")) walk(child, depth + 1);
  };
  walk(at(plan, "prior_state", "values", "root_module"), 0);
  walk(at(plan, "planned_values", "root_module"), 0);
  for (const change of listAt(plan, "resource_changes")) add(change, at(change, "change", "after"));
  return read;
}
