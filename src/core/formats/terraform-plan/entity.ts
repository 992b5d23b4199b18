import type { Change, Entity, Value } from "../../model/document.ts";
import type { TargetOptions } from "../../model/format.ts";
import { locationOf, type Node } from "../../model/node.ts";
import type { Location } from "../../model/source.ts";
import { attributeOf } from "./attribute.ts";
import { ignoresOf } from "./ignores.ts";
import type { Plan, Resource } from "./plan.ts";
import { regionOf, scopeOf } from "./provider.ts";

export const idOf = (plan: Plan, resource: Resource): string =>
  `${plan.parsed.source.path}#${resource.address}`;

/** The fields of an entity, read one by one: what is left out or has a place is noted on the way. */
export class Fields {
  readonly locations: { [field: string]: Location } = {};
  readonly defaults: string[] = [];
  readonly #plan: Plan;
  readonly #resource: Resource;

  constructor(plan: Plan, resource: Resource) {
    this.#plan = plan;
    this.#resource = resource;
  }

  /**
   * `given` are values that the provider fills in where the configuration says nothing: they count as the default.
   */
  read<T, D>(
    field: string,
    name: string,
    convert: (node: Node) => T,
    fallback: D,
    given: unknown = fallback,
  ): T | D {
    const { node, written, location } = attributeOf(this.#plan, this.#resource, name);
    const value = node === undefined ? fallback : convert(node);
    if (node === undefined || (written === false && (value === fallback || value === given))) {
      this.defaults.push(field);
      return fallback;
    }
    this.locations[field] = location ?? locationOf(this.#resource.at, this.#resource.address);
    return value;
  }
}

export function entityOf(plan: Plan, resource: Resource, fields: Fields, before?: Change["before"]): Entity {
  const { actions } = resource;
  const ignores = ignoresOf(plan, resource);
  return {
    id: idOf(plan, resource),
    resource: resource.address,
    type: resource.type,
    scope: scopeOf(plan, resource),
    location: locationOf(resource.at, resource.address),
    locations: fields.locations,
    defaults: fields.defaults,
    ...(actions === undefined ? {} : { change: { actions, ...(before === undefined ? {} : { before }) } }),
    ...(ignores.length === 0 ? {} : { inlineSuppressions: ignores }),
  };
}

export const regionIn = (plan: Plan, resource: Resource, options: TargetOptions): Value<string> =>
  regionOf(plan, resource, options.region);
