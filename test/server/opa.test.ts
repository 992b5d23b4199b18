import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { normalizeInputs } from "../../src/core/pipeline.ts";
import type { ProtocolResponse } from "../../src/gate/protocol.ts";
import { opaProtocol } from "../../src/gate/protocols/opa/index.ts";
import { decideBy, request } from "./support.ts";

const decide = decideBy();
type Call = [method: string, target: string, body?: string, type?: string];
const call = ([method, target, body = "", type]: Call, by = decide): ProtocolResponse =>
  opaProtocol.handle(request(method, target, body, type === undefined ? {} : { "content-type": type }), by);

interface Documents {
  allow: boolean;
  deny: { msg: string; loc: object; metadata: { [name: string]: unknown } }[];
  warn: Documents["deny"];
  skipped: Documents["deny"];
  problems: { message: string; file: string }[];
  notices: { message: string }[];
  outcome: string;
}
const documents = (input: unknown, by = decide): Documents =>
  JSON.parse(call(["POST", "/v1/data/keywarden", JSON.stringify({ input })], by).body).result;

const everyone = {
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: "*", Action: "kms:*", Resource: "*" }],
};
const key = (properties: object) => ({
  Resources: { Key: { Type: "AWS::KMS::Key", DeletionPolicy: "Retain", Properties: properties } },
});
const good = {
  Version: "2012-10-17",
  Statement: [
    {
      Sid: "Owner",
      Effect: "Allow",
      Principal: { AWS: "arn:aws:iam::111122223333:root" },
      Action: "kms:*",
      Resource: "*",
    },
  ],
};
const ack = {
  apiVersion: "kms.services.k8s.aws/v1alpha1",
  kind: "Key",
  metadata: { name: "app" },
  spec: { enableKeyRotation: false },
};
const plan = (body: string) => ({ path: "main.tf", text: `resource "aws_kms_key" "app" {\n${body}\n}\n` });
const document = (value: object) => {
  const text = JSON.stringify(value);
  return normalizeInputs([{ path: "input", text, named: true }]).document;
};
const rules = ({ deny, warn }: Documents) => [...deny, ...warn].map(({ metadata }) => metadata["rule"]);

describe("inputs", () => {
  const denied: [name: string, input: unknown, rule: string][] = [
    ["a key policy", everyone, "public_access"],
    ["its text", JSON.stringify(everyone), "public_access"],
    ["a template", key({ KeyPolicy: everyone }), "public_access"],
    ["the text of a template", `Resources:\n  Key: {Type: AWS::KMS::Key}`, "rotation_disabled"],
    ["the text of Terraform's source", 'resource "aws_kms_key" "app" {}', "rotation_disabled"],
    ["an object of Kubernetes", ack, "rotation_disabled"],
    [
      "an AdmissionReview",
      { apiVersion: "admission.k8s.io/v1", kind: "AdmissionReview", request: { uid: "1", object: ack } },
      "rotation_disabled",
    ],
    ["a file", { path: "key.json", text: JSON.stringify(everyone) }, "public_access"],
    ["a file without a path", { text: 'resource "aws_kms_key" "app" {}' }, "rotation_disabled"],
    ["files", { files: [plan("enable_key_rotation = false")] }, "rotation_disabled"],
    ["a document", document(everyone), "public_access"],
  ];
  for (const [name, input, rule] of denied)
    it(name, () => {
      const told = documents(input);
      assert.ok(rules(told).includes(rule), JSON.stringify(told).slice(0, 1000));
      assert.deepEqual(told.problems, []);
    });

  it("Terraform source can read the files next to it", () => {
    const policy = 'policy = file("${path.module}/policy.json")';
    const files = [plan(policy), { path: "policy.json", text: JSON.stringify(everyone) }];
    const { deny } = documents({ files });
    assert.deepEqual(
      deny
        .map(({ metadata: { resource, rule } }) => [resource, rule])
        .filter(([, rule]) => rule === "public_access"),
      [["aws_kms_key.app", "public_access"]],
    );
  });

  it("the account and Region affect the decision", () => {
    const text = JSON.stringify(good);
    const about = (account: string) => documents({ account, region: "eu-central-1", text });
    assert.equal(about("111122223333").outcome, "allowed");
    assert.equal(about("444455556666").outcome, "denied");
  });

  it("findings have JSON pointers into the input", () => {
    const { deny } = documents(everyone);
    const [finding] = deny.filter(({ metadata }) => metadata["rule"] === "public_access");
    assert.deepEqual(finding?.loc, { file: "input", line: 1 });
    assert.equal(finding?.metadata["pointer"], "/Statement/0/Principal");
  });

  it("a document gets the same decision as its source", () =>
    assert.deepEqual(documents(document(key({}))), documents(key({}))));

  it("an input without keys is allowed, with a notice that nothing was checked", () => {
    for (const input of [
      {},
      [],
      { Resources: {} },
      { files: [{ path: "main.tf", text: 'locals { a = "b" }' }] },
    ]) {
      const told = documents(input);
      assert.equal(told.allow, true, JSON.stringify(input));
      assert.match(told.notices[0]?.message ?? "", /nothing checked/);
    }
  });

  const empty = document({});
  const undecidable: [input: unknown, message: RegExp][] = [
    [7, /^The input is 7\.$/],
    [false, /^The input is false\.$/],
    [{ text: 7 }, /^\/text is not a string/],
    [{ path: 7, text: "" }, /^\/path is not a string/],
    [{ path: "a\0", text: "" }, /is not a path/],
    [{ path: "a/".repeat(600), text: "" }, /is not a path/],
    [{ text: "", acount: "1" }, /Unknown member "\/acount"/],
    [{ text: "", account: 111122223333 }, /111122223333 is not an AWS account ID/],
    [{ text: "", region: "Frankfurt" }, /"Frankfurt" is not an AWS Region/],
    [{ files: [] }, /^\/files is not a list of files/],
    [{ files: { path: "a", text: "" } }, /^\/files is not a list of files/],
    [{ files: [{ text: "" }, "text"] }, /^\/files\/1 is not a file/],
    [{ files: [{ text: "" }], path: "a" }, /Unknown member "\/path"/],
    [{ files: [plan(""), { ...plan(""), path: "./main.tf" }] }, /"\.\/main\.tf" occurs twice/],
    [{ text: "Resources: [AWS::KMS::Key" }, /./],
    [{ files: [plan("}")] }, /./],
    [{ ...empty, version: 2 }, /^The normalized document is not valid: \/version must be equal to constant/],
    [{ ...empty, keys: undefined }, /: it must have required property 'keys'/],
    [{ ...empty, keys: [{}] }, /: \/keys\/0 must have required property/],
    [{ ...empty, keyes: [] }, /: it must NOT have additional properties: "keyes"/],
    [{ dataVersion: "2026-01-01" }, /must have required property/],
    [
      { ...document(good), keys: [{ ...document(good).keys[0], owner: 7 }] },
      /\/keys\/0\/owner must be string or/,
    ],
  ];
  for (const [input, message] of undecidable)
    it(`undecided: ${JSON.stringify(input).slice(0, 60)}`, () => {
      const { allow, outcome, problems, deny } = documents(input);
      assert.deepEqual(
        { allow, outcome, count: problems.length },
        { allow: false, outcome: "undecided", count: 1 },
      );
      assert.match(problems[0]?.message ?? "", message);
      assert.equal(deny[0]?.msg.startsWith(problems[0]?.message ?? "-"), true);
      assert.deepEqual(documents(input, decideBy({ failMode: "open" })).allow, true);
    });

  it("a document that the rules cannot evaluate is denied", () => {
    const engine = {
      rules: [],
      evaluate: () => {
        throw new Error("out of memory");
      },
    };
    const { allow, outcome, problems } = documents(document(good), decideBy({ engine }));
    assert.deepEqual({ allow, outcome }, { allow: false, outcome: "undecided" });
    assert.match(problems[0]?.message ?? "", /out of memory/);
  });
});

describe("deny is empty if and only if the change is allowed", () => {
  const noisy = key({ EnableKeyRotation: false, KeyPolicy: good });
  const cases: [name: string, input: unknown, options: Parameters<typeof decideBy>[0], allow: boolean][] = [
    ["findings", everyone, {}, false],
    ["findings that deny nothing", everyone, { noFail: true }, true],
    ["warnings", noisy, {}, true],
    ["warnings that deny", noisy, { failOnWarn: true }, false],
    ["an input that cannot be read", { text: 1 }, {}, false],
    ["the same in the fail mode open", { text: 1 }, { failMode: "open" }, true],
  ];
  for (const [name, input, options, allow] of cases)
    it(name, () => {
      const told = documents(input, decideBy(options));
      assert.equal(told.allow, allow);
      assert.equal(told.deny.length === 0, allow, JSON.stringify(told));
      // Nothing gets lost on the way from one list to the other.
      const findings = rules(told).filter((rule) => rule !== undefined);
      assert.deepEqual(
        findings.sort(),
        rules(documents(input))
          .filter((rule) => rule !== undefined)
          .sort(),
      );
    });
});

describe("paths, methods and bodies", () => {
  const input = JSON.stringify({ input: everyone });
  const cases: [call: Call, status: number, body: RegExp][] = [
    [["POST", "/v1/data/keywarden/revision", input], 200, /"result":"[0-9a-f]{12}"/],
    [["POST", "/v1/data/keywarden/document/keys/0/kind", input], 200, /"result":"policy"/],
    [["POST", "/v1/data/keywarden", input], 200, /^(?!.*"document")/],
    [["POST", "/v1/data/keywarden/allow"], 200, /"result":false,"warning":\{"code":"api_usage_warning"/],
    [["GET", "/v1/data/keywarden/allow"], 200, /"result":false\}/],
    [
      ["POST", "/v1/data/keywarden/allow?provenance", input],
      200,
      /"version":"0\.0\.0".*"revision":"[0-9a-f]{12}"/,
    ],
    // OPA takes the first value and drops the rest; of a key that stands twice it takes the last.
    [["POST", "/v1/data/keywarden/allow", `${input} x`], 400, /"invalid_parameter"/],
    [["POST", "/v1/data/keywarden/allow", `{"input": 1, ${input.slice(1)}`], 400, /"invalid_parameter"/],
    [
      ["POST", "/v1/data/keywarden/allow", "a: 1\n---\nb: 1\n", "application/yaml"],
      400,
      /more than one YAML document/,
    ],
    [["PUT", "/v1/data/keywarden/allow", "true"], 405, /^$/],
    [["DELETE", "/v1/data"], 405, /^$/],
  ];
  for (const [asked, status, body] of cases)
    it(asked.join(" ").slice(0, 80), () => {
      const answer = call(asked);
      assert.equal(answer.status, status);
      assert.match(answer.body, body);
    });

  it("bytes that are not UTF-8 are rejected", () => {
    const body = Buffer.from([...Buffer.from('{"input": "'), 0xff, ...Buffer.from('"}')]);
    const { status } = opaProtocol.handle(request("POST", "/v1/data/keywarden/allow", body), decide);
    assert.equal(status, 400);
  });

  it("YAML with the short tags of CloudFormation is read", () => {
    const body =
      "input:\n  Resources:\n    Key:\n      Type: AWS::KMS::Key\n      Properties: {EnableKeyRotation: !Ref On}\n";
    const { result } = JSON.parse(call(["POST", "/v1/data/keywarden", body, "application/yaml"]).body);
    assert.match(JSON.stringify(result), /rotation_disabled/);
  });

  it("other requests do not match", () => {
    for (const [method, path] of [
      ["GET", "/"],
      ["GET", "/v1"],
      ["POST", "/v1/query"],
      ["GET", "/v1/database"],
      ["GET", "/v2/data"],
    ] as const)
      assert.equal(opaProtocol.matches(method, path), false, `${method} ${path}`);
  });
});

describe("the decision log", () => {
  it("has the requested path, the outcome, the document and the result", () => {
    const { decision } = call(["POST", "/v1/data/keywarden/allow", JSON.stringify({ input: everyone })]);
    assert.deepEqual(decision, {
      path: "keywarden/allow",
      outcome: "denied",
      result: false,
      input: document(everyone),
      findings: decision?.findings,
    });
    assert.ok(
      decision?.findings?.some(
        ({ rule, level, count }) => rule === "public_access" && level === "error" && count === 1,
      ),
    );
    assert.equal(call(["POST", "/v0/data", JSON.stringify(everyone)]).decision?.path, "");
  });
  it("has no document if nothing could be read", () => {
    const { decision } = call(["POST", "/v1/data/keywarden/allow", '{"input": {"text": 1}}']);
    assert.deepEqual(decision, {
      path: "keywarden/allow",
      outcome: "undecided",
      result: false,
      reason:
        "The input, or a part of it, could not be checked. The response and the decision log have the details.",
      findings: [],
    });
  });
  it("has no entry if nothing was decided", () => {
    assert.equal(call(["POST", "/v1/data/other", '{"input": 1}']).decision, undefined);
    assert.equal(call(["POST", "/v1/data/keywarden", "{"]).decision, undefined);
  });
});

it("a request that the server could not decide is undecided, unless it is for another document", () => {
  const failure = { kind: "timeout", message: "The decision took longer than 5 s." } as const;
  const decisionFor = (method: string, path: string) =>
    opaProtocol.handleFailure(request(method, path), failure, "closed").decision;
  for (const path of ["/v1/data/keywarden/allow", "/v0/data/keywarden/allow"])
    assert.deepEqual(decisionFor("POST", path), {
      path: "keywarden/allow",
      outcome: "undecided",
    });
  assert.equal(decisionFor("GET", "/v1/data")?.path, "");
  assert.equal(decisionFor("GET", "/v1/data/keywarden")?.path, "keywarden");
  for (const [method, path] of [
    ["POST", "/"],
    ["POST", "/v1/data/other"],
    ["POST", "/v1/data/keywardens"],
    ["DELETE", "/v1/data/keywarden"],
  ] as const)
    assert.equal(decisionFor(method, path), undefined, `${method} ${path}`);
});

it("a server error is an error in both fail modes", () => {
  const failure = { kind: "overloaded", message: "Too many requests.", retryAfterSeconds: 0.2 } as const;
  for (const mode of ["closed", "open"] as const) {
    const answer = opaProtocol.handleFailure(request("POST", "/v1/data/keywarden/allow"), failure, mode);
    assert.equal(answer.status, 429);
    assert.equal(answer.headers["retry-after"], "1");
    assert.deepEqual(JSON.parse(answer.body), { code: "too_many_requests", message: "Too many requests." });
  }
});
