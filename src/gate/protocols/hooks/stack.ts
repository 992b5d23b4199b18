import { isDeepStrictEqual } from "node:util";
import { parse } from "../../../core/formats/index.ts";
import type { Change, Document, Key, KeyProperties, Removal } from "../../../core/model/document.ts";
import { isMap, type JsonMap } from "../../../core/model/json.ts";
import type { Report } from "../../../core/model/report.ts";
import type { Json } from "../../../core/model/source.ts";
import { isProblem } from "../../../core/parse/problem.ts";
import type { Decider, PolicyDecision } from "../../decision.ts";
import type { HookInvocation } from "./invocation.ts";
import {
  decideChanges,
  type HookResourceChange,
  type TargetDecision,
  targetDecision,
  targetLocation,
  targetPath,
} from "./target-decision.ts";

/**
 * Decides about a stack by its template, and by the changes since the previous template. CloudFormation does not send
 * parameter values.
 */
export function decideStack(
  invocation: HookInvocation,
  payload: JsonMap,
  decide: Decider,
): TargetDecision | string {
  const { template, previousTemplate } = payload;
  if (typeof template !== "string" || template.trim() === "") {
    if (invocation.action !== "DELETE") return "The payload has no template.";
    const remark =
      "CloudFormation does not send the template of a stack that it deletes. Use a hook with the target RESOURCE to check the deletion of keys.";
    return targetDecision(decide([]), [remark]);
  }
  const path = targetPath(invocation);
  const location = targetLocation(invocation);
  const current = decide([{ path, text: template, named: true }], location);
  if (
    current.report.problems.length > 0 ||
    typeof previousTemplate !== "string" ||
    previousTemplate.trim() === ""
  )
    return targetDecision(current);
  const previous = decide([{ path, text: previousTemplate, named: true }], location);
  if (previous.report.problems.length > 0)
    return targetDecision(current, ["The previous template cannot be read: changes were not checked."]);
  const document = withChanges(current.evaluated.document, previous.evaluated.document);
  if (document === undefined) return targetDecision(current);
  const redactor = current.evaluated.redactor.and(previous.evaluated.redactor);
  const report = mergeReports(current, decide.decideDocument(document, redactor));
  return targetDecision({ ...current, ...decide.conclude(report), report });
}

/**
 * Adds the findings that only the second report has. The first report takes precedence, because only it comes from a
 * source, whose comments may suppress findings.
 */
function mergeReports({ report }: PolicyDecision, change: PolicyDecision): Report {
  const known = new Set([...report.findings, ...report.exceptions].map(identityOf));
  const added = change.report.findings.filter((finding) => !known.has(identityOf(finding)));
  return {
    ...report,
    findings: [...report.findings, ...added],
    problems: [...report.problems, ...change.report.problems],
  };
}

const identityOf = ({
  rule,
  resource,
  statement = "",
}: {
  rule: string;
  resource: string;
  statement?: string;
}) => JSON.stringify([rule, resource, statement]);

/**
 * Returns the document with changed properties and removals of keys, or undefined if there are none. Ignores keys with
 * variants: a key that depends on a condition may never have existed.
 */
function withChanges(current: Document, previous: Document): Document | undefined {
  const unconditional = previous.keys.filter((key) => !key.variant);
  const before = new Map(unconditional.map((key) => [key.resource, immutablePropertiesOf(key.properties)]));
  const isChanged = (key: Key) =>
    !key.variant &&
    before.has(key.resource) &&
    !isDeepStrictEqual(before.get(key.resource), immutablePropertiesOf(key.properties));
  const names = new Set(current.keys.map(({ resource }) => resource));
  const removals = unconditional
    .filter((key) => !names.has(key.resource) && key.retention?.onDeletion === false)
    .map(removalOf);
  if (removals.length === 0 && !current.keys.some(isChanged)) return undefined;
  const keys = current.keys.map((key): Key => {
    const properties = isChanged(key) ? before.get(key.resource) : undefined;
    return properties === undefined ? key : { ...key, change: { actions: ["update"], before: properties } };
  });
  return { ...current, keys, removals };
}

/** Returns the properties that AWS KMS cannot change for an existing key. */
function immutablePropertiesOf({
  spec,
  usage,
  origin,
  multiRegion,
}: KeyProperties = {}): NonNullable<Change["before"]> {
  const properties = { spec, usage, origin, multiRegion };
  return Object.fromEntries(
    Object.entries(properties).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
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

/** Decides about a change set. Takes resource attributes from the template, because the changes do not have them. */
export function decideChangeSet(
  invocation: HookInvocation,
  payload: JsonMap,
  decide: Decider,
): TargetDecision | string {
  const { changedResources, template } = payload;
  if (!Array.isArray(changedResources)) return "The payload has no changedResources.";
  const attributesOf = attributesIn(typeof template === "string" ? template : "");
  const changes = changedResources.map((change) => parseChange(change, attributesOf));
  const error = changes.find((change) => typeof change === "string");
  if (error !== undefined) return error;
  return targetDecision(decideChanges(invocation, changes as HookResourceChange[], decide));
}

function parseChange(change: Json, attributesOf: (id: string) => JsonMap): HookResourceChange | string {
  if (!isMap(change)) return "The payload has a change that is not an object.";
  const { action, logicalResourceId: id, resourceType: type, beforeContext, afterContext } = change;
  if (typeof action !== "string" || typeof id !== "string" || typeof type !== "string")
    return "The payload has a change without action, logicalResourceId or resourceType.";
  const before = typeof beforeContext === "string" ? beforeContext : null;
  const after = typeof afterContext === "string" ? withAttributes(afterContext, attributesOf(id)) : null;
  if (action !== "DELETE" && after === null) return `The payload has no afterContext of ${id}.`;
  return { action, id, type, before, after };
}

/** Leaves a context that is not JSON unchanged, because the change set reader reports it. */
function withAttributes(context: string, attributes: JsonMap): string {
  try {
    const value = JSON.parse(context) as Json;
    return isMap(value) ? JSON.stringify({ ...attributes, ...value }) : context;
  } catch {
    return context;
  }
}

/** Returns a function that looks up the attributes of a resource in a template. Suppressions are in Metadata. */
function attributesIn(template: string): (id: string) => JsonMap {
  const parsed = template === "" ? [] : parse({ path: "template", text: template });
  const [first] = isProblem(parsed) ? [] : parsed;
  const resources = isMap(first?.value) && isMap(first.value.Resources) ? first.value.Resources : {};
  return (id) => {
    const resource = Object.hasOwn(resources, id) ? resources[id] : undefined;
    if (!isMap(resource)) return {};
    return Object.fromEntries(Object.entries(resource).filter(([name]) => ATTRIBUTES.includes(name)));
  };
}

const ATTRIBUTES = ["DeletionPolicy", "UpdateReplacePolicy", "Metadata"];
