import assert from "node:assert/strict";
import { test } from "node:test";
import { openQuestions } from "../../src/core/model/open-questions.ts";
import type { Report } from "../../src/core/model/report.ts";
import type { UnseenPart } from "../../src/core/model/source.ts";
import { decisionMessage } from "../../src/gate/messages.ts";
import { decideObject } from "../../src/gate/protocols/kubernetes/decision.ts";
import { opaDocuments } from "../../src/gate/protocols/opa/documents.ts";
import { taskOutcomes } from "../../src/gate/protocols/run-task/outcomes.ts";
import { decideBy, ownPolicy } from "./support.ts";

const part: UnseenPart = {
  kind: "nested-stack",
  file: "template.json",
  subject: "keys.yaml",
  message: "The template of the nested stack Keys is not in the input.",
  remedy: "Check keys.yaml, too.",
};
const reader = {
  Sid: "Reader",
  Effect: "Allow",
  Principal: { AWS: { Ref: "Reader" } },
  Action: "kms:Decrypt",
  Resource: "*",
};
const template = JSON.stringify({
  Parameters: { Reader: { Type: "String" } },
  Resources: {
    Key: {
      Type: "AWS::KMS::Key",
      Properties: { KeyPolicy: JSON.parse(ownPolicy(reader)), EnableKeyRotation: true },
    },
  },
});
const input = [{ path: "template.json", text: template, named: true }];

for (const [failMode, allowed] of [
  ["closed", false],
  ["open", true],
] as const)
  test(`an unknown verdict that must be known leaves the request undecided; fail mode ${failMode}`, () => {
    const decide = decideBy({ failMode, failOnUnknown: true });
    const decision = decide(input);
    assert.deepEqual([decision.outcome, decision.allowed], ["undecided", allowed]);
    assert.match(decisionMessage(decision, failMode, 1000), /Cannot tell whether .*Reader/);
    assert.equal(opaDocuments(decision, decide).deny.length > 0, !allowed);
  });

const outcomes: [options: Parameters<typeof decideBy>[0], outcome: string][] = [
  [{}, "allowed"],
  [{ failOnUnknown: false }, "allowed"],
  [{ failOnUnknown: ["grant_cross_account"] }, "allowed"],
  [{ failOnUnknown: ["public_access"] }, "undecided"],
  [{ failOnUnknown: true, noFail: true }, "allowed"],
];
for (const [options, outcome] of outcomes)
  test(`the outcome with ${JSON.stringify(options)} is ${outcome}`, () => {
    assert.equal(decideBy(options)(input).outcome, outcome);
  });

test("a key policy that is not in the input leaves the request undecided, although its rule is a note", () => {
  const unresolved = template.replace(/"KeyPolicy":\{.*?\},"E/, '"KeyPolicy":{"Ref":"Reader"},"E');
  const decide = (options: Parameters<typeof decideBy>[0]) =>
    decideBy(options)([{ path: "template.json", text: unresolved, named: true }]);
  assert.deepEqual(
    decide({}).report.findings.flatMap(({ rule, verdict }) => (verdict === "unknown" ? [rule] : [])),
    ["policy_unresolved"],
  );
  assert.equal(decide({ failOnUnknown: true }).outcome, "undecided");
  assert.equal(decide({ failOnUnknown: ["public_access"] }).outcome, "undecided");
  assert.equal(decide({ failOnUnknown: ["rotation_disabled"] }).outcome, "allowed");
});

const keyArn = "arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
const role = "arn:aws:iam::111122223333:role/orders";
const related: [kind: string, spec: object, rule: string][] = [
  ["Alias", { name: "alias/orders", targetKeyRef: { from: { name: "orders" } } }, "alias_region"],
  ["Grant", { keyID: keyArn, granteePrincipal: role, operations: ["Decrypt"] }, "grant_operations_unfit"],
  [
    "ReplicaKey",
    { keyRef: { from: { name: "orders" } }, replicaRegion: "eu-west-1", policy: ownPolicy() },
    "replica_primary",
  ],
];
for (const [kind, spec, rule] of related)
  test(`a Kubernetes ${kind} whose key is another object is allowed, unless ${rule} must be known`, () => {
    const metadata = { name: "orders", annotations: { "services.k8s.aws/deletion-policy": "retain" } };
    const text = JSON.stringify({ apiVersion: "kms.services.k8s.aws/v1alpha1", kind, metadata, spec });
    const path = `${kind}/orders.json`;
    const decide = (failOnUnknown: true | string[]) =>
      decideObject({ path, text }, decideBy({ failOnUnknown }));
    const { outcome, report } = decide(true);
    assert.equal(outcome, "allowed");
    assert.ok(report.findings.some((finding) => finding.rule === rule && finding.verdict === "unknown"));
    assert.equal(decide([rule]).outcome, "undecided");
    // Other inputs may contain the key.
    assert.equal(decideBy({ failOnUnknown: true })([{ path, text, named: true }]).outcome, "undecided");
  });

test("an unchecked part leaves the request undecided if unknown verdicts do", () => {
  const decide = decideBy();
  const report: Report = { ...decide([]).report, unseen: [part] };
  assert.equal(decide.conclude(report).outcome, "allowed");
  assert.equal(decide.conclude({ ...report, failOnUnknown: ["public_access"] }).outcome, "undecided");
  assert.deepEqual(openQuestions({ ...report, failOnUnknown: true }), [
    { file: part.file, message: part.message, remedy: part.remedy },
  ]);
});

test("an allowed request with an unchecked part does not look like a clean pass", () => {
  const decide = decideBy();
  const decision = decide([]);
  const report: Report = { ...decision.report, unseen: [part] };
  assert.match(
    decisionMessage({ ...decision, report }, "closed", 1000),
    /1 part not checked[^]*nested stack Keys/,
  );
  assert.deepEqual(
    taskOutcomes(report).map(({ attributes }) => attributes["outcome-id"]),
    ["unseen"],
  );
  const { unseen, skipped } = opaDocuments({ ...decision, report }, decide);
  assert.deepEqual(unseen, [part]);
  assert.deepEqual(
    skipped.map(({ msg }) => msg),
    [`Not checked: ${part.message} ${part.remedy}`],
  );
});
