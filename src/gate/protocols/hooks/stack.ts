import { isDeepStrictEqual } from "node:util";
import { parse } from "../../../core/formats/index.ts";
import type { Change, Document, Key, KeyProperties, Removal } from "../../../core/model/document.ts";
import { isMap, type JsonMap } from "../../../core/model/json.ts";
import type { Report } from "../../../core/model/report.ts";
import type { Json } from "../../../core/model/source.ts";
import { isProblem } from "../../../core/parse/problem.ts";
import type { Decide, Decision } from "../../decide.ts";
import type { HookInvocation } from "./invocation.ts";
import { type Changed, decideChanges, type Judgement, judgementOf, pathOf, placeOf } from "./judge.ts";

/** A stack: its template, and what the template changes about the one before. Values of parameters are not told. */
export function judgeStack(invocation: HookInvocation, payload: JsonMap, decide: Decide): Judgement | string {
  const { template, previousTemplate } = payload;
  if (typeof template !== "string" || template.trim() === "") {
    if (invocation.action !== "DELETE") return "The payload holds no template.";
    const remark =
      "CloudFormation tells no template of a stack that is deleted: a hook on RESOURCE judges the deletion of keys.";
    return judgementOf(decide([]), [remark]);
  }
  const path = pathOf(invocation);
  const place = placeOf(invocation);
  const now = decide([{ path, text: template, named: true }], place);
  if (now.outcome === "undecided" || typeof previousTemplate !== "string" || previousTemplate.trim() === "")
    return judgementOf(now);
  const before = decide([{ path, text: previousTemplate, named: true }], place);
  if (before.outcome === "undecided")
    return judgementOf(now, ["The previous template cannot be read: what changes was not judged."]);
  const document = changed(now.document, before.document);
  if (document === undefined) return judgementOf(now);
  const report = together(now, decide.document(document));
  return judgementOf({ ...now, ...decide.verdict(report), report });
}

/** The first report, with what only the second one has: a document has no comments, which may suppress the rest. */
function together({ report }: Decision, change: Decision): Report {
  const known = new Set([...report.findings, ...report.exceptions].map(keyOf));
  const more = change.report.findings.filter((finding) => !known.has(keyOf(finding)));
  return {
    ...report,
    findings: [...report.findings, ...more],
    problems: [...report.problems, ...change.report.problems],
  };
}

const keyOf = ({ rule, resource, statement = "" }: { rule: string; resource: string; statement?: string }) =>
  JSON.stringify([rule, resource, statement]);

/**
 * The keys of a template, with what they were and what is gone; undefined where nothing of that changes. A key that
 * hangs on a choice may never have been there.
 */
function changed(now: Document, before: Document): Document | undefined {
  const certain = before.keys.filter((key) => !key.variant);
  const old = new Map(certain.map((key) => [key.resource, keptOf(key.properties)]));
  const isOther = (key: Key) =>
    !key.variant &&
    old.has(key.resource) &&
    !isDeepStrictEqual(old.get(key.resource), keptOf(key.properties));
  const names = new Set(now.keys.map(({ resource }) => resource));
  const removals = certain
    .filter((key) => !names.has(key.resource) && key.retention?.onDeletion === false)
    .map(removalOf);
  if (removals.length === 0 && !now.keys.some(isOther)) return undefined;
  const keys = now.keys.map((key): Key => {
    const was = isOther(key) ? old.get(key.resource) : undefined;
    return was === undefined ? key : { ...key, change: { actions: ["update"], before: was } };
  });
  return { ...now, keys, removals };
}

/** What cannot be changed in place. */
function keptOf({ spec, usage, origin, multiRegion }: KeyProperties = {}): NonNullable<Change["before"]> {
  const fields = { spec, usage, origin, multiRegion };
  return Object.fromEntries(
    Object.entries(fields).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

const removalOf = ({ id, resource, type, scope, location, kind }: Key): Removal => ({
  id,
  resource,
  type,
  scope,
  location,
  locations: {},
  defaults: [],
  kind: kind === "replica" ? "replica" : "key",
  change: { actions: ["delete"] },
});

/** A change set: what it changes, with what the template alone says about the resources. */
export function judgeChangeSet(
  invocation: HookInvocation,
  payload: JsonMap,
  decide: Decide,
): Judgement | string {
  const { changedResources: list, template } = payload;
  if (!Array.isArray(list)) return "The payload holds no changedResources.";
  const attributes = attributesIn(typeof template === "string" ? template : "");
  const changes = list.map((change) => changedIn(change, attributes));
  const wrong = changes.find((change) => typeof change === "string");
  if (wrong !== undefined) return wrong;
  return judgementOf(decideChanges(invocation, changes as Changed[], decide));
}

function changedIn(change: Json, attributes: (id: string) => JsonMap): Changed | string {
  if (!isMap(change)) return "The payload has a change that is no object.";
  const { action, logicalResourceId: id, resourceType: type, beforeContext, afterContext } = change;
  if (typeof action !== "string" || typeof id !== "string" || typeof type !== "string")
    return "The payload has a change without action, logicalResourceId or resourceType.";
  const before = typeof beforeContext === "string" ? beforeContext : null;
  const after = typeof afterContext === "string" ? completed(afterContext, attributes(id)) : null;
  if (action !== "DELETE" && after === null) return `The payload does not say what ${id} becomes.`;
  return { action, id, type, before, after };
}

/** A context that is no JSON stays as it is: the reader of change sets says so. */
function completed(context: string, attributes: JsonMap): string {
  try {
    const value = JSON.parse(context) as Json;
    return isMap(value) ? JSON.stringify({ ...attributes, ...value }) : context;
  } catch {
    return context;
  }
}

/** Contexts need not tell what stands beside the properties. The template does, and suppressions with it. */
function attributesIn(template: string): (id: string) => JsonMap {
  const parsed = template === "" ? [] : parse({ path: "template", text: template });
  const [first] = isProblem(parsed) ? [] : parsed;
  const resources = isMap(first?.value) && isMap(first.value.Resources) ? first.value.Resources : {};
  return (id) => {
    const resource = Object.hasOwn(resources, id) ? resources[id] : undefined;
    if (!isMap(resource)) return {};
    const kept = Object.entries(resource).filter(([name]) => ATTRIBUTES.includes(name));
    return Object.fromEntries(kept);
  };
}

const ATTRIBUTES = ["DeletionPolicy", "UpdateReplacePolicy", "Metadata"];
