import assert from "node:assert/strict";
import { test } from "node:test";
import {
  admin,
  allow,
  decryptIf,
  deny,
  everyone,
  facts,
  type Json,
  owner,
  partner,
  root,
} from "./policies.ts";

/** Returns whether a Deny with one condition leaves something of an Allow with another. */
const leaves = (allowed: Json, denied: Json): boolean =>
  facts([allow({ AWS: root }, "kms:Decrypt", allowed), deny(everyone, "kms:*", denied)]).startsWith(
    "granted",
  );

const comparisons = ["LessThan", "LessThanEquals", "Equals", "NotEquals", "GreaterThanEquals", "GreaterThan"];

test("comparisons of numbers and dates match ranges", () => {
  // By comparison of the Allow: the comparisons of a Deny with the same value that leave something of it.
  const left: { [comparison: string]: string[] } = {
    LessThan: ["Equals", "GreaterThanEquals", "GreaterThan"],
    LessThanEquals: ["LessThan", "Equals", "NotEquals", "GreaterThanEquals", "GreaterThan"],
    Equals: ["LessThan", "NotEquals", "GreaterThan"],
    NotEquals: ["LessThan", "LessThanEquals", "Equals", "GreaterThanEquals", "GreaterThan"],
    GreaterThanEquals: ["LessThan", "LessThanEquals", "Equals", "NotEquals", "GreaterThan"],
    GreaterThan: ["LessThan", "LessThanEquals", "Equals"],
  };
  for (const [type, key, lower, value] of [
    ["Numeric", "aws:MultiFactorAuthAge", "200", "300"],
    ["Numeric", "aws:MultiFactorAuthAge", "0.25", "0.5"],
    ["Date", "aws:CurrentTime", "2029-01-01T00:00:00Z", "2030-01-01T00:00:00Z"],
    ["Date", "aws:CurrentTime", "1861920000", "1893456000"],
  ] as const) {
    const is = (comparison: string, to: string): Json => ({ [type + comparison]: { [key]: to } });
    for (const comparison of comparisons)
      assert.deepEqual(
        comparisons.filter((other) => leaves(is(comparison, value), is(other, value))),
        left[comparison],
        type + comparison,
      );
    assert.ok(leaves(is("LessThan", value), is("LessThan", lower)), value);
    assert.ok(!leaves(is("LessThan", lower), is("LessThan", value)), value);
    assert.ok(leaves(is("GreaterThan", lower), is("GreaterThan", value)), value);
    assert.ok(!leaves(is("GreaterThan", value), is("GreaterThan", lower)), value);
    assert.ok(leaves(is("Equals", value), is("Equals", lower)), value);
    assert.ok(!leaves(is("Equals", "tomorrow"), is("Equals", lower)), "a text that is no value");
  }
});

test("dates are seconds since 1970, or ISO 8601", () => {
  const before = (date: string): Json => ({ DateLessThan: { "aws:CurrentTime": date } });
  assert.ok(!leaves(before("1893456000"), before("2030-01-01T00:00:00Z")));
  assert.ok(leaves(before("1893456001"), before("2030-01-01T00:00:00Z")));
  assert.ok(!leaves(before("2030-01-01T00:00:00Z"), before("1893456000")));
  assert.ok(leaves(before("2030-01-01T00:00:01Z"), before("1893456000")));
});

test("Null matches requests by the presence of a condition key", () => {
  for (const [key, condition] of [
    ["aws:MultiFactorAuthAge", { NumericLessThan: { "aws:MultiFactorAuthAge": "300" } }],
    ["aws:TokenIssueTime", { DateLessThan: { "aws:TokenIssueTime": "2030-01-01T00:00:00Z" } }],
    ["aws:SourceIp", { IpAddress: { "aws:SourceIp": "203.0.113.0/24" } }],
    ["aws:VpcSourceIp", { IpAddress: { "aws:VpcSourceIp": "203.0.113.0/24" } }],
    ["aws:PrincipalTag/team", { StringEquals: { "aws:PrincipalTag/team": "payments" } }],
    ["kms:EncryptionContextKeys", { "ForAnyValue:StringEquals": { "kms:EncryptionContextKeys": "team" } }],
    ["kms:CallerAccount", { StringEquals: { "kms:CallerAccount": owner } }],
  ] as const) {
    const absent = (value: string | string[]): Json => ({ Null: { [key]: value } });
    const isAllowed = (value: string | string[]): boolean =>
      facts([allow({ AWS: root }, "kms:Decrypt", { ...condition, ...absent(value) })]) !== "";
    for (const [value, matches] of [
      ["true", false],
      ["false", true],
      [["true", "false"], true],
      [[], false],
    ] as const) {
      assert.equal(isAllowed(value as string | string[]), matches, JSON.stringify([key, value]));
      assert.equal(
        !leaves(condition, absent(value as string | string[])),
        matches,
        JSON.stringify([key, value]),
      );
    }
  }
  const lacks = { Null: { "aws:MultiFactorAuthAge": "true" } };
  assert.ok(!leaves(lacks, lacks));
  assert.ok(leaves(lacks, { Null: { "aws:MultiFactorAuthAge": "false" } }));
});

test("a boolean condition matches no request without its condition key, except that grants may lack the value false", () => {
  const factor = "aws:MultiFactorAuthPresent";
  assert.ok(leaves({ Null: { [factor]: "true" } }, { Bool: { [factor]: "false" } }));
  assert.ok(!leaves({ Bool: { [factor]: "false" } }, { Null: { [factor]: "false" } }));
  const grants = (denied: Json): string =>
    facts([allow({ AWS: admin }, "kms:CreateGrant"), deny(everyone, "kms:*", denied)], "CreateGrant");
  const forResources = { "kms:GrantIsForAWSResource": "true" };
  assert.equal(grants({ Bool: forResources }), "granted owner anyGrant delegation");
  assert.equal(grants({ StringEquals: forResources }), "granted owner anyGrant delegation");
  assert.equal(grants({ StringNotEquals: forResources }), "granted owner");
});

test("a text that is no address matches no request", () => {
  assert.equal(facts(decryptIf({ IpAddress: { "aws:SourceIp": "everywhere" } })), "");
  assert.ok(
    leaves(
      { IpAddress: { "aws:SourceIp": "203.0.113.0/24" } },
      { IpAddress: { "aws:SourceIp": "everywhere" } },
    ),
  );
});

test("a condition on the account of the key restricts the caller if it compares the two", () => {
  const everyoneIn = "granted public owner always";
  for (const [condition, expected] of [
    [{ "aws:ResourceAccount": "${aws:PrincipalAccount}" }, "granted owner always"],
    [{ "aws:ResourceAccount": "${kms:CallerAccount}" }, "granted owner always"],
    [{ "aws:ResourceAccount": "${ kms:CallerAccount }" }, "granted owner always"],
    [{ "aws:ResourceAccount": "${aws:SourceAccount}" }, "granted"],
    [{ "aws:ResourceOrgID": "${aws:PrincipalOrgID}" }, "granted owner beyondOwner"],
    [{ "aws:ResourceOrgID": "${aws:SourceOrgID}" }, "granted beyondOwner"],
    [{ "aws:ResourceAccount": "${aws:PrincipalOrgID}" }, everyoneIn],
    [{ "aws:ResourceAccount": "${aws:userid}" }, everyoneIn],
    [{ "aws:ResourceAccount": owner }, everyoneIn],
    [{ "aws:ResourceAccount": ["${aws:PrincipalAccount}", owner] }, everyoneIn],
    [{ "aws:ResourceAccount": "444455556666" }, ""],
    [{ "aws:ResourceAccount": [] }, ""],
  ] as const)
    assert.equal(facts(decryptIf({ StringEquals: condition })), expected, JSON.stringify(condition));
});

test("a Deny with a negated operator and a policy variable only matches requests without the condition key", () => {
  const tag = "aws:PrincipalTag/user";
  const denied = { StringNotEquals: { [tag]: "${aws:username}" } };
  assert.ok(leaves({ StringEquals: { [tag]: "alice" } }, denied));
  assert.ok(!leaves({ Null: { [tag]: "true" } }, denied));
  assert.ok(leaves({ Null: { [tag]: "true" } }, { "ForAnyValue:StringNotEquals": denied.StringNotEquals }));
  const keys = { "kms:EncryptionContextKeys": "${aws:username}" };
  assert.ok(
    leaves({ Null: { "kms:EncryptionContextKeys": "true" } }, { "ForAllValues:StringNotEquals": keys }),
  );
});

test("AWS services are everyone unless a Deny is for the calls of principals alone", () => {
  const network = { StringNotEqualsIfExists: { "aws:SourceVpc": "vpc-0a1b2c3d4e5f60718" } };
  const perimeter = { ...network, Bool: { "aws:PrincipalIsAWSService": "false" } };
  assert.equal(
    facts([allow("*", "kms:Decrypt"), deny(everyone, "kms:*", perimeter)]),
    "granted owner always",
  );
  assert.equal(facts([allow("*", "kms:Decrypt"), deny(everyone, "kms:*", network)]), "granted owner always");
  // Every request of a principal has an aws:userid, and those of services need none.
  const session = allow("*", "kms:Decrypt", { StringEqualsIfExists: { "aws:userid": "AROAEXAMPLE:app" } });
  const byPartner = { Principal: { AWS: partner } };
  for (const [denies, expected] of [
    [[], "granted public owner"],
    [[deny(byPartner, "kms:*")], "granted public owner"],
    [
      [deny(byPartner, "kms:*", { Bool: { "aws:MultiFactorAuthPresent": "false" } })],
      "granted public owner external beyondOwner",
    ],
  ] as const)
    assert.equal(facts([session, ...denies]), expected, JSON.stringify(denies));
});
