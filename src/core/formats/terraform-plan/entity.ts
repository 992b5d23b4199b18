import type { Change, Entity, Value } from "../../model/document.ts";
import type { TargetOptions } from "../../model/format.ts";
import { locationOf, type Node } from "../../model/node.ts";
import type { Location } from "../../model/source.ts";
import { attributeOf } from "./attribute.ts";
import type { Plan, PlanResource } from "./plan.ts";
import { resourceRegion } from "./provider.ts";
import { providerScope } from "./provider-account.ts";
import { suppressionsInTags } from "./tag-suppressions.ts";

export const resourceId = (plan: Plan, resource: PlanResource): string =>
  `${plan.parsed.source.path}#${resource.address}`;

/** Reads the fields of an entity one by one. Records which fields have a location and which are defaults. */
export class FieldReader {
  readonly locations: { [field: string]: Location } = {};
  readonly defaults: string[] = [];
  readonly #plan: Plan;
  readonly #resource: PlanResource;

  constructor(plan: Plan, resource: PlanResource) {
    this.#plan = plan;
    this.#resource = resource;
  }

  /** `computed`: the value that the provider computes if the field is not set. It counts as the default. */
  read<T, D>(
    field: string,
    name: string,
    convert: (node: Node) => T,
    fallback: D,
    computed: unknown = fallback,
  ): T | D {
    const { node, isSet, location } = attributeOf(this.#plan, this.#resource, name);
    const value = node === undefined ? fallback : convert(node);
    if (node === undefined || (isSet === false && (value === fallback || value === computed))) {
      this.defaults.push(field);
      return fallback;
    }
    this.locations[field] = location ?? locationOf(this.#resource.at, this.#resource.address);
    return value;
  }
}

export function entityFromPlan(
  plan: Plan,
  resource: PlanResource,
  fields: FieldReader,
  before?: Change["before"],
): Entity {
  const { actions } = resource;
  const suppressions = suppressionsInTags(plan, resource);
  return {
    id: resourceId(plan, resource),
    resource: resource.address,
    type: resource.type,
    scope: providerScope(plan, resource),
    location: locationOf(resource.at, resource.address),
    locations: fields.locations,
    defaults: fields.defaults,
    ...(actions === undefined ? {} : { change: { actions, ...(before === undefined ? {} : { before }) } }),
    ...(suppressions.length === 0 ? {} : { inlineSuppressions: suppressions }),
  };
}

export const regionFromPlan = (plan: Plan, resource: PlanResource, options: TargetOptions): Value<string> =>
  resourceRegion(plan, resource, options.region);
