import assert from "node:assert/strict";
import { test } from "node:test";
import type { Json } from "../src/core/model/source.ts";
import { describedBy, readText, variantsIn } from "./cloudformation-support.ts";

type Sections = { [name: string]: Json };

const equals = (a: Json, b: Json): Json => ({ "Fn::Equals": [a, b] });
const either = (condition: string): Json => ({ "Fn::If": [condition, "a", "b"] });
const stage = { Type: "String" };
const env = { Ref: "Env" };

const cases: [string, Json, Sections, string[]][] = [
  [
    "one of the allowed values at a time",
    { "Fn::Sub": "key of ${Env}" },
    { Parameters: { Env: { ...stage, AllowedValues: ["dev", "prod"] } } },
    ['Env is "dev": key of dev', 'Env is "prod": key of prod'],
  ],
  [
    "a pattern that lists values",
    env,
    { Parameters: { Env: { ...stage, AllowedPattern: "^(dev|prod)$" } } },
    ['Env is "dev": dev', 'Env is "prod": prod'],
  ],
  [
    "a parameter with many allowed values stays unknown in a string",
    env,
    { Parameters: { Env: { ...stage, AllowedValues: [..."abcdefghi"] } } },
    ["always: ⟨Env⟩"],
  ],
  [
    "a parameter has its default value",
    either("IsProd"),
    {
      Parameters: { Env: { ...stage, AllowedValues: ["dev", "prod"], Default: "dev" } },
      Conditions: { IsProd: equals(env, "prod") },
    },
    ["always: b"],
  ],
  [
    "a parameter without default may have the value that it is compared with",
    either("IsProd"),
    {
      Parameters: { Env: stage },
      Conditions: { IsProd: equals(env, "prod") },
    },
    ['Env is "prod": a', 'Env is not "prod": b'],
  ],
  [
    "two conditions on one parameter are never both true",
    { "Fn::Join": [" ", [{ "Fn::If": ["IsProd", "prod", "-"] }, { "Fn::If": ["IsDev", "dev", "-"] }, env]] },
    { Parameters: { Env: stage }, Conditions: { IsProd: equals(env, "prod"), IsDev: equals("dev", env) } },
    ['Env is "prod": prod - prod', 'Env is "dev": - dev dev', 'Env is none of "prod", "dev": - - ⟨Env⟩'],
  ],
  [
    "values that a pattern or a length excludes are not tried",
    either("IsEmpty"),
    {
      Parameters: { Env: { ...stage, MinLength: 1 } },
      Conditions: { IsEmpty: equals(env, "") },
    },
    ["always: b"],
  ],
  [
    "a comparison of two unknowns",
    either("Same"),
    {
      Parameters: { Env: stage, Other: stage },
      Conditions: { Same: equals(env, { Ref: "Other" }) },
    },
    ["Same is true: a", "Same is false: b"],
  ],
  [
    "a comparison inside another condition is described by its operands",
    either("Differs"),
    {
      Parameters: { Env: stage, Other: stage },
      Conditions: { Differs: { "Fn::Not": [equals(env, { Ref: "Other" })] } },
    },
    ["Env equals Other is true: b", "Env equals Other is false: a"],
  ],
  [
    "an expression equals itself",
    either("Same"),
    {
      Parameters: { Env: stage },
      Conditions: { Same: equals({ "Fn::Sub": "${Env}" }, env) },
    },
    ["always: a"],
  ],
  [
    "a partially known string that cannot equal the literal",
    either("Same"),
    {
      Parameters: { Env: stage },
      Conditions: { Same: equals({ "Fn::Sub": "x-${Env}" }, "prod") },
    },
    ["always: b"],
  ],
  [
    "the account may equal the account that it is compared with",
    either("Central"),
    {
      Conditions: { Central: equals({ Ref: "AWS::AccountId" }, "111122223333") },
    },
    ['AWS::AccountId is "111122223333": a', 'AWS::AccountId is not "111122223333": b'],
  ],
  [
    "the Region and the partition are consistent",
    { "Fn::Sub": ["${P} ${C}", { P: { Ref: "AWS::Partition" }, C: either("China") }] },
    {
      Conditions: { China: equals({ Ref: "AWS::Region" }, "cn-north-1") },
    },
    [
      'AWS::Region is "cn-north-1": ⟨AWS::Partition⟩ a',
      'AWS::Region is not "cn-north-1": ⟨AWS::Partition⟩ b',
    ],
  ],
  [
    "the keys of a mapping",
    { "Fn::FindInMap": ["Words", env, "word"] },
    {
      Parameters: { Env: stage },
      Mappings: { Words: { dev: { word: "d" }, prod: { word: "p" } } },
    },
    ['Env is "dev": d', 'Env is "prod": p'],
  ],
  [
    "the keys of a mapping and its default",
    { "Fn::FindInMap": ["Words", env, "word", { DefaultValue: "x" }] },
    {
      Parameters: { Env: stage },
      Mappings: { Words: { dev: { word: "d" } } },
    },
    ['Env is "dev": d', 'Env is not "dev": x'],
  ],
  [
    "an allowed value without a mapping key is undeployable",
    { "Fn::FindInMap": ["Words", env, "word"] },
    {
      Parameters: { Env: { ...stage, AllowedValues: ["dev", "prod"] } },
      Mappings: { Words: { prod: { word: "p" } } },
    },
    ["always: p"],
  ],
  [
    "a mapping and a condition use the same value",
    {
      "Fn::Join": [" ", [either("IsProd"), { "Fn::FindInMap": ["Words", env, "word"] }]],
    },
    {
      Parameters: { Env: stage },
      Conditions: { IsProd: equals(env, "prod") },
      Mappings: { Words: { dev: { word: "d" }, test: { word: "t" }, prod: { word: "p" } } },
    },
    ['Env is "prod": a p', 'Env is "dev": b d', 'Env is "test": b t'],
  ],
  [
    "a partially known mapping key",
    { "Fn::FindInMap": ["Words", { "Fn::Sub": "x-${Env}" }, "word"] },
    {
      Parameters: { Env: stage },
      Mappings: { Words: { "x-1": { word: "1" }, "x-2": { word: "2" }, y: { word: "y" } } },
    },
    ['Fn::Sub x-${Env} is "x-1": 1', 'Fn::Sub x-${Env} is "x-2": 2'],
  ],
  [
    "choices that make no difference",
    either("Both"),
    {
      Parameters: { Env: stage, Other: stage },
      Conditions: { Both: { "Fn::And": [equals(env, "x"), equals({ Ref: "Other" }, "y")] } },
    },
    ['Env is "x", Other is "y": a', 'Env is "x" and Other is not "y", or Env is not "x": b'],
  ],
  [
    "a choice that nothing depends on",
    { "Fn::If": ["IsProd", "a", "a"] },
    {
      Parameters: { Env: stage },
      Conditions: { IsProd: equals(env, "prod") },
    },
    ["always: a"],
  ],
  [
    "Or stops at the first true condition",
    either("Any"),
    {
      Parameters: { Env: stage, Other: stage },
      Conditions: { Any: { "Fn::Or": [equals("1", "1"), equals(env, "x")] } },
    },
    ["always: a"],
  ],
];

for (const [name, description, sections, expected] of cases)
  test(`variants: ${name}`, () => {
    const part = readText(describedBy(description, sections));
    assert.deepEqual(part.problems, []);
    assert.deepEqual(variantsIn(part), expected);
  });

const conditional = (condition: Json) => `
Parameters:
  Env: {Type: String}
Conditions:
  Wanted: ${JSON.stringify(condition)}
Resources:
  Key:
    Type: AWS::KMS::Key
    Condition: Wanted
  Alias:
    Type: AWS::KMS::Alias
    Condition: Wanted
    Properties: {AliasName: alias/orders, TargetKeyId: !Ref Key}
  Other:
    Type: AWS::KMS::Key
`;
const outline = (text: string) => {
  const part = readText(text);
  return [...part.keys, ...part.aliases].map((entity) => entity.id.replace("template.yaml#", ""));
};

test("a resource with a false condition is not created", () => {
  assert.deepEqual(outline(conditional(equals("a", "b"))), ["Other"]);
});

test("a resource with an unknown condition is read, without variants if nothing else depends on it", () => {
  assert.deepEqual(outline(conditional(equals(env, "prod"))), ["Key", "Other", "Alias"]);
});

test("references stay inside a variant, and independent resources have no variants", () => {
  const text = conditional(equals("a", "a")).replace("alias/orders", "!If [IsProd, alias/a, alias/b]");
  const part = readText(text.replace("Conditions:", 'Conditions:\n  IsProd: !Equals [!Ref Env, "prod"]'));
  assert.deepEqual(
    part.aliases.map(({ id, target }) =>
      [id, ...target.keys].map((name) => name.replace("template.yaml#", "")),
    ),
    [
      ['Alias [Env is "prod"]', 'Key [Env is "prod"]'],
      ['Alias [Env is not "prod"]', 'Key [Env is not "prod"]'],
    ],
  );
  assert.equal(part.keys.find(({ resource }) => resource === "Other")?.variant, undefined);
  const ids = [...part.keys, ...part.aliases].map(({ id }) => id);
  assert.equal(new Set(ids).size, ids.length);
});

test("aliases with the same name are distinguished by their conditions", () => {
  const key = (condition: string, name: string) => ({
    [`Key${condition}`]: { Type: "AWS::KMS::Key", Condition: condition },
    [`Alias${condition}`]: {
      Type: "AWS::KMS::Alias",
      Condition: condition,
      Properties: { AliasName: name, TargetKeyId: { Ref: `Key${condition}` } },
    },
  });
  const ids = (names: [string, string]) =>
    readText(
      JSON.stringify({
        Parameters: { Env: stage },
        Conditions: { Prod: equals(env, "prod"), Other: { "Fn::Not": [{ Condition: "Prod" }] } },
        Resources: { ...key("Prod", names[0]), ...key("Other", names[1]) },
      }),
    ).aliases.map(({ id }) => id.replace("template.yaml#", ""));
  assert.deepEqual(ids(["alias/orders", "alias/orders"]), [
    'AliasProd [Env is "prod"]',
    'AliasOther [Env is not "prod"]',
  ]);
  assert.deepEqual(ids(["alias/orders", "alias/refunds"]), ["AliasProd", "AliasOther"]);
});

test("an alias exists only if its key exists", () => {
  const text = conditional(equals(env, "prod")).replace(
    "    Type: AWS::KMS::Alias\n    Condition: Wanted",
    "    Type: AWS::KMS::Alias",
  );
  assert.deepEqual(outline(text), ["Key", "Other", "Alias"]);
});

test("if there are too many assignments, each choice is tried at least once", () => {
  const names = Array.from({ length: 10 }, (_, i) => `P${i}`);
  const part = readText(
    describedBy(
      { "Fn::Join": ["", names.map((name) => ({ Ref: name }))] },
      {
        Parameters: Object.fromEntries(
          names.map((name) => [name, { ...stage, AllowedValues: ["x", "y", "z"] }]),
        ),
      },
    ),
  );
  assert.ok(part.keys.length <= 64);
  const texts = variantsIn(part).map((text) => text.slice(text.lastIndexOf(": ") + 2));
  for (const [i] of names.entries())
    assert.deepEqual([...new Set(texts.map((text) => text[i]))].sort(), ["x", "y", "z"]);
  assert.equal(new Set(part.keys.map(({ id }) => id)).size, part.keys.length);
});

test("a circular dependency of conditions is a problem, and both outcomes are read", () => {
  const part = readText(
    describedBy(either("A"), {
      Conditions: { A: { Condition: "B" }, B: { "Fn::Not": [{ Condition: "A" }] } },
    }),
  );
  assert.deepEqual(
    part.problems.map(({ message }) => message),
    ["Condition A depends on itself."],
  );
  assert.deepEqual(variantsIn(part), ["A is true: a", "A is false: b"]);
});

test("the account that a variant assumes is the owner in that variant", () => {
  const part = readText(
    describedBy(either("Central"), {
      Conditions: { Central: equals({ Ref: "AWS::AccountId" }, "111122223333") },
    }),
  );
  assert.deepEqual(
    part.keys.map(({ owner }) => owner),
    ["111122223333", { unknown: { reason: "the account is not specified", expression: "" } }],
  );
});

test("the account option decides comparisons with the account", () => {
  const text = describedBy(either("Central"), {
    Conditions: { Central: equals({ Ref: "AWS::AccountId" }, "111122223333") },
  });
  assert.deepEqual(variantsIn(readText(text, { account: "111122223333" })), ["always: a"]);
  assert.deepEqual(variantsIn(readText(text, { account: "444455556666" })), ["always: b"]);
});
