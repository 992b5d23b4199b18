import assert from "node:assert/strict";
import { test } from "node:test";
import { type Caller, isAllowed, type Statement } from "./iam.ts";
import type { Truth } from "./truth.ts";

const account = "444455556666";
const user: Caller = { account, arn: `arn:aws:iam::${account}:user/alice` };
const session: Caller = {
  account,
  arn: `arn:aws:iam::${account}:role/app`,
  session: `arn:aws:sts::${account}:assumed-role/app/session`,
};

const context = {
  "aws:principalaccount": [account],
  "aws:principalarn": [user.arn as string],
  "aws:sourceip": ["203.0.113.7"],
  "aws:currenttime": ["2027-03-01T12:00:00Z"],
  "aws:multifactorauthage": ["100"],
  "aws:viaawsservice": ["false"],
  "aws:principalorgpaths": ["o-a/r-b/ou-c/", "o-a/r-b/ou-d/"],
  "aws:principaltag/team": ["orders"],
};

type Conditions = NonNullable<Statement["Condition"]>;

/** Expected answers, as AWS's pages about condition operators and policy variables describe them. */
const conditions: [Truth, Conditions][] = [
  ["yes", { StringEquals: { "aws:PrincipalAccount": ["111122223333", account] } }],
  ["no", { StringNotEquals: { "aws:PrincipalAccount": ["111122223333", account] } }],
  ["no", { StringEquals: { "aws:PrincipalAccount": "4*" } }],
  ["yes", { StringLike: { "aws:PrincipalAccount": "4*" } }],
  ["no", { StringEquals: { "aws:PrincipalTag/team": "Orders" } }],
  ["yes", { StringEqualsIgnoreCase: { "AWS:principaltag/TEAM": "ORDERS" } }],
  // A key that the request lacks.
  ["no", { StringEquals: { "aws:SourceVpc": "vpc-1" } }],
  ["yes", { StringNotEquals: { "aws:SourceVpc": "vpc-1" } }],
  ["yes", { StringEqualsIfExists: { "aws:SourceVpc": "vpc-1" } }],
  ["yes", { Null: { "aws:SourceVpc": "true" } }],
  ["no", { Null: { "aws:SourceVpc": false } }],
  ["yes", { "ForAllValues:StringEquals": { "aws:SourceVpc": "vpc-1" } }],
  ["no", { "ForAnyValue:StringNotEquals": { "aws:SourceVpc": "vpc-1" } }],
  // Several values.
  ["yes", { "ForAnyValue:StringLike": { "aws:PrincipalOrgPaths": "o-a/r-b/ou-d/*" } }],
  ["no", { "ForAllValues:StringLike": { "aws:PrincipalOrgPaths": "o-a/r-b/ou-d/*" } }],
  ["yes", { "ForAnyValue:StringNotLike": { "aws:PrincipalOrgPaths": "o-a/r-b/ou-d/*" } }],
  ["maybe", { StringLike: { "aws:PrincipalOrgPaths": "o-a/*" } }],
  // ARNs are compared component by component, also by ArnEquals.
  ["yes", { ArnEquals: { "aws:PrincipalArn": "arn:aws:iam::*:user/*" } }],
  ["no", { ArnLike: { "aws:PrincipalArn": "arn:aws:iam::44*:role/*" } }],
  ["no", { ArnNotLike: { "aws:PrincipalArn": "arn:aws:iam::*:user/*" } }],
  // Addresses, numbers, dates, and flags.
  ["yes", { IpAddress: { "aws:SourceIp": ["10.0.0.0/8", "203.0.113.0/24"] } }],
  ["no", { NotIpAddress: { "aws:SourceIp": "0.0.0.0/0" } }],
  ["no", { IpAddress: { "aws:SourceIp": "::/0" } }],
  ["yes", { NumericLessThan: { "aws:MultiFactorAuthAge": 3600 } }],
  ["no", { DateLessThan: { "aws:CurrentTime": "2027-03-01T12:00:00Z" } }],
  ["yes", { Bool: { "aws:ViaAWSService": false } }],
  // Policy variables.
  ["yes", { StringEquals: { "aws:PrincipalAccount": "${aws:PrincipalAccount}" } }],
  ["yes", { ArnLike: { "aws:PrincipalArn": "arn:aws:iam::${aws:PrincipalAccount}:user/*" } }],
  ["yes", { StringEquals: { "aws:PrincipalTag/team": "${aws:PrincipalTag/unit, 'orders'}" } }],
  ["no", { StringLike: { "aws:PrincipalAccount": "${*}" } }],
  ["maybe", { StringEquals: { "aws:PrincipalAccount": "${aws:SourceAccount}" } }],
  // All operators and keys must hold.
  [
    "no",
    { Bool: { "aws:ViaAWSService": "false" }, StringEquals: { "aws:PrincipalAccount": "111122223333" } },
  ],
];

const decided = (statements: Statement[], caller: Caller, version?: string): Truth =>
  isAllowed(
    { ...(version === undefined ? {} : { Version: version }), Statement: statements },
    {
      caller,
      action: "Decrypt",
      context: { values: new Map(Object.entries(context)), undocumented: new Set() },
    },
  );

const allow: Statement = { Effect: "Allow", Principal: "*", Action: "kms:*", Resource: "*" };

test("the evaluator answers as AWS documents each operator", () => {
  for (const [expected, Condition] of conditions)
    assert.equal(decided([{ ...allow, Condition }], user, "2012-10-17"), expected, JSON.stringify(Condition));
});

test("variables are plain text in version 2008-10-17", () => {
  const Condition = { StringEquals: { "aws:PrincipalAccount": "${aws:PrincipalAccount}" } };
  assert.equal(decided([{ ...allow, Condition }], user, "2008-10-17"), "no");
});

test("principals are compared as AWS documents them", () => {
  const cases: [Truth, Partial<Statement>, Caller][] = [
    ["yes", { Principal: { AWS: account } }, user],
    ["yes", { Principal: { AWS: `arn:aws:iam::${account}:root` } }, session],
    ["yes", { Principal: { AWS: `arn:aws:iam::${account}:role/app` } }, session],
    ["yes", { Principal: { AWS: `arn:aws:sts::${account}:assumed-role/app/session` } }, session],
    ["no", { Principal: { AWS: `arn:aws:sts::${account}:assumed-role/app/other` } }, session],
    ["no", { Principal: { Service: "sns.amazonaws.com" } }, user],
    ["yes", { Principal: { Service: "sns.amazonaws.com" } }, { service: "sns.amazonaws.com" }],
    ["no", { Action: "s3:*" }, user],
    ["yes", { Action: "KMS:?ecrypt" }, user],
    ["no", { Resource: "arn:aws:s3:::bucket/*" }, user],
  ];
  for (const [expected, part, caller] of cases)
    assert.equal(decided([{ ...allow, ...part }], caller), expected, JSON.stringify(part));
});

test("a Deny wins, except for principals that NotPrincipal exempts together with their account", () => {
  const denies: [Truth, Partial<Statement>][] = [
    ["no", { Principal: "*" }],
    ["yes", { Principal: { AWS: "111122223333" } }],
    ["no", { NotPrincipal: { AWS: "111122223333" } }],
    ["maybe", { NotPrincipal: { AWS: `arn:aws:iam::${account}:root` } }],
    ["yes", { NotPrincipal: { AWS: [`arn:aws:iam::${account}:root`, user.arn as string] } }],
  ];
  for (const [expected, part] of denies) {
    const deny: Statement = { Effect: "Deny", Action: "*", Resource: "*", ...part };
    assert.equal(decided([deny, allow], user), expected, JSON.stringify(part));
  }
});
