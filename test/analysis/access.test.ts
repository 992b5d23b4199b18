import assert from "node:assert/strict";
import { test } from "node:test";
import { normalizeInputs } from "../../src/core/pipeline.ts";
import {
  accessInTemplate,
  admin,
  allow,
  decryptIf,
  deny,
  everyone,
  facts,
  inWords,
  type Json,
  own,
  owner,
  partner,
  root,
} from "./policies.ts";

test("which conditions restrict everyone", () => {
  const open = "granted public owner";
  const ownOnly = "granted owner";
  for (const [condition, expected] of [
    [{ StringEquals: { "aws:PrincipalAccount": owner } }, `${ownOnly} always`],
    [{ StringEquals: { "kms:CallerAccount": "444455556666" } }, "granted external beyondOwner"],
    [{ StringEquals: { "aws:PrincipalAccount": "${aws:PrincipalAccount}" } }, `${open} always`],
    [{ StringEquals: { "aws:PrincipalAccount": "${kms:CallerAccount}" } }, `${open} always`],
    [{ StringEquals: { "aws:PrincipalAccount": "${aws:ResourceAccount}" } }, `${ownOnly} always`],
    [{ StringEquals: { "aws:PrincipalAccount": "${aws:PrincipalTag/account}" } }, `${open} always`],
    [{ StringLike: { "aws:PrincipalAccount": "????????????" } }, `${open} always`],
    [{ StringLike: { "aws:PrincipalAccount": `${owner}*` } }, `${ownOnly} always`],
    [
      {
        StringLike: { "aws:PrincipalAccount": ["0*", "1*", "2*", "3*", "4*", "5*", "6*", "7*", "8*", "9*"] },
      },
      `${open} always`,
    ],
    [{ StringEquals: { "aws:PrincipalAccount": "*" } }, ""],
    [{ StringLike: { "aws:PrincipalArn": "arn*" } }, `${open} always`],
    [{ ArnLike: { "aws:PrincipalArn": `arn:aws:iam::${owner}:role/*` } }, ownOnly],
    [{ ArnLike: { "aws:PrincipalArn": "arn:aws:iam::${aws:PrincipalAccount}:role/app" } }, open],
    [{ StringLike: { "aws:PrincipalArn": `*${owner}*` } }, `${open} always`],
    [{ StringEquals: { "aws:PrincipalOrgID": "o-abcdefghij" } }, "granted owner beyondOwner"],
    [{ StringEquals: { "aws:PrincipalOrgID": "${aws:PrincipalOrgID}" } }, open],
    [{ StringLike: { "aws:PrincipalOrgID": "o-??????????" } }, open],
    [
      { "ForAnyValue:StringLike": { "aws:PrincipalOrgPaths": "o-abcdefghij/r-ab12/*" } },
      "granted owner beyondOwner",
    ],
    [{ "ForAnyValue:StringLike": { "aws:PrincipalOrgPaths": "o-*/r-*/*" } }, open],
    [{ StringEqualsIfExists: { "aws:PrincipalOrgID": "o-abcdefghij" } }, open],
    [{ IpAddress: { "aws:SourceIp": ["203.0.113.0/24"] } }, ownOnly],
    [{ IpAddress: { "aws:SourceIp": ["0.0.0.0/1", "128.0.0.0/1"] } }, open],
    [{ NotIpAddress: { "aws:SourceIp": ["203.0.113.0/24"] } }, open],
    [{ StringEquals: { "aws:SourceVpce": "vpce-0123456789abcdef0" } }, ownOnly],
    [{ StringLike: { "aws:SourceVpce": "vpce-*" } }, open],
    [{ StringEquals: { "aws:userid": "AROAEXAMPLE:app" } }, ownOnly],
    [{ StringLike: { "aws:userid": "AROAEXAMPLE:*" } }, open],
    [{ StringEquals: { "kms:EncryptionContext:app": "orders" } }, open],
    [{ StringEquals: { "kms:EncryptionContext:user": "${aws:username}" } }, open],
    [{ Null: { "aws:PrincipalOrgID": "false" } }, open],
    [{ Bool: { "aws:PrincipalIsAWSService": "true" } }, "granted public"],
    [{ StringEquals: { "aws:SourceAccount": owner } }, "granted"],
    [{ StringEquals: { "aws:SourceAccount": "444455556666" } }, "granted external beyondOwner"],
    [{ StringNotEquals: { "aws:PrincipalAccount": owner } }, "granted public"],
    [{ StringEquals: { "aws:SourceVpc": "vpc-0a1b2c3d4e5f60718" } }, ownOnly],
    [{ StringLike: { "aws:SourceVpc": "vpc-*" } }, open],
    [{ StringEqualsIfExists: { "aws:SourceVpc": "vpc-0a1b2c3d4e5f60718" } }, open],
    [{ IpAddressIfExists: { "aws:SourceIp": "203.0.113.0/24" } }, open],
    [{ StringEquals: { "aws:SourceOrgID": "o-abcdefghij" } }, "granted beyondOwner"],
    [{ "ForAnyValue:StringLike": { "aws:SourceOrgPaths": "o-abcdefghij/*" } }, "granted beyondOwner"],
    [{ StringLike: { "aws:SourceOrgID": "o-*" } }, "granted public"],
    [{ ArnLike: { "aws:SourceArn": `arn:aws:cloudtrail:*:${owner}:trail/*` } }, "granted"],
    [
      { ArnLike: { "aws:SourceArn": "arn:aws:cloudtrail:*:444455556666:trail/*" } },
      "granted external beyondOwner",
    ],
    [{ StringEquals: { "aws:SourceOrgID": "o-abcdefghij", "aws:SourceAccount": owner } }, "granted"],
    [
      {
        StringEquals: { "aws:SourceAccount": owner },
        ArnLike: { "aws:SourceArn": "arn:aws:cloudtrail:*:444455556666:trail/*" },
      },
      "granted",
    ],
    [
      {
        StringEquals: { "kms:CallerAccount": "444455556666" },
        Bool: { "aws:PrincipalIsAWSService": "true" },
      },
      "granted external beyondOwner",
    ],
  ] as const)
    assert.equal(facts(decryptIf(condition)), expected, JSON.stringify(condition));
});

test("policy variables are text in the old version", () => {
  const condition = { StringEquals: { "aws:PrincipalAccount": "${aws:PrincipalAccount}" } };
  assert.equal(facts(decryptIf(condition), "Decrypt", "2008-10-17"), "");
});

test("an action that never carries the condition key is not allowed", () => {
  const context = { StringEquals: { "kms:EncryptionContext:app": "orders" } };
  const statements = [allow({ AWS: root }, "kms:*", context)];
  assert.equal(facts(statements, "Decrypt"), "granted owner");
  assert.equal(facts(statements, "PutKeyPolicy"), "");
  assert.equal(
    facts([allow({ AWS: root }, "kms:*", { StringEqualsIfExists: context.StringEquals })], "PutKeyPolicy"),
    "granted owner always",
  );
});

test("a Deny takes away what it matches, and nothing more", () => {
  for (const [note, denied, expected] of [
    ["of another action", deny(everyone, "kms:Encrypt"), "granted owner always"],
    ["for everyone", deny(everyone, "kms:*"), "always"],
    [
      "that always holds, because the key is absent",
      deny(everyone, "kms:*", { StringNotEquals: { "aws:SourceAccount": owner } }),
      "always",
    ],
    ["of requests without the key", deny(everyone, "kms:*", { Null: { "aws:SourceArn": "true" } }), "always"],
    [
      "for services only",
      deny(everyone, "kms:*", {
        StringNotEqualsIfExists: { "aws:SourceAccount": owner },
        Bool: { "aws:PrincipalIsAWSService": "true" },
      }),
      "granted owner always",
    ],
    [
      "that exempts a role",
      deny(everyone, "kms:*", { ArnNotLike: { "aws:PrincipalArn": admin } }),
      "granted owner always",
    ],
    [
      "that exempts the owner",
      deny(everyone, "kms:*", { StringNotEquals: { "aws:PrincipalAccount": "${aws:ResourceAccount}" } }),
      "granted owner always",
    ],
    ["that exempts another account", deny({ NotPrincipal: { AWS: partner } }, "kms:*"), "always"],
    [
      "that exempts the root",
      deny({ NotPrincipal: { AWS: [root, admin] } }, "kms:*"),
      "granted owner always",
    ],
    [
      "outside an organization",
      deny(everyone, "kms:*", { StringNotEquals: { "aws:PrincipalOrgID": "o-abcdefghij" } }),
      "granted owner always",
    ],
    [
      "that compares a key with itself",
      deny(everyone, "kms:*", { StringNotEquals: { "aws:PrincipalArn": "${aws:PrincipalArn}" } }),
      "granted owner always",
    ],
  ] as const)
    assert.equal(facts([own, denied]), expected, note);
});

test("a Deny restricts an Allow for everyone", () => {
  const open = allow("*", "kms:Decrypt");
  for (const [note, denied, expected] of [
    [
      "to an organization",
      deny(everyone, "kms:*", { StringNotEquals: { "aws:PrincipalOrgID": "o-abcdefghij" } }),
      "granted owner beyondOwner always",
    ],
    [
      "not, if it spares every network",
      deny(everyone, "kms:*", { NotIpAddress: { "aws:SourceIp": "0.0.0.0/0" } }),
      "granted public owner always",
    ],
    [
      "to a named account",
      deny({ NotPrincipal: { AWS: root } }, "kms:*", { StringNotEquals: { "aws:PrincipalAccount": owner } }),
      "granted owner always",
    ],
    [
      "not, if it only asks for HTTPS",
      deny({ NotPrincipal: { AWS: root } }, "kms:*", { Bool: { "aws:SecureTransport": "false" } }),
      "granted public owner always",
    ],
  ] as const)
    assert.equal(facts([open, denied]), expected, note);
});

test("an unrelated Deny changes nothing, although a policy without Deny is analyzed in a shorter way", () => {
  const unrelated = deny({ Principal: { AWS: `arn:aws:iam::${owner}:role/unrelated` } }, "kms:VerifyMac");
  for (const principal of [
    "*",
    { AWS: root },
    { AWS: admin },
    { AWS: `arn:aws:iam::${owner}:user/alice` },
    { AWS: `arn:aws:sts::${owner}:assumed-role/admin/deploy` },
    { AWS: `arn:aws:sts::${owner}:federated-user/bob` },
    { AWS: "444455556666" },
    { AWS: partner },
    { AWS: "arn:aws:iam::1111:root" },
    { Service: "s3.amazonaws.com" },
    { Federated: "cognito-identity.amazonaws.com" },
  ])
    for (const action of ["Decrypt", "CreateGrant", "ReplicateKey", "UpdatePrimaryRegion", "PutKeyPolicy"]) {
      const allowed = allow(principal, ["kms:Decrypt", `kms:${action}`]);
      assert.notEqual(facts([allowed], action), "", JSON.stringify(principal));
      assert.equal(
        facts([allowed], action),
        facts([allowed, unrelated], action),
        JSON.stringify([principal, action]),
      );
    }
});

test("principals with the same access share it, and the callers of NotPrincipal have none of their own", () => {
  const accessOf = (statement: Json): object[] | undefined => {
    const text = JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
    const { document } = normalizeInputs([{ path: "policy.json", text, named: true }], { account: owner });
    return document.keys[0]?.policy.statements[0]?.access.map(({ principals, actions }) => ({
      principals,
      actions,
    }));
  };
  const actions = ["Decrypt", "Encrypt"];
  const written = actions.map((action) => `kms:${action}`);
  assert.deepEqual(accessOf(allow({ AWS: [admin, partner, `arn:aws:iam::${owner}:user/alice`] }, written)), [
    { principals: [0, 2], actions },
    { principals: [1], actions },
  ]);
  assert.deepEqual(
    accessOf({ ...deny({ NotPrincipal: { AWS: [admin, root] } }, written), Effect: "Allow" }),
    [{ principals: [], actions }],
  );
  assert.deepEqual(accessOf(allow({ AWS: [admin] }, written, { StringEquals: { "aws:userid": [] } })), []);
});

test("sessions belong to their role", () => {
  const session = { AWS: `arn:aws:sts::${owner}:assumed-role/admin/deploy` };
  const allowed = allow(session, "kms:PutKeyPolicy");
  assert.equal(facts([allowed], "PutKeyPolicy"), "granted owner");
  assert.equal(facts([allowed, deny({ Principal: { AWS: admin } }, "kms:*")], "PutKeyPolicy"), "");
  assert.equal(
    facts(
      [allowed, deny({ Principal: { AWS: `arn:aws:iam::${owner}:role/path/admin` } }, "kms:*")],
      "PutKeyPolicy",
    ),
    "",
  );
  assert.equal(
    facts([allowed, deny({ Principal: { AWS: `arn:aws:iam::${owner}:role/app` } }, "kms:*")], "PutKeyPolicy"),
    "granted owner",
  );
});

test("policies that differ in the name of a role are analyzed apart if a session has that name", () => {
  const session = { AWS: `arn:aws:sts::${owner}:assumed-role/admin/deploy` };
  const texts = ["admin", "app"].map((role) =>
    JSON.stringify({
      Version: "2012-10-17",
      Statement: [
        allow(session, "kms:PutKeyPolicy"),
        deny({ Principal: { AWS: `arn:aws:iam::${owner}:role/${role}` } }, "kms:*"),
      ],
    }),
  );
  const inputs = texts.map((text, i) => ({ path: `${i}.json`, text, named: true }));
  const { document } = normalizeInputs(inputs, { account: owner });
  const found = document.keys.map(({ policy }) => inWords(policy.statements[0]?.access[0]));
  assert.deepEqual(found, ["", "granted owner"]);
});

test("services act for any source unless a condition names one", () => {
  const service = { Service: "s3.amazonaws.com" };
  for (const [condition, expected] of [
    [undefined, "granted anySource"],
    [{ StringEquals: { "aws:SourceAccount": owner } }, "granted"],
    [{ StringEquals: { "aws:SourceAccount": "${aws:ResourceAccount}" } }, "granted"],
    [{ StringEquals: { "aws:SourceAccount": "${aws:SourceAccount}" } }, "granted anySource"],
    [{ ArnLike: { "aws:SourceArn": "arn:aws:s3:::orders-archive" } }, "granted"],
    [{ ArnLike: { "aws:SourceArn": "arn:aws:s3:::*" } }, "granted anySource"],
    [{ ArnLike: { "aws:SourceArn": `arn:aws:cloudtrail:*:${owner}:trail/*` } }, "granted"],
    [
      { StringLike: { "kms:EncryptionContext:aws:cloudtrail:arn": `arn:aws:cloudtrail:*:${owner}:trail/*` } },
      "granted",
    ],
    [
      { StringLike: { "kms:EncryptionContext:aws:cloudtrail:arn": "arn:aws:cloudtrail:*" } },
      "granted anySource",
    ],
    [{ StringEquals: { "kms:ViaService": "s3.eu-west-1.amazonaws.com" } }, "granted anySource"],
    [{ StringEquals: { "aws:SourceOrgID": "o-abcdefghij" } }, "granted"],
    [{ "ForAnyValue:StringLike": { "aws:SourceOrgPaths": "o-abcdefghij/r-ab12/*" } }, "granted"],
    [{ "ForAllValues:StringLike": { "aws:SourceOrgPaths": "o-abcdefghij/r-ab12/*" } }, "granted anySource"],
    [{ "ForAnyValue:StringLike": { "aws:SourceOrgPaths": "o-*/r-*" } }, "granted anySource"],
    [
      {
        StringLikeIfExists: {
          "kms:EncryptionContext:aws:cloudtrail:arn": `arn:aws:cloudtrail:*:${owner}:trail/*`,
        },
      },
      "granted anySource",
    ],
  ] as const)
    assert.equal(facts([allow(service, "kms:Decrypt", condition)]), expected, JSON.stringify(condition));
});

test("grants for AWS resources are for the source of the service", () => {
  const service = { Service: "rds.amazonaws.com" };
  const forResources = { "kms:GrantIsForAWSResource": "true" };
  for (const action of ["CreateGrant", "ListGrants", "RevokeGrant"]) {
    const of = (condition: Json) => facts([allow(service, `kms:${action}`, condition)], action).split(" ");
    assert.ok(!of({ Bool: forResources }).includes("anySource"), action);
    assert.ok(of({ BoolIfExists: forResources }).includes("anySource"), action);
    assert.ok(of({ Bool: { "kms:GrantIsForAWSResource": "false" } }).includes("anySource"), action);
  }
});

test("to which Regions a principal can replicate a key", () => {
  const role = { AWS: admin };
  for (const [action, key] of [
    ["ReplicateKey", "kms:ReplicaRegion"],
    ["UpdatePrimaryRegion", "kms:PrimaryRegion"],
  ] as const) {
    const of = (condition?: Json) => facts([allow(role, `kms:${action}`, condition)], action);
    assert.equal(of(), "granted owner anyRegion");
    assert.equal(of({ StringLike: { [key]: "*" } }), "granted owner anyRegion");
    assert.equal(of({ StringLike: { [key]: "eu-*" } }), "granted owner");
    assert.equal(of({ StringNotEquals: { [key]: "eu-west-1" } }), "granted owner anyRegion");
  }
});

test("which accounts and organizations the conditions name", () => {
  const callers = (principal: unknown, condition: Json): string[] => {
    const text = JSON.stringify({
      Version: "2012-10-17",
      Statement: [allow(principal, "kms:Decrypt", condition), own],
    });
    const { document } = normalizeInputs([{ path: "policy.json", text, named: true }], { account: owner });
    const [access] = document.keys[0]?.policy.statements[0]?.access ?? [];
    return (access?.callers ?? []).map(({ accounts = [], organizations = [] }) =>
      [
        ...accounts.map(({ text, account = "", relation }) => [text, account, relation].join(":")),
        ...organizations,
      ].join(" "),
    );
  };
  const its = `${owner}::owner`;
  const other = "444455556666:444455556666:external";
  const organization = { "aws:PrincipalOrgID": "o-abcdefghij" };
  const source = { "aws:SourceOrgID": "o-abcdefghij" };
  for (const [principal, condition, expected] of [
    ["*", { ArnLike: { "aws:SourceArn": "arn:aws:cloudtrail:*:444455556666:trail/*" } }, [other]],
    ["*", { ArnLike: { "aws:SourceArn": `arn:aws:cloudtrail:*:${owner}:trail/*` } }, [its]],
    ["*", { StringEquals: { "aws:SourceAccount": ["444455556666", owner] } }, [`${its} ${other}`]],
    ["*", { StringEquals: { "aws:PrincipalAccount": "444455556666" } }, [other]],
    ["*", { StringEquals: organization }, ["o-abcdefghij"]],
    ["*", { StringEquals: source }, ["o-abcdefghij"]],
    ["*", { StringEquals: { ...organization, "aws:PrincipalAccount": owner } }, [`${its} o-abcdefghij`]],
    ["*", { StringEquals: { ...source, "aws:SourceAccount": owner } }, [`${its} o-abcdefghij`]],
    [
      "*",
      {
        StringEquals: { "aws:PrincipalOrgID": ["o-abcdefghij", "o-klmnopqrst"] },
        StringNotEquals: { "aws:PrincipalOrgID": "o-klmnopqrst" },
      },
      ["o-abcdefghij"],
    ],
    [
      "*",
      {
        StringEquals: { "kms:CallerAccount": "444455556666" },
        Bool: { "aws:PrincipalIsAWSService": "true" },
      },
      [other],
    ],
    ["*", { StringEquals: { "aws:SourceVpc": "vpc-0a1b2c3d4e5f60718" } }, []],
    [{ AWS: partner }, { StringEquals: organization }, ["o-abcdefghij"]],
    [{ AWS: admin }, { StringEquals: organization }, []],
    [{ AWS: partner }, { StringEquals: { "kms:ViaService": "s3.eu-west-1.amazonaws.com" } }, []],
  ] as const)
    assert.deepEqual(callers(principal, condition), expected, JSON.stringify([principal, condition]));
});

test("which grants a principal can create", () => {
  const role = { AWS: `arn:aws:iam::${owner}:role/app` };
  const any = "granted owner anyGrant delegation";
  for (const [condition, expected] of [
    [undefined, any],
    [{ Bool: { "kms:GrantIsForAWSResource": "true" } }, "granted owner"],
    [{ BoolIfExists: { "kms:GrantIsForAWSResource": "true" } }, any],
    [{ StringEquals: { "kms:ViaService": "ec2.eu-west-1.amazonaws.com" } }, "granted owner delegation"],
    [{ StringLike: { "kms:ViaService": "*" } }, any],
    [{ "ForAllValues:StringEquals": { "kms:GrantOperations": ["Decrypt", "Encrypt"] } }, "granted owner"],
    [
      { "ForAllValues:StringEquals": { "kms:GrantOperations": ["Decrypt", "CreateGrant"] } },
      "granted owner delegation",
    ],
    [{ StringEquals: { "kms:GranteePrincipal": partner } }, "granted owner"],
    [{ StringEquals: { "kms:GranteePrincipal": "${kms:GranteePrincipal}" } }, any],
    [{ StringEquals: { "kms:GrantConstraintType": "EncryptionContextEquals" } }, "granted owner delegation"],
    [{ Null: { "kms:GrantConstraintType": "false" } }, "granted owner delegation"],
    [{ StringEqualsIfExists: { "kms:GrantConstraintType": "EncryptionContextEquals" } }, any],
    [{ StringEqualsIfExists: { "kms:ViaService": "ec2.eu-west-1.amazonaws.com" } }, any],
    [{ "ForAnyValue:StringEquals": { "kms:GrantOperations": "Decrypt" } }, "granted owner delegation"],
    [{ "ForAllValues:StringLike": { "kms:GrantOperations": "*" } }, any],
    [{ "ForAllValues:StringNotEquals": { "kms:GrantOperations": "CreateGrant" } }, "granted owner"],
  ] as const)
    assert.equal(
      facts([allow(role, "kms:CreateGrant", condition)], "CreateGrant"),
      expected,
      JSON.stringify(condition),
    );
  for (const condition of [
    { Bool: { "kms:GrantIsForAWSResource": "false" } },
    { BoolIfExists: { "kms:GrantIsForAWSResource": "false" } },
    { Null: { "kms:GrantIsForAWSResource": "true" } },
    { StringNotEquals: { "kms:GrantIsForAWSResource": "true" } },
  ])
    assert.equal(
      facts([allow(role, "kms:CreateGrant"), deny(everyone, "kms:CreateGrant", condition)], "CreateGrant"),
      "granted owner",
      JSON.stringify(condition),
    );
});

test("unknown values have the properties of their outcomes, with the causes that decide", () => {
  const parameter = { Ref: "P" };
  const access = accessInTemplate([allow({ AWS: parameter }, "kms:Decrypt")]);
  assert.equal(inWords(access), "granted public? owner? external? beyondOwner? always?");
  assert.deepEqual(access?.public, ["⟨P⟩"]);
  const organization = { StringEquals: { "aws:PrincipalOrgID": parameter } };
  assert.equal(
    inWords(accessInTemplate([allow("*", "kms:Decrypt", organization)])),
    "granted owner beyondOwner",
  );
  const pattern = { StringLike: { "aws:PrincipalArn": parameter } };
  assert.equal(inWords(accessInTemplate([allow("*", "kms:Decrypt", pattern)])).split(" ")[1], "public?");
});

test("conditions that are too complex to analyze are unknown, and end soon", () => {
  const values = Array.from({ length: 12 }, (_, i) => `*x${i}*y${i}*z${i}*`);
  assert.equal(
    facts(decryptIf({ StringLike: { "aws:PrincipalArn": values } })),
    "granted? public? owner? external? beyondOwner? anySource? anyGrant? delegation? anyRegion? always?",
  );
});

test("many Deny statements do not make an open statement unknown", () => {
  const values = Array.from({ length: 40 }, (_, i) => `*${"ab".repeat(i % 7)}*${i}*`);
  const denies = values.map((value, i) =>
    deny(everyone, "kms:*", { StringLike: { [`aws:PrincipalTag/${i}`]: value, "aws:PrincipalArn": value } }),
  );
  assert.match(facts([allow("*", "kms:Decrypt"), ...denies]), /public/);
});

test("policies that are too complex take nothing from the policies after them", () => {
  const open = [own, allow("*", "kms:Decrypt"), deny(everyone, "kms:Encrypt")];
  const complex = (seed: number) => [
    own,
    allow("*", "kms:Decrypt", {
      StringLike: { "aws:PrincipalArn": Array.from({ length: 60 }, (_, i) => `*${seed}${i}*x`) },
    }),
  ];
  const keys = [...Array.from({ length: 15 }, (_, i) => complex(i)), open].map((Statement, i) => [
    `Key${i}`,
    { Type: "AWS::KMS::Key", Properties: { KeyPolicy: { Version: "2012-10-17", Statement } } },
  ]);
  const text = JSON.stringify({ Resources: Object.fromEntries(keys) });
  const { document } = normalizeInputs([{ path: "t.json", text, named: true }], { account: owner });
  const verdicts = document.keys.map(({ policy }) => inWords(policy.statements[1]?.access[0]).split(" ")[1]);
  assert.deepEqual(verdicts, [...Array(15).fill("public?"), "public"]);
});
