/** Generates key policies that are hard to judge: conditions of every operator on what identifies a caller. */
import fc from "fast-check";
import type { Policy, PrincipalElement, Statement } from "./iam.ts";

export const owner = "111122223333";
const partners = ["444455556666", "777788889999"];
const [partner] = partners as [string];

type Kind = "text" | "arn" | "address" | "flag" | "number" | "date";

interface KeySpec {
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

/** The condition keys, with values that restrict, that seem to restrict, and that do not. */
const keys: { readonly [name: string]: KeySpec } = {
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

const lists = new Set([
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
const operators: { readonly [kind in Kind]: readonly string[] } = {
  text,
  arn: [...arn, ...arn, ...text],
  address: ["IpAddress", "IpAddress", "NotIpAddress"],
  flag: ["Bool", "Bool", "Bool", "StringEquals", "StringNotEquals"],
  number: relations.map((relation) => `Numeric${relation}`),
  date: relations.map((relation) => `Date${relation}`),
};

/** Keys that identify the caller decide most questions, so they are more frequent. */
const identifying = Object.keys(keys).slice(0, 12);

const condition = fc
  .oneof(
    { weight: 5, arbitrary: fc.constantFrom(...identifying) },
    { weight: 3, arbitrary: fc.constantFrom(...Object.keys(keys)) },
  )
  .chain((name) => {
    const { kind, values } = keys[name] as KeySpec;
    const written = fc.oneof(
      { weight: 9, arbitrary: fc.constantFrom(...operators[kind]) },
      { weight: 1, arbitrary: fc.constant("Null") },
    );
    return fc
      .record({
        operator: written,
        set: fc.integer({ min: 0, max: 19 }),
        ifExists: fc.integer({ min: 0, max: 4 }),
        key: fc.constantFrom(name, name, name, name, name.toLowerCase()),
        values: fc.uniqueArray(fc.constantFrom(...values), { minLength: 1, maxLength: 3, size: "small" }),
        one: fc.boolean(),
        flag: fc.constantFrom("true", "false"),
      })
      .map((drawn) => {
        if (drawn.operator === "Null") return { operator: "Null", key: drawn.key, value: drawn.flag };
        const set =
          drawn.set < (lists.has(name) ? 18 : 2)
            ? drawn.set % 2 === 0
              ? "ForAnyValue:"
              : "ForAllValues:"
            : "";
        const ifExists = drawn.ifExists === 0 ? "IfExists" : "";
        const value = drawn.one || drawn.values.length === 1 ? (drawn.values[0] as string) : drawn.values;
        return { operator: `${set}${drawn.operator}${ifExists}`, key: drawn.key, value };
      });
  });

const conditions = fc.array(condition, { maxLength: 3 }).map((drawn) => {
  const block: { [operator: string]: { [key: string]: string | string[] } } = {};
  for (const { operator, key, value } of drawn) block[operator] = { ...block[operator], [key]: value };
  return block;
});

const action = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom<string | string[]>("kms:*", "kms:*", "*") },
  {
    weight: 5,
    arbitrary: fc.uniqueArray(
      fc.constantFrom(
        "kms:Decrypt",
        "kms:Decrypt",
        "kms:GenerateDataKey*",
        "kms:Encrypt",
        "kms:DescribeKey",
        "kms:CreateGrant",
        "kms:PutKeyPolicy",
        "kms:Put*",
        "kms:ReEncrypt*",
        "kms:decrypt",
        "kms:?ecrypt",
        "kms:RetireGrant",
        "kms:ReplicateKey",
        "kms:ScheduleKeyDeletion",
        "kms:Create*",
        "kms:Get*",
      ),
      { minLength: 1, maxLength: 3 },
    ),
  },
);

const names = [
  `arn:aws:iam::${owner}:root`,
  owner,
  `arn:aws:iam::${owner}:role/admin`,
  `arn:aws:iam::${owner}:user/alice`,
  `arn:aws:sts::${owner}:assumed-role/admin/session`,
  `arn:aws:iam::${partner}:root`,
  `arn:aws:iam::${partner}:role/app`,
  partners[1] as string,
];
const services = ["sns.amazonaws.com", "cloudtrail.amazonaws.com", "logs.eu-central-1.amazonaws.com"];

const accountsOf = (named: string[]): PrincipalElement => ({
  AWS: named.length === 1 ? (named[0] as string) : named,
});
const someNames = fc.uniqueArray(fc.constantFrom(...names), { minLength: 1, maxLength: 3 }).map(accountsOf);
const everyone = fc.constantFrom<PrincipalElement>("*", { AWS: "*" }, { AWS: ["*"] });
const service = fc.constantFrom(...services).map((Service): PrincipalElement => ({ Service }));

const element = fc.oneof(
  { weight: 6, arbitrary: everyone },
  { weight: 4, arbitrary: someNames },
  { weight: 2, arbitrary: service },
);

/** A list of exempt principals usually names the account too: without it AWS's answer is not certain. */
const exempt = fc.tuple(someNames, fc.boolean()).map(([named, withAccount]): PrincipalElement => {
  const drawn = [(named as { AWS: string | string[] }).AWS].flat();
  const roots = drawn.flatMap((name) => /\d{12}/.exec(name)?.map((id) => `arn:aws:iam::${id}:root`) ?? []);
  return accountsOf(withAccount ? [...new Set([...drawn, ...roots])] : drawn);
});

const statement = fc
  .record({
    effect: fc.constantFrom<"Allow" | "Deny">("Allow", "Allow", "Deny"),
    element,
    exempt,
    notPrincipal: fc.integer({ min: 0, max: 9 }),
    action,
    notAction: fc.integer({ min: 0, max: 24 }),
    conditions,
    resource: fc.constantFrom(
      ..."********",
      "arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab",
      "arn:aws:kms:*:*:key/*",
      "arn:aws:s3:::example-bucket/*",
    ),
  })
  .map((drawn): Statement => {
    const spared = drawn.notPrincipal < (drawn.effect === "Deny" ? 4 : 1);
    return {
      Effect: drawn.effect,
      ...(spared ? { NotPrincipal: drawn.exempt } : { Principal: drawn.element }),
      ...(drawn.notAction === 0 ? { NotAction: drawn.action } : { Action: drawn.action }),
      Resource: drawn.resource,
      ...(Object.keys(drawn.conditions).length > 0 ? { Condition: drawn.conditions } : {}),
    };
  });

const rootStatement: Statement = {
  Effect: "Allow",
  Principal: { AWS: `arn:aws:iam::${owner}:root` },
  Action: "kms:*",
  Resource: "*",
};

export const keyPolicies: fc.Arbitrary<Policy> = fc
  .record({
    version: fc.constantFrom<string | undefined>(
      ...Array<string>(12).fill("2012-10-17"),
      "2008-10-17",
      undefined,
    ),
    root: fc.integer({ min: 0, max: 3 }),
    statements: fc.array(statement, { minLength: 1, maxLength: 4, size: "small" }),
  })
  .map(({ version, root, statements }) => ({
    ...(version === undefined ? {} : { Version: version }),
    Statement: root > 0 ? [rootStatement, ...statements] : statements,
  }));
