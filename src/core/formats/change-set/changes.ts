import type { Json, Parsed, Problem } from "../../model/source.ts";
import { parseEmbeddedJson } from "../../parse/embedded-json.ts";
import { isProblem } from "../../parse/problem.ts";
import { isMap, type JsonMap } from "../cloudformation/template.ts";

/**
 * What a change set does to one resource.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ResourceChange.html
 */
export interface ResourceChange {
  id: string;
  type: string;
  /** Of the ResourceChange. */
  pointer: string;
  action: string;
  /** True, False or Conditional; absent but of Modify. */
  replacement?: string;
  /** What becomes of the resource that goes: Delete, Retain, ReplaceAndRetain, … */
  policyAction?: string;
  physicalId?: string;
  before?: Context;
  after?: Context;
  details: Target[];
}

/** The resource as it is before or after, in the file's own places. Absent without --include-property-values. */
export interface Context {
  raw: JsonMap;
  pointer: string;
}

/** What changes of the resource. */
export interface Target {
  attribute?: string;
  name?: string;
  before?: string;
  after?: string;
  /** Add, Remove or Modify. */
  kind?: string;
}

/** A change set's changes, and its text with the contexts, JSON that stands in texts, as parts of it. */
export interface ChangeSet {
  parsed: Parsed;
  changes: ResourceChange[];
  problems: Problem[];
}

export const isChange = (raw: Json | undefined): raw is JsonMap =>
  isMap(raw) && raw.Type === "Resource" && isMap(raw.ResourceChange);

export function readChanges(parsed: Parsed): ChangeSet {
  const contexts = new Map<string, Parsed>();
  const problems: Problem[] = [];
  const list = isMap(parsed.value) && Array.isArray(parsed.value.Changes) ? parsed.value.Changes : [];
  const changes = list.flatMap((item, i): ResourceChange[] => {
    if (!isChange(item)) return [];
    const raw = item.ResourceChange as JsonMap;
    const pointer = `/Changes/${i}/ResourceChange`;
    const context = (name: string): Context | undefined => {
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
    const id = text(raw.LogicalResourceId);
    const type = text(raw.ResourceType);
    if (id === undefined || type === undefined) return [];
    return [
      defined({
        id,
        type,
        pointer,
        action: text(raw.Action) ?? "",
        replacement: text(raw.Replacement),
        policyAction: text(raw.PolicyAction),
        physicalId: text(raw.PhysicalResourceId),
        before: context("BeforeContext"),
        after: context("AfterContext"),
        details: Array.isArray(raw.Details) ? raw.Details.flatMap(targetOf) : [],
      }),
    ];
  });
  const locate = (pointer: string) => {
    const at = /^\/Changes\/\d+\/ResourceChange\/\w+Context(?=\/|$)/.exec(pointer)?.[0] ?? "";
    return (contexts.get(at) ?? parsed).locate(pointer);
  };
  return { parsed: { ...parsed, locate }, changes, problems };
}

const text = (value: Json | undefined): string | undefined =>
  typeof value === "string" || typeof value === "number" || typeof value === "boolean"
    ? String(value)
    : undefined;

function targetOf(detail: Json): Target[] {
  const target = isMap(detail) ? detail.Target : undefined;
  if (!isMap(target)) return [];
  return [
    defined({
      attribute: text(target.Attribute),
      name: text(target.Name),
      before: text(target.BeforeValue),
      after: text(target.AfterValue),
      kind: text(target.AttributeChangeType),
    }),
  ];
}

type Defined<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
};

/** Without the fields that are undefined. */
const defined = <T extends object>(fields: T): Defined<T> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Defined<T>;
