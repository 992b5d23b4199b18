import assert from "node:assert/strict";
import { test } from "node:test";
import type { Key } from "../src/core/model/document.ts";
import type { Json } from "../src/core/model/source.ts";
import { normalizeInputs } from "../src/core/pipeline.ts";

const A = "111122223333";
const B = "444455556666";
const C = "777788889999";
const role = (account: string) => ({ AWS: `arn:aws:iam::${account}:role/app` });
const root = (account: Json): Json => ({
  Effect: "Allow",
  Principal: { AWS: account },
  Action: "kms:*",
  Resource: "*",
});
const use = (Principal: Json, Condition?: Json): Json => ({
  Effect: "Allow",
  Principal,
  Action: "kms:Decrypt",
  Resource: "*",
  ...(Condition === undefined ? {} : { Condition }),
});
const self = { Ref: "AWS::AccountId" };

/** Returns the keys of a template with these key policies. */
function keysOf(policies: Json[][], options = {}): Key[] {
  const keys = policies.map((Statement, i) => [
    `Key${i}`,
    { Type: "AWS::KMS::Key", Properties: { KeyPolicy: { Statement } } },
  ]);
  const Resources = { ...Object.fromEntries(keys), Role: { Type: "AWS::IAM::Role" } };
  const text = JSON.stringify({ Parameters: { Account: { Type: "String" } }, Resources });
  return normalizeInputs([{ path: "template.json", text }], options).document.keys;
}

const ownerOf = ({ owner }: Key): string =>
  typeof owner === "string" ? owner : owner.unknown.expression || "unknown";

/** Description, key policies of a template, and the possible owners of all keys. */
const owners: [string, Json[][], string[]][] = [
  ["one account root principal with kms:*", [[root(A), use(role(B))]], [A]],
  ["the symbol takes precedence over other accounts", [[root(self), use(role(B))]], ["self"]],
  ["the symbol in a condition", [[use("*", { StringEquals: { "kms:CallerAccount": self } })]], ["self"]],
  [
    "a reference to an account root principal with kms:*",
    [[root({ "Fn::Sub": "arn:aws:iam::${Account}:root" }), use(role(B))]],
    ["Account"],
  ],
  ["the only account of all principals", [[use(role(A)), use(role(A))]], [A]],
  ["a malformed account ID", [[use(role("12345"))]], ["12345"]],
  [
    "an IAM resource of the template does not name the account",
    [[root(A), use({ AWS: { "Fn::GetAtt": ["Role", "Arn"] } })]],
    [A],
  ],
  [
    "an IAM resource of the template is the only indication",
    [[use({ AWS: { "Fn::GetAtt": ["Role", "Arn"] } }), use(role(B))]],
    ["self"],
  ],
  [
    "the symbol without root: the only account ID whose root has kms:* may be the owner",
    [[root(A), use({ AWS: { "Fn::Sub": "arn:aws:iam::${AWS::AccountId}:role/app" } })]],
    ["self", A],
  ],
  [
    "the symbol without root, and the roots of two accounts",
    [[root(A), root(B), use({ AWS: { "Fn::Sub": "arn:aws:iam::${AWS::AccountId}:role/app" } })]],
    ["self"],
  ],
  [
    "the symbol in another key: the only account ID whose root has kms:* may be the owner",
    [[root(self)], [root(A)]],
    ["self", A],
  ],
  ["no account in the policy", [[use({ Service: "sns.amazonaws.com" })]], ["unknown"]],
  ["two account root principals: each may be the owner", [[root(A), root(B)]], [A, B]],
  [
    "two accounts without root: each may be the owner, or another account",
    [[use(role(A)), use(role(B))]],
    [A, B, "unknown"],
  ],
  [
    "an unknown principal may belong to any account",
    [[use({ AWS: { "Fn::ImportValue": "x" } }), use(role(A))]],
    ["unknown"],
  ],
  [
    "keys of one template share an owner",
    [[root(A)], [use(role(B))], [use({ Service: "sns.amazonaws.com" })]],
    [A, A, A],
  ],
  [
    "keys of one template with different owners in their policies",
    [[root(A)], [root(B)], [root(self)]],
    [A, B, "self"],
  ],
  [
    "keys of one template disagree, so a key without indication has an unknown owner",
    [[root(A)], [root(B)], []],
    [A, B, "unknown"],
  ],
];

for (const [name, policies, expected] of owners)
  test(`owner: ${name}`, () => assert.deepEqual(keysOf(policies).map(ownerOf), expected));

test("owner: the target account", () =>
  assert.deepEqual(keysOf([[root(A), root(B)]], { account: C }).map(ownerOf), [C]));

/** The relation of a principal to the owner. */
const relations: [string, Json[], Json, string][] = [
  ["the same account", [root(A)], role(A), "owner"],
  ["another account", [root(A)], role(B), "external"],
  ["an account ID if the owner is the symbol", [root(self)], role(A), "external"],
  ["the symbol if the owner is the target account", [root(self)], { AWS: self }, "owner"],
  ["a role of the template", [root(A)], { AWS: { "Fn::GetAtt": ["Role", "Arn"] } }, "owner"],
  ["a reference if the owner is an account ID", [root(A)], { AWS: { Ref: "Account" } }, "unknown"],
  [
    "an account in a reference",
    [root(A)],
    { AWS: { "Fn::Sub": "arn:aws:iam::${Account}:role/app" } },
    "unknown",
  ],
  ["an unknown principal", [root(A)], { AWS: { "Fn::ImportValue": "x" } }, "unknown"],
];

for (const [name, statements, principal, expected] of relations)
  test(`relation: ${name}`, () => {
    const [key] = keysOf([[...statements, use(principal)]]);
    assert.equal(key?.policy.statements.at(-1)?.principals[0]?.relation, expected);
  });

test("variants of a key have a total, and aliases lead to all of them", () => {
  const text = JSON.stringify({
    Resources: {
      Key: { Type: "AWS::KMS::Key", Properties: { KeyPolicy: { Statement: [root(A), root(B)] } } },
      Alias: {
        Type: "AWS::KMS::Alias",
        Properties: { AliasName: "alias/orders", TargetKeyId: { Ref: "Key" } },
      },
    },
  });
  const { keys, aliases } = normalizeInputs([{ path: "template.json", text }]).document;
  assert.deepEqual(
    keys.map(({ variant }) => variant),
    [
      { assumptions: [`the owner is account ${A}`], total: 2 },
      { assumptions: [`the owner is account ${B}`], total: 2 },
    ],
  );
  assert.deepEqual(
    aliases.map(({ target }) => target.keys),
    [keys.map(({ id }) => id)],
  );
});

test("an alias in another file leads to its key by ARN", () => {
  const arn = `arn:aws:kms:eu-west-1:${A}:key/1234abcd-12ab-34cd-56ef-1234567890ab`;
  const after = { customer_master_key_spec: "SYMMETRIC_DEFAULT", arn };
  const change = { actions: ["no-op"], before: after, after, after_unknown: {}, after_sensitive: {} };
  const key = { address: "aws_kms_key.orders", mode: "managed", type: "aws_kms_key", name: "orders", change };
  const plan = { format_version: "1.2", resource_changes: [key], configuration: {} };
  const alias = { Type: "AWS::KMS::Alias", Properties: { AliasName: "alias/orders", TargetKeyId: arn } };
  const { keys, aliases } = normalizeInputs([
    { path: "plan.json", text: JSON.stringify(plan) },
    { path: "template.json", text: JSON.stringify({ Resources: { Alias: alias } }) },
  ]).document;
  assert.deepEqual(
    aliases.map(({ target }) => target.keys),
    [keys.map(({ id }) => id)],
  );
});
