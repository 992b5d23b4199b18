import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import fc from "fast-check";
import type { Json, Parsed } from "../../src/core/model/source.ts";
import { parseYaml } from "../../src/core/parse/yaml.ts";
import { answerHook, type HookResponse } from "../../src/gate/protocols/hooks/index.ts";
import { decideBy, read, root } from "./support.ts";

type Fields = { [name: string]: Json };

const decide = decideBy();
const stackId =
  "arn:aws:cloudformation:eu-west-1:111122223333:stack/orders/4e2c0a10-5f5e-11f0-9a1b-0a1b2c3d4e5f";
const own = {
  Effect: "Allow",
  Principal: { AWS: "arn:aws:iam::111122223333:root" },
  Action: "kms:*",
  Resource: "*",
};
const policy = (...statements: Fields[]) => ({ Version: "2012-10-17", Statement: [own, ...statements] });
const good = { Description: "Orders", EnableKeyRotation: true, KeyPolicy: policy() };
const open = {
  ...good,
  KeyPolicy: policy({ Effect: "Allow", Principal: "*", Action: "kms:*", Resource: "*" }),
};

const event = (data: Fields, more: Fields = {}): Fields => ({
  clientRequestToken: "token",
  awsAccountId: "111122223333",
  stackId,
  changeSetId: null,
  hookTypeName: "Keywarden::Kms::Resources",
  hookTypeVersion: "00000001",
  hookModel: { LambdaFunction: "arn:aws:lambda:eu-west-1:111122223333:function:keywarden" },
  actionInvocationPoint: "CREATE_PRE_PROVISION",
  requestContext: { invocation: 1, callbackContext: null },
  requestData: data,
  ...more,
});
const resource = (
  after: Fields | null,
  before: Fields | null = null,
  type = "AWS::KMS::Key",
  more: Fields = {},
) =>
  event(
    {
      targetName: type,
      targetType: type,
      targetLogicalId: "OrdersKey",
      targetModel: { resourceProperties: after, previousResourceProperties: before },
    },
    {
      actionInvocationPoint: `${before === null ? "CREATE" : after === null ? "DELETE" : "UPDATE"}_PRE_PROVISION`,
      ...more,
    },
  );
const url = "https://bucket.s3.eu-west-1.amazonaws.com/key?X-Amz-Signature=s";
const stack = (action = "CREATE") =>
  event(
    { targetName: "STACK", targetType: "STACK", targetLogicalId: "orders", payload: url },
    { actionInvocationPoint: `${action}_PRE_PROVISION` },
  );
const changeSet = event(
  {
    targetName: "CHANGE_SET",
    targetType: "CHANGE_SET",
    targetLogicalId: "arn:aws:cloudformation:eu-west-1:111122223333:changeSet/update/1a2345b6",
    payload: url,
  },
  { actionInvocationPoint: undefined as unknown as Json },
);
const answer = (of: Fields, payload?: Json, by = decide): HookResponse =>
  answerHook(of, payload === undefined ? undefined : JSON.stringify(payload), by).response;
const verdict = ({ hookStatus, errorCode }: HookResponse) => errorCode ?? hookStatus;
const named = ({ annotations = [] }: HookResponse, status: string) =>
  annotations.filter((one) => one.status === status).map(({ annotationName }) => annotationName);

const resources: [string, Fields, string, string[]][] = [
  ["a good key", resource(good), "SUCCESS", []],
  ["a key that everyone may use", resource(open), "NonCompliant", ["public_access"]],
  [
    "values that are texts",
    resource({ ...good, EnableKeyRotation: "false" }),
    "SUCCESS",
    ["rotation_disabled"],
  ],
  ["the same key again", resource(good, good), "SUCCESS", []],
  [
    "another key spec for a key that exists",
    resource({ ...good, EnableKeyRotation: false, KeySpec: "RSA_2048", KeyUsage: "ENCRYPT_DECRYPT" }, good),
    "NonCompliant",
    ["immutable_change"],
  ],
  ["the deletion of a key", resource(null, good), "NonCompliant", ["key_deletion"]],
  ["the deletion of an alias", resource(null, { AliasName: "alias/a" }, "AWS::KMS::Alias"), "SUCCESS", []],
  [
    "an alias of a key out of sight",
    resource(
      { AliasName: "alias/orders-database", TargetKeyId: "1234abcd-12ab-34cd-56ef-1234567890ab" },
      null,
      "AWS::KMS::Alias",
    ),
    "SUCCESS",
    [],
  ],
  ["a bucket", resource({ BucketName: "orders" }, null, "AWS::S3::Bucket"), "SUCCESS", []],
  ["a resource without properties", resource({}, null, "AWS::SNS::Topic"), "SUCCESS", []],
  ["a resource of which nothing is told", resource(null), "InternalFailure", []],
];

for (const [name, of, expected, failed] of resources)
  test(`resource: ${name} is ${expected}${failed.length > 0 ? ` by ${failed}` : ""}`, () => {
    const response = answer(of);
    assert.equal(verdict(response), expected, response.message);
    assert.deepEqual(
      named(response, "FAILED").filter((rule) => !rule.endsWith("_key_spec")),
      failed,
    );
    assert.equal(response.clientRequestToken, "token");
  });

test("a failure that another resource could resolve is skipped, and decided for the stack", () => {
  const lone = { ...good, Description: "Orders", MultiRegion: true };
  const hidden = ["alias_missing", "key_not_retained", "multi_region_key"];
  const alone = answer(resource(lone), undefined, decideBy({ failOnWarn: true }));
  assert.equal(alone.hookStatus, "SUCCESS");
  assert.deepEqual(named(alone, "SKIPPED").sort(), hidden);
  const template = JSON.stringify({ Resources: { OrdersKey: { Type: "AWS::KMS::Key", Properties: lone } } });
  assert.deepEqual(named(answer(stack(), { template, previousTemplate: "" }), "FAILED").sort(), hidden);
});

test("the assumed resources cause no failures", () => {
  // Even where every finding denies, nothing about the surroundings does.
  const levels = () => "error" as const;
  const strict = decideBy({ failOnWarn: true, levels });
  const replica = {
    PrimaryKeyArn: "arn:aws:kms:us-east-1:111122223333:key/mrk-1234abcd12ab34cd56ef1234567890ab",
    KeyPolicy: policy(),
    Description: "Orders",
  };
  for (const of of [resource(good), resource(replica, null, "AWS::KMS::ReplicaKey")])
    assert.equal(answer(of, undefined, strict).hookStatus, "SUCCESS", answer(of, undefined, strict).message);
});

test("the invocation determines the account and Region", () => {
  const foreign = {
    ...good,
    KeyPolicy: {
      Version: "2012-10-17",
      Statement: [{ ...own, Principal: { AWS: "arn:aws:iam::444455556666:root" } }],
    },
  };
  assert.deepEqual(named(answer(resource(foreign)), "FAILED").includes("key_unmanageable"), true);
  assert.deepEqual(
    named(answer({ ...resource(foreign), awsAccountId: "444455556666", stackId: null }), "FAILED").includes(
      "key_unmanageable",
    ),
    false,
  );
});

test("messages have up to 1,024 characters for Cloud Control and 4,096 for CloudFormation, with the summary first", () => {
  const statements = Array.from({ length: 60 }, (_, i) => ({
    Sid: `Everyone${i}`,
    Effect: "Allow",
    Principal: "*",
    Action: "kms:Decrypt",
    Resource: "*",
  }));
  const bad = { ...good, KeyPolicy: policy(...statements) };
  for (const [of, most] of [
    [resource(bad), 4096],
    [{ ...resource(bad), stackId: "" }, 1024],
  ] as const) {
    const { message, annotations = [] } = answer(of);
    assert.ok(message.length <= most && message.length > most / 2, `${message.length}`);
    assert.match(message, /^Keywarden denies this change: 60 errors/);
    assert.match(message, /and \d+ more\.$/);
    for (const { statusMessage, remediationMessage = "" } of annotations)
      assert.ok(statusMessage.length <= 16_384 && remediationMessage.length <= 16_384);
  }
});

test("an annotation has the fix and a link", () => {
  const { annotations = [] } = answer(resource(open));
  const [first] = annotations;
  assert.equal(first?.annotationName, "public_access");
  assert.equal(first.severityLevel, "HIGH");
  assert.match(first.statusMessage, /^OrdersKey: /);
  assert.match(first.remediationMessage ?? "", /\w/);
  assert.match(first.remediationLink ?? "", /^https:\/\/.*public_access\.md$/);
  assert.ok(
    annotations.every(({ statusMessage, annotationName }) => statusMessage !== "" && annotationName !== ""),
  );
});

const key = (properties: Fields, more: Fields = {}) => ({
  Type: "AWS::KMS::Key",
  DeletionPolicy: "Retain",
  UpdateReplacePolicy: "Retain",
  ...more,
  Properties: properties,
});
const templateOf = (resources: Fields) => JSON.stringify({ Resources: resources });
const withAlias = (of: Fields) => ({
  OrdersKey: of,
  Alias: {
    Type: "AWS::KMS::Alias",
    Properties: { AliasName: "alias/orders-database", TargetKeyId: { Ref: "OrdersKey" } },
  },
});

const stacks: [string, string, Json, string, string[]][] = [
  [
    "a template in YAML",
    "CREATE",
    { template: read("examples/cross-account-without-root/template.yaml"), previousTemplate: "" },
    "NonCompliant",
    ["key_unmanageable", "root_access_missing"],
  ],
  ["a good template", "CREATE", { template: templateOf(withAlias(key(good))) }, "SUCCESS", []],
  [
    "a template without keys",
    "CREATE",
    { template: "Resources:\n  Topic:\n    Type: AWS::SNS::Topic\n" },
    "SUCCESS",
    [],
  ],
  [
    "another key spec",
    "UPDATE",
    {
      template: templateOf(
        withAlias(
          key({ ...good, EnableKeyRotation: false, KeySpec: "RSA_2048", KeyUsage: "ENCRYPT_DECRYPT" }),
        ),
      ),
      previousTemplate: templateOf(withAlias(key(good))),
    },
    "NonCompliant",
    ["immutable_change"],
  ],
  [
    "a key that goes",
    "UPDATE",
    {
      template: templateOf({ Topic: { Type: "AWS::SNS::Topic" } }),
      previousTemplate: templateOf({ OrdersKey: { Type: "AWS::KMS::Key", Properties: good } }),
    },
    "NonCompliant",
    ["key_deletion"],
  ],
  [
    "a key that goes and is retained",
    "UPDATE",
    {
      template: templateOf({ Topic: { Type: "AWS::SNS::Topic" } }),
      previousTemplate: templateOf({ OrdersKey: key(good) }),
    },
    "SUCCESS",
    [],
  ],
  ["a template that is none", "CREATE", { template: "Resources: [\n" }, "InternalFailure", []],
  ["no template", "CREATE", { template: "" }, "InternalFailure", []],
  ["no template when the stack is deleted", "DELETE", { template: "", previousTemplate: "" }, "SUCCESS", []],
  ["no object", "CREATE", [1], "InternalFailure", []],
];

for (const [name, action, payload, expected, failed] of stacks)
  test(`stack: ${name} is ${expected}${failed.length > 0 ? ` by ${failed}` : ""}`, () => {
    const response = answer(stack(action), payload);
    assert.equal(verdict(response), expected, response.message);
    assert.deepEqual(
      named(response, "FAILED").filter((rule) => failed.includes(rule)),
      failed,
    );
    if (failed.length === 0) assert.deepEqual(named(response, "FAILED"), []);
  });

test("a parameter value that CloudFormation does not send is unknown", () => {
  const template = JSON.stringify({
    Parameters: { Rotates: { Type: "String" } },
    Resources: withAlias(key({ ...good, EnableKeyRotation: { Ref: "Rotates" } })),
  });
  const response = answer(stack(), { template });
  assert.equal(response.hookStatus, "SUCCESS");
  assert.deepEqual(named(response, "SKIPPED"), ["rotation_disabled"]);
});

test("comments and Metadata in a template suppress, in a stack and in a change set", () => {
  const ignored = { Metadata: { keywarden: { ignore: ["public_access -- a public key"] } } };
  const template = templateOf(withAlias(key(open, ignored)));
  assert.deepEqual(named(answer(stack(), { template }), "FAILED"), []);
  const changed = {
    action: "CREATE",
    logicalResourceId: "OrdersKey",
    resourceType: "AWS::KMS::Key",
    beforeContext: null,
    afterContext: JSON.stringify({ Properties: open }),
  };
  const response = answer(changeSet, { template, changedResources: [changed] });
  assert.deepEqual(named(response, "FAILED"), ["alias_missing"]);
  assert.ok(named(response, "SKIPPED").includes("public_access"));
});

const change = (action: string, before: Fields | null, after: Fields | null, attributes: Fields = {}) => ({
  action,
  logicalResourceId: "OrdersKey",
  resourceType: "AWS::KMS::Key",
  lineNumber: null,
  beforeContext: before && JSON.stringify({ Properties: before, ...attributes }),
  afterContext: after && JSON.stringify({ Properties: after, ...attributes }),
});
const retained = { DeletionPolicy: "Retain", UpdateReplacePolicy: "Retain" };

const changeSets: [string, Json, string, string[]][] = [
  [
    "a good key, its values all texts",
    [change("UPDATE", good, { ...good, EnableKeyRotation: "true" }, retained)],
    "SUCCESS",
    [],
  ],
  [
    "a key that everyone may use",
    [change("UPDATE", good, open, retained)],
    "NonCompliant",
    ["public_access"],
  ],
  [
    "another usage",
    [
      change(
        "UPDATE",
        good,
        { ...good, KeyUsage: "GENERATE_VERIFY_MAC", KeySpec: "HMAC_256", EnableKeyRotation: "false" },
        retained,
      ),
    ],
    "NonCompliant",
    ["immutable_change"],
  ],
  ["a key that goes", [change("DELETE", good, null)], "NonCompliant", ["key_deletion"]],
  ["a key that goes and is retained", [change("DELETE", good, null, retained)], "SUCCESS", []],
  ["nothing of KMS", [{ ...change("CREATE", null, {}), resourceType: "AWS::SQS::Queue" }], "SUCCESS", []],
  ["no changes", [], "SUCCESS", []],
  [
    "a context that is no JSON",
    [{ ...change("CREATE", null, good), afterContext: "{" }],
    "InternalFailure",
    [],
  ],
  [
    "a change without a context",
    [{ ...change("CREATE", null, good), afterContext: null }],
    "InternalFailure",
    [],
  ],
  ["a change that is none", ["CREATE"], "InternalFailure", []],
  ["a list that is none", {}, "InternalFailure", []],
];

for (const [name, changedResources, expected, failed] of changeSets)
  test(`change set: ${name} is ${expected}${failed.length > 0 ? ` by ${failed}` : ""}`, () => {
    const response = answer(changeSet, { template: templateOf({ OrdersKey: key(good) }), changedResources });
    assert.equal(verdict(response), expected, response.message);
    assert.deepEqual(named(response, "FAILED"), failed);
  });

test("change set: values that are known only after deployment are skipped", () => {
  const after = "{{changeSet:KNOWN_AFTER_APPLY}}";
  const unknown = {
    ...good,
    EnableKeyRotation: after,
    KeyPolicy: policy({ ...own, Principal: { AWS: after } }),
  };
  const payload = { template: "", changedResources: [change("UPDATE", good, unknown, retained)] };
  const response = answer(changeSet, payload);
  assert.deepEqual([response.hookStatus, named(response, "FAILED")], ["SUCCESS", []]);
  for (const rule of ["public_access", "rotation_disabled"])
    assert.ok(named(response, "SKIPPED").includes(rule), rule);
});

test("an undecided invocation fails in fail mode closed, and says NOT CHECKED in fail mode open", () => {
  const cases: [Fields, Json | undefined][] = [
    [stack(), { template: "Resources: [\n" }],
    [stack(), undefined],
    [{ clientRequestToken: "token" }, undefined],
    [resource(good, null, "AWS::KMS::Key", { actionInvocationPoint: "POST_PROVISION" }), undefined],
  ];
  for (const [of, payload] of cases) {
    const closed = answer(of, payload);
    assert.deepEqual(
      [closed.hookStatus, closed.errorCode, closed.clientRequestToken],
      ["FAILED", "InternalFailure", "token"],
    );
    assert.match(closed.message, /^Keywarden could not decide and denies the request: ./);
    const letThrough = answer(of, payload, decideBy({ failMode: "open" }));
    assert.deepEqual([letThrough.hookStatus, letThrough.annotations], ["SUCCESS", undefined]);
    assert.match(letThrough.message, /^NOT CHECKED: ./);
  }
});

test("levels and options of the config apply", () => {
  const warned = resource({ ...good, EnableKeyRotation: false });
  assert.equal(answer(warned).hookStatus, "SUCCESS");
  assert.equal(verdict(answer(warned, undefined, decideBy({ failOnWarn: true }))), "NonCompliant");
  assert.equal(answer(resource(open), undefined, decideBy({ noFail: true })).hookStatus, "SUCCESS");
});

test("arbitrary events and payloads never throw, and get a valid response", () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.string(), (of, payload) => {
      for (const one of [
        of as Json,
        { ...stack(), requestData: of as Json },
        { ...resource(of as Fields) },
      ]) {
        const { hookStatus, message } = answerHook(one, payload, decide).response;
        assert.ok(["SUCCESS", "FAILED"].includes(hookStatus) && message.length > 0);
      }
    }),
    { numRuns: 100 },
  );
});

test("the page about hooks lists every parameter of the deployment template, with its default", () => {
  const parsed = parseYaml({ path: "template.yaml", text: read("deploy/cloudformation-hook/template.yaml") });
  assert.ok(Array.isArray(parsed));
  const { Parameters } = (parsed[0] as Parsed).value as {
    Parameters: { [name: string]: { Default: unknown } };
  };
  const page = read("docs/server/cloudformation-hooks.md");
  const rows = [...page.matchAll(/^\| `(\w+)` \|.*\| `([^`]+)` \|$/gm)].map(([, name, value]) => [
    name,
    value,
  ]);
  assert.deepEqual(
    rows.sort(),
    Object.entries(Parameters)
      .map(([name, { Default }]) => [name, String(Default)])
      .sort(),
  );
});

test("the deployment template of the hook has no findings", () => {
  const path = "deploy/cloudformation-hook/template.yaml";
  const { status, stdout } = spawnSync(
    process.execPath,
    ["--import", "tsx", "src/hosts/cli/cli.ts", "test", "--fail-on-warn", path],
    {
      cwd: root,
      encoding: "utf8",
    },
  );
  assert.equal(status, 0, stdout);
});
