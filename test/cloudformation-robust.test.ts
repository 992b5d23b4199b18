import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { cloudformation } from "../src/core/formats/cloudformation/index.ts";
import { entitiesIn } from "../src/core/model/document.ts";
import type { Json, Parsed } from "../src/core/model/source.ts";
import { parseJson } from "../src/core/parse/json.ts";

const names = [
  "Key",
  "Alias",
  "Env",
  "IsProd",
  "IsDev",
  "Words",
  "Role",
  "AWS::Region",
  "AWS::AccountId",
  "AWS::NoValue",
];
const name = fc.constantFrom(
  ...names,
  "prod",
  "",
  "0",
  "${Env}",
  "${Key.Arn}",
  "{{resolve:ssm:x}}",
  "${",
  "alias/x",
);
const functions = [
  ..."Ref Condition Fn::If Fn::Sub Fn::Join Fn::Split Fn::Select Fn::GetAtt Fn::FindInMap Fn::Equals Fn::Not".split(
    " ",
  ),
  ..."Fn::And Fn::Or Fn::Base64 Fn::Length Fn::ToJsonString Fn::Transform Fn::ImportValue Fn::Cidr".split(
    " ",
  ),
  "Fn::ForEach::Loop",
  "__proto__",
  "constructor",
];

/** Valid and invalid expressions. */
const { expression } = fc.letrec<{ expression: Json }>((tie) => ({
  expression: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    name,
    fc.constantFrom<Json>(null, true, 0, 1.5, -1),
    fc.tuple(fc.constantFrom(...functions), tie("expression")).map(([key, value]) => asMap([[key, value]])),
    fc
      .tuple(fc.constantFrom(...functions), fc.array(tie("expression"), { maxLength: 4 }))
      .map(([key, value]) => asMap([[key, value]])),
    fc.array(tie("expression"), { maxLength: 3 }),
    fc
      .array(fc.tuple(fc.oneof(name, fc.constantFrom(...functions)), tie("expression")), { maxLength: 3 })
      .map(asMap),
  ),
}));

function asMap(entries: [string, Json][]): Json {
  const map: { [key: string]: Json } = {};
  for (const [key, value] of entries)
    Object.defineProperty(map, key, { value, enumerable: true, configurable: true, writable: true });
  return map;
}

const parameter = fc.record(
  {
    Type: fc.constantFrom<Json>(
      "String",
      "CommaDelimitedList",
      "Number",
      "AWS::SSM::Parameter::Value<String>",
      1,
    ),
    Default: expression,
    AllowedValues: fc.oneof<fc.Arbitrary<Json>[]>(expression, fc.constant(["prod", "dev"])),
    AllowedPattern: fc.constantFrom<Json>("^[a-z]+$", "(a+)+$", "[", 1),
  },
  { requiredKeys: [] },
);
const resource = (type: string, properties: string[]) =>
  fc.record(
    {
      Type: fc.constant(type),
      Condition: fc.oneof(fc.constantFrom("IsProd", "IsDev", "Nope"), expression),
      Properties: fc.oneof(
        expression,
        fc.record(Object.fromEntries(properties.map((property) => [property, expression])), {
          requiredKeys: [],
        }),
      ),
    },
    { requiredKeys: ["Type"] },
  );
const template = fc.record(
  {
    Transform: fc.oneof(fc.constant<Json>("AWS::LanguageExtensions"), expression),
    Parameters: fc.oneof(fc.record({ Env: parameter, Other: parameter }), expression),
    Mappings: fc.oneof(
      fc.constant<Json>({ Words: { prod: { word: "p" }, dev: { word: ["d"] } } }),
      expression,
    ),
    Conditions: fc.record(
      { IsProd: expression, IsDev: expression, "Fn::ForEach::C": expression },
      { requiredKeys: [] },
    ),
    Resources: fc.record(
      {
        Key: resource("AWS::KMS::Key", ["KeyPolicy", "Description", "Enabled", "Tags", "KeySpec"]),
        Replica: resource("AWS::KMS::ReplicaKey", ["KeyPolicy", "PrimaryKeyArn"]),
        Alias: resource("AWS::KMS::Alias", ["AliasName", "TargetKeyId"]),
        Other: resource("AWS::KMS::Alias", ["AliasName", "TargetKeyId"]),
        Role: resource("AWS::IAM::Role", ["Policies"]),
        Policy: resource("AWS::IAM::ManagedPolicy", ["PolicyDocument"]),
        Bucket: resource("AWS::S3::Bucket", ["BucketEncryption", "Tags"]),
        Queue: resource("AWS::SQS::Queue", ["KmsMasterKeyId", "Tags"]),
        Share: resource("AWS::RAM::ResourceShare", ["ResourceArns", "Principals", "AllowExternalPrincipals"]),
        "Fn::ForEach::Keys": fc.tuple(
          name,
          expression,
          fc.record({ "Key${Env}": resource("AWS::KMS::Key", ["Description"]) }),
        ),
      },
      { requiredKeys: ["Key", "Alias"] },
    ),
  },
  { requiredKeys: ["Resources"] },
);

test("any template: no exception, termination, unique IDs, references that resolve", () => {
  fc.assert(
    fc.property(template, (value) => {
      const parsed = parseJson({ path: "t.json", text: JSON.stringify(value) });
      assert.ok(!("message" in parsed), JSON.stringify(parsed));
      assert.equal(cloudformation.detect(parsed.value, parsed.source), true);
      const part = cloudformation.normalize(parsed, {});
      const { problems: _, ...lists } = part;
      const ids = entitiesIn(lists).map(({ id }) => id);
      assert.equal(new Set(ids).size, ids.length);
      const links = [
        ...part.aliases.map(({ target }) => target),
        ...part.consumers.flatMap(({ uses }) => uses.map(({ key }) => key)),
        ...part.shares.flatMap(({ keys }) => keys),
      ];
      for (const { keys } of links)
        for (const key of keys)
          assert.ok(
            part.keys.some(({ id }) => id === key),
            key,
          );
      for (const problem of part.problems) assert.ok(problem.line && problem.column && problem.remedy);
      assert.deepEqual(cloudformation.normalize(parsed as Parsed, {}), part);
    }),
    { numRuns: 500 },
  );
});

test("the evaluation of templates that grow exponentially terminates", () => {
  const many = Array.from({ length: 2000 }, (_, i) => i);
  const long = "x".repeat(10_000);
  const texts = [
    // a long chain of conditions
    {
      Conditions: {
        ...Object.fromEntries(many.map((i) => [`C${i}`, { Condition: `C${i + 1}` }])),
        C2000: { "Fn::Equals": ["a", "a"] },
      },
      Resources: { Key: { Type: "AWS::KMS::Key", Condition: "C0" } },
    },
    // a string of strings
    {
      Parameters: { Long: { Type: "String", Default: long } },
      Resources: {
        Key: { Type: "AWS::KMS::Key", Properties: { Description: { "Fn::Sub": "${Long}".repeat(2000) } } },
      },
    },
    // loops in loops
    {
      Transform: "AWS::LanguageExtensions",
      Resources: {
        "Fn::ForEach::A": [
          "A",
          many.map(String),
          { "Fn::ForEach::B": ["B", many.map(String), { "Key${A}x${B}": { Type: "AWS::KMS::Key" } }] },
        ],
      },
    },
    // many choices, each with many values
    {
      Parameters: Object.fromEntries(
        many.slice(0, 40).map((i) => [`P${i}`, { Type: "String", AllowedValues: many.slice(0, 60) }]),
      ),
      Conditions: Object.fromEntries(
        many.slice(0, 40).map((i) => [`C${i}`, { "Fn::Equals": [{ Ref: `P${i}` }, `${i}`] }]),
      ),
      Resources: {
        Key: {
          Type: "AWS::KMS::Key",
          Properties: {
            Tags: many.slice(0, 40).map((i) => ({ Key: { "Fn::If": [`C${i}`, "a", "b"] }, Value: `${i}` })),
          },
        },
      },
    },
  ];
  for (const value of texts) {
    const parsed = parseJson({ path: "t.json", text: JSON.stringify(value) });
    assert.ok(!("message" in parsed));
    const part = cloudformation.normalize(parsed, {});
    const grown = JSON.stringify(value).includes("Default")
      ? ["The string is too long: 20000000 characters; the maximum is 1000000."]
      : [];
    assert.deepEqual(
      part.problems.map(({ message }) => message),
      grown,
    );
    assert.ok(part.keys.length > 0 && part.keys.length < 3000);
  }
});

test("names of JavaScript built-ins are ordinary names", () => {
  const text = `{"Parameters": {"toString": {"Type": "String"}}, "Conditions": {"constructor": {"Fn::Equals": ["a", "a"]}},
    "Resources": {"__proto__": {"Type": "AWS::KMS::Key", "Properties": {"Tags": [{"Key": "__proto__", "Value": "x"}],
    "Description": {"Fn::If": ["constructor", {"Ref": "toString"}, {"Ref": "valueOf"}]}}}}}`;
  const parsed = parseJson({ path: "t.json", text });
  assert.ok(!("message" in parsed));
  const part = cloudformation.normalize(parsed, {});
  assert.deepEqual(part.problems, []);
  assert.deepEqual(
    part.keys.map(({ resource }) => resource),
    ["__proto__"],
  );
  assert.deepEqual(Object.entries(part.keys[0]?.properties?.tags ?? {}), [["__proto__", "x"]]);
  assert.deepEqual(part.keys[0]?.properties?.description, {
    unknown: { reason: "parameter without default", expression: "toString" },
  });
});
