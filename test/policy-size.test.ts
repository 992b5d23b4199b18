import assert from "node:assert/strict";
import { test } from "node:test";
import { linkParts } from "../src/core/link/link.ts";
import { redacted } from "../src/core/link/redact.ts";
import type { Policy } from "../src/core/model/document.ts";
import { emptyPart } from "../src/core/model/format.ts";
import type { Json } from "../src/core/model/source.ts";
import { normalizeInputs } from "../src/core/pipeline.ts";

const root = (region = "eu-west-1"): { [key: string]: Json } => ({
  Sid: "Root",
  Effect: "Allow",
  Principal: { AWS: "arn:aws:iam::111122223333:root" },
  Action: ["kms:Decrypt", "kms:Encrypt"],
  Resource: "*",
  Condition: { StringEquals: { "kms:ViaService": [`s3.${region}.amazonaws.com`] } },
});

function policyOf(value: Json, indent?: number): Policy {
  const { document } = normalizeInputs([
    { path: "p.json", text: JSON.stringify(value, null, indent), named: true },
  ]);
  const [key] = document.keys;
  assert.ok(key);
  return key.policy;
}

function inTemplate(KeyPolicy: Json): Policy {
  const Resources = { Key: { Type: "AWS::KMS::Key", Properties: { KeyPolicy } } };
  const text = JSON.stringify({ Parameters: { Name: { Type: "String" } }, Resources });
  const [key] = normalizeInputs([{ path: "t.json", text }]).document.keys;
  assert.ok(key);
  return key.policy;
}

test("the size of a policy is the size of its minified JSON", () => {
  for (const value of [
    { Version: "2012-10-17", Statement: [root(), root()] },
    { Statement: root(), Id: 'ä "' },
  ])
    assert.deepEqual(policyOf(value, 2).size, {
      bytes: Buffer.byteLength(JSON.stringify(value)),
      isLowerBound: false,
    });
});

test("the size of a policy in a JSON string is the size of the minified JSON", () => {
  const value = { Statement: [root()] };
  const policy = inTemplate(JSON.stringify(value, null, 4));
  assert.deepEqual(policy.size, { bytes: JSON.stringify(value).length, isLowerBound: false });
});

test("unknown parts count as empty, and the size is a lower bound", () => {
  const known = { ...root(), Sid: "", Resource: "" };
  const value = { Statement: [{ ...root(), Sid: { "Fn::Sub": "${Name}" }, Resource: { Ref: "Name" } }] };
  const { size } = inTemplate(value);
  assert.deepEqual(size, {
    bytes: JSON.stringify({ Statement: [known] }).length - 2 * 2,
    isLowerBound: true,
  });
});

test("the first character that KMS does not accept is located", () => {
  assert.equal(policyOf({ Statement: [{ ...root(), Sid: "Tür\tÿ" }] }).size?.unsupportedCharacter, undefined);
  const foreign = policyOf({ Statement: [{ ...root(), Sid: "a—b" }] }).size?.unsupportedCharacter;
  assert.equal(foreign?.text, "—");
  assert.equal(foreign?.location.pointer, "/Statement/0/Sid");
});

test("the canonical form is the same for every order, notation, and Region", () => {
  const other = {
    Resource: ["*"],
    Condition: { StringEquals: { "kms:ViaService": "s3.us-gov-east-1.amazonaws.com" } },
    Action: ["kms:Encrypt", "kms:Decrypt"],
    Principal: { AWS: ["arn:aws:iam::111122223333:root"] },
    Effect: "Allow",
  };
  const everyone = { ...root(), Principal: "*" };
  assert.deepEqual(
    policyOf({ Statement: [root(), everyone] }).canonical,
    policyOf({ Statement: [{ ...everyone, Principal: { AWS: "*" } }, other] }).canonical,
  );
  assert.notDeepEqual(
    policyOf({ Statement: [root()] }).canonical,
    policyOf({ Statement: [{ ...root(), Action: "kms:Decrypt" }] }).canonical,
  );
});

test("the canonical form shows unknown parts", () => {
  const { canonical } = inTemplate({
    Statement: {
      Effect: "Allow",
      Principal: { AWS: { "Fn::Sub": "arn:aws:iam::${Name}:root" } },
      Action: "kms:*",
      Resource: { "Fn::Sub": "arn:aws:kms:${AWS::Region}:111122223333:key/x" },
    },
  });
  assert.deepEqual(canonical, [
    '{"Action":["kms:*"],"Effect":["Allow"],"Principal":{"AWS":["arn:aws:iam::⟨Name⟩:root"]},"Resource":["arn:aws:kms:⟨region⟩:111122223333:key/x"]}',
  ]);
});

test("an unreadable policy has no size", () => {
  assert.equal(inTemplate("{").size, undefined);
  assert.equal(inTemplate({ Ref: "Name" }).canonical, undefined);
});

test("a sensitive policy has a size but no canonical form", () => {
  const { document } = normalizeInputs([
    { path: "p.json", text: JSON.stringify({ Statement: [{ ...root(), Sid: "a—b" }] }), named: true },
  ]);
  const [key] = document.keys;
  assert.ok(key);
  const sensitive = { ...emptyPart(), keys: [{ ...key, policy: { ...key.policy, sensitive: true } }] };
  const { policy } = redacted(linkParts([sensitive], {})).keys[0] ?? { policy: key.policy };
  assert.equal(policy.canonical, undefined);
  assert.equal(policy.size?.unsupportedCharacter?.text, "(sensitive)");
});

test("the size of a partially read policy is a lower bound", () => {
  const { document } = normalizeInputs([
    { path: "p.json", text: JSON.stringify({ Statement: [root()] }), named: true },
  ]);
  const [key] = document.keys;
  assert.ok(key);
  const linked = linkParts(
    [{ ...emptyPart(), keys: [{ ...key, policy: { ...key.policy, state: "partial" } }] }],
    {},
  );
  assert.equal(linked.keys[0]?.policy.size?.isLowerBound, true);
});

test("a policy of more than four times the AWS KMS limit is malformed, and its statements are not evaluated", () => {
  const policy = policyOf({ Statement: Array.from({ length: 1000 }, () => root()) });
  assert.equal(policy.state, "unreadable");
  assert.deepEqual(policy.statements, []);
  assert.match(policy.problems[0]?.message ?? "", /has \d+ bytes; AWS KMS accepts at most 32768/);
  assert.equal(policyOf({ Statement: Array.from({ length: 500 }, () => root()) }).state, "resolved");
});
