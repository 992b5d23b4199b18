import type { Alias, Change, Entity, Key, KeyProperties, Removal, Value } from "../../model/document.ts";
import { entityKinds } from "../../model/document.ts";
import type { Format, Part, TargetOptions } from "../../model/format.ts";
import { locationOf } from "../../model/node.ts";
import type { Parsed, Problem } from "../../model/source.ts";
import { idOf, scopeOf } from "../cloudformation/entity.ts";
import { surroundings } from "../cloudformation/pseudo.ts";
import { isRead, newRun, readRun } from "../cloudformation/read.ts";
import type { Resource, Run } from "../cloudformation/run.ts";
import { isMap, readTemplate, type Template } from "../cloudformation/template.ts";
import {
  type ChangeSet,
  type Context,
  isChange,
  type ResourceChange,
  readChanges,
  type Target,
} from "./changes.ts";

/** A change set of CloudFormation, as `aws cloudformation describe-change-set` prints it. */
export const cloudformationChangeSet: Format = {
  name: "cloudformation-change-set",
  detect: (value) =>
    isMap(value) &&
    Array.isArray(value.Changes) &&
    (value.Changes.some(isChange) || ["ChangeSetId", "ChangeSetName"].some((name) => name in value)),
  normalize,
};

function normalize(parsed: Parsed, options: TargetOptions): Part {
  const changeSet = readChanges(parsed);
  const stack = stackOf(parsed);
  const { account = stack?.account } = options;
  const region = stack?.region ?? options.region;
  const known = {
    ...(account === undefined ? {} : { account }),
    ...(region === undefined ? {} : { region }),
  };
  const template = templateOf(changeSet);
  const after = runOf(template, known, changeSet.changes, (change) =>
    change.action === "Remove" ? undefined : change.after,
  );
  const before = runOf(template, known, changeSet.changes, ({ before, type }) =>
    keyKind(type) ? before : undefined,
  );
  const arns = new Map(
    changeSet.changes.flatMap((change): [string, string][] => {
      const arn = stack && arnOf(change, stack);
      return arn === undefined ? [] : [[change.id, arn]];
    }),
  );
  for (const [id, arn] of arns) {
    const resource = after.resources.get(id);
    if (resource) resource.arn = arn;
  }
  const part = readRun(after);
  const old = new Map(readRun(before).keys.map((key) => [key.resource, key]));
  const byId = new Map(changeSet.changes.map((change) => [change.id, change]));
  for (const kind of entityKinds) {
    const list = part[kind] as Entity[];
    list.forEach((entity, i) => {
      list[i] = inChange(
        entity,
        byId.get(entity.resource) as ResourceChange,
        changeSet,
        old.get(entity.resource),
      );
    });
  }
  const seen = new Set([...part.keys, ...part.aliases].map(({ resource }) => resource));
  for (const change of changeSet.changes) {
    const kind = keyKind(change.type);
    if (kind && isRemoved(change)) part.removals.push(removalOf(after, change, changeSet, kind));
    else if (change.action !== "Remove" && !seen.has(change.id)) {
      if (kind)
        part.keys.push(
          unseenKey(after, change, changeSet, kind, { old: old.get(change.id), arn: arns.get(change.id) }),
        );
      if (change.type === "AWS::KMS::Alias") part.aliases.push(unseenAlias(after, change, changeSet));
    }
  }
  part.problems.unshift(...incomplete(parsed), ...changeSet.problems);
  return part;
}

/** The stack's ARN tells where its resources are. */
function stackOf({ value }: Parsed): Stack | undefined {
  const id = isMap(value) ? (value.StackId ?? value.ChangeSetId) : undefined;
  const [, partition, region, account] =
    /^arn:([\w-]+):cloudformation:([\w-]+):(\d{12}):/.exec(typeof id === "string" ? id : "") ?? [];
  return partition && region && account ? { partition, region, account } : undefined;
}

interface Stack {
  partition: string;
  region: string;
  account: string;
}

function templateOf({ parsed, changes }: ChangeSet): Template {
  const nameOf = (pointer: string): string => {
    const { id, pointer: at } = changes.find((change) => pointer.startsWith(`${change.pointer}/`)) ?? {
      id: "",
      pointer: "",
    };
    const path = pointer.slice(at.length).replace(/^\/\w+Context\/(Properties\/)?/, "");
    return `${id}.${path.replaceAll("/", ".")}`;
  };
  return { ...readTemplate({ ...parsed, value: {} }), parsed, nameOf };
}

/** The resources that are read, as one side of the change set has them. */
function runOf(
  template: Template,
  options: TargetOptions,
  changes: ResourceChange[],
  side: (change: ResourceChange) => Context | undefined,
): Run {
  const resources = new Map<string, Resource>();
  for (const change of changes) {
    const { id, type } = change;
    const context = side(change);
    if (!context || !isRead(type)) continue;
    const { Condition: _, ...raw } = context.raw;
    resources.set(id, { id, type, raw, pointer: context.pointer, bindings: new Map() });
  }
  return newRun(template, options, { resources, conditions: new Map() });
}

const keyKind = (type: string): "key" | "replica" | undefined =>
  type === "AWS::KMS::Key" ? "key" : type === "AWS::KMS::ReplicaKey" ? "replica" : undefined;

/** Of a key that stays: a replacement has another. */
function arnOf({ type, physicalId, replacement }: ResourceChange, stack: Stack): string | undefined {
  if (!keyKind(type) || physicalId === undefined || (replacement ?? "False") !== "False") return undefined;
  if (physicalId.startsWith("arn:")) return physicalId;
  return `arn:${stack.partition}:kms:${stack.region}:${stack.account}:key/${physicalId}`;
}

/** An entity that was read from a context: it is the change's, which stands around it. */
function inChange(
  entity: Entity,
  change: ResourceChange,
  changeSet: ChangeSet,
  before: Key | undefined,
): Entity {
  const done = changeOf(change, before && keptOf(before.properties));
  return { ...entity, location: placeOf(change, changeSet), ...(done ? { change: done } : {}) };
}

const placeOf = ({ id, pointer }: ResourceChange, { parsed }: ChangeSet) =>
  locationOf({ parsed, pointer }, id);

function changeOf(change: ResourceChange, before: Change["before"] | undefined): Change {
  const actions = actionsOf(change);
  if (change.action === "Add") return { actions };
  return { actions, partialInput: true, ...(before && actions.length > 0 ? { before } : {}) };
}

/** Empty where CloudFormation cannot tell (Dynamic). */
function actionsOf({ action, replacement, policyAction }: ResourceChange): Change["actions"] {
  if (action === "Add") return ["create"];
  if (action === "Remove") return ["delete"];
  if (action === "Import" || action === "SyncWithActual") return ["no-op"];
  if (action !== "Modify") return [];
  if (replacement !== "True") return ["update"];
  return policyAction === "ReplaceAndRetain" ? ["create", "forget"] : ["delete", "create"];
}

const keptFields = ["spec", "usage", "origin", "multiRegion", "deletionWindowDays"] as const;
type Kept = (typeof keptFields)[number];

const keptOf = (settings: KeyProperties = {}): NonNullable<Change["before"]> =>
  Object.fromEntries(
    keptFields.flatMap((field) => (settings[field] === undefined ? [] : [[field, settings[field]]])),
  );

/** Whether the key is scheduled for deletion, and not kept outside of the stack. */
function isRemoved({ action, policyAction, before }: ResourceChange): boolean {
  if (action !== "Remove") return false;
  if (policyAction !== undefined) return !/Retain/.test(policyAction);
  return !/^Retain/.test(String(before?.raw.DeletionPolicy ?? ""));
}

function removalOf(run: Run, change: ResourceChange, changeSet: ChangeSet, kind: Removal["kind"]): Removal {
  return { ...entityIn(run, change, changeSet), kind, change: { actions: ["delete"] } };
}

function entityIn(run: Run, change: ResourceChange, changeSet: ChangeSet): Entity {
  const { id, type } = change;
  const location = placeOf(change, changeSet);
  return {
    id: idOf(run, id),
    resource: id,
    type,
    scope: scopeOf(run),
    location,
    locations: {},
    defaults: [],
  };
}

const WITHOUT_VALUES = "the change set was described without --include-property-values";

/** A key of which the change set tells no more than what changes: its policy and its other settings are out of sight. */
function unseenKey(
  run: Run,
  change: ResourceChange,
  changeSet: ChangeSet,
  kind: "key" | "replica",
  { old, arn }: { old: Key | undefined; arn: string | undefined },
): Key {
  const entity = entityIn(run, change, changeSet);
  const { settings, before } = kind === "key" ? changedSettings(change) : { settings: {}, before: {} };
  const done = changeOf(change, old ? keptOf(old.properties) : before);
  const location = entity.location;
  const unknown = { reason: WITHOUT_VALUES, expression: `${change.id}.KeyPolicy` };
  return {
    ...entity,
    ...(done ? { change: done } : {}),
    kind,
    ...surroundings(run),
    ...(arn === undefined ? {} : { arn }),
    policy: { state: "unresolved", unknown, statements: [], problems: [], location },
    properties: settings,
  };
}

/** An alias that may be one of any key; what is there has its name as its id. */
function unseenAlias(run: Run, change: ResourceChange, changeSet: ChangeSet): Alias {
  const done = changeOf(change, undefined);
  const out = (property: string) => ({
    unknown: { reason: WITHOUT_VALUES, expression: `${change.id}.${property}` },
  });
  return {
    ...entityIn(run, change, changeSet),
    ...(done ? { change: done } : {}),
    name: change.replacement === "True" ? out("AliasName") : (change.physicalId ?? out("AliasName")),
    prefix: false,
    target: { text: out("TargetKeyId"), keys: [] },
    region: surroundings(run).region,
  };
}

const properties: { [name: string]: { field: Kept; fallback?: string } } = {
  KeySpec: { field: "spec", fallback: "SYMMETRIC_DEFAULT" },
  KeyUsage: { field: "usage" },
  Origin: { field: "origin", fallback: "AWS_KMS" },
  MultiRegion: { field: "multiRegion", fallback: "false" },
};

/** The settings that cannot be changed in place, as far as the details name them. */
function changedSettings({ id, details }: ResourceChange) {
  const before: NonNullable<Change["before"]> = {};
  const settings: KeyProperties = {};
  for (const target of details) {
    const property = target.attribute === "Properties" ? properties[target.name ?? ""] : undefined;
    if (!property) continue;
    const { field, fallback } = property;
    before[field] = sideOf(target, "before", "Add", fallback, id);
    Object.assign(settings, { [field]: sideOf(target, "after", "Remove", fallback, id) });
  }
  return { settings, before };
}

function sideOf(
  target: Target,
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

/** A page of a change set must not pass for all of it. */
function incomplete(parsed: Parsed): Problem[] {
  if (!isMap(parsed.value) || !parsed.value.NextToken) return [];
  const { start } = parsed.locate("/NextToken");
  return [
    {
      file: parsed.source.path,
      line: start.line,
      column: start.column,
      message: "The change set is incomplete: by its NextToken there are more changes.",
      remedy:
        "Give the whole output of aws cloudformation describe-change-set, without --no-paginate and --max-items.",
    },
  ];
}
