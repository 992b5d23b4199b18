import assert from "node:assert/strict";
import { test } from "node:test";
import { cloudformation } from "../src/core/formats/cloudformation/index.ts";
import { typeFromPattern } from "../src/core/formats/cloudformation/pattern.ts";
import type { Key, KeyProperties } from "../src/core/model/document.ts";
import { parseYaml } from "../src/core/parse/yaml.ts";
import { descriptionOf, parseTemplate, readText } from "./cloudformation-support.ts";

const indent = (text: string, by: string) => text.trim().replaceAll(/^/gm, by);
const keyWith = (properties: string) =>
  readText(`Resources:\n  Key:\n    Type: AWS::KMS::Key\n    Properties:\n${indent(properties, "      ")}`)
    .keys[0] as Key;

const unknown = (reason: string, expression = "") => ({ unknown: { reason, expression } });

test("a key without properties has the AWS defaults and lists them", () => {
  const [key] = readText("Resources: {Key: {Type: AWS::KMS::Key}}").keys;
  assert.deepEqual(key?.properties, {
    spec: "SYMMETRIC_DEFAULT",
    usage: "ENCRYPT_DECRYPT",
    origin: "AWS_KMS",
    customKeyStore: false,
    customKeyStoreId: null,
    xksKey: false,
    multiRegion: false,
    rotation: false,
    rotationPeriodDays: null,
    bypassLockoutSafetyCheck: false,
    enabled: true,
    deletionWindowDays: null,
    description: null,
    tags: {},
  });
  assert.deepEqual(
    [...(key?.defaults ?? [])].sort(),
    [...Object.keys(key?.properties ?? {}), "policy", "retention"].sort(),
  );
  assert.deepEqual(key?.locations, {});
  assert.equal(key?.policy.state, "absent");
});

const settings: [string, string, { [field in keyof KeyProperties]?: KeyProperties[field] | undefined }][] = [
  [
    "strings for booleans and numbers",
    'EnableKeyRotation: "true"\nPendingWindowInDays: "7"',
    { rotation: true, deletionWindowDays: 7 },
  ],
  ["plain values", "Enabled: false\nRotationPeriodInDays: 90", { enabled: false, rotationPeriodDays: 90 }],
  ["a list for a boolean", "Enabled: [true]", { enabled: unknown("a list instead of a boolean") }],
  [
    "a string for a number",
    "PendingWindowInDays: soon",
    { deletionWindowDays: unknown("a string instead of a number", "soon") },
  ],
  [
    "an object for a string",
    "Description: {a: b}",
    { description: unknown("an object instead of a string") },
  ],
  ["an object for tags", "Tags: {a: b}", { tags: unknown("an object instead of a list of tags") }],
  [
    "tags",
    "Tags: [{Key: team, Value: 12}, {Key: stage, Value: !Ref AWS::StackName}]",
    {
      tags: { team: "12", stage: unknown("set at deployment", "AWS::StackName") },
    },
  ],
  [
    "a tag with an unknown key",
    "Tags: [{Key: !Ref AWS::StackName, Value: x}]",
    {
      tags: unknown("set at deployment", "AWS::StackName"),
    },
  ],
  [
    "a custom key store by its origin",
    "Origin: EXTERNAL_KEY_STORE",
    { origin: "EXTERNAL_KEY_STORE", customKeyStore: true },
  ],
  [
    "an unknown origin",
    "Origin: !ImportValue origin",
    {
      origin: unknown("exported by another stack", "Fn::ImportValue origin"),
      customKeyStore: unknown("exported by another stack", "Fn::ImportValue origin"),
    },
  ],
  ["the usage has no default if the spec is unknown", "KeySpec: !ImportValue spec", { usage: undefined }],
  [
    "properties that a transform may insert",
    "Fn::Transform: {Name: AWS::Include}\nEnabled: false",
    {
      enabled: false,
      rotation: unknown("inserted by a transform", "Fn::Transform AWS::Include"),
    },
  ],
];

for (const [name, properties, expected] of settings)
  test(`key properties: ${name}`, () => {
    const actual = keyWith(properties).properties as KeyProperties;
    for (const [field, value] of Object.entries(expected))
      assert.deepEqual(actual[field as keyof KeyProperties], value);
  });

test("the usage is required for every spec except SYMMETRIC_DEFAULT", () => {
  const key = keyWith("KeySpec: RSA_2048");
  assert.equal(key.properties?.usage, undefined);
  assert.ok(!key.defaults.includes("usage"));
  assert.equal(keyWith("KeySpec: RSA_2048\nKeyUsage: SIGN_VERIFY").properties?.usage, "SIGN_VERIFY");
});

test("an empty policy, null, and AWS::NoValue count as no policy", () => {
  for (const policy of ['""', "null", "!Ref AWS::NoValue"])
    assert.equal(keyWith(`KeyPolicy: ${policy}`).policy.state, "absent");
});

test("Properties that are not an object are a problem", () => {
  const part = readText("Resources:\n  Key:\n    Type: AWS::KMS::Key\n    Properties: [a]\n");
  assert.deepEqual(part.problems, [
    {
      file: "template.yaml",
      line: 4,
      column: 17,
      message: "The Properties of Key are not an object.",
      remedy: "Specify an object of property names and values.",
    },
  ]);
  assert.deepEqual(part.keys, []);
});

const references: [string, string[], unknown, string?][] = [
  ["!Ref Key", ["Key"], unknown("known only after deployment", "Key")],
  ["!GetAtt Key.Arn", ["Key"], unknown("known only after deployment", "Key.Arn")],
  ["!Sub ${Key}", ["Key"], unknown("known only after deployment", "Key")],
  ["!Sub ${Key.KeyId}", ["Key"], unknown("known only after deployment", "Key.KeyId")],
  ["!If [Holds, !Ref Key, x]", ["Key"], unknown("known only after deployment", "Key")],
  [
    "!Sub arn:aws:kms:eu-west-1:111122223333:key/${Key}",
    ["Key"],
    unknown("contains unknown values", "arn:aws:kms:eu-west-1:111122223333:key/⟨Key⟩"),
  ],
  ["!Ref Other", [], "alias/other", "alias/other"],
  ["1234abcd-12ab-34cd-56ef-1234567890ab", [], "1234abcd-12ab-34cd-56ef-1234567890ab"],
  ["!ImportValue key", [], unknown("exported by another stack", "Fn::ImportValue key")],
];

for (const [target, keys, text, other] of references)
  test(`an alias of ${target}`, () => {
    const part = readText(`
Conditions: {Holds: !Equals [a, a]}
Resources:
  Key: {Type: AWS::KMS::Key}
  Other: {Type: AWS::KMS::Alias, Properties: {AliasName: alias/other, TargetKeyId: x}}
  Alias:
    Type: AWS::KMS::Alias
    Properties:
      AliasName: alias/orders
      TargetKeyId: ${target}
`);
    const alias = part.aliases.find(({ resource }) => resource === "Alias");
    assert.deepEqual(alias?.target, {
      text,
      keys: keys.map((key) => `template.yaml#${key}`),
      ...(other === undefined ? {} : { alias: other }),
    });
    assert.equal(alias?.name, "alias/orders");
  });

test("a value of another resource in the template is not a key", () => {
  const target = (text: string) =>
    readText(`
Resources:
  Bucket: {Type: AWS::S3::Bucket}
  Stack: {Type: AWS::CloudFormation::Stack}
  Key: {Type: AWS::KMS::Key}
  Alias: {Type: AWS::KMS::Alias, Properties: {AliasName: alias/orders, TargetKeyId: ${text}}}
`).aliases[0]?.target.notAKey;
  for (const text of ["!Ref Bucket", "!GetAtt Bucket.Arn"]) assert.equal(target(text), true, text);
  for (const text of ["!Ref Key", "!GetAtt Stack.Outputs.KeyArn", "!Ref Elsewhere"])
    assert.equal(target(text), undefined, text);
});

test("a replica has only its own properties, and its primary key", () => {
  const part = readText(`
Resources:
  Key: {Type: AWS::KMS::Key, Properties: {MultiRegion: true}}
  Replica:
    Type: AWS::KMS::ReplicaKey
    Properties:
      PrimaryKeyArn: !GetAtt Key.Arn
      PendingWindowInDays: 7
`);
  const replica = part.keys[1];
  assert.equal(replica?.kind, "replica");
  assert.deepEqual(replica?.primary?.keys, ["template.yaml#Key"]);
  assert.deepEqual(replica?.properties, {
    enabled: true,
    deletionWindowDays: 7,
    bypassLockoutSafetyCheck: false,
    description: null,
    tags: {},
  });
});

test("Region and partition, if they are known", () => {
  const key = (region?: string) =>
    readText("Resources: {Key: {Type: AWS::KMS::Key}}", region ? { region } : {}).keys[0];
  assert.deepEqual([key("eu-west-1")?.region, key("eu-west-1")?.partition], ["eu-west-1", "aws"]);
  assert.equal(key("us-gov-west-1")?.partition, "aws-us-gov");
  assert.deepEqual(key()?.region, unknown("set at deployment", "AWS::Region"));
});

test("locations: a resource starts at its logical ID, a statement is located in its branch", () => {
  const part = readText(`Resources:
  # orders
  Key:
    Type: AWS::KMS::Key
    Properties:
      Description: !Ref AWS::StackName
      KeyPolicy:
        Statement:
          - !If
            - Holds
            - {Effect: Allow, Principal: "*", Action: kms:*, Resource: "*"}
            - !Ref AWS::NoValue
Conditions: {Holds: !Equals [a, a]}
`);
  const [key] = part.keys;
  assert.deepEqual(
    { ...key?.location },
    {
      file: "template.yaml",
      line: 3,
      column: 3,
      endLine: 12,
      endColumn: 32,
      pointer: "/Resources/Key",
      address: "Key",
    },
  );
  assert.equal(key?.locations.description?.line, 6);
  const statement = key?.policy.statements[0]?.location;
  assert.equal(statement?.pointer, "/Resources/Key/Properties/KeyPolicy/Statement/0/Fn::If/1");
  assert.equal(statement?.line, 11);
});

test("each document of a YAML stream has its own scope", () => {
  const text = "Resources: {Key: {Type: AWS::KMS::Key}}\n";
  const parsed = parseYaml({ path: "a.yaml", text: `---\n${text}---\n${text}` });
  assert.ok(Array.isArray(parsed));
  const keys = parsed.flatMap((one) => cloudformation.normalize(one, {}).keys);
  assert.deepEqual(
    keys.map(({ scope }) => scope),
    ["a.yaml", "a.yaml#2"],
  );
  assert.deepEqual(
    keys.map(({ id }) => id),
    ["a.yaml#Key", "a.yaml#2#Key"],
  );
});

const detected: [string, boolean][] = [
  ["Resources: {Key: {Type: AWS::KMS::Key}}", true],
  ["Resources: {Thing: {Type: Custom::Thing}}", true],
  ['Resources: {"Fn::ForEach::Keys": [Name, [a], {"Key${Name}": {Type: AWS::KMS::Key}}]}', true],
  ["Resources: {Thing: {Type: Deployment}}", false],
  ["Resources: [AWS::KMS::Key]", false],
  ["kind: Deployment", false],
  ["just text", false],
];
for (const [text, expected] of detected)
  test(`${expected ? "a" : "not a"} template: ${text}`, () => {
    const parsed = parseTemplate(text);
    assert.equal(cloudformation.detect(parsed.value, parsed.source), expected);
  });

test("a template without KMS resources is not evaluated", () => {
  const part = readText(
    "Conditions: {A: !Condition A}\nResources: {Topic: {Type: AWS::SNS::Topic, Condition: A}}",
  );
  assert.deepEqual([part.keys, part.problems], [[], []]);
});

const loop = (collection: string, transform = "Transform: AWS::LanguageExtensions") => `
${transform}
Parameters: {Teams: {Type: CommaDelimitedList, Default: "red,blue"}, Open: {Type: CommaDelimitedList}}
Resources:
  Fn::ForEach::Keys:
    - Team
    - ${collection}
    - Key\${Team}:
        Type: AWS::KMS::Key
        Properties:
          Description: !Sub key of \${Team}
      Alias\${Team}:
        Type: AWS::KMS::Alias
        Properties:
          AliasName: !Sub alias/\${Team}
          TargetKeyId: !Ref Key\${Team}
`;
test("a loop variable inside a reference", () => {
  const text = loop("[red, blue]").replace("!Ref Key${Team}", "!Sub ${Key${Team}.Arn}");
  const targets = readText(text).aliases.map(({ target }) => target.keys[0]);
  assert.deepEqual(targets, ["template.yaml#Keyred", "template.yaml#Keyblue"]);
});

const loops: [string, string, string[], (string | null)[]][] = [
  ["a list", loop("[red, blue]"), ["Keyred: key of red", "Keyblue: key of blue"], ["Keyred", "Keyblue"]],
  ["a parameter", loop("!Ref Teams"), ["Keyred: key of red", "Keyblue: key of blue"], ["Keyred", "Keyblue"]],
  ["an unknown list", loop("!Ref Open"), ["Key${Keys}: key of ⟨Keys⟩"], ["Key${Keys}"]],
  ["a list without the transform", loop("[red]", ""), ["Key${Keys}: key of ⟨Keys⟩"], ["Key${Keys}"]],
];
for (const [name, text, keys, targets] of loops)
  test(`Fn::ForEach over ${name}`, () => {
    const part = readText(text);
    assert.deepEqual(part.problems, []);
    assert.deepEqual(
      part.keys.map((key) => `${key.resource}: ${descriptionOf(key)}`),
      keys,
    );
    assert.deepEqual(
      part.aliases.map(({ target }) => target.keys[0]?.split("#")[1] ?? null),
      targets,
    );
  });

const patterns: [string, string | undefined][] = [
  ["^\\d{12}$", "account-id"],
  ["[0-9]{12}", "account-id"],
  ["^(\\d{12}|\\*)$", undefined],
  [".*", undefined],
  ["^arn:(aws|aws-cn|aws-us-gov):iam::\\d{12}:role/[\\w+=,.@/-]+$", "role-arn"],
  ["^arn:aws:iam::\\d{12}:(role|user)/.+$", undefined],
  ["^arn:aws:iam::\\d{12}:root$", undefined],
  ["^arn:aws[a-z-]*:kms:[a-z0-9-]+:\\d{12}:key/[0-9a-f-]{36}$", "key-arn"],
  ["^[a-z][a-z0-9-]{0,30}$", "name"],
  ["^arn:aws:sns:[a-z]+:team$", undefined],
  ["^(a+)+$", undefined],
  ["^(a|aa)*$", undefined],
  [".*".repeat(20), undefined],
  ["a?".repeat(60), undefined],
  ["(a|a)".repeat(35), undefined],
  ["[a-z", undefined],
  ["x".repeat(201), undefined],
];
for (const [pattern, type] of patterns)
  test(`AllowedPattern ${pattern.slice(0, 60)} has type ${type ?? "unknown"}`, () =>
    assert.equal(typeFromPattern(pattern), type));

test("the AllowedPattern of a parameter determines the kind of principal", () => {
  const part = readText(`
Parameters: {Account: {Type: String, AllowedPattern: "^[0-9]{12}$"}}
Resources:
  Key:
    Type: AWS::KMS::Key
    Properties:
      KeyPolicy:
        Statement: {Effect: Allow, Principal: {AWS: !Ref Account}, Action: kms:Decrypt, Resource: "*"}
`);
  assert.equal(part.keys[0]?.policy.statements[0]?.principals[0]?.kind, "root");
});

/** A reference to a resource, and the kind of principal that it is. */
const referredPrincipals: [type: string, reference: string, kind: string][] = [
  ["AWS::IAM::Role", "!GetAtt R.Arn", "role"],
  ["AWS::IAM::User", "!GetAtt R.Arn", "user"],
  ["AWS::IAM::Role", "!Ref R", "invalid"],
  ["AWS::IAM::Role", "!GetAtt R.RoleId", "invalid"],
  ["AWS::IAM::Group", "!GetAtt R.Arn", "invalid"],
  ["AWS::IAM::ManagedPolicy", "!Ref R", "invalid"],
  ["AWS::IAM::ManagedPolicy", "!GetAtt R.PolicyArn", "invalid"],
  ["AWS::Organizations::Account", "!Ref R", "root"],
  ["AWS::Organizations::Account", "!GetAtt R.AccountId", "root"],
  ["AWS::Organizations::Organization", "!GetAtt R.ManagementAccountId", "root"],
  ["AWS::Organizations::Organization", "!Ref R", "invalid"],
  ["AWS::EC2::VPCEndpoint", "!Ref R", "invalid"],
  ["AWS::EC2::VPCEndpoint", "!GetAtt R.Id", "invalid"],
  ["AWS::CloudFormation::Stack", "!GetAtt R.Outputs.ReaderArn", "unknown"],
  ["AWS::CloudFormation::CustomResource", "!GetAtt R.Arn", "unknown"],
  ["AWS::SSM::Parameter", "!GetAtt R.Value", "unknown"],
  ["Custom::Reader", "!GetAtt R.Arn", "unknown"],
];
for (const [type, reference, kind] of referredPrincipals)
  test(`${reference} of ${type} is a principal of kind ${kind}`, () => {
    const part = readText(`
Resources:
  R: {Type: "${type}"}
  Key:
    Type: AWS::KMS::Key
    Properties:
      KeyPolicy:
        Statement: {Effect: Allow, Principal: {AWS: ${reference}}, Action: kms:Decrypt, Resource: "*"}
`);
    assert.equal(part.keys[0]?.policy.statements[0]?.principals[0]?.kind, kind);
  });
