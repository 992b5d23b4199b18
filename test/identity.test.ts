import assert from "node:assert/strict";
import { test } from "node:test";
import { concernsKms, identityPolicyOf } from "../src/core/key-policy/identity.ts";
import { targetOf } from "../src/core/key-policy/target.ts";
import type { Target } from "../src/core/model/document.ts";
import { fromJson, type Node, type UnknownPart } from "../src/core/model/node.ts";
import type { Json, Parsed } from "../src/core/model/source.ts";
import { parseJson } from "../src/core/parse/json.ts";

function node(value: Json): Node {
  const parsed = parseJson({ path: "p.json", text: JSON.stringify(value) });
  if ("message" in parsed) assert.fail(parsed.message);
  return fromJson(parsed as Parsed);
}

const policyOf = (Statement: Json) =>
  identityPolicyOf(node({ Version: "2012-10-17", Statement }), { address: "aws_iam_policy.p" });
const allow = (more: { [key: string]: Json }): Json => ({
  Effect: "Allow",
  Action: "kms:Decrypt",
  Resource: "*",
  ...more,
});

const at = node("").at;
const unknownPart = (type?: UnknownPart["type"]): UnknownPart => ({
  reason: "parameter without default",
  expression: "X",
  ...(type === undefined ? {} : { type }),
});
const text = (...parts: (string | UnknownPart)[]): Node => ({ type: "text", parts, at });

const id = "1234abcd-12ab-34cd-56ef-1234567890ab";

/** Values of Resource, and the kind of KMS resource that they can match. */
const targets: [Node | string, Target["kind"]][] = [
  ["*", "every-key"],
  ["**", "every-key"],
  ["key/*", "every-key"],
  ["arn:aws:kms:*:*:key/*", "every-key"],
  ["arn:aws:kms:eu-west-1:111122223333:key/*", "every-key"],
  ["arn:aws:kms:eu-west-1:111122223333:*", "every-key"],
  ["arn:aws:kms:*", "every-key"],
  ["arn:aws-cn:kms:cn-north-1:111122223333:key/*", "every-key"],
  ["arn:*:kms:eu-*:1111*:key/????????-*", "every-key"],
  [text("arn:aws:kms:eu-west-1:", unknownPart("account-id"), ":key/*"), "every-key"],
  [
    text(
      "arn:",
      unknownPart("partition"),
      ":kms:",
      unknownPart("region"),
      ":",
      unknownPart("account-id"),
      ":key/*",
    ),
    "every-key",
  ],
  [text(unknownPart(), ":key/*"), "every-key"],
  [`arn:aws:kms:eu-west-1:111122223333:key/${id}`, "key"],
  ["arn:aws:kms:*:111122223333:key/mrk-*", "key"],
  ["arn:aws:kms:*:key/12*", "key"],
  ["arn:aws:kms:eu-west-1:111122223333:*1234", "key"],
  [text("arn:aws:kms:eu-west-1:111122223333:key/", unknownPart()), "key"],
  [text(unknownPart(), ":key/", unknownPart()), "key"],
  [{ type: "unknown", part: unknownPart("key-arn"), at }, "key"],
  ["arn:aws:kms:eu-west-1:111122223333:alias/orders", "alias"],
  ["arn:aws:kms:*:alias/*", "alias"],
  ["*alias/orders", "alias"],
  [text(unknownPart(), ":alias/orders"), "alias"],
  [text("arn:aws:kms:eu-west-1:111122223333:alias/", unknownPart()), "alias"],
  [{ type: "unknown", part: unknownPart("alias-arn"), at }, "alias"],
  ["alias/orders", "alias-name"],
  [{ type: "unknown", part: unknownPart("alias-name"), at }, "alias-name"],
  [id, "key-id"],
  [`key/${id}`, "key-id"],
  ["mrk-1234abcd12ab34cd56ef1234567890ab", "key-id"],
  [{ type: "unknown", part: unknownPart("key-id"), at }, "key-id"],
  ["arn:aws:s3:::bucket/*", "other"],
  ["arn:aws:kms:eu-west-1:111122223333:orders", "other"],
  ["orders", "other"],
  ["orders:*", "other"],
  [text(unknownPart("arn"), "/*"), "other"],
  [text(unknownPart("name"), "-x"), "other"],
  [text(unknownPart(), ":s3:::bucket"), "other"],
  [{ type: "unknown", part: unknownPart("arn"), at }, "other"],
  [{ type: "unknown", part: unknownPart(), at }, "unknown"],
  [text(unknownPart(), "/orders"), "unknown"],
  [text("arn:aws:kms:eu-west-1:111122223333:", unknownPart()), "unknown"],
  [text("arn:aws:kms:", unknownPart()), "unknown"],
];

for (const [written, kind] of targets) {
  const target = targetOf(typeof written === "string" ? node(written) : written, "a");
  test(`${target.text} is ${kind}`, () => assert.equal(target.kind, kind));
}

test("a statement lists the targets of its Resource element", () => {
  const { state, statements } = policyOf([
    allow({ Sid: "A", Resource: ["arn:aws:kms:*:*:key/*", "arn:aws:s3:::bucket"] }),
  ]);
  assert.equal(state, "resolved");
  const [statement] = statements;
  assert.deepEqual(
    statement?.targets.map(({ kind }) => kind),
    ["every-key", "other"],
  );
  assert.deepEqual(
    [statement?.matchesKey, statement?.principals, statement?.covers],
    ["yes", [], ["Decrypt"]],
  );
});

test("matchesKey tells whether a statement applies to a key", () => {
  const on = (more: { [key: string]: Json }) => policyOf(allow(more)).statements[0]?.matchesKey;
  const key = `arn:aws:kms:eu-west-1:111122223333:key/${id}`;
  const without = (NotResource: Json) => {
    const { Resource: _, ...statement } = allow({ NotResource }) as { [key: string]: Json };
    return policyOf(statement).statements[0]?.matchesKey;
  };
  assert.equal(on({ Resource: key }), "yes");
  assert.equal(on({ Resource: "alias/orders" }), "no");
  assert.equal(without(key), "yes");
  assert.equal(without("*"), "no");
});

test("only statements that concern KMS are kept", () => {
  const covered = (Action: Json) => policyOf(allow({ Action })).statements.length;
  assert.deepEqual(
    ["kms:Decrypt", "*", "k*", "s3:GetObject", ["s3:*", "kms:Encrypt"], "kms:Nothing"].map(covered),
    [1, 1, 1, 0, 1, 0],
  );
  assert.equal(
    policyOf({ Effect: "Allow", NotAction: "iam:*", Resource: "*" }).statements[0]?.covers.includes(
      "Decrypt",
    ),
    true,
  );
  assert.equal(concernsKms(policyOf(allow({ Action: "s3:*" }))), false);
  assert.equal(concernsKms(policyOf(allow({}))), true);
});

test("what is no identity policy has no statement", () => {
  for (const statement of [
    allow({ Principal: "*" }),
    allow({ Resource: [] }),
    { Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" },
    "kms:*",
  ])
    assert.deepEqual(policyOf([statement]).statements, []);
  assert.equal(concernsKms(identityPolicyOf(node("{"), { address: "a" })), false);
  assert.equal(concernsKms(identityPolicyOf(undefined, { address: "a" })), false);
});

test("a policy that is not known may concern KMS", () => {
  const policy = identityPolicyOf({ type: "unknown", part: unknownPart(), at }, { address: "a" });
  assert.deepEqual(policy, {
    state: "unresolved",
    unknown: { reason: "parameter without default", expression: "X" },
    statements: [],
  });
  assert.equal(concernsKms(policy), true);
});
