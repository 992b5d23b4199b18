import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { changeSet } from "../src/core/formats/change-set/index.ts";
import { formatOf } from "../src/core/formats/index.ts";
import type { Part, TargetOptions } from "../src/core/model/format.ts";
import type { Json } from "../src/core/model/source.ts";
import { parseJson } from "../src/core/parse/json.ts";
import { certainlyConcernsKms, mayConcernKms } from "../src/core/parse/kms-content.ts";

type Fields = { [name: string]: Json };

const parse = (value: Json) => {
  const parsed = parseJson({ path: "set.json", text: JSON.stringify(value) });
  if ("message" in parsed) assert.fail(parsed.message);
  return parsed;
};
const changed = (fields: Fields): Json => ({
  Type: "Resource",
  ResourceChange: { Action: "Modify", LogicalResourceId: "Key", ResourceType: "AWS::KMS::Key", ...fields },
});
const read = (fields: Fields, more: Fields = {}, options: TargetOptions = {}): Part =>
  changeSet.normalize(parse({ Changes: [changed(fields)], ...more }), options);
const context = (properties: Json, more: Fields = {}) => JSON.stringify({ Properties: properties, ...more });
const unknown = (reason: string, expression: string) => ({ unknown: { reason, expression } });
const without = "the change set was described without --include-property-values";

const detected: [string, Json, boolean][] = [
  ["only a list of changes", { Changes: [changed({})] }, true],
  ["a change set that changes nothing", { Changes: [], ChangeSetName: "x" }, true],
  ["a list of something else", { Changes: [{ Type: "Resource" }] }, false],
  ["an object of changes", { Changes: { Type: "Resource" }, ChangeSetId: "x" }, false],
  ["a list", [changed({})], false],
  ["a template", { Resources: {} }, false],
];

for (const [name, value, expected] of detected)
  test(`${name} is ${expected ? "a" : "not a"} change set`, () => {
    assert.equal(formatOf(parse(value)) === changeSet, expected);
  });

const actions: [Fields, string[]][] = [
  [{ Action: "Add" }, ["create"]],
  [{ Action: "Modify" }, ["update"]],
  [{ Action: "Modify", Replacement: "Conditional" }, ["update"]],
  [{ Action: "Modify", Replacement: "True" }, ["delete", "create"]],
  [{ Action: "Modify", Replacement: "True", PolicyAction: "ReplaceAndDelete" }, ["delete", "create"]],
  [{ Action: "Modify", Replacement: "True", PolicyAction: "ReplaceAndRetain" }, ["create", "forget"]],
  [{ Action: "Import" }, ["no-op"]],
  [{ Action: "SyncWithActual" }, ["no-op"]],
  [{ Action: "Dynamic" }, []],
];

for (const [fields, expected] of actions)
  test(`${JSON.stringify(fields)} is ${expected.join() || "unknown"}`, () => {
    for (const more of [{}, { AfterContext: context({}) }]) {
      const { keys, removals } = read({ ...fields, ...more });
      assert.deepEqual([keys.map(({ change }) => change?.actions), removals], [[expected], []]);
      for (const type of ["AWS::KMS::Alias", "AWS::KMS::ReplicaKey"]) {
        const part = read({ ...fields, ...more, ResourceType: type });
        assert.deepEqual(
          [...part.keys, ...part.aliases].map(({ change }) => change?.actions),
          [expected],
        );
      }
    }
  });

const removals: [string, Fields, number][] = [
  ["nothing else", {}, 1],
  ["PolicyAction Delete", { PolicyAction: "Delete" }, 1],
  ["PolicyAction Retain", { PolicyAction: "Retain" }, 0],
  ["a context", { BeforeContext: context({}) }, 1],
  ["DeletionPolicy Retain", { BeforeContext: context({}, { DeletionPolicy: "Retain" }) }, 0],
  ["a replica", { ResourceType: "AWS::KMS::ReplicaKey" }, 1],
  ["an alias", { ResourceType: "AWS::KMS::Alias" }, 0],
  ["another resource", { ResourceType: "AWS::S3::Bucket" }, 0],
];

for (const [name, fields, count] of removals)
  test(`Remove with ${name}: ${count}`, () => {
    const part = read({ Action: "Remove", ...fields });
    assert.equal(part.removals.length, count);
    assert.deepEqual([part.keys, part.aliases], [[], []]);
    for (const { change, kind, location } of part.removals) {
      assert.deepEqual(change, { actions: ["delete"] });
      assert.equal(kind, fields.ResourceType ? "replica" : "key");
      assert.equal(location.pointer, "/Changes/0/ResourceChange");
    }
  });

const before: [string, Json, Json][] = [
  [
    "defaults",
    {},
    {
      spec: "SYMMETRIC_DEFAULT",
      usage: "ENCRYPT_DECRYPT",
      origin: "AWS_KMS",
      multiRegion: false,
      deletionWindowDays: null,
    },
  ],
  [
    "numbers and booleans as strings",
    {
      KeySpec: "RSA_2048",
      KeyUsage: "SIGN_VERIFY",
      Origin: "EXTERNAL",
      MultiRegion: "true",
      PendingWindowInDays: "7",
    },
    { spec: "RSA_2048", usage: "SIGN_VERIFY", origin: "EXTERNAL", multiRegion: true, deletionWindowDays: 7 },
  ],
];

for (const [name, properties, expected] of before)
  test(`before the change: ${name}`, () => {
    for (const after of [{ AfterContext: context({}) }, {}]) {
      const { keys } = read({ BeforeContext: context(properties), ...after });
      assert.deepEqual(keys[0]?.change, { actions: ["update"], partialInput: true, before: expected });
    }
  });

const details: [string, Fields, unknown, unknown][] = [
  ["KeySpec", {}, unknown(without, "Key.KeySpec"), unknown(without, "Key.KeySpec")],
  ["KeySpec", { BeforeValue: "RSA_2048", AfterValue: "RSA_4096" }, "RSA_2048", "RSA_4096"],
  ["KeySpec", { AfterValue: "RSA_4096", AttributeChangeType: "Add" }, "SYMMETRIC_DEFAULT", "RSA_4096"],
  ["Origin", { BeforeValue: "EXTERNAL", AttributeChangeType: "Remove" }, "EXTERNAL", "AWS_KMS"],
  [
    "KeyUsage",
    { BeforeValue: "SIGN_VERIFY", AttributeChangeType: "Remove" },
    "SIGN_VERIFY",
    unknown(without, "Key.KeyUsage"),
  ],
  [
    "MultiRegion",
    { BeforeValue: "true", AfterValue: "{{changeSet:KNOWN_AFTER_APPLY}}" },
    true,
    unknown(without, "Key.MultiRegion"),
  ],
  ["Description", { BeforeValue: "a", AfterValue: "b" }, undefined, undefined],
];

for (const [name, values, old, now] of details)
  test(`without contexts: ${name} ${JSON.stringify(values)}`, () => {
    const Details = [
      { Target: { Attribute: "Properties", Name: name, ...values } },
      { Target: { Attribute: "Tags" } },
      1,
    ];
    const [key] = read({ Details }).keys;
    const [was] = Object.values(key?.change?.before ?? {});
    const [is] = Object.values(key?.properties ?? {});
    assert.deepEqual([was, is], [old, now]);
    assert.deepEqual(key?.policy.unknown, { reason: without, expression: "Key.KeyPolicy" });
  });

test("the stack ARN determines the account, the Region, and the ARN of an existing key", () => {
  const StackId = "arn:aws-cn:cloudformation:cn-north-1:111122223333:stack/a/b";
  const one = (fields: Fields, options?: TargetOptions) => {
    const [key] = read(
      { PhysicalResourceId: "1234", AfterContext: context({}), ...fields },
      { StackId },
      options,
    ).keys;
    return [key?.owner, key?.region, key?.partition, key?.arn];
  };
  const arn = "arn:aws-cn:kms:cn-north-1:111122223333:key/1234";
  assert.deepEqual(one({}), ["111122223333", "cn-north-1", "aws-cn", arn]);
  assert.deepEqual(one({ PhysicalResourceId: arn }), ["111122223333", "cn-north-1", "aws-cn", arn]);
  assert.deepEqual(one({ Replacement: "True" }), ["111122223333", "cn-north-1", "aws-cn", undefined]);
  assert.deepEqual(one({}, { account: "444455556666", region: "eu-west-1" }), [
    "444455556666",
    "cn-north-1",
    "aws-cn",
    arn,
  ]);
});

test("values known only after apply are distinguished by location", () => {
  const Value = "{{changeSet:KNOWN_AFTER_APPLY}}";
  const [key] = read({ AfterContext: context({ Description: Value, Tags: [{ Key: "a", Value }] }) }).keys;
  assert.deepEqual(key?.properties?.description, unknown("known only after apply", "Key.Description"));
  assert.deepEqual(key?.properties?.tags, { a: unknown("known only after apply", "Key.Tags.0.Value") });
});

test("problems: missing pages, contexts that are not JSON", () => {
  const part = read({ AfterContext: '{"Properties": ' }, { NextToken: "x" });
  assert.deepEqual(
    part.problems.map(({ message, line }) => [line, message.split(":")[0]]),
    [
      [1, "The change set is incomplete"],
      [1, part.problems[1]?.message.split(":")[0]],
    ],
  );
  assert.equal(part.keys[0]?.policy.state, "unresolved");
});

test("any change set: no exception", () => {
  const value = fc.jsonValue({ maxDepth: 4 }) as fc.Arbitrary<Json>;
  const side = fc.oneof(
    fc.string(),
    value,
    value.map((json) => JSON.stringify({ Properties: json })),
  );
  const change = fc.record(
    {
      Action: fc.constantFrom<Json>("Add", "Modify", "Remove", "Import", 1),
      LogicalResourceId: fc.constantFrom<Json>("Key", "Other", "__proto__", 1, null),
      ResourceType: fc.constantFrom<Json>(
        "AWS::KMS::Key",
        "AWS::KMS::Alias",
        "AWS::S3::Bucket",
        "AWS::IAM::Role",
        1,
      ),
      AfterContext: side,
      BeforeContext: side,
      Details: fc.oneof(value, fc.array(value)),
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 5 }), (list) => {
      const Changes = list.map((ResourceChange) => ({ Type: "Resource", ResourceChange })) as Json[];
      const parsed = parse({ Changes });
      assert.equal(changeSet.detect(parsed.value, parsed.source), true);
      changeSet.normalize(parsed, {});
    }),
    { numRuns: 300 },
  );
});

const found: [string, boolean, boolean][] = [
  ['{"Changes": [{"ResourceChange": {"ResourceType": "AWS::KMS::Key"', true, true],
  [
    "Resources: {B: {Type: AWS::S3::Bucket, Properties: {Tags: [{Key: data-classification, Value: pci}]}}}",
    true,
    false,
  ],
  [
    "Resources: {B: {Type: AWS::S3::Bucket, Properties: {Tags: [{Key: DataClass, Value: pci}]}}}",
    true,
    false,
  ],
  ['{"type": "aws_s3_bucket", "tags": {"Compliance": "pci"}}', true, false],
  ["Resources: {B: {Type: AWS::S3::Bucket}}", false, false],
  ["classification: [a, b]", false, false],
];

for (const [text, worth, ours] of found)
  test(`in a directory: ${text}`, () => {
    assert.equal(mayConcernKms({ path: "a", text }), worth);
    assert.equal(certainlyConcernsKms({ path: "a", text }), ours);
  });
