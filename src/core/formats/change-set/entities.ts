import type { Alias, Change, Entity, Key, KeyProperties, Removal, Value } from "../../model/document.ts";
import { own } from "../../model/json.ts";
import { locationOf } from "../../model/node.ts";
import type { EvaluationContext } from "../cloudformation/context.ts";
import { entityId, templateScope } from "../cloudformation/entity.ts";
import { deploymentTarget } from "../cloudformation/pseudo.ts";
import { changeOf, type ImmutableField, immutableProperties } from "./actions.ts";
import type { ChangeSet, ChangeTarget, ResourceChange } from "./changes.ts";

/** Returns an entity with its change. Its location is that of the change, which contains it. */
export function withChange(
  entity: Entity,
  change: ResourceChange,
  set: ChangeSet,
  before: Key | undefined,
): Entity {
  const applied = changeOf(change, before && immutableProperties(before.properties));
  return { ...entity, location: changeLocation(change, set), ...(applied ? { change: applied } : {}) };
}

export function removalOf(
  context: EvaluationContext,
  change: ResourceChange,
  set: ChangeSet,
  kind: Removal["kind"],
): Removal {
  return { ...changeEntity(context, change, set), kind, change: { actions: ["delete"] } };
}

/** Returns a key for which the change set lists only changed properties. Its policy and other properties are unknown. */
export function keyWithoutValues(
  context: EvaluationContext,
  change: ResourceChange,
  set: ChangeSet,
  kind: "key" | "replica",
  { previous, arn }: { previous: Key | undefined; arn: string | undefined },
): Key {
  const entity = changeEntity(context, change, set);
  const { after, before } = kind === "key" ? changedProperties(change) : { after: {}, before: {} };
  const applied = changeOf(change, previous ? immutableProperties(previous.properties) : before);
  const location = entity.location;
  const unknown = { reason: WITHOUT_VALUES, expression: `${change.id}.KeyPolicy` };
  return {
    ...entity,
    ...(applied ? { change: applied } : {}),
    kind,
    ...deploymentTarget(context),
    ...(arn === undefined ? {} : { arn }),
    policy: { state: "unresolved", unknown, statements: [], problems: [], location },
    properties: after,
  };
}

/** Returns an alias with an unknown target. The physical ID of an existing alias is its name. */
export function aliasWithoutValues(
  context: EvaluationContext,
  change: ResourceChange,
  set: ChangeSet,
): Alias {
  const applied = changeOf(change, undefined);
  const unknownProperty = (property: string) => ({
    unknown: { reason: WITHOUT_VALUES, expression: `${change.id}.${property}` },
  });
  return {
    ...changeEntity(context, change, set),
    ...(applied ? { change: applied } : {}),
    name:
      change.replacement === "True"
        ? unknownProperty("AliasName")
        : (change.physicalId ?? unknownProperty("AliasName")),
    prefix: false,
    target: { text: unknownProperty("TargetKeyId"), keys: [] },
    region: deploymentTarget(context).region,
  };
}

function changeEntity(context: EvaluationContext, change: ResourceChange, set: ChangeSet): Entity {
  const { id, type } = change;
  const location = changeLocation(change, set);
  return {
    id: entityId(context, id),
    resource: id,
    type,
    scope: templateScope(context),
    location,
    locations: {},
    defaults: [],
  };
}

const changeLocation = ({ id, pointer }: ResourceChange, { parsed }: ChangeSet) =>
  locationOf({ parsed, pointer }, id);

const WITHOUT_VALUES = "the change set was described without --include-property-values";

const immutableByProperty: { [name: string]: { field: ImmutableField; fallback?: string } } = {
  KeySpec: { field: "spec", fallback: "SYMMETRIC_DEFAULT" },
  KeyUsage: { field: "usage" },
  Origin: { field: "origin", fallback: "AWS_KMS" },
  MultiRegion: { field: "multiRegion", fallback: "false" },
};

/** Returns the immutable properties that the change details list, before and after the change. */
function changedProperties({ id, details }: ResourceChange) {
  const before: NonNullable<Change["before"]> = {};
  const after: KeyProperties = {};
  for (const target of details) {
    const property =
      target.attribute === "Properties" ? own(immutableByProperty, target.name ?? "") : undefined;
    if (!property) continue;
    const { field, fallback } = property;
    before[field] = valueOnSide(target, "before", "Add", fallback, id);
    Object.assign(after, { [field]: valueOnSide(target, "after", "Remove", fallback, id) });
  }
  return { after, before };
}

function valueOnSide(
  target: ChangeTarget,
  side: "before" | "after",
  absentOn: string,
  fallback: string | undefined,
  id: string,
): Value<string | boolean> {
  const text = target[side] ?? (target.kind === absentOn ? fallback : undefined);
  if (text === undefined || text.includes("{{changeSet:"))
    return { unknown: { reason: WITHOUT_VALUES, expression: `${id}.${target.name}` } };
  return target.name === "MultiRegion" ? text === "true" : text;
}
