import assert from "node:assert/strict";
import { test } from "node:test";
import type { Decider } from "../../src/gate/decision.ts";
import type { ProtocolResponse } from "../../src/gate/protocol.ts";
import { ADMISSION_PATH, admissionProtocol } from "../../src/gate/protocols/admission.ts";
import { checkProtocol } from "../../src/gate/protocols/check/index.ts";
import { EXTERNAL_DATA_PATH, externalDataProtocol } from "../../src/gate/protocols/external-data.ts";
import { protocols } from "../../src/gate/protocols/index.ts";
import { opaProtocol } from "../../src/gate/protocols/opa/index.ts";
import { contentProtocols } from "../../src/session/require-content.ts";
import { ask, serve } from "./served.ts";
import { ackKey, admissionReview, decideBy, goodPolicy, openPolicy, request, requestOf } from "./support.ts";

const lax = decideBy();
const strict = decideBy({ requireContent: true });
const strictOpen = decideBy({ requireContent: true, failMode: "open" });

/** Texts in which nothing is a template, plan, change set, policy, Kubernetes object or Terraform file. */
const unrecognized: [string, string][] = [
  ["white space", " \n"],
  ["a comment", "# Keys\n"],
  ["an empty object", "{}"],
  ["an empty list", "[]"],
  ["null", "null"],
  ["a number", "5"],
  ["a string", '"hello"'],
  ["a list of strings", '["a","b"]'],
  ["an error in JSON", '{"errors":[{"status":"401","title":"unauthorized"}]}'],
  ["an error of Kubernetes", '{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure"}'],
  ["an HTML page", "<!DOCTYPE html>\n<html><body><h1>502 Bad Gateway</h1></body></html>\n"],
  ["plain text", "Service Unavailable"],
  ["YAML", "error: service unavailable\n"],
  ["a template without resources", '{"Resources":{}}'],
  ["only a format version", '{"format_version":"1.2"}'],
];

/** Texts without KMS resources that are complete. */
const recognized: [string, string, string?][] = [
  ["a template", '{"Resources":{"Topic":{"Type":"AWS::SNS::Topic"}}}'],
  [
    "a template that a macro completes",
    '{"AWSTemplateFormatVersion":"2010-09-09","Transform":"Macro","Resources":{}}',
  ],
  ["a plan", '{"format_version":"1.2","planned_values":{"root_module":{}}}'],
  ["a change set", '{"ChangeSetId":"c","Changes":[]}'],
  ["a manifest", '{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"orders"}}'],
  ["a list of Kubernetes", '{"apiVersion":"v1","kind":"List","items":[]}'],
  [
    "the policy of another service",
    '{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*"}]}',
  ],
  ["Terraform source", 'resource "aws_vpc" "main" {}\n', "main.tf"],
  ["Terraform source in JSON", '{"//":"generated","locals":{"a":1}}', "main.tf.json"],
  ["a Terragrunt configuration", 'remote_state {\n  backend = "s3"\n}\n', "terragrunt.hcl"],
];

const check = (text: string, by: Decider, path = "input"): ProtocolResponse =>
  checkProtocol.handle(request("POST", `/check?path=${path}`, text), by);

for (const [name, text] of unrecognized)
  test(`/check: ${name} is empty, and undecided if content is required`, () => {
    const response = check(text, lax);
    const { allowed, outcome, notices } = JSON.parse(response.body);
    assert.deepEqual([response.status, allowed, outcome], [200, true, "empty"]);
    assert.equal(response.decision?.outcome, "empty");
    assert.equal(notices.length, 1);
    const refused = check(text, strict);
    const report = JSON.parse(refused.body);
    assert.deepEqual([refused.status, report.allowed, report.outcome], [422, false, "undecided"]);
    assert.match(report.problems[0].message, /^The input is not a template, plan, /);
    assert.equal(JSON.parse(check(text, strictOpen).body).allowed, true);
  });

for (const [name, text, path] of recognized)
  test(`/check: ${name} without keys is allowed, also if content is required`, () => {
    for (const by of [lax, strict]) {
      const { allowed, outcome } = JSON.parse(check(text, by, path).body);
      assert.deepEqual([allowed, outcome], [true, "allowed"]);
    }
  });

const form = (...parts: [string, string][]) =>
  `${parts
    .map(
      ([path, text]) =>
        `--XX\r\nContent-Disposition: form-data; name="f"; filename="${path}"\r\n\r\n${text}\r\n`,
    )
    .join("")}--XX--\r\n`;
const checkForm = (parts: [string, string][], by: Decider) =>
  checkProtocol.handle(
    request("POST", "/check", form(...parts), { "content-type": "multipart/form-data; boundary=XX" }),
    by,
  ).decision?.outcome;

const forms: [string, [string, string][], string][] = [
  [
    "only unrecognized files",
    [
      ["a.json", "{}"],
      ["b.txt", "hello"],
    ],
    "empty",
  ],
  [
    "empty files",
    [
      ["main.tf", ""],
      ["policy.json", ""],
    ],
    "empty",
  ],
  ["a file of comments", [["main.tf", "# Keys\n"]], "empty"],
  [
    "a template and an unrecognized file",
    [
      ["a.json", "{}"],
      ["t.yaml", "Resources:\n  T:\n    Type: AWS::SNS::Topic\n"],
    ],
    "allowed",
  ],
  [
    "Terraform source and its data",
    [
      ["main.tf", "locals {\n  a = 1\n}\n"],
      ["data.json", "{}"],
    ],
    "allowed",
  ],
  [
    "a key policy",
    [
      ["a.json", "{}"],
      ["policy.json", openPolicy],
    ],
    "denied",
  ],
];

for (const [name, parts, outcome] of forms)
  test(`/check: a form with ${name} is ${outcome}`, () => {
    assert.equal(checkForm(parts, lax), outcome);
    const isUnrecognized = outcome === "empty" || name.includes("unrecognized");
    assert.equal(checkForm(parts, strict), isUnrecognized ? "undecided" : outcome);
  });

test("the output of CDK for Terraform is Terraform source, also without a file name", () => {
  const synthesized = {
    "//": { metadata: { backend: "local", stackName: "keys" } },
    provider: { aws: [{ region: "eu-west-1" }] },
    resource: { aws_kms_key: { orders: { enable_key_rotation: true, policy: openPolicy } } },
    terraform: { backend: { local: { path: "terraform.keys.tfstate" } } },
  };
  const text = JSON.stringify(synthesized, null, 2);
  assert.equal(checkProtocol.handle(request("POST", "/check", text), lax).decision?.outcome, "denied");
  const response = opaProtocol.handle(requestOf("/v1/data/keywarden/deny", { input: synthesized }), lax);
  assert.equal(response.decision?.outcome, "denied");
});

test("/check: no output format of an undecided request looks like a pass", () => {
  for (const format of ["report", "text", "json", "junit", "sarif", "tap", "github", "markdown", "html"]) {
    const response = checkProtocol.handle(request("POST", `/check?format=${format}`, "{}"), strict);
    assert.equal(response.status, 422, format);
    assert.match(response.body, /not a template, plan/, format);
  }
});

const opa = (input: string, by: Decider, path = "/v1/data/keywarden") =>
  JSON.parse(opaProtocol.handle(request("POST", path, `{"input":${input}}`), by).body).result;

for (const [name, input] of unrecognized.filter(([, text]) => /^["[{]/.test(text)))
  test(`/v1/data: ${name} is empty, and undecided if content is required`, () => {
    const { allow, deny, outcome } = opa(input, lax);
    assert.deepEqual([allow, deny, outcome], [true, [], "empty"]);
    const refused = opa(input, strict);
    assert.deepEqual([refused.allow, refused.deny.length, refused.outcome], [false, 1, "undecided"]);
    assert.match(refused.deny[0].msg, /^The input is not a template, plan, /);
  });

test("/v1/data: a document, files and a template without keys are not empty", () => {
  const { result } = JSON.parse(
    opaProtocol.handle(request("POST", "/v1/data/keywarden/document", `{"input":${goodPolicy}}`), lax).body,
  );
  const document = { ...result, keys: [] };
  for (const input of [
    document,
    { files: [{ path: "main.tf", text: "locals {}\n" }] },
    { Resources: { Topic: { Type: "AWS::SNS::Topic" } } },
  ])
    assert.equal(opa(JSON.stringify(input), strict, "/v1/data/keywarden").outcome, "allowed");
  for (const input of [{ files: [{ text: "hello" }] }, { text: "" }])
    assert.equal(opa(JSON.stringify(input), strict).outcome, "undecided");
});

test("/v1/data: no input, null and a number are undecided in any case", () => {
  for (const body of ["", "{}", '{"input":null}', '{"input":5}']) {
    const response = opaProtocol.handle(request("POST", "/v1/data/keywarden", body), lax);
    assert.equal(JSON.parse(response.body).result.outcome, "undecided");
  }
});

const review = (object: object) => admissionReview("CREATE", { object });
const withoutName = { apiVersion: "v1", kind: "ConfigMap", metadata: {} };

test("admission: an object of another kind is allowed, also if content is required", () => {
  const configMap = { ...withoutName, metadata: { name: "orders" } };
  for (const object of [configMap, ackKey({ policy: goodPolicy })])
    assert.equal(
      admissionProtocol.handle(requestOf(ADMISSION_PATH, review(object)), strict).decision?.outcome,
      "allowed",
    );
  const nothing = requestOf(ADMISSION_PATH, review(withoutName));
  assert.equal(admissionProtocol.handle(nothing, lax).decision?.outcome, "empty");
  const { allowed, status } = JSON.parse(admissionProtocol.handle(nothing, strict).body).response;
  assert.equal(allowed, false);
  assert.match(status.message, /not a template, plan/);
});

const providerOf = (by: Decider, ...keys: unknown[]) => {
  const body = {
    apiVersion: "externaldata.gatekeeper.sh/v1beta1",
    kind: "ProviderRequest",
    request: { keys: keys.map((key) => JSON.stringify(key)) },
  };
  const response = externalDataProtocol.handle(requestOf(EXTERNAL_DATA_PATH, body), by);
  return { outcome: response.decision?.outcome, items: JSON.parse(response.body).response.items };
};

test("external data: an unrecognized object is empty, and an error if content is required", () => {
  assert.deepEqual(providerOf(lax, {}), { outcome: "empty", items: [{ key: "{}", value: "", error: "" }] });
  const refused = providerOf(strict, {});
  assert.equal(refused.outcome, "undecided");
  assert.match(refused.items[0].error, /not a template, plan/);
  assert.equal(providerOf(lax, {}, ackKey({ policy: goodPolicy })).outcome, "allowed");
  assert.equal(providerOf(lax, {}, ackKey({ policy: openPolicy })).outcome, "denied");
});

test("external data: a name or a field that belongs to another format does not hide an object", () => {
  for (const name of ["orders.tf", "terragrunt.hcl", "orders.tfvars"])
    assert.equal(providerOf(lax, ackKey({ policy: openPolicy }, { name })).outcome, "denied");
  for (const fields of [
    { format_version: "1.2", planned_values: {} },
    { Resources: { Topic: { Type: "AWS::SNS::Topic" } } },
    { ChangeSetId: "c", Changes: [] },
  ]) {
    const { outcome, items } = providerOf(lax, { ...ackKey({ policy: openPolicy }), ...fields });
    assert.equal(outcome, "undecided");
    assert.match(items[0].error, /The object has fields at its root/);
  }
});

test("--require-content accepts every protocol that decides", () => {
  const names = [...protocols.map(({ name }) => name), "hooks"].sort();
  assert.deepEqual([...contentProtocols], names);
});

test("a server requires content of the protocols that the option lists, and counts empty inputs", async () => {
  const { url } = await serve(["--require-content", "opa,run-task", "--workers", "1"]);
  const empty = await ask(`${url}/check`, { body: "{}" });
  assert.deepEqual([empty.status, JSON.parse(empty.body).outcome], [200, "empty"]);
  const refused = await ask(`${url}/v1/data/keywarden/outcome`, { body: '{"input":{}}' });
  assert.equal(JSON.parse(refused.body).result, "undecided");
  const { body } = await ask(`${url}/metrics`);
  assert.match(body, /^keywarden_decisions_total\{protocol="check",outcome="empty"\} 1$/m);
  assert.match(body, /^keywarden_decisions_total\{protocol="opa",outcome="undecided"\} 1$/m);
});
