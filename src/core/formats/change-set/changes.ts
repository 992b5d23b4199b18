import type { Json, Parsed, Problem } from "../../model/source.ts";
import { parseEmbeddedJson } from "../../parse/embedded-json.ts";
import { isProblem, sourceProblem } from "../../parse/problem.ts";
import { isMap, type JsonMap } from "../cloudformation/template.ts";

/**
 * The change of one resource.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ResourceChange.html
 */
export interface ResourceChange {
  id: string;
  type: string;
  /** JSON pointer to the ResourceChange. */
  pointer: string;
  action: string;
  /** True, False, or Conditional; only set if `action` is Modify. */
  replacement?: string;
  /** The action on the old resource: Delete, Retain, ReplaceAndRetain, … */
  policyAction?: string;
  physicalId?: string;
  before?: ResourceContext;
  after?: ResourceContext;
  details: ChangeTarget[];
}

/** A resource before or after the change. Absent without --include-property-values. */
export interface ResourceContext {
  raw: JsonMap;
  pointer: string;
}

/** One changed property or attribute of a resource. */
export interface ChangeTarget {
  attribute?: string;
  name?: string;
  before?: string;
  after?: string;
  /** Add, Remove, or Modify. */
  kind?: string;
}

/** A parsed change set. `parsed` also locates values in the contexts, which are JSON in strings. */
export interface ChangeSet {
  parsed: Parsed;
  changes: ResourceChange[];
  problems: Problem[];
}

export const isChange = (raw: Json | undefined): raw is JsonMap =>
  isMap(raw) && raw.Type === "Resource" && isMap(raw.ResourceChange);

/** Reads the changes of a change set and their resource contexts. */
export function readChanges(parsed: Parsed): ChangeSet {
  const contexts = new Map<string, Parsed>();
  const problems: Problem[] = [];
  const list = isMap(parsed.value) && Array.isArray(parsed.value.Changes) ? parsed.value.Changes : [];
  const changes = list.flatMap((item, i): ResourceChange[] => {
    if (!isChange(item)) return [];
    const raw = item.ResourceChange as JsonMap;
    const pointer = `/Changes/${i}/ResourceChange`;
    const context = (name: string): ResourceContext | undefined => {
      const at = `${pointer}/${name}`;
      const text = raw[name];
      if (typeof text !== "string" || text === "") return undefined;
      const inner = parseEmbeddedJson({ parsed, pointer: at }, text);
      if (isProblem(inner)) {
        problems.push(inner);
        return undefined;
      }
      contexts.set(at, inner);
      return isMap(inner.value) ? { raw: inner.value, pointer: at } : undefined;
    };
    const id = scalarString(raw.LogicalResourceId);
    const type = scalarString(raw.ResourceType);
    if (id === undefined || type === undefined) return [];
    return [
      withoutUndefined({
        id,
        type,
        pointer,
        action: scalarString(raw.Action) ?? "",
        replacement: scalarString(raw.Replacement),
        policyAction: scalarString(raw.PolicyAction),
        physicalId: scalarString(raw.PhysicalResourceId),
        before: context("BeforeContext"),
        after: context("AfterContext"),
        details: Array.isArray(raw.Details) ? raw.Details.flatMap(parseTarget) : [],
      }),
    ];
  });
  const locate = (pointer: string) => {
    const at = /^\/Changes\/\d+\/ResourceChange\/\w+Context(?=\/|$)/.exec(pointer)?.[0] ?? "";
    return (contexts.get(at) ?? parsed).locate(pointer);
  };
  return {
    parsed: { ...parsed, locate },
    changes,
    problems: [...problems, ...repeatedChanges(parsed, changes)],
  };
}

/** Only one change of each resource can be read. */
function repeatedChanges(parsed: Parsed, changes: ResourceChange[]): Problem[] {
  const seen = new Set<string>();
  return changes.flatMap(({ id, pointer }) => {
    if (!seen.has(id)) {
      seen.add(id);
      return [];
    }
    return sourceProblem(
      parsed,
      pointer,
      `The change set has more than one change of ${id}.`,
      "Use the unmodified output of aws cloudformation describe-change-set.",
    );
  });
}

const scalarString = (value: Json | undefined): string | undefined =>
  typeof value === "string" || typeof value === "number" || typeof value === "boolean"
    ? String(value)
    : undefined;

function parseTarget(detail: Json): ChangeTarget[] {
  const target = isMap(detail) ? detail.Target : undefined;
  if (!isMap(target)) return [];
  return [
    withoutUndefined({
      attribute: scalarString(target.Attribute),
      name: scalarString(target.Name),
      before: scalarString(target.BeforeValue),
      after: scalarString(target.AfterValue),
      kind: scalarString(target.AttributeChangeType),
    }),
  ];
}

type Defined<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
};

/** Removes undefined fields. */
const withoutUndefined = <T extends object>(fields: T): Defined<T> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Defined<T>;
