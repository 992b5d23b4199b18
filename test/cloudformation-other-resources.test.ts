import assert from "node:assert/strict";
import { test } from "node:test";
import type { Consumer, Reference } from "../src/core/model/document.ts";
import type { TargetOptions } from "../src/core/model/format.ts";
import { readText } from "./cloudformation-support.ts";

const indent = (text: string, by: string) => text.trim().replaceAll(/^/gm, by);
const sections = `
Parameters: {Env: {Type: String}, Given: {Type: String}, None: {Type: String, Default: ""}}
Conditions: {IsProd: !Equals [!Ref Env, prod]}
Resources:
  Key: {Type: AWS::KMS::Key, Properties: {KeySpec: !If [IsProd, RSA_2048, !Ref AWS::NoValue]}}
  Alias: {Type: AWS::KMS::Alias, Properties: {AliasName: alias/orders, TargetKeyId: !Ref Key}}
  Stage: {Type: AWS::KMS::Alias, Properties: {AliasName: !Sub "alias/\${Env}", TargetKeyId: !GetAtt Key.Arn}}
  Import: {Type: AWS::KMS::Alias, Properties: {AliasName: !ImportValue name, TargetKeyId: !Ref Key}}
`;
const readResource = (type: string, properties: string, attributes = "", options: TargetOptions = {}) =>
  readText(
    `${sections}  It:\n    Type: ${type}\n${indent(attributes || "DependsOn: Key", "    ")}\n    Properties:\n${indent(properties, "      ")}\n`,
    options,
  );
const unknown = (reason: string, expression = "") => ({ unknown: { reason, expression } });

const plain = (ids: string[]) => ids.map((id) => id.replace("template.yaml#", ""));
const both = ['Key [Env is "prod"]', 'Key [Env is not "prod"]'];

const retentions: [string, string, unknown][] = [
  ["none", "", { onDeletion: false, onReplacement: false }],
  ["both", "DeletionPolicy: Retain\nUpdateReplacePolicy: Retain", { onDeletion: true, onReplacement: true }],
  ["but on create", "DeletionPolicy: RetainExceptOnCreate", { onDeletion: true, onReplacement: false }],
  [
    "deleted",
    "DeletionPolicy: Delete\nUpdateReplacePolicy: Snapshot",
    { onDeletion: false, onReplacement: false },
  ],
  [
    "a reference",
    "DeletionPolicy: !Ref Given\nUpdateReplacePolicy: !Sub '${None}Retain'",
    { onDeletion: unknown("parameter without default", "Given"), onReplacement: true },
  ],
];

for (const [name, attributes, expected] of retentions)
  test(`retention: ${name}`, () => {
    for (const type of ["AWS::KMS::Key", "AWS::KMS::ReplicaKey"]) {
      const key = readResource(type, "Enabled: true", attributes).keys.find(
        ({ resource }) => resource === "It",
      );
      assert.deepEqual(key?.retention, expected);
      assert.equal(key?.defaults.includes("retention"), attributes === "");
      assert.equal(key?.locations.retention?.line, attributes === "" ? undefined : 11);
    }
  });

const references: [string, Omit<Reference, "text">, TargetOptions?][] = [
  ["!Ref Key", { keys: both }],
  ["!GetAtt Key.Arn", { keys: both }],
  ["!Sub arn:aws:kms:eu-west-1:111122223333:key/${Key}", { keys: both }],
  ["!If [IsProd, !Ref Key, alias/aws/sqs]", { keys: ['Key [Env is "prod"]'] }],
  ["!Ref Alias", { alias: "alias/orders", keys: both }],
  ["!Ref Import", { keys: both }],
  ["alias/orders", { alias: "alias/orders", keys: both }],
  ["alias/other", { alias: "alias/other", keys: [] }],
  ["alias/aws/sqs", { alias: "alias/aws/sqs", keys: [] }],
  ["!Sub alias/aws/${Given}", { alias: "alias/aws/⟨Given⟩", keys: [] }],
  // This may be an alias of an AWS managed key.
  ["!Sub alias/${Given}", { keys: [] }],
  [
    "!Sub arn:${AWS::Partition}:kms:${AWS::Region}:${AWS::AccountId}:alias/orders",
    { alias: "alias/orders", keys: both },
  ],
  ["arn:aws:kms:eu-west-1:111122223333:alias/orders", { alias: "alias/orders", keys: [] }],
  [
    "arn:aws:kms:eu-west-1:111122223333:alias/orders",
    { alias: "alias/orders", keys: both },
    { account: "111122223333", region: "eu-west-1" },
  ],
  ["!ImportValue key", { keys: [] }],
];

for (const [text, expected, options] of references)
  test(`queue key: ${text}${options ? " in its account" : ""}`, () => {
    const { consumers } = readResource("AWS::SQS::Queue", `KmsMasterKeyId: ${text}`, "", options);
    const [{ text: _, ...key }] = consumers.flatMap(({ uses }) => uses.map((use) => use.key)) as [Reference];
    assert.deepEqual({ ...key, keys: plain(key.keys) }, expected);
  });

test("a consumer is linked to the compatible variants of a key", () => {
  const when = (condition: string) =>
    readResource("AWS::SQS::Queue", "KmsMasterKeyId: !Ref Key", `Condition: ${condition}`).consumers.map(
      ({ variant, uses }) => [variant, ...plain(uses.flatMap(({ key }) => key.keys))],
    );
  assert.deepEqual(when("IsProd"), [[undefined, 'Key [Env is "prod"]']]);
  assert.deepEqual(when("Other"), [[undefined, ...both]]);
});

type Shown = Pick<Consumer, "encryption" | "tags"> & { uses: string[] };
const consumers: [string, string, Shown | undefined][] = [
  ["AWS::SQS::Queue", "QueueName: x", undefined],
  ["AWS::SQS::Queue", "KmsMasterKeyId: !Ref None", undefined],
  ["AWS::SQS::Queue", "KmsMasterKeyId: !Ref AWS::NoValue\nTags: []", undefined],
  ["AWS::SQS::Queue", "Tags: [{Key: a, Value: b}]", { encryption: "default", tags: { a: "b" }, uses: [] }],
  [
    "AWS::SQS::Queue",
    "Tags: !Ref Given",
    { encryption: "default", tags: unknown("parameter without default", "Given"), uses: [] },
  ],
  ["AWS::SSM::Parameter", "Tags: {a: b}", undefined],
  ["AWS::Glue::MLTransform", "Tags: {a: b}", { tags: { a: "b" }, uses: [] }],
  [
    "AWS::EFS::FileSystem",
    "FileSystemTags: [{Key: a, Value: b}]",
    { encryption: "default", tags: { a: "b" }, uses: [] },
  ],
  [
    "AWS::RDS::DBInstance",
    "DBClusterIdentifier: x\nTags: [{Key: a, Value: b}]",
    { encryption: "inherited", tags: { a: "b" }, uses: [] },
  ],
  [
    "AWS::RDS::DBInstance",
    "DBClusterIdentifier: x\nKmsKeyId: !Ref Given",
    { encryption: "key", tags: {}, uses: ["KmsKeyId main"] },
  ],
  [
    "AWS::S3::Bucket",
    "Tags: [{Key: a, Value: b}]\nBucketEncryption: !Ref Given",
    { encryption: unknown("parameter without default", "Given"), tags: { a: "b" }, uses: [] },
  ],
  [
    "AWS::S3::Bucket",
    "ReplicationConfiguration: {Rules: [{Destination: {EncryptionConfiguration: {ReplicaKmsKeyID: a}}}, {Destination: {EncryptionConfiguration: {ReplicaKmsKeyID: b}}}, !Ref AWS::NoValue]}",
    {
      encryption: "default",
      tags: {},
      uses: [
        "ReplicationConfiguration.Rules.*.Destination.EncryptionConfiguration.ReplicaKmsKeyID",
        "ReplicationConfiguration.Rules.*.Destination.EncryptionConfiguration.ReplicaKmsKeyID",
      ],
    },
  ],
  [
    "AWS::S3::Bucket",
    "BucketEncryption: {ServerSideEncryptionConfiguration: !If [Other, [{ServerSideEncryptionByDefault: {KMSMasterKeyID: a}}], [{ServerSideEncryptionByDefault: {KMSMasterKeyID: a}}]]}",
    {
      encryption: "key",
      tags: {},
      uses: [
        "BucketEncryption.ServerSideEncryptionConfiguration.*.ServerSideEncryptionByDefault.KMSMasterKeyID main",
      ],
    },
  ],
  [
    "AWS::DynamoDB::GlobalTable",
    "SSESpecification: {SSEEnabled: true}\nReplicas: [{Region: eu-west-1, Tags: [{Key: a, Value: b}]}, {Region: eu-west-2, Tags: [{Key: c, Value: !Ref Given}]}]",
    {
      encryption: "default",
      tags: { a: "b", c: unknown("parameter without default", "Given") },
      uses: [],
    },
  ],
  [
    "AWS::DynamoDB::GlobalTable",
    "Replicas: [{Region: eu-west-1, Tags: !Ref Given}]",
    { encryption: "default", tags: unknown("parameter without default", "Given"), uses: [] },
  ],
  [
    "AWS::Serverless::SimpleTable",
    "Tags: {a: b}\nSSESpecification: {SSEEnabled: true, KMSMasterKeyId: x}",
    { encryption: "key", tags: { a: "b" }, uses: ["SSESpecification.KMSMasterKeyId main"] },
  ],
  [
    "AWS::Route53::KeySigningKey",
    "KeyManagementServiceArn: a",
    { tags: {}, uses: ["KeyManagementServiceArn asymmetric"] },
  ],
];

for (const [type, properties, expected] of consumers)
  test(`${type} with ${properties.replaceAll("\n", ", ")}`, () => {
    const { consumers: found, problems } = readResource(type, properties);
    assert.deepEqual(problems, []);
    const shown = found.map(({ encryption, tags, uses }) => ({
      ...(encryption === undefined ? {} : { encryption }),
      tags,
      uses: uses.map(({ argument, main, asymmetric }) =>
        [argument, ...(main ? ["main"] : []), ...(asymmetric ? ["asymmetric"] : [])].join(" "),
      ),
    }));
    assert.deepEqual(shown, expected ? [expected] : []);
  });

const document =
  '{Version: "2012-10-17", Statement: [{Effect: Allow, Action: "kms:Decrypt", Resource: !GetAtt Key.Arn}]}';
const policies: [string, string, (string | undefined)[]][] = [
  ["AWS::IAM::Policy", `PolicyDocument: ${document}`, [undefined]],
  ["AWS::IAM::ManagedPolicy", `PolicyDocument: ${document}`, [undefined]],
  ["AWS::IAM::RolePolicy", `PolicyDocument: ${document}`, [undefined]],
  ["AWS::IAM::UserPolicy", `PolicyDocument: ${document}`, [undefined]],
  ["AWS::IAM::GroupPolicy", `PolicyDocument: ${document}`, [undefined]],
  ["AWS::IAM::ManagedPolicy", `PolicyDocument: ${document.replace("kms", "s3")}`, []],
  ["AWS::IAM::ManagedPolicy", "PolicyDocument: !Ref Given", []],
  [
    "AWS::SSO::PermissionSet",
    `InlinePolicy: '{"Statement": {"Effect": "Allow", "Action": "kms:*", "Resource": "*"}}'`,
    [undefined],
  ],
  [
    "AWS::IAM::Role",
    `Policies: [{PolicyName: one, PolicyDocument: ${document}}, !Ref AWS::NoValue, {PolicyName: !Ref Given, PolicyDocument: ${document}}]`,
    ["one", undefined],
  ],
  ["AWS::IAM::User", `Policies: !If [Other, [{PolicyName: a, PolicyDocument: ${document}}], []]`, ["a"]],
  ["AWS::IAM::Group", "Policies: !Ref Given", []],
  [
    "AWS::Serverless::Function",
    `Policies: [AWSLambdaExecute, {SQSPollerPolicy: {QueueName: x}}, {KMSDecryptPolicy: {KeyId: !Ref Key}}, ${document}]`,
    [undefined, undefined],
  ],
  ["AWS::Serverless::Function", `Policies: ${document}`, [undefined]],
  ["AWS::Lambda::Function", `Policies: ${document}`, []],
];

for (const [type, properties, names] of policies)
  test(`policies of ${type} with ${properties.slice(0, 60)}`, () => {
    const { identityPolicies, problems } = readResource(type, properties);
    assert.deepEqual(problems, []);
    assert.deepEqual(
      identityPolicies.map(({ name }) => name),
      names,
    );
    for (const { statements, resource, location } of identityPolicies) {
      assert.equal(statements.length, 1);
      assert.equal(resource, "It");
      assert.equal(location.address, "It");
    }
  });

test("the SAM policy template KMSDecryptPolicy is a policy for the specified key", () => {
  const kindOf = (key: string) =>
    readResource("AWS::Serverless::Function", `Policies: [{KMSDecryptPolicy: {KeyId: ${key}}}]`)
      .identityPolicies.flatMap(({ statements }) => statements)
      .flatMap(({ covers, targets }) => [...covers, ...targets.map(({ kind }) => kind)]);
  assert.deepEqual(kindOf("!Ref Key"), ["Decrypt", "key"]);
  assert.deepEqual(kindOf("!Ref Given"), ["Decrypt", "key"]);
  assert.deepEqual(kindOf("'*'"), ["Decrypt", "every-key"]);
});

test("each policy of a role has its own ID and variants", () => {
  const role = `Policies:
- PolicyName: a
  PolicyDocument: ${document}
- PolicyName: b
  PolicyDocument: ${document.replace('"kms:Decrypt"', '!If [Other, "kms:Sign", "kms:Decrypt"]')}`;
  const { identityPolicies } = readResource("AWS::IAM::Role", role);
  assert.deepEqual(
    plain(identityPolicies.map(({ id }) => id)),
    [
      'It.Policies[0] [Env is "prod"]',
      "It.Policies[1] [Other is true]",
      "It.Policies[1] [Other is false]",
    ].map((id) => id.replace(' [Env is "prod"]', "")),
  );
});

const shares: [string, unknown][] = [
  ["ResourceArns: [!GetAtt Key.Arn]", { keys: [both], external: true, principals: [] }],
  [
    "ResourceArns: [!GetAtt Key.Arn, arn:aws:ec2:eu-west-1:111122223333:subnet/x]\nAllowExternalPrincipals: false\nPrincipals: ['444455556666', !Ref Given]",
    {
      keys: [both],
      external: false,
      principals: ["444455556666", unknown("parameter without default", "Given")],
    },
  ],
  [
    "ResourceArns: !Ref Given\nPrincipals: !Ref Given\nAllowExternalPrincipals: !Ref Given",
    {
      keys: [[]],
      external: unknown("parameter without default", "Given"),
      principals: [unknown("parameter without default", "Given")],
    },
  ],
  [
    "ResourceArns: [!Sub 'arn:aws:kms:${AWS::Region}:${AWS::AccountId}:key/x']",
    { keys: [[]], external: true, principals: [] },
  ],
  ["ResourceArns: [!Ref It, arn:aws:s3:::x]", undefined],
  ["Name: x", undefined],
];

for (const [properties, expected] of shares)
  test(`a share with ${properties.replaceAll("\n", ", ")}`, () => {
    const found = readResource("AWS::RAM::ResourceShare", properties).shares.map((share) => ({
      keys: share.keys.map(({ keys }) => plain(keys)),
      external: share.allowExternalPrincipals,
      principals: share.principals.map(({ text }) => text),
    }));
    assert.deepEqual(found, expected ? [expected] : []);
  });

const sharePrincipals: [string, unknown][] = [
  ["'444455556666'", "444455556666"],
  ["!Ref AWS::AccountId", "self"],
  ["!Sub 'arn:aws:iam::${AWS::AccountId}:role/app'", "self"],
  ["!Sub 'arn:aws:iam::444455556666:role/${Given}'", "444455556666"],
  ["!Sub 'arn:aws:organizations::${AWS::AccountId}:organization/o-1234567890'", undefined],
  ["rds.amazonaws.com", undefined],
  ["!Ref Given", undefined],
];
for (const [principal, account] of sharePrincipals)
  test(`a share for ${principal}`, () => {
    const text = `ResourceArns: [!GetAtt Key.Arn]\nPrincipals: [${principal}]`;
    const [share] = readResource("AWS::RAM::ResourceShare", text).shares;
    assert.equal(share?.principals[0]?.account, account);
  });

test("consumers are read without a key in the template, and problems elsewhere are ignored", () => {
  const part = readText(
    "Resources: {Bucket: {Type: AWS::S3::Bucket, Properties: {Tags: [{Key: DataClass, Value: !Select [x]}]}}, Key: {Type: AWS::S3::Bucket, Properties: []}}",
  );
  assert.deepEqual(part.problems, []);
  assert.deepEqual(
    part.consumers.map(({ resource }) => resource),
    ["Bucket"],
  );
});
