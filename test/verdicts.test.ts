import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { loadEngine } from "../src/core/engine/engine.ts";
import type { Json } from "../src/core/model/source.ts";
import { checkInputs } from "../src/core/pipeline.ts";

const engine = loadEngine(
  readFileSync("bundles/policy.wasm"),
  JSON.parse(readFileSync("bundles/rules.json", "utf8")),
);

const A = "arn:aws:iam::111122223333";
const B = "arn:aws:iam::444455556666";
const root = { Effect: "Allow", Principal: { AWS: `${A}:root` }, Action: "kms:*", Resource: "*" };
const allow = (Principal: Json, Action: Json, Condition?: Json, Resource: Json = "*") => ({
  Effect: "Allow",
  Principal,
  Action,
  Resource,
  ...(Condition ? { Condition } : {}),
});
const deny = (Principal: Json, Action: Json, Condition?: Json) => ({
  Effect: "Deny",
  Principal,
  Action,
  Resource: "*",
  ...(Condition ? { Condition } : {}),
});
/** What a policy is like, its statements, and the rules that must fail: all of them, and nothing unknown. */
const cases: [string, Json[], string][] = [
  ["the default policy", [root], ""],
  ["everyone, as a star", [root, allow("*", "kms:Decrypt")], "public_access"],
  ["everyone in a list", [root, allow({ AWS: [`${A}:role/x`, "*"] }, "kms:Decrypt")], "public_access"],
  ["the root of any account", [root, allow({ AWS: "arn:aws:iam::*:root" }, "kms:Decrypt")], "public_access"],
  [
    "everyone of the own account",
    [root, allow("*", "kms:Decrypt", { StringEquals: { "kms:CallerAccount": "111122223333" } })],
    "",
  ],
  [
    "kms:ViaService alone is no fence",
    [root, allow("*", "kms:Decrypt", { StringEquals: { "kms:ViaService": "s3.eu-west-1.amazonaws.com" } })],
    "public_access",
  ],
  [
    "a star under StringLike is no fence",
    [root, allow("*", "kms:Decrypt", { StringLike: { "aws:PrincipalOrgID": "*" } })],
    "public_access",
  ],
  [
    "a star under StringEquals never matches",
    [root, allow("*", "kms:Decrypt", { StringEquals: { "kms:CallerAccount": "*" } })],
    "condition_never_matches",
  ],
  [
    "a pattern of accounts is no fence",
    [root, allow("*", "kms:Decrypt", { StringLike: { "kms:CallerAccount": "1111*" } })],
    "public_access",
  ],
  [
    "what follows a whole account id opens nothing",
    [root, allow("*", "kms:Decrypt", { StringLike: { "aws:PrincipalArn": `${A}*` } })],
    "",
  ],
  [
    "a pattern of every organisation is no fence",
    [root, allow("*", "kms:Decrypt", { StringLike: { "aws:PrincipalOrgID": "o-*" } })],
    "public_access",
  ],
  [
    "IfExists fences where Null demands the key",
    [
      root,
      allow("*", "kms:Decrypt", {
        StringEqualsIfExists: { "aws:PrincipalOrgID": "o-1" },
        Null: { "aws:PrincipalOrgID": "false" },
      }),
    ],
    "",
  ],
  [
    "a Null that asks for absence demands nothing",
    [
      root,
      allow("*", "kms:Decrypt", {
        StringEqualsIfExists: { "aws:PrincipalOrgID": "o-1" },
        Null: { "aws:PrincipalOrgID": "true" },
      }),
    ],
    "public_access",
  ],
  [
    "ForAllValues holds for an empty list",
    [root, allow("*", "kms:Decrypt", { "ForAllValues:StringLike": { "aws:PrincipalOrgPaths": "o-1/*" } })],
    "public_access,set_operator_misused",
  ],
  [
    "ForAllValues beside a demand that there are values",
    [
      root,
      allow("*", "kms:Decrypt", {
        "ForAllValues:StringLike": { "aws:PrincipalOrgPaths": "o-1/*" },
        Null: { "aws:PrincipalOrgPaths": "false" },
      }),
    ],
    "",
  ],
  [
    "ForAllValues beside what demands values in its own way",
    [
      root,
      allow("*", "kms:Decrypt", {
        "ForAllValues:StringLike": { "aws:PrincipalOrgPaths": "o-1/*" },
        "ForAnyValue:StringLike": { "aws:PrincipalOrgPaths": "o-1/r-1/*" },
      }),
    ],
    "",
  ],
  [
    "ForAllValues beside a demand that there are none",
    [
      root,
      allow("*", "kms:Decrypt", {
        "ForAllValues:StringLike": { "aws:PrincipalOrgPaths": "o-1/*" },
        Null: { "aws:PrincipalOrgPaths": "true" },
      }),
    ],
    "public_access,set_operator_misused",
  ],
  [
    "ForAllValues beside what need not hold",
    [
      root,
      allow("*", "kms:Decrypt", {
        "ForAllValues:StringLike": { "aws:PrincipalOrgPaths": "o-1/*" },
        "ForAnyValue:StringLikeIfExists": { "aws:PrincipalOrgPaths": "o-1/r-1/*" },
      }),
    ],
    "public_access,set_operator_misused",
  ],
  [
    "a list of tags beside a demand that there are tags",
    [
      root,
      allow({ AWS: `${A}:role/x` }, "kms:TagResource", {
        "ForAllValues:StringEquals": { "aws:TagKeys": ["a"] },
        Null: { "aws:TagKeys": "false" },
      }),
    ],
    "",
  ],
  [
    "a list of tags beside one that has to be there",
    [
      root,
      allow({ AWS: `${A}:role/x` }, "kms:TagResource", {
        "ForAllValues:StringEquals": { "aws:TagKeys": ["a"] },
        "ForAnyValue:StringEquals": { "aws:TagKeys": ["a"] },
      }),
    ],
    "",
  ],
  [
    "a list of tags beside a tag",
    [
      root,
      allow({ AWS: `${A}:role/x` }, "kms:TagResource", {
        "ForAllValues:StringEquals": { "aws:TagKeys": ["a"] },
        StringLike: { "aws:RequestTag/team": ["*"] },
      }),
    ],
    "",
  ],
  [
    "a list of tags beside one that need not be there",
    [
      root,
      allow({ AWS: `${A}:role/x` }, "kms:TagResource", {
        "ForAllValues:StringEquals": { "aws:TagKeys": ["a"] },
        "ForAnyValue:StringEqualsIfExists": { "aws:TagKeys": ["a"] },
      }),
    ],
    "set_operator_misused",
  ],
  [
    "a list of tags beside a demand that there are none",
    [
      root,
      allow({ AWS: `${A}:role/x` }, "kms:TagResource", {
        "ForAllValues:StringEquals": { "aws:TagKeys": ["a"] },
        Null: { "aws:TagKeys": "true" },
      }),
    ],
    "set_operator_misused",
  ],
  [
    "a list of tags beside a demand that leaves it open",
    [
      root,
      allow({ AWS: `${A}:role/x` }, "kms:TagResource", {
        "ForAllValues:StringEquals": { "aws:TagKeys": ["a"] },
        Null: { "aws:TagKeys": ["true", "false"] },
      }),
    ],
    "set_operator_misused",
  ],
  [
    "the names of a context beside one pair of it",
    [
      root,
      allow({ AWS: `${A}:role/x` }, "kms:Decrypt", {
        "ForAllValues:StringEquals": { "kms:EncryptionContextKeys": ["Department"] },
        StringEquals: { "kms:EncryptionContext:Department": "orders" },
      }),
    ],
    "",
  ],
  [
    "the names of a context beside another key",
    [
      root,
      allow({ AWS: `${A}:role/x` }, "kms:Decrypt", {
        "ForAllValues:StringEquals": { "kms:EncryptionContextKeys": ["Department"] },
        StringEquals: { "kms:CallerAccount": "111122223333" },
      }),
    ],
    "set_operator_misused",
  ],
  [
    "ForAnyValue demands a value",
    [root, allow("*", "kms:Decrypt", { "ForAnyValue:StringLike": { "aws:PrincipalOrgPaths": "o-1/*" } })],
    "",
  ],
  [
    "IfExists lets in whom no organisation has",
    [root, allow("*", "kms:Decrypt", { StringEqualsIfExists: { "aws:PrincipalOrgID": "o-1" } })],
    "public_access",
  ],
  [
    "IfExists on what every request carries",
    [root, allow("*", "kms:Decrypt", { StringEqualsIfExists: { "kms:CallerAccount": "111122223333" } })],
    "",
  ],
  [
    "deny all others by org",
    [
      root,
      allow("*", "kms:Decrypt"),
      deny("*", "kms:*", { StringNotEquals: { "aws:PrincipalOrgID": "o-1" } }),
    ],
    "",
  ],
  [
    "deny perimeter with service",
    [
      root,
      allow("*", "kms:Decrypt"),
      deny("*", "kms:*", {
        StringNotEqualsIfExists: { "aws:PrincipalOrgID": "o-1" },
        BoolIfExists: { "aws:PrincipalIsAWSService": "false" },
      }),
    ],
    "",
  ],
  ["deny uncond takes it", [root, allow("*", "kms:Decrypt"), deny("*", "kms:Decrypt")], ""],
  ["deny other action", [root, allow("*", "kms:Decrypt"), deny("*", "kms:Encrypt")], "public_access"],
  [
    "everyone in a VPC endpoint",
    [root, allow("*", "kms:Decrypt", { StringEquals: { "aws:SourceVpce": "vpce-1" } })],
    "",
  ],
  [
    "one range as wide as the world",
    [root, allow("*", "kms:Decrypt", { IpAddress: { "aws:SourceIp": ["10.0.0.0/8", "0.0.0.0/0"] } })],
    "public_access",
  ],
  [
    "a /8 is a fence",
    [root, allow("*", "kms:Decrypt", { IpAddress: { "aws:SourceIp": ["10.0.0.0/8"] } })],
    "",
  ],
  [
    "a role of that name in any account",
    [root, allow("*", "kms:Decrypt", { ArnLike: { "aws:PrincipalArn": "arn:aws:iam::*:role/x" } })],
    "public_access",
  ],
  [
    "an S3 ARN has no account, and fences",
    [root, allow("*", "kms:Decrypt", { ArnLike: { "aws:SourceArn": "arn:aws:s3:::bucket" } })],
    "",
  ],
  [
    "a Resource that is no key",
    [root, allow("*", "kms:Decrypt", undefined, "arn:aws:s3:::x")],
    "resource_not_star",
  ],
  [
    "notprincipal",
    [root, { Effect: "Allow", NotPrincipal: { AWS: `${A}:role/x` }, Action: "kms:Decrypt", Resource: "*" }],
    "not_principal_allow",
  ],
  [
    "deny notprincipal",
    [
      root,
      {
        Effect: "Deny",
        NotPrincipal: { AWS: [`${A}:role/x`, `${A}:root`] },
        Action: "kms:Decrypt",
        Resource: "*",
      },
    ],
    "",
  ],
  [
    "another account may decrypt",
    [root, allow({ AWS: `${B}:role/x` }, ["kms:Decrypt", "kms:DescribeKey"])],
    "",
  ],
  [
    "another account may encrypt",
    [root, allow({ AWS: `${B}:role/x` }, ["kms:Decrypt", "kms:Encrypt"])],
    "cross_account_excess",
  ],
  [
    "what KMS refuses across accounts has no effect",
    [root, allow({ AWS: `${B}:role/x` }, ["kms:PutKeyPolicy"])],
    "cross_account_no_effect",
  ],
  [
    "kms:* for a role of another account",
    [root, allow({ AWS: `${B}:role/x` }, "kms:*")],
    "cross_account_delegation",
  ],
  [
    "kms:* for two roots: each may be the owner, and the other is too many",
    [root, allow({ AWS: `${B}:root` }, "kms:*")],
    "cross_account_delegation",
  ],
  [
    "CreateGrant for another account",
    [root, allow({ AWS: `${B}:role/x` }, "kms:CreateGrant")],
    "cross_account_delegation",
  ],
  [
    "the console's statement for another account",
    [
      root,
      allow({ AWS: `${B}:root` }, ["kms:CreateGrant", "kms:ListGrants", "kms:RevokeGrant"], {
        Bool: { "kms:GrantIsForAWSResource": true },
      }),
    ],
    "cross_account_excess",
  ],
  [
    "a Deny imposes the constraint",
    [
      root,
      allow({ AWS: `${B}:root` }, ["kms:CreateGrant"]),
      deny("*", "kms:CreateGrant", { Bool: { "kms:GrantIsForAWSResource": "false" } }),
    ],
    "",
  ],
  [
    "everyone via ext account",
    [root, allow("*", "kms:Encrypt", { StringEquals: { "kms:CallerAccount": "444455556666" } })],
    "cross_account_excess",
  ],
  [
    "everyone via org creategrant",
    [root, allow("*", "kms:CreateGrant", { StringEquals: { "aws:PrincipalOrgID": "o-1" } })],
    "cross_account_delegation",
  ],
  [
    "everyone via own",
    [
      root,
      allow("*", "kms:*", {
        StringEquals: { "kms:CallerAccount": "111122223333", "kms:ViaService": "s3.eu-west-1.amazonaws.com" },
      }),
    ],
    "",
  ],
  [
    "a service for anybody",
    [root, allow({ Service: "sns.amazonaws.com" }, ["kms:Decrypt"])],
    "service_principal_unscoped",
  ],
  [
    "what a wildcard holds of other things than keys is not given: DescribeKey is left of kms:Describe*",
    [root, allow({ Service: "cloudtrail.amazonaws.com" }, "kms:Describe*")],
    "",
  ],
  [
    "what CloudTrail's own policy has without condition",
    [root, allow({ Service: "cloudtrail.amazonaws.com" }, ["kms:DescribeKey"])],
    "",
  ],
  [
    "a service for one account",
    [
      root,
      allow({ Service: "sns.amazonaws.com" }, ["kms:Decrypt"], {
        StringEquals: { "aws:SourceAccount": "111122223333" },
      }),
    ],
    "",
  ],
  [
    "the encryption context names the account",
    [
      root,
      allow({ Service: "logs.eu-west-1.amazonaws.com" }, ["kms:Decrypt"], {
        ArnLike: { "kms:EncryptionContext:aws:logs:arn": "arn:aws:logs:eu-west-1:111122223333:*" },
      }),
    ],
    "",
  ],
  [
    "the encryption context names any account",
    [
      root,
      allow({ Service: "logs.eu-west-1.amazonaws.com" }, ["kms:Decrypt"], {
        ArnLike: { "kms:EncryptionContext:aws:logs:arn": "arn:aws:logs:eu-west-1:*:*" },
      }),
    ],
    "service_principal_unscoped",
  ],
  [
    "grants for AWS resources",
    [
      root,
      allow({ Service: "ec2.amazonaws.com" }, ["kms:CreateGrant"], {
        Bool: { "kms:GrantIsForAWSResource": "true" },
      }),
    ],
    "",
  ],
  [
    "CloudTrail's own policy",
    [
      root,
      allow({ Service: "cloudtrail.amazonaws.com" }, "kms:GenerateDataKey*", {
        StringLike: {
          "kms:EncryptionContext:aws:cloudtrail:arn": "arn:aws:cloudtrail:*:111122223333:trail/*",
        },
      }),
    ],
    "",
  ],
  [
    "an administrator without the root",
    [allow({ AWS: `${A}:role/admin` }, "kms:*")],
    "create_grant_unrestricted,full_access,root_access_missing:error",
  ],
  [
    "the root by two statements",
    [
      allow({ AWS: `${A}:root` }, ["kms:C*", "kms:D*", "kms:E*", "kms:G*", "kms:I*", "kms:L*", "kms:P*"]),
      allow({ AWS: "111122223333" }, ["kms:R*", "kms:S*", "kms:T*", "kms:U*", "kms:V*"]),
    ],
    "",
  ],
  [
    "the root with a part, PutKeyPolicy among it",
    [allow({ AWS: `${A}:root` }, ["kms:PutKeyPolicy", "kms:Decrypt"])],
    "root_access_missing:warning",
  ],
  [
    "the root under a condition",
    [allow({ AWS: `${A}:root` }, "kms:*", { Bool: { "aws:MultiFactorAuthPresent": "true" } })],
    "root_access_missing:error",
  ],
  [
    "an IAM user called root",
    [allow({ AWS: `${A}:user/root` }, "kms:*")],
    "create_grant_unrestricted,full_access,root_access_missing:error",
  ],
  [
    "nobody may administer",
    [allow({ AWS: `${A}:role/x` }, "kms:Decrypt")],
    "key_unmanageable,root_access_missing:error",
  ],
  [
    "root denied put",
    [root, deny({ AWS: `${A}:root` }, "kms:PutKeyPolicy")],
    "administration_denied,key_unmanageable",
  ],
  ["everyone denied put", [root, deny("*", "kms:Put*")], "administration_denied,key_unmanageable"],
  [
    "denied but role exempt",
    [root, deny("*", "kms:Put*", { ArnNotLike: { "aws:PrincipalArn": `${A}:role/admin` } })],
    "",
  ],
  [
    "denied exempt external",
    [root, deny("*", "kms:Put*", { ArnNotLike: { "aws:PrincipalArn": `${B}:role/admin` } })],
    "key_unmanageable",
  ],
  [
    "denied mfa",
    [root, deny("*", "kms:Put*", { BoolIfExists: { "aws:MultiFactorAuthPresent": "false" } })],
    "",
  ],
  [
    "role denied, other stays",
    [root, allow({ AWS: `${A}:role/admin` }, "kms:*"), deny({ AWS: `${A}:role/admin` }, "kms:*")],
    "",
  ],
  [
    "notprincipal deny spares",
    [
      root,
      {
        Effect: "Deny",
        NotPrincipal: { AWS: [`${A}:role/admin`, `${A}:root`] },
        Action: "kms:*",
        Resource: "*",
      },
    ],
    "",
  ],
  [
    "notprincipal deny spares ext",
    [root, { Effect: "Deny", NotPrincipal: { AWS: `${B}:role/admin` }, Action: "kms:*", Resource: "*" }],
    "key_unmanageable",
  ],
  [
    "the root with NotAction",
    [
      {
        Effect: "Allow",
        Principal: { AWS: `${A}:root` },
        NotAction: "kms:ScheduleKeyDeletion",
        Resource: "*",
      },
    ],
    "not_action_allow,root_access_missing:warning",
  ],
  [
    "unknown action",
    [root, allow({ AWS: `${A}:role/x` }, ["kms:Decrpyt", "s3:GetObject"])],
    "unknown_action",
  ],
  [
    "no resource",
    [root, { Effect: "Allow", Principal: { AWS: `${A}:role/x` }, Action: "kms:Decrypt" }],
    "malformed_policy",
  ],
  ["both", [root, { ...allow("*", "kms:Decrypt"), NotPrincipal: "*" }], "malformed_policy"],
  ["empty action", [root, allow({ AWS: `${A}:role/x` }, [])], "malformed_policy"],
  [
    "an empty string among actions",
    [root, allow({ AWS: `${A}:role/x` }, ["kms:Decrypt", ""])],
    "malformed_policy",
  ],
  [
    "an empty string among principals",
    [root, allow({ AWS: [`${A}:role/x`, ""] }, "kms:Decrypt")],
    "malformed_policy",
  ],
  [
    "Null that may be missing",
    [
      root,
      {
        ...allow({ AWS: `${A}:role/x` }, "kms:Decrypt"),
        Condition: { NullIfExists: { "aws:PrincipalOrgID": "true" } },
      },
    ],
    "malformed_policy",
  ],
  ["white space", [root, allow({ AWS: `${A}:role/x ` }, "kms:Decrypt")], "invalid_principal"],
  [
    "no partition",
    [root, allow({ AWS: "arn::iam::111122223333:role/x" }, "kms:Decrypt")],
    "invalid_principal",
  ],
  [
    "a Region",
    [root, allow({ AWS: "arn:aws:iam:eu-west-1:111122223333:role/x" }, "kms:Decrypt")],
    "invalid_principal",
  ],
  ["a role as a service", [root, allow({ Service: `${A}:role/x` }, "kms:Decrypt")], "invalid_principal"],
  ["half a service", [root, allow({ Service: "logs" }, "kms:DescribeKey")], "invalid_principal"],
  ["group", [root, allow({ AWS: `${A}:group/x` }, "kms:Decrypt")], "invalid_principal"],
  ["short id", [root, allow({ AWS: "arn:aws:iam::12345:role/x" }, "kms:Decrypt")], "invalid_principal"],
  ["wild role", [root, allow({ AWS: `${A}:role/*` }, "kms:Decrypt")], "invalid_principal"],
  ["Principal string", [root, allow(`${A}:role/x`, "kms:Decrypt")], "malformed_policy"],
  [
    "lower effect",
    [root, { ...allow({ AWS: `${A}:role/x` }, "kms:Decrypt"), Effect: "allow" }],
    "malformed_policy",
  ],
  ["public kms:* alone", [allow("*", "kms:*")], "public_access"],
  ["a root with a malformed id", [allow({ AWS: "arn:aws:iam::12345:root" }, "kms:*")], "invalid_principal"],
];

for (const [name, statements, expected] of cases)
  test(name, () => {
    const text = JSON.stringify({ Version: "2012-10-17", Statement: statements });
    const { findings, problems } = checkInputs([{ path: "policy.json", text, named: true }], { engine });
    const failed = findings.map(({ rule, verdict, level }) =>
      verdict === "unknown" ? `${rule} unknown` : rule === "root_access_missing" ? `${rule}:${level}` : rule,
    );
    assert.deepEqual([[...new Set(failed)].sort().join(), problems], [expected, []]);
  });
