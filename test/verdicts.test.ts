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
/** Description, statements, and all rules that must fail. No verdict may be unknown. */
const cases: [string, Json[], string][] = [
  ["the default policy", [root], ""],
  ["everyone, as a wildcard", [root, allow("*", "kms:Decrypt")], "public_access"],
  ["everyone in a list", [root, allow({ AWS: [`${A}:role/x`, "*"] }, "kms:Decrypt")], "public_access"],
  ["the root of any account", [root, allow({ AWS: "arn:aws:iam::*:root" }, "kms:Decrypt")], "public_access"],
  [
    "everyone in the owner account",
    [root, allow("*", "kms:Decrypt", { StringEquals: { "kms:CallerAccount": "111122223333" } })],
    "",
  ],
  [
    "kms:ViaService alone does not restrict access",
    [root, allow("*", "kms:Decrypt", { StringEquals: { "kms:ViaService": "s3.eu-west-1.amazonaws.com" } })],
    "public_access",
  ],
  [
    "a wildcard with StringLike does not restrict access",
    [root, allow("*", "kms:Decrypt", { StringLike: { "aws:PrincipalOrgID": "*" } })],
    "public_access",
  ],
  [
    "a wildcard with StringEquals never matches",
    [root, allow("*", "kms:Decrypt", { StringEquals: { "kms:CallerAccount": "*" } })],
    "condition_never_matches",
  ],
  [
    "a pattern of accounts does not restrict access",
    [root, allow("*", "kms:Decrypt", { StringLike: { "kms:CallerAccount": "1111*" } })],
    "public_access",
  ],
  [
    "a wildcard after a complete account ID does not extend access",
    [root, allow("*", "kms:Decrypt", { StringLike: { "aws:PrincipalArn": `${A}*` } })],
    "",
  ],
  [
    "a pattern of all organizations does not restrict access",
    [root, allow("*", "kms:Decrypt", { StringLike: { "aws:PrincipalOrgID": "o-*" } })],
    "public_access",
  ],
  [
    "IfExists restricts access if Null requires the key",
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
    "a Null condition that requires absence does not require the key",
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
    "ForAllValues is true for an empty list",
    [root, allow("*", "kms:Decrypt", { "ForAllValues:StringLike": { "aws:PrincipalOrgPaths": "o-1/*" } })],
    "public_access,set_operator_misused",
  ],
  [
    "ForAllValues with a Null condition that requires values",
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
    "ForAllValues with another condition that requires values",
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
    "ForAllValues with a Null condition that requires absence",
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
    "ForAllValues with a condition that may be missing",
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
    "tag keys with a Null condition that requires tags",
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
    "tag keys with a required tag",
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
    "tag keys with a tag condition",
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
    "tag keys with an optional tag",
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
    "tag keys with a Null condition that requires absence",
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
    "tag keys with a Null condition that may be either",
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
    "encryption context keys with one required pair",
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
    "encryption context keys with another condition key",
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
    "ForAnyValue requires a value",
    [root, allow("*", "kms:Decrypt", { "ForAnyValue:StringLike": { "aws:PrincipalOrgPaths": "o-1/*" } })],
    "",
  ],
  [
    "IfExists allows principals without an organization",
    [root, allow("*", "kms:Decrypt", { StringEqualsIfExists: { "aws:PrincipalOrgID": "o-1" } })],
    "public_access",
  ],
  [
    "IfExists with a key that every request has",
    [root, allow("*", "kms:Decrypt", { StringEqualsIfExists: { "kms:CallerAccount": "111122223333" } })],
    "",
  ],
  [
    "Deny for principals outside the organization",
    [
      root,
      allow("*", "kms:Decrypt"),
      deny("*", "kms:*", { StringNotEquals: { "aws:PrincipalOrgID": "o-1" } }),
    ],
    "",
  ],
  [
    "Deny for principals outside a perimeter, except services",
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
  ["unconditional Deny of the action", [root, allow("*", "kms:Decrypt"), deny("*", "kms:Decrypt")], ""],
  ["Deny of another action", [root, allow("*", "kms:Decrypt"), deny("*", "kms:Encrypt")], "public_access"],
  [
    "everyone through a VPC endpoint",
    [root, allow("*", "kms:Decrypt", { StringEquals: { "aws:SourceVpce": "vpce-1" } })],
    "",
  ],
  [
    "an IP address range of the whole internet",
    [root, allow("*", "kms:Decrypt", { IpAddress: { "aws:SourceIp": ["10.0.0.0/8", "0.0.0.0/0"] } })],
    "public_access",
  ],
  [
    "a /8 IP address range restricts access",
    [root, allow("*", "kms:Decrypt", { IpAddress: { "aws:SourceIp": ["10.0.0.0/8"] } })],
    "",
  ],
  [
    "a role name in any account",
    [root, allow("*", "kms:Decrypt", { ArnLike: { "aws:PrincipalArn": "arn:aws:iam::*:role/x" } })],
    "public_access",
  ],
  [
    "an S3 ARN without account restricts access",
    [root, allow("*", "kms:Decrypt", { ArnLike: { "aws:SourceArn": "arn:aws:s3:::bucket" } })],
    "",
  ],
  [
    "a Resource that is not a key",
    [root, allow("*", "kms:Decrypt", undefined, "arn:aws:s3:::x")],
    "resource_not_star",
  ],
  [
    "notprincipal",
    [root, { Effect: "Allow", NotPrincipal: { AWS: `${A}:role/x` }, Action: "kms:Decrypt", Resource: "*" }],
    "not_principal_allow",
  ],
  [
    "Deny with NotPrincipal",
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
    "Decrypt for another account",
    [root, allow({ AWS: `${B}:role/x` }, ["kms:Decrypt", "kms:DescribeKey"])],
    "",
  ],
  [
    "Encrypt for another account",
    [root, allow({ AWS: `${B}:role/x` }, ["kms:Decrypt", "kms:Encrypt"])],
    "cross_account_excess",
  ],
  [
    "actions without effect across accounts",
    [root, allow({ AWS: `${B}:role/x` }, ["kms:PutKeyPolicy"])],
    "cross_account_no_effect",
  ],
  [
    "kms:* for a role of another account",
    [root, allow({ AWS: `${B}:role/x` }, "kms:*")],
    "cross_account_delegation",
  ],
  [
    "kms:* for two account root principals: one of them has too much access",
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
    "everyone in an external account",
    [root, allow("*", "kms:Encrypt", { StringEquals: { "kms:CallerAccount": "444455556666" } })],
    "cross_account_excess",
  ],
  [
    "CreateGrant for everyone in the organization",
    [root, allow("*", "kms:CreateGrant", { StringEquals: { "aws:PrincipalOrgID": "o-1" } })],
    "cross_account_delegation",
  ],
  [
    "everyone in the owner account through a service",
    [
      root,
      allow("*", "kms:*", {
        StringEquals: { "kms:CallerAccount": "111122223333", "kms:ViaService": "s3.eu-west-1.amazonaws.com" },
      }),
    ],
    "",
  ],
  [
    "a service principal without conditions",
    [root, allow({ Service: "sns.amazonaws.com" }, ["kms:Decrypt"])],
    "service_principal_unscoped",
  ],
  [
    "kms:Describe* only grants DescribeKey",
    [root, allow({ Service: "cloudtrail.amazonaws.com" }, "kms:Describe*")],
    "",
  ],
  [
    "the statement of the CloudTrail key policy without condition",
    [root, allow({ Service: "cloudtrail.amazonaws.com" }, ["kms:DescribeKey"])],
    "",
  ],
  [
    "a service principal with one source account",
    [
      root,
      allow({ Service: "sns.amazonaws.com" }, ["kms:Decrypt"], {
        StringEquals: { "aws:SourceAccount": "111122223333" },
      }),
    ],
    "",
  ],
  [
    "the encryption context contains the account",
    [
      root,
      allow({ Service: "logs.eu-west-1.amazonaws.com" }, ["kms:Decrypt"], {
        ArnLike: { "kms:EncryptionContext:aws:logs:arn": "arn:aws:logs:eu-west-1:111122223333:*" },
      }),
    ],
    "",
  ],
  [
    "the encryption context matches any account",
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
    "the CloudTrail key policy",
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
    "an administrator without account root statement",
    [allow({ AWS: `${A}:role/admin` }, "kms:*")],
    "create_grant_unrestricted,full_access,root_access_missing:error",
  ],
  [
    "account root access in two statements",
    [
      allow({ AWS: `${A}:root` }, ["kms:C*", "kms:D*", "kms:E*", "kms:G*", "kms:I*", "kms:L*", "kms:P*"]),
      allow({ AWS: "111122223333" }, ["kms:R*", "kms:S*", "kms:T*", "kms:U*", "kms:V*"]),
    ],
    "",
  ],
  [
    "account root access to some actions, including PutKeyPolicy",
    [allow({ AWS: `${A}:root` }, ["kms:PutKeyPolicy", "kms:Decrypt"])],
    "root_access_missing:warning",
  ],
  [
    "account root access with a condition",
    [allow({ AWS: `${A}:root` }, "kms:*", { Bool: { "aws:MultiFactorAuthPresent": "true" } })],
    "root_access_missing:error",
  ],
  [
    "an IAM user called root",
    [allow({ AWS: `${A}:user/root` }, "kms:*")],
    "create_grant_unrestricted,full_access,root_access_missing:error",
  ],
  [
    "no principal can administer the key",
    [allow({ AWS: `${A}:role/x` }, "kms:Decrypt")],
    "key_unmanageable,root_access_missing:error",
  ],
  [
    "PutKeyPolicy denied for the account root principal",
    [root, deny({ AWS: `${A}:root` }, "kms:PutKeyPolicy")],
    "administration_denied,key_unmanageable",
  ],
  [
    "PutKeyPolicy denied for everyone",
    [root, deny("*", "kms:Put*")],
    "administration_denied,key_unmanageable",
  ],
  [
    "PutKeyPolicy denied, with a role exempt",
    [root, deny("*", "kms:Put*", { ArnNotLike: { "aws:PrincipalArn": `${A}:role/admin` } })],
    "",
  ],
  [
    "PutKeyPolicy denied, with an external role exempt",
    [root, deny("*", "kms:Put*", { ArnNotLike: { "aws:PrincipalArn": `${B}:role/admin` } })],
    "administration_denied,key_unmanageable",
  ],
  [
    "PutKeyPolicy denied without MFA",
    [root, deny("*", "kms:Put*", { BoolIfExists: { "aws:MultiFactorAuthPresent": "false" } })],
    "",
  ],
  [
    "PutKeyPolicy denied for one of two roles",
    [root, allow({ AWS: `${A}:role/admin` }, "kms:*"), deny({ AWS: `${A}:role/admin` }, "kms:*")],
    "",
  ],
  [
    "Deny with NotPrincipal exempts the administrator",
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
    "Deny with NotPrincipal exempts an external principal",
    [root, { Effect: "Deny", NotPrincipal: { AWS: `${B}:role/admin` }, Action: "kms:*", Resource: "*" }],
    "administration_denied,key_unmanageable",
  ],
  [
    "account root access with NotAction",
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
    "statement without Resource",
    [root, { Effect: "Allow", Principal: { AWS: `${A}:role/x` }, Action: "kms:Decrypt" }],
    "malformed_policy",
  ],
  [
    "Principal and NotPrincipal",
    [root, { ...allow("*", "kms:Decrypt"), NotPrincipal: "*" }],
    "malformed_policy",
  ],
  ["empty list of actions", [root, allow({ AWS: `${A}:role/x` }, [])], "malformed_policy"],
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
    "Null with IfExists",
    [
      root,
      {
        ...allow({ AWS: `${A}:role/x` }, "kms:Decrypt"),
        Condition: { NullIfExists: { "aws:PrincipalOrgID": "true" } },
      },
    ],
    "malformed_policy",
  ],
  ["whitespace in a principal", [root, allow({ AWS: `${A}:role/x ` }, "kms:Decrypt")], "invalid_principal"],
  [
    "ARN without partition",
    [root, allow({ AWS: "arn::iam::111122223333:role/x" }, "kms:Decrypt")],
    "invalid_principal",
  ],
  [
    "ARN with a Region",
    [root, allow({ AWS: "arn:aws:iam:eu-west-1:111122223333:role/x" }, "kms:Decrypt")],
    "invalid_principal",
  ],
  ["a role as a service", [root, allow({ Service: `${A}:role/x` }, "kms:Decrypt")], "invalid_principal"],
  [
    "incomplete service principal",
    [root, allow({ Service: "logs" }, "kms:DescribeKey")],
    "invalid_principal",
  ],
  ["IAM group", [root, allow({ AWS: `${A}:group/x` }, "kms:Decrypt")], "invalid_principal"],
  [
    "short account ID",
    [root, allow({ AWS: "arn:aws:iam::12345:role/x" }, "kms:Decrypt")],
    "invalid_principal",
  ],
  ["role with a wildcard", [root, allow({ AWS: `${A}:role/*` }, "kms:Decrypt")], "invalid_principal"],
  ["Principal as a string", [root, allow(`${A}:role/x`, "kms:Decrypt")], "malformed_policy"],
  [
    "Effect in lower case",
    [root, { ...allow({ AWS: `${A}:role/x` }, "kms:Decrypt"), Effect: "allow" }],
    "malformed_policy",
  ],
  ["kms:* for everyone", [allow("*", "kms:*")], "public_access"],
  [
    "account root principal with a malformed account ID",
    [allow({ AWS: "arn:aws:iam::12345:root" }, "kms:*")],
    "invalid_principal",
  ],
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
