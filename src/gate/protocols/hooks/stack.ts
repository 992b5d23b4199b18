import { isDeepStrictEqual } from "node:util";
import type { Change, Document, Key, KeyProperties, Removal } from "../../../core/model/document.ts";
import type { JsonMap } from "../../../core/model/json.ts";
import type { Report } from "../../../core/model/report.ts";
import type { Problem } from "../../../core/model/source.ts";
import { type Decider, type PolicyDecision, withReport } from "../../decision.ts";
import { withProblem } from "../../required-content.ts";
import type { HookInvocation } from "./invocation.ts";
import { type TargetDecision, targetDecision, targetLocation, targetPath } from "./target-decision.ts";

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
    if (invocation.action !== "DELETE" || typeof (template ?? "") !== "string")
      return "The payload has no template.";
    const remark =
      "CloudFormation does not send the template of a stack that it deletes. Use a hook with the target RESOURCE to check the deletion of keys.";
    return targetDecision(decide([]), [remark]);
  }
  const path = targetPath(invocation);
  const decideTemplate = (text: string) =>
    decide([{ path, text, named: true, nameOnly: true }], targetLocation(invocation));
  const current = decideTemplate(template);
  if (current.report.problems.length > 0) return targetDecision(current);
  if (!current.formats.has("cloudformation"))
    return targetDecision(
      decide.requireContent ? withProblem(current, { file: path, ...notATemplate }, decide) : current,
    );
  const isMissing = previousTemplate == null || previousTemplate === "";
  if (isMissing && invocation.action !== "UPDATE") return targetDecision(current);
  const previous = typeof previousTemplate === "string" ? decideTemplate(previousTemplate) : undefined;
  if (
    previous === undefined ||
    previous.report.problems.length > 0 ||
    !previous.formats.has("cloudformation")
  )
    return targetDecision(
      withProblem(current, previousTemplateProblem(path, isMissing, previous?.report.problems[0]), decide),
    );
  const document = withChanges(current.evaluated.document, previous.evaluated.document);
  if (document === undefined) return targetDecision(current);
  const redactor = current.evaluated.redactor.and(previous.evaluated.redactor);
  const report = mergeReports(current, decide.decideDocument(document, redactor));
  return targetDecision(withReport(current, report, decide));
}

const notATemplate = {
  message: "The template in the payload has no resources, so there is nothing to check.",
  remedy: "Check that CloudFormation accepts the template.",
};

/** Without the previous template, neither changed properties nor removed keys are known. */
const previousTemplateProblem = (file: string, isMissing: boolean, cause?: Problem): Problem => ({
  file,
  message: [
    `The payload has ${isMissing ? "no previousTemplate" : "a previousTemplate that cannot be read"}, so Keywarden cannot check what the update changes and removes.`,
    ...(cause === undefined ? [] : [cause.message]),
  ].join(" "),
  remedy: "Use a hook with the target CHANGE_SET or RESOURCE for this stack.",
});

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
