import { keyKind } from "../../../core/formats/change-set/actions.ts";
import { isReadType } from "../../../core/formats/cloudformation/read.ts";
import { parse } from "../../../core/formats/index.ts";
import { isMap, type JsonMap, own } from "../../../core/model/json.ts";
import type { Json } from "../../../core/model/source.ts";
import { parseJson } from "../../../core/parse/json.ts";
import { isProblem } from "../../../core/parse/problem.ts";
import type { Decider } from "../../decision.ts";
import type { HookInvocation } from "./invocation.ts";
import {
  decideChanges,
  type HookResourceChange,
  type TargetDecision,
  targetDecision,
} from "./target-decision.ts";

/** Decides about a change set. Takes resource attributes from the template, because the changes do not have them. */
export function decideChangeSet(
  invocation: HookInvocation,
  { changedResources, template }: JsonMap,
  decide: Decider,
): TargetDecision | string {
  if (!Array.isArray(changedResources)) return "The payload has no changedResources.";
  const resources = resourcesIn(typeof template === "string" ? template : "");
  const resourceOf = (id: string) => own(resources, id);
  const changes = changedResources.map((change) => parseChange(change, resourceOf));
  const error = changes.find((change) => typeof change === "string");
  if (error !== undefined) return error;
  return targetDecision(decideChanges(invocation, changes as HookResourceChange[], decide));
}

/** Returns the resources of a template; none if it cannot be read. */
function resourcesIn(template: string): JsonMap {
  const parsed = template === "" ? [] : parse({ path: "template", text: template });
  const [first] = isProblem(parsed) ? [] : parsed;
  return isMap(first?.value) && isMap(first.value.Resources) ? first.value.Resources : {};
}

/** Returns a change, or the reason why it cannot be checked. `resourceOf` returns a resource in the template. */
function parseChange(
  change: Json,
  resourceOf: (id: string) => Json | undefined,
): HookResourceChange | string {
  if (!isMap(change)) return "The payload has a change that is not an object.";
  const { action, logicalResourceId: id, resourceType: type, beforeContext, afterContext } = change;
  if (typeof action !== "string" || typeof id !== "string" || typeof type !== "string")
    return "The payload has a change without action, logicalResourceId or resourceType.";
  if (action !== "DELETE" && typeof afterContext !== "string")
    return `The payload has no afterContext of ${id}.`;
  // The properties of an existing key decide which changes are possible.
  if (action === "UPDATE" && keyKind(type) !== undefined && typeof beforeContext !== "string")
    return `The payload has no beforeContext of ${id}.`;
  // Only the properties after the change count for other resources.
  const before =
    keyKind(type) === undefined ? null : contextOf(beforeContext, `beforeContext of ${id}`, type);
  const after = contextOf(afterContext, `afterContext of ${id}`, type, resourceOf(id));
  if (isInvalid(before)) return before.reason;
  if (isInvalid(after)) return after.reason;
  return { action, id, type, before, after };
}

const isInvalid = (context: string | null | { reason: string }): context is { reason: string } =>
  typeof context === "object" && context !== null;

/**
 * Returns a context in the form of `aws cloudformation describe-change-set`, with the attributes of the resource in the
 * template. In AWS's guide, the names in a context start with an upper-case or a lower-case letter. Leaves a context that
 * is not JSON, or has the same name twice, unchanged, because the change set reader reports it.
 * https://docs.aws.amazon.com/cloudformation-cli/latest/hooks-userguide/lambda-hooks-create-lambda-function.html
 */
function contextOf(
  context: Json | undefined,
  name: string,
  type: string,
  resource?: Json,
): string | null | { reason: string } {
  if (typeof context !== "string") return null;
  const parsed = parseJson({ path: name, text: context });
  if (isProblem(parsed)) return context;
  const { value } = parsed;
  const entries = isMap(value) ? Object.entries(value).map(([key, item]) => [capitalized(key), item]) : [];
  const { Properties: properties, ...others } = Object.fromEntries(entries) as JsonMap;
  if (new Set(entries.map(([key]) => key)).size < entries.length)
    return { reason: `The ${name} has the same name in upper and lower case.` };
  if (isReadType(type) && !isMap(properties) && !mayHaveNoProperties(value, type, resource))
    return { reason: `The ${name} has neither "Properties" nor "properties" with an object.` };
  return JSON.stringify({ ...attributesOf(resource), ...others, Properties: properties ?? {} });
}

const capitalized = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);

/** Suppressions are in Metadata. */
const ATTRIBUTES = ["DeletionPolicy", "UpdateReplacePolicy", "Metadata"];

/**
 * Returns whether a context can be that of a resource without properties: it is empty except for attributes. That of a KMS
 * resource is one only if the resource has no properties in the template either.
 */
const mayHaveNoProperties = (context: Json, type: string, resource: Json | undefined): boolean =>
  isMap(context) &&
  Object.entries(context).every(([key, value]) => value === null || ATTRIBUTES.includes(capitalized(key))) &&
  (!type.startsWith("AWS::KMS::") || (isMap(resource) && (resource.Properties ?? null) === null));

const attributesOf = (resource: Json | undefined): JsonMap =>
  isMap(resource)
    ? Object.fromEntries(Object.entries(resource).filter(([name]) => ATTRIBUTES.includes(name)))
    : {};
