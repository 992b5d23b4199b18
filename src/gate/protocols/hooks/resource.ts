import type { Alias, Document, Entity, Key } from "../../../core/model/document.ts";
import type { Finding } from "../../../core/model/report.ts";
import type { Decide } from "../../decide.ts";
import type { HookInvocation } from "./invocation.ts";
import { decideChanges, type Judgement, judgementOf } from "./judge.ts";

/**
 * A resource that comes without the rest of its stack. It is a change set of one change, and it is judged twice: as it
 * stands, and beside others of which nothing is known. What fails as it stands and not beside them could be put right
 * by something out of sight (an alias, a replica), so it counts for nothing. No rule has to know about hooks.
 */
export function judgeResource(invocation: HookInvocation, decide: Decide): Judgement | string {
  const { action = "", name, type, properties, previous } = invocation;
  if (properties === null && action !== "DELETE") return `The invocation holds no properties of ${name}.`;
  const context = (of: object | null) => (of === null ? null : JSON.stringify({ Properties: of }));
  const change = {
    action,
    id: name,
    type,
    before: context(previous),
    after: action === "DELETE" ? null : context(properties),
  };
  const alone = decideChanges(invocation, [change], decide);
  if (alone.outcome === "undecided") return judgementOf(alone);
  const open = decide.document(amongUnknowns(alone.document));
  const ofTarget = (finding: Finding): boolean => finding.resource === name;
  const [findings, exceptions] = [
    open.report.findings.filter(ofTarget),
    open.report.exceptions.filter(ofTarget),
  ];
  const stands = new Set(findings.filter(isFailure).map(keyOf));
  const outOfSight = alone.report.findings.filter((f) => isFailure(f) && !stands.has(keyOf(f)));
  const hidden = new Set(outOfSight.map(keyOf));
  const report = {
    ...open.report,
    findings: findings.filter((f) => !hidden.has(keyOf(f))),
    exceptions,
    files: alone.report.files,
  };
  return { ...judgementOf({ ...alone, ...decide.verdict(report), report }), outOfSight };
}

const isFailure = ({ verdict }: Finding): boolean => verdict === "fail";
const keyOf = ({ rule, statement = "" }: Finding): string => `${rule} ${statement}`;

const ELSEWHERE = "(elsewhere)";
const unseen = {
  unknown: { reason: "CloudFormation shows the hook one resource alone", expression: ELSEWHERE },
};

/**
 * The document with an alias and a replica of whatever key: the open world. Attributes of a resource, such as
 * DeletionPolicy, are no properties, and so out of sight too.
 */
function amongUnknowns(document: Document): Document {
  const [first] = document.keys;
  if (first === undefined) return document;
  const entity = (type: string): Entity => ({
    id: `${first.scope}#${ELSEWHERE}${type}`,
    resource: ELSEWHERE,
    type,
    scope: first.scope,
    location: first.location,
    locations: {},
    defaults: [],
  });
  const target = { text: unseen, keys: [] };
  const alias: Alias = { ...entity("AWS::KMS::Alias"), name: unseen, prefix: false, target, region: unseen };
  const replica: Key = {
    ...entity("AWS::KMS::ReplicaKey"),
    kind: "replica",
    owner: unseen,
    region: unseen,
    partition: unseen,
    policy: { state: "unresolved", ...unseen, statements: [], problems: [] },
    properties: {},
    primary: target,
  };
  const keys = document.keys.map(({ retention: _, ...key }) => key);
  return { ...document, keys: [...keys, replica], aliases: [...document.aliases, alias] };
}
