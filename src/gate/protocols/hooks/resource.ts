import { keyKind } from "../../../core/formats/change-set/actions.ts";
import type { Alias, Document, Entity, Key } from "../../../core/model/document.ts";
import type { Finding } from "../../../core/model/report.ts";
import { type Decider, withReport } from "../../decision.ts";
import { withoutRelatedKey } from "../../related-key.ts";
import type { HookInvocation } from "./invocation.ts";
import {
  decideChanges,
  type HookResourceChange,
  type TargetDecision,
  targetDecision,
} from "./target-decision.ts";

/**
 * Decides about a resource whose stack is not in the event. The resource is evaluated twice as a change set with one
 * change: alone, and together with an alias and a replica key of unknown target. A failure that occurs only alone
 * could be resolved by another resource of the stack, so it does not count. Rules need no knowledge of hooks.
 */
export function decideResource(invocation: HookInvocation, decide: Decider): TargetDecision | string {
  const { action = "", name, type, properties, previous } = invocation;
  if (properties === null && action !== "DELETE") return `The invocation has no properties of ${name}.`;
  // The properties of an existing key decide which changes are possible.
  if (previous === null && action === "UPDATE" && keyKind(type) !== undefined)
    return `The invocation has no previousResourceProperties of ${name}.`;
  const contextOf = (value: object | null) => (value === null ? null : JSON.stringify({ Properties: value }));
  const change: HookResourceChange = {
    action,
    id: name,
    type,
    before: contextOf(previous),
    after: action === "DELETE" ? null : contextOf(properties),
  };
  const alone = decideChanges(invocation, [change], decide);
  if (alone.report.problems.length > 0) return targetDecision(alone);
  const { document, redactor } = alone.evaluated;
  const withOthers = decide.decideDocument(withUnknownResources(document), redactor);
  const isOfTarget = (finding: Finding): boolean => finding.resource === name;
  const findings = withOthers.report.findings.filter(isOfTarget);
  const exceptions = withOthers.report.exceptions.filter(isOfTarget);
  const confirmed = new Set(findings.filter(isFailure).map(identityOf));
  const unconfirmed = alone.report.findings.filter(
    (finding) => isFailure(finding) && !confirmed.has(identityOf(finding)),
  );
  const unconfirmedIdentities = new Set(unconfirmed.map(identityOf));
  const report = withoutRelatedKey({
    ...withOthers.report,
    findings: findings.filter((finding) => !unconfirmedIdentities.has(identityOf(finding))),
    exceptions,
    files: alone.report.files,
  });
  return { ...targetDecision(withReport(alone, report, decide)), unconfirmed };
}

const isFailure = ({ verdict }: Finding): boolean => verdict === "fail";
const identityOf = ({ rule, statement = "" }: Finding): string => `${rule} ${statement}`;

const ELSEWHERE = "(elsewhere)";
const UNKNOWN = {
  unknown: { reason: "CloudFormation sends only one resource to the hook", expression: ELSEWHERE },
};

/**
 * Returns the document with an alias and a replica key that may belong to any key. Removes `retention`, because the
 * event has no resource attributes such as DeletionPolicy.
 */
function withUnknownResources(document: Document): Document {
  const [first] = document.keys;
  if (first === undefined) return document;
  const entity = (type: string): Entity => ({
    id: `${first.scope}#${ELSEWHERE}${type}`,
    // Not the expression of the unknown target, which would then refer to the alias itself.
    resource: `${ELSEWHERE} ${type}`,
    type,
    scope: first.scope,
    location: first.location,
    locations: {},
    defaults: [],
  });
  const target = { text: UNKNOWN, keys: [] };
  const alias: Alias = {
    ...entity("AWS::KMS::Alias"),
    name: UNKNOWN,
    prefix: false,
    target,
    region: UNKNOWN,
  };
  const replica: Key = {
    ...entity("AWS::KMS::ReplicaKey"),
    kind: "replica",
    owner: UNKNOWN,
    region: UNKNOWN,
    partition: UNKNOWN,
    policy: { state: "unresolved", ...UNKNOWN, statements: [], problems: [] },
    properties: {},
    primary: target,
  };
  const keys = document.keys.map(({ retention: _, ...key }) => key);
  return { ...document, keys: [...keys, replica], aliases: [...document.aliases, alias] };
}
