import type { Json, Parsed, Problem } from "../../model/source.ts";
import type { NumberedUnknown } from "../../model/terraform-evaluation.ts";
import { type AddressStep, type InstanceKey, modulePathKey } from "./address.ts";
import { anyTrue, type JsonObject, jsonAt, listAt } from "./json.ts";
import { firstUnknown, replacePlaceholders, unknownValueTarget } from "./placeholders.ts";
import { PlanConfiguration } from "./plan-configuration.ts";
import {
  changesByConfig,
  collectDataSourceValues,
  configKey,
  groupByName,
  type ResourceInstances,
  resourceKey,
  selectInstances,
  withoutKeys,
} from "./plan-lookup.ts";
import {
  type PlanResource,
  type ResourceReader,
  resourcesInChanges,
  resourcesInPlannedValues,
} from "./plan-resources.ts";
import { type ReferenceTarget, type ResourceTarget, resolveReferences } from "./reference-targets.ts";

export type { PlanResource } from "./plan-resources.ts";

/** The parts of a resource that determine the targets of its references. */
export type ExpressionContext = Pick<PlanResource, "module" | "index" | "config">;

const noInstances: ReadonlySet<InstanceKey> = new Set();

/** The data that evaluated source has in addition to a plan. */
export interface SourceEvaluation {
  unknowns: readonly NumberedUnknown[];
  /** Scopes by provider credentials, shared by all plans of the evaluation. */
  scopes: Map<string, string>;
}

/**
 * A plan, or evaluated source in the structure of a plan. In evaluated source, each resource contains its configuration,
 * and references to unknown values are placeholders. Only resources of the wanted types are read.
 */
export class Plan {
  readonly parsed: Parsed;
  readonly configuration: PlanConfiguration;
  readonly resources: PlanResource[];
  /** Resources that the plan deletes and does not recreate. They have no values. */
  readonly deleted: PlanResource[];
  /** False if the plan has no changes in `resource_changes`, so that `planned_values` is read instead. */
  readonly hasChanges: boolean;
  readonly problems: Problem[];
  /** Undefined for a plan. */
  readonly unknowns: readonly NumberedUnknown[] | undefined;
  /** The scopes of the resources, by provider credentials. */
  readonly scopes: Map<string, string>;
  #byName: Map<string, ResourceInstances> | undefined;
  #dataSources: Map<string, ResourceInstances> | undefined;
  #changes: Map<string, Json[]> | undefined;
  #moduleInstances: Map<string, Set<InstanceKey>> | undefined;
  #dataSourceValues: Map<string, Set<string>> | undefined;

  constructor(parsed: Parsed, isWantedType: (type: string) => boolean, evaluation?: SourceEvaluation) {
    this.parsed = parsed;
    this.unknowns = evaluation?.unknowns;
    this.scopes = evaluation?.scopes ?? new Map();
    this.configuration = new PlanConfiguration(parsed.value);
    this.hasChanges = evaluation !== undefined || listAt(parsed.value, "resource_changes").length > 0;
    const isWanted = (mode: string, type: string) => mode === "managed" && isWantedType(type);
    const { resources, deleted, problems } = this.hasChanges
      ? resourcesInChanges(this.#reader, isWanted)
      : { resources: resourcesInPlannedValues(this.#reader, isWanted), deleted: [], problems: [] };
    this.resources = resources;
    this.deleted = deleted;
    this.problems = problems;
  }

  get #reader(): ResourceReader {
    const { parsed, configuration, unknowns } = this;
    return { parsed, configuration, isSource: unknowns !== undefined };
  }

  /** Returns the targets of each reference of an expression in a resource. */
  resolve(
    resource: ExpressionContext,
    references: string[],
  ): { reference: string; targets: ReferenceTarget[] }[] {
    const { unknowns } = this;
    if (unknowns !== undefined)
      return references.map((text) => {
        const unknown = firstUnknown(text, unknowns);
        if (unknown === undefined) return { reference: text, targets: [{ kind: "known", text }] };
        return { reference: unknown.expression, targets: [unknownValueTarget(unknown)] };
      });
    const { module, index, config } = resource;
    const scope = { module, index, forEach: jsonAt(config, "for_each_expression") };
    return resolveReferences(
      this.configuration,
      (parent, name) => this.#instancesOf(parent, name),
      scope,
      references,
    );
  }

  /** Returns the targets of all references of an expression in a resource. */
  targetsOf(resource: ExpressionContext, references: string[]): ReferenceTarget[] {
    return this.resolve(resource, references).flatMap(({ targets }) => targets);
  }

  /** Returns the managed resources that a target can be. */
  resourcesAt(target: ResourceTarget): PlanResource[] {
    if (target.data) return [];
    this.#byName ??= groupByName(this.resources);
    return selectInstances(this.#byName.get(resourceKey(target.module, target)), target);
  }

  /** Returns the `aws_iam_policy_document` data sources at a target that are read during apply. */
  policyDocumentsAt(target: ResourceTarget): PlanResource[] {
    return target.type === "aws_iam_policy_document" ? this.#dataSourcesAt(target) : [];
  }

  /** Returns the configuration of the resource or data source at a target. */
  configAt(target: ResourceTarget): JsonObject | undefined {
    if (target.provider === undefined)
      return this.configuration.resource(
        target.module,
        `${target.data ? "data." : ""}${target.type}.${target.name}`,
      );
    const [found] = target.data ? this.#dataSourcesAt(target) : this.resourcesAt(target);
    return { ...found?.config, provider_config_key: target.provider };
  }

  #dataSourcesAt(target: ResourceTarget): PlanResource[] {
    if (!target.data) return [];
    this.#dataSources ??= this.#readDataSources();
    return selectInstances(this.#dataSources.get(resourceKey(target.module, target)), target);
  }

  #readDataSources(): Map<string, ResourceInstances> {
    const { resources, problems } = resourcesInChanges(this.#reader, (mode) => mode === "data");
    this.problems.push(...problems);
    return groupByName(resources);
  }

  /** Returns a string for display, with the expressions of unknown values instead of placeholders. */
  display(text: string): string {
    return replacePlaceholders(text, this.unknowns);
  }

  /** Returns whether the attribute at a target is known at plan time in all instances. */
  isKnown(target: ResourceTarget): boolean {
    if (!this.hasChanges || this.unknowns !== undefined) return false;
    this.#changes ??= changesByConfig(this.parsed.value);
    const changes = this.#changes.get(configKey(target.data, target.module, target));
    // Data sources that were read at plan time are not among the changes.
    if (changes === undefined) return target.data;
    return changes.every(
      (change) =>
        jsonAt(change, "after_unknown") !== true &&
        !anyTrue(jsonAt(change, "after_unknown", target.attribute)) &&
        jsonAt(change, "after", target.attribute) !== undefined,
    );
  }

  /**
   * Returns known attribute values of all instances of a data source: the account ID of `aws_caller_identity`, the name
   * of `aws_kms_alias`, the `key_id` argument of `aws_kms_key`.
   */
  dataSourceValues(target: ResourceTarget): string[] {
    this.#dataSourceValues ??= collectDataSourceValues(this.parsed.value);
    return [...(this.#dataSourceValues.get(resourceKey(withoutKeys(target.module), target)) ?? [])];
  }

  #instancesOf(parent: AddressStep[], name: string): ReadonlySet<InstanceKey> {
    if (this.#moduleInstances === undefined) {
      this.#moduleInstances = new Map();
      for (const { module } of this.resources)
        for (const [depth, { name: called, index }] of module.entries()) {
          if (index === undefined) continue;
          const key = `${modulePathKey(module.slice(0, depth))}|${called}`;
          this.#moduleInstances.set(key, (this.#moduleInstances.get(key) ?? new Set()).add(index));
        }
    }
    return this.#moduleInstances.get(`${modulePathKey(parent)}|${name}`) ?? noInstances;
  }
}
