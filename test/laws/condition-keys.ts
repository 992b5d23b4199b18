/** Condition keys, and values that restrict, that seem to restrict, or that do not. */

export const owner = "111122223333";
export const partners = ["444455556666", "777788889999"];
const [partner] = partners as [string];

type Kind = "text" | "arn" | "address" | "flag" | "number" | "date";

export interface KeySpec {
  kind: Kind;
  values: readonly string[];
}

const accounts = [
  owner,
  owner,
  ...partners,
  "*",
  "????????????",
  "4*",
  "1111222233*",
  "444455556666*",
  "*0",
  "${aws:PrincipalAccount}",
  "${kms:CallerAccount}",
  "${aws:ResourceAccount}",
  "${aws:PrincipalTag/account}",
  `\${aws:PrincipalTag/account, '${owner}'}`,
  "${*}",
  "${aws:SourceAccount}",
];
const organizations = [
  "o-aaaaaaaaaa",
  "o-aaaaaaaaaa",
  "o-bbbbbbbbbb",
  "o-*",
  "o-??????????",
  "o-a*",
  "*",
  "?*",
  "${aws:PrincipalOrgID}",
  "${aws:ResourceOrgID}",
  "o-aaaaaaaaaa*",
  "${aws:PrincipalTag/org}",
];
const paths = [
  "o-aaaaaaaaaa/*",
  "o-aaaaaaaaaa/r-ab12/ou-ab12-11111111/*",
  "o-*/r-*/*",
  "*",
  "o-*",
  "${aws:PrincipalOrgID}/*",
  "o-aaaaaaaaaa/r-ab12/*",
];
const principals = [
  `arn:aws:iam::${owner}:role/admin`,
  `arn:aws:iam::${owner}:role/*`,
  `arn:aws:iam::${owner}:root`,
  `arn:aws:iam::${owner}:*`,
  `arn:aws:iam::${partner}:role/app`,
  `arn:aws:iam::${partner}:*`,
  "arn:aws:iam::*:role/admin",
  "arn:aws:iam::4*:user/*",
  "arn:*",
  "*",
  "arn:aws:iam::*:*",
  "arn:aws:iam::????????????:role/*",
  "arn:aws:iam::${aws:PrincipalAccount}:role/*",
  "arn:aws:iam::${aws:ResourceAccount}:role/*",
  "arn:aws:iam::${aws:PrincipalAccount}:user/${aws:username}",
  `arn:aws:iam::*:role/${owner}`,
  `*:${owner}:*`,
  `arn:aws:sts::${owner}:assumed-role/admin/*`,
  "${aws:PrincipalArn}",
];
const sources = [
  `arn:aws:cloudtrail:eu-central-1:${owner}:trail/audit`,
  `arn:aws:sns:*:${owner}:*`,
  `arn:aws:sns:*:${partner}:orders`,
  "arn:aws:sns:*:*:orders",
  "arn:aws:s3:::example-bucket",
  "arn:aws:s3:::*",
  "*",
  "arn:aws:*",
  "${aws:SourceArn}",
  "arn:aws:sns:eu-central-1:${aws:SourceAccount}:*",
  "arn:aws:sns:eu-central-1:${aws:ResourceAccount}:*",
];

export const keys: { readonly [name: string]: KeySpec } = {
  "kms:CallerAccount": { kind: "text", values: accounts },
  "aws:PrincipalAccount": { kind: "text", values: accounts },
  "aws:PrincipalOrgID": { kind: "text", values: organizations },
  "aws:PrincipalOrgPaths": { kind: "text", values: paths },
  "aws:PrincipalArn": { kind: "arn", values: principals },
  "aws:SourceIp": {
    kind: "address",
    values: [
      "203.0.113.0/24",
      "198.51.100.7",
      "0.0.0.0/0",
      "0.0.0.0/1",
      "128.0.0.0/1",
      "10.0.0.0/8",
      "2001:db8::/32",
      "::/0",
      "0.0.0.0/4",
    ],
  },
  "aws:SourceVpce": { kind: "text", values: ["vpce-0a1b2c3d4e5f60718", "vpce-*", "*", "vpce-0a*"] },
  "aws:SourceVpc": { kind: "text", values: ["vpc-0a1b2c3d4e5f60718", "vpc-*", "v*", "${aws:SourceVpc}"] },
  "aws:SourceAccount": { kind: "text", values: accounts },
  "aws:SourceArn": { kind: "arn", values: sources },
  "aws:SourceOrgID": { kind: "text", values: organizations },
  "aws:ResourceAccount": { kind: "text", values: accounts },
  "aws:ResourceOrgID": { kind: "text", values: organizations },
  "aws:PrincipalType": { kind: "text", values: ["User", "AssumedRole", "Account", "*"] },
  "aws:PrincipalTag/team": { kind: "text", values: ["orders", "*", "ord*", "${aws:PrincipalTag/unit}"] },
  "aws:PrincipalTag/account": { kind: "text", values: accounts },
  "aws:username": { kind: "text", values: ["alice", "*", "a*"] },
  "aws:userid": { kind: "text", values: ["AIDAIOSFODNN7EXAMPLE", "*", "${aws:userid}"] },
  "aws:PrincipalIsAWSService": { kind: "flag", values: ["true", "false"] },
  "aws:ViaAWSService": { kind: "flag", values: ["true", "false"] },
  "aws:SecureTransport": { kind: "flag", values: ["true", "false"] },
  "aws:MultiFactorAuthPresent": { kind: "flag", values: ["true", "false"] },
  "aws:MultiFactorAuthAge": { kind: "number", values: ["3600", "0"] },
  "aws:CurrentTime": { kind: "date", values: ["2030-01-01T00:00:00Z", "2020-01-01T00:00:00Z"] },
  "aws:RequestedRegion": { kind: "text", values: ["eu-central-1", "eu-*", "us-east-1"] },
  "aws:CalledVia": { kind: "text", values: ["s3.amazonaws.com", "*"] },
  "kms:ViaService": { kind: "text", values: ["s3.eu-central-1.amazonaws.com", "s3.*.amazonaws.com", "*"] },
  "kms:EncryptionContext:tenant": { kind: "text", values: ["blue", "*", "${aws:PrincipalAccount}", owner] },
  "kms:EncryptionContextKeys": { kind: "text", values: ["tenant"] },
  "kms:GrantIsForAWSResource": { kind: "flag", values: ["true", "false"] },
  "kms:GrantOperations": { kind: "text", values: ["Decrypt", "Encrypt", "CreateGrant", "*"] },
  "kms:GranteePrincipal": {
    kind: "text",
    values: [`arn:aws:iam::${owner}:role/app`, "*", "${kms:GranteePrincipal}", "arn:aws:iam::*:role/app"],
  },
  "kms:RequestAlias": { kind: "text", values: ["alias/orders", "alias/*"] },
  "kms:EncryptionAlgorithm": { kind: "text", values: ["SYMMETRIC_DEFAULT", "RSAES_OAEP_SHA_256"] },
  "kms:ReplicaRegion": { kind: "text", values: ["eu-west-1", "*"] },
  "kms:ScheduleKeyDeletionPendingWindowInDays": { kind: "number", values: ["7", "30"] },
  "kms:BypassPolicyLockoutSafetyCheck": { kind: "flag", values: ["true", "false"] },
};

/** Keys with several values. */
export const lists = new Set([
  "aws:PrincipalOrgPaths",
  "aws:CalledVia",
  "kms:EncryptionContextKeys",
  "kms:GrantOperations",
]);

const text = [
  "StringEquals",
  "StringLike",
  "StringLike",
  "StringNotEquals",
  "StringNotLike",
  "StringEqualsIgnoreCase",
  "StringNotEqualsIgnoreCase",
];
const arn = ["ArnLike", "ArnEquals", "ArnNotLike", "ArnNotEquals"];
const relations = ["Equals", "NotEquals", "LessThan", "LessThanEquals", "GreaterThan", "GreaterThanEquals"];
export const operators: { readonly [kind in Kind]: readonly string[] } = {
  text,
  arn: [...arn, ...arn, ...text],
  address: ["IpAddress", "IpAddress", "NotIpAddress"],
  flag: ["Bool", "Bool", "Bool", "StringEquals", "StringNotEquals"],
  number: relations.map((relation) => `Numeric${relation}`),
  date: relations.map((relation) => `Date${relation}`),
};
