import assert from "node:assert/strict";
import { test } from "node:test";
import type { Json } from "../../src/core/model/source.ts";
import { type ChangedResource, CloudFormation, type OperationAfterHook } from "./cloudformation.ts";
import { decideBy, everyone, ownPolicy, read } from "./support.ts";

type Fields = { [name: string]: Json };

const cloudFormation = new CloudFormation(decideBy({ requireContent: true }));
const openCloudFormation = new CloudFormation(decideBy({ requireContent: true, failMode: "open" }));

const good = { Description: "Orders", EnableKeyRotation: "true", KeyPolicy: JSON.parse(ownPolicy()) };
const open = { ...good, KeyPolicy: JSON.parse(ownPolicy(everyone("All"))) };
const retained = { DeletionPolicy: "Retain", UpdateReplacePolicy: "Retain" };
const templateOf = (Properties: Fields | undefined, more: Fields = {}) =>
  JSON.stringify({
    Resources: {
      OrdersKey: { Type: "AWS::KMS::Key", ...retained, ...more, ...(Properties ? { Properties } : {}) },
      Alias: {
        Type: "AWS::KMS::Alias",
        Properties: { AliasName: "alias/orders-database", TargetKeyId: { Ref: "OrdersKey" } },
      },
    },
  });
const topic = "Resources:\n  Topic:\n    Type: AWS::SNS::Topic\n";

/** Fails unless an operation is undecided: denied in fail mode closed, and allowed with a warning in fail mode open. */
async function assertUndecided(
  invoke: (by: CloudFormation) => Promise<OperationAfterHook>,
  message: RegExp,
): Promise<void> {
  const closed = await invoke(cloudFormation);
  assert.deepEqual(
    [closed.proceeds, closed.errorCode, closed.outcome],
    [false, "InternalFailure", "undecided"],
    closed.message,
  );
  assert.match(closed.message, message);
  const allowed = await invoke(openCloudFormation);
  assert.deepEqual([allowed.proceeds, allowed.outcome], [true, "undecided"]);
  assert.match(allowed.message, /^NOT CHECKED: /);
}

const change = (
  action: ChangedResource["action"],
  before: Json,
  after: Json,
  type = "AWS::KMS::Key",
): ChangedResource => ({
  logicalResourceId: "OrdersKey",
  resourceType: type,
  action,
  lineNumber: 3,
  beforeContext: before === null ? null : JSON.stringify(before),
  afterContext: after === null ? null : JSON.stringify(after),
});

const contexts: [string, ChangedResource, string[]][] = [
  ["Properties, as in the console", change("CREATE", null, { Properties: open }), ["public_access"]],
  ["properties, as in AWS's guide", change("CREATE", null, { properties: open }), ["public_access"]],
  ["good properties", change("CREATE", null, { properties: good }), []],
  [
    "properties before and after the change",
    change(
      "UPDATE",
      { properties: good },
      {
        properties: {
          ...good,
          KeySpec: "HMAC_256",
          KeyUsage: "GENERATE_VERIFY_MAC",
          EnableKeyRotation: "false",
        },
      },
    ),
    ["immutable_change"],
  ],
  ["attributes of a removed key", change("DELETE", { properties: good, deletionPolicy: "Retain" }, null), []],
  ["a removed key", change("DELETE", { properties: good }, null), ["key_deletion"]],
  ["a removed key without a context", change("DELETE", null, null), ["key_deletion"]],
];

for (const [name, changed, failed] of contexts)
  test(`change set: ${name}`, async () => {
    const operation = await cloudFormation.changeSet(templateOf(good), [changed]);
    const others = operation.failed.filter((rule) => rule !== "alias_missing");
    assert.deepEqual(others, failed, operation.message);
    assert.equal(operation.proceeds, failed.length === 0, operation.message);
  });

const unreadable: [string, ChangedResource, RegExp][] = [
  [
    "neither Properties nor properties",
    change("CREATE", null, open),
    /The afterContext of OrdersKey has neither "Properties" nor "properties"/,
  ],
  ["an empty context", change("CREATE", null, {}), /The afterContext of OrdersKey has neither/],
  ["properties that are no object", change("CREATE", null, { Properties: "x" }), /has neither/],
  ["a context that is a list", change("CREATE", null, []), /The afterContext of OrdersKey has neither/],
  [
    "both forms",
    change("CREATE", null, { Properties: good, properties: open }),
    /The afterContext of OrdersKey has the same name in upper and lower case/,
  ],
  ["no afterContext", change("UPDATE", { Properties: good }, null), /no afterContext of OrdersKey/],
  ["no beforeContext", change("UPDATE", null, { Properties: good }), /no beforeContext of OrdersKey/],
  [
    "the same name twice",
    {
      ...change("CREATE", null, {}),
      afterContext: `{"Properties":${JSON.stringify(open)},"Properties":${JSON.stringify(good)}}`,
    },
    /The key "Properties" occurs twice/,
  ],
  [
    "properties in lower case",
    change("CREATE", null, { properties: { keyPolicy: open.KeyPolicy } }),
    /The property "keyPolicy" of OrdersKey is not a property of AWS::KMS::Key/,
  ],
  [
    "a beforeContext without properties",
    change("UPDATE", { KeySpec: "RSA_2048" }, { Properties: good }),
    /The beforeContext of OrdersKey has neither/,
  ],
  [
    "an IAM policy without properties",
    change("CREATE", null, { PolicyDocument: {} }, "AWS::IAM::ManagedPolicy"),
    /The afterContext of OrdersKey has neither/,
  ],
];

for (const [name, changed, message] of unreadable)
  test(`change set: ${name} is undecided`, () =>
    assertUndecided((by) => by.changeSet(templateOf(good), [changed]), message));

test("change set: more than one change of a resource is undecided", () =>
  assertUndecided(
    (by) =>
      by.changeSet(templateOf(good), [
        change("CREATE", null, { Properties: good }, "AWS::SNS::Topic"),
        change("CREATE", null, { Properties: good }),
      ]),
    /The change set has more than one change of OrdersKey/,
  ));

test("change set: an action of the console's spelling does not hide a key", async () => {
  const remove = {
    ...change("CREATE", { Properties: good, DeletionPolicy: "Retain" }, { Properties: open }),
  };
  const operation = await cloudFormation.changeSet(templateOf(good), [
    { ...remove, action: "Remove" as "DELETE" },
  ]);
  assert.deepEqual([operation.proceeds, operation.failed.includes("public_access")], [false, true]);
});

const otherChanges: [string, ChangedResource[], string][] = [
  ["no changes", [], templateOf(good)],
  [
    "a wait handle without properties",
    [change("CREATE", null, {}, "AWS::CloudFormation::WaitConditionHandle")],
    topic,
  ],
  ["a topic without properties", [change("UPDATE", null, {}, "AWS::SNS::Topic")], topic],
  [
    "a key without properties, as in the template",
    [change("CREATE", null, {})],
    templateOf(undefined, { Metadata: { keywarden: { ignore: ["alias_missing -- in another stack"] } } }),
  ],
];

for (const [name, changes, template] of otherChanges)
  test(`change set: ${name} is allowed`, async () => {
    const operation = await cloudFormation.changeSet(template, changes);
    assert.deepEqual([operation.proceeds, operation.outcome], [true, "allowed"], operation.message);
  });

const payloads: [string, string | number][] = [
  ["an empty object", ""],
  ["{}", "{}"],
  ["a list", "[]"],
  ["null", "null"],
  ["a string", '"hello"'],
  ["an error", '{"errors":[{"code":"AccessDenied"}]}'],
  ["an error page", "<html><body>502 Bad Gateway</body></html>"],
  ["plain text", "Service Unavailable"],
  ["two templates", `{"template":${JSON.stringify(topic)},"template":${JSON.stringify(topic)}}`],
  ["half an object", '{"template":"Resources'],
  ["no template", '{"template":"","changedResources":null}'],
  ["an error of Amazon S3", 403],
];

for (const [name, payload] of payloads)
  test(`a payload with ${name} is undecided`, async () => {
    const reason = /(payload|Amazon S3)/;
    await assertUndecided((by) => by.stackWith("CREATE", payload), reason);
    await assertUndecided((by) => by.changeSetWith(payload), reason);
  });

const noTemplates: [string, string][] = [
  ["text", "hello"],
  ["an HTML page", "<html></html>"],
  ["an empty object", "{}"],
  ["a list", "[]"],
  ["a template without resources", '{"Resources":{}}'],
  ["a key policy", ownPolicy()],
];

for (const [name, template] of noTemplates)
  test(`stack: ${name} instead of a template is undecided`, async () => {
    await assertUndecided((by) => by.stack("CREATE", template), /has no resources|could not decide/);
    await assertUndecided(
      (by) => by.stack("UPDATE", templateOf(good), template),
      /previousTemplate that cannot be read/,
    );
  });

const templates: [string, string][] = [
  ["a template without keys", topic],
  [
    "a template of a macro alone",
    "AWSTemplateFormatVersion: '2010-09-09'\nTransform: MyMacro\nResources: {}\n",
  ],
  [
    "an included section",
    JSON.stringify({
      Resources: { "Fn::Transform": { Name: "AWS::Include", Parameters: { Location: "s3://b/k" } } },
    }),
  ],
  [
    "resources of a loop",
    JSON.stringify({
      Transform: "AWS::LanguageExtensions",
      Resources: { "Fn::ForEach::Topics": ["Name", ["A"], { "Topic${Name}": { Type: "AWS::SNS::Topic" } }] },
    }),
  ],
  ["a good key", templateOf(good)],
];

for (const [name, template] of templates)
  test(`stack: ${name} is allowed`, async () => {
    for (const operation of [
      await cloudFormation.stack("CREATE", template),
      await cloudFormation.stack("UPDATE", template, topic),
      await cloudFormation.stack("UPDATE", template, template),
    ])
      assert.deepEqual([operation.proceeds, operation.outcome], [true, "allowed"], operation.message);
  });

test("stack: an update without a readable previous template is undecided, and a violation is still denied", async () => {
  const previous: [Json, RegExp][] = [
    ["", /The payload has no previousTemplate/],
    [null, /The payload has no previousTemplate/],
    [
      "Resources: [\n",
      /a previousTemplate that cannot be read, so Keywarden cannot check what the update changes and removes\. \w/,
    ],
    [{ Resources: {} }, /a previousTemplate that cannot be read/],
    [5, /a previousTemplate that cannot be read/],
  ];
  for (const [previousTemplate, message] of previous) {
    const payloadOf = (properties: Fields) =>
      JSON.stringify({ template: templateOf(properties), previousTemplate });
    await assertUndecided((by) => by.stackWith("UPDATE", payloadOf(good)), message);
    const denied = await cloudFormation.stackWith("UPDATE", payloadOf(open));
    assert.deepEqual([denied.errorCode, denied.failed], ["NonCompliant", ["public_access"]]);
  }
});

test("stack: CloudFormation sends no template of a stack that it deletes, so nothing is checked", async () => {
  for (const payload of [
    '{"template":"","previousTemplate":""}',
    '{"template":null,"previousTemplate":null}',
    "{}",
  ]) {
    const operation = await cloudFormation.stackWith("DELETE", payload);
    assert.deepEqual([operation.proceeds, operation.outcome], [true, "empty"], operation.message);
    assert.match(operation.message, /does not send the template of a stack that it deletes/);
  }
  await assertUndecided((by) => by.stackWith("DELETE", "<Error/>"), /payload/);
  await assertUndecided((by) => by.stackWith("DELETE", '{"template":5}'), /payload/);
});

const models: [string, "CREATE" | "UPDATE" | "DELETE", Fields, RegExp][] = [
  ["no properties", "CREATE", {}, /has no properties of OrdersKey/],
  ["properties that are text", "CREATE", { resourceProperties: "{}" }, /has no properties of OrdersKey/],
  [
    "properties that are a list",
    "UPDATE",
    { resourceProperties: [], previousResourceProperties: good },
    /has no properties/,
  ],
  [
    "previous properties that are text",
    "UPDATE",
    { resourceProperties: good, previousResourceProperties: "{}" },
    /previousResourceProperties of OrdersKey are not an object/,
  ],
];

for (const [name, action, model, message] of models)
  test(`resource: ${name} are undecided`, () =>
    assertUndecided((by) => by.resource(action, "AWS::KMS::Key", model), message));

test("resource: a key without properties is one, and another resource is allowed", async () => {
  const model = { resourceProperties: {}, previousResourceProperties: null };
  for (const type of ["AWS::KMS::Key", "AWS::SNS::Topic"]) {
    const operation = await cloudFormation.resource("CREATE", type, model);
    assert.deepEqual([operation.proceeds, operation.outcome], [true, "allowed"], operation.message);
  }
});

test("without --require-content, what is no template is allowed; what cannot be read is not", async () => {
  const lax = new CloudFormation(decideBy());
  const empty = await lax.stack("CREATE", "hello");
  assert.deepEqual([empty.proceeds, empty.outcome], [true, "empty"]);
  for (const operation of [
    await lax.stack("CREATE", "Resources: [\n"),
    await lax.stack("UPDATE", templateOf(good), "hello"),
    await lax.stackWith("CREATE", "[]"),
    await lax.changeSet(templateOf(good), [change("CREATE", null, open)]),
  ])
    assert.equal(operation.errorCode, "InternalFailure", operation.message);
});

test("the example of the documentation is denied as a stack, also in YAML", async () => {
  const template = read("examples/cross-account-without-root/template.yaml");
  const operation = await cloudFormation.stack("CREATE", template);
  assert.equal(operation.errorCode, "NonCompliant");
});

test("stack: the words of a plan do not make Keywarden read duplicate keys", () =>
  assertUndecided(
    (by) =>
      by.stack(
        "CREATE",
        `{"Metadata":{"format_version":"1","resource_changes":""},${templateOf(open).slice(1, -1)},${templateOf(good).slice(1)}`,
      ),
    /The key "Resources" occurs twice/,
  ));

const misspelled: [string, Fields, RegExp][] = [
  ["properties", { properties: open }, /has "properties" instead of "Properties"/],
  ["keyPolicy", { Properties: { ...good, keyPolicy: open.KeyPolicy } }, /The property "keyPolicy"/],
  ["Properties twice", { Properties: { Properties: open } }, /contain "Properties"/],
];

for (const [name, attributes, message] of misspelled)
  test(`stack: a key with ${name} is undecided`, () =>
    assertUndecided(
      (by) =>
        by.stack(
          "CREATE",
          JSON.stringify({ Resources: { OrdersKey: { Type: "AWS::KMS::Key", ...retained, ...attributes } } }),
        ),
      message,
    ));

test("resource: an update needs the previous properties, which may be empty", async () => {
  const resourceProperties = good;
  await assertUndecided(
    (by) => by.resource("UPDATE", "AWS::KMS::Key", { resourceProperties }),
    /has no previousResourceProperties of OrdersKey/,
  );
  const update = { resourceProperties, previousResourceProperties: {} };
  assert.equal((await cloudFormation.resource("UPDATE", "AWS::KMS::Key", update)).outcome, "allowed");
});
