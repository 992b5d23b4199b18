import type { Entity } from "../../model/document.ts";
import { entityKinds } from "../../model/document.ts";
import type { Format, Part, TargetOptions } from "../../model/format.ts";
import type { Parsed, Problem } from "../../model/source.ts";
import type { EvaluationContext, TemplateResource } from "../cloudformation/context.ts";
import { isReadType, newContext, readResources } from "../cloudformation/read.ts";
import { type CloudFormationTemplate, isMap, readTemplate } from "../cloudformation/template.ts";
import { isDeleted, keyKind } from "./actions.ts";
import {
  type ChangeSet,
  isChange,
  type ResourceChange,
  type ResourceContext,
  readChanges,
} from "./changes.ts";
import { aliasWithoutValues, keyWithoutValues, removalOf, withChange } from "./entities.ts";

/** CloudFormation change sets: the output of `aws cloudformation describe-change-set`. */
export const changeSet: Format = {
  name: "cloudformation-change-set",
  detect: (value) =>
    isMap(value) &&
    Array.isArray(value.Changes) &&
    (value.Changes.some(isChange) || ["ChangeSetId", "ChangeSetName"].some((name) => name in value)),
  normalize,
};

function normalize(parsed: Parsed, options: TargetOptions): Part {
  const set = readChanges(parsed);
  const stack = stackOf(parsed);
  const { account = stack?.account } = options;
  const region = stack?.region ?? options.region;
  const known = {
    ...(account === undefined ? {} : { account }),
    ...(region === undefined ? {} : { region }),
  };
  const template = templateOf(set);
  const after = contextFor(template, known, set.changes, (change) =>
    change.action === "Remove" ? undefined : change.after,
  );
  const before = contextFor(template, known, set.changes, ({ before, type }) =>
    keyKind(type) ? before : undefined,
  );
  const arns = new Map(
    set.changes.flatMap((change): [string, string][] => {
      const arn = stack && arnOf(change, stack);
      return arn === undefined ? [] : [[change.id, arn]];
    }),
  );
  for (const [id, arn] of arns) {
    const resource = after.resources.get(id);
    if (resource) resource.arn = arn;
  }
  const part = readResources(after);
  const previousKeys = new Map(readResources(before).keys.map((key) => [key.resource, key]));
  const byId = new Map(set.changes.map((change) => [change.id, change]));
  for (const kind of entityKinds) {
    const list = part[kind] as Entity[];
    list.forEach((entity, i) => {
      list[i] = withChange(
        entity,
        byId.get(entity.resource) as ResourceChange,
        set,
        previousKeys.get(entity.resource),
      );
    });
  }
  const withValues = new Set([...part.keys, ...part.aliases].map(({ resource }) => resource));
  for (const change of set.changes) {
    const kind = keyKind(change.type);
    if (kind && isDeleted(change)) part.removals.push(removalOf(after, change, set, kind));
    else if (change.action !== "Remove" && !withValues.has(change.id)) {
      if (kind)
        part.keys.push(
          keyWithoutValues(after, change, set, kind, {
            previous: previousKeys.get(change.id),
            arn: arns.get(change.id),
          }),
        );
      if (change.type === "AWS::KMS::Alias") part.aliases.push(aliasWithoutValues(after, change, set));
    }
  }
  part.problems.unshift(...paginationProblem(parsed), ...set.problems);
  const unseen = [...after.template.unseen.values()];
  return unseen.length === 0 ? part : { ...part, unseen };
}

/** Returns the partition, Region, and account in the ARN of the stack or change set. */
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

function templateOf({ parsed, changes }: ChangeSet): CloudFormationTemplate {
  const nameOf = (pointer: string): string => {
    const { id, pointer: at } = changes.find((change) => pointer.startsWith(`${change.pointer}/`)) ?? {
      id: "",
      pointer: "",
    };
    const path = pointer.slice(at.length).replace(/^\/\w+Context\/(Properties\/)?/, "");
    return `${id}.${path.replaceAll("/", ".")}`;
  };
  return { ...readTemplate({ ...parsed, value: {} }), parsed, nameUnknown: nameOf };
}

/** Returns an evaluation context with the resources on one side (before or after) of the change set. */
function contextFor(
  template: CloudFormationTemplate,
  options: TargetOptions,
  changes: ResourceChange[],
  side: (change: ResourceChange) => ResourceContext | undefined,
): EvaluationContext {
  const resources = new Map<string, TemplateResource>();
  for (const change of changes) {
    const { id, type } = change;
    const context = side(change);
    if (!context || !isReadType(type)) continue;
    const { Condition: _, ...raw } = context.raw;
    resources.set(id, { id, type, raw, pointer: context.pointer, bindings: new Map() });
  }
  return newContext(template, options, { resources, conditions: new Map() });
}

/** Returns the ARN of a key that is not replaced; a replacement has a new ARN. */
function arnOf({ type, physicalId, replacement }: ResourceChange, stack: Stack): string | undefined {
  if (!keyKind(type) || physicalId === undefined || (replacement ?? "False") !== "False") return undefined;
  if (physicalId.startsWith("arn:")) return physicalId;
  return `arn:${stack.partition}:kms:${stack.region}:${stack.account}:key/${physicalId}`;
}

/** Reports a change set that is only one page of the output. */
function paginationProblem(parsed: Parsed): Problem[] {
  if (!isMap(parsed.value) || !parsed.value.NextToken) return [];
  const { start } = parsed.locate("/NextToken");
  return [
    {
      file: parsed.source.path,
      line: start.line,
      column: start.column,
      message: "The change set is incomplete: NextToken indicates more changes.",
      remedy:
        "Use the complete output of aws cloudformation describe-change-set, without --no-paginate and --max-items.",
    },
  ];
}
