import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { loadEngine } from "../src/core/engine/engine.ts";
import { checkInputs } from "../src/core/pipeline.ts";

const engine = loadEngine(
  readFileSync("bundles/policy.wasm"),
  JSON.parse(readFileSync("bundles/rules.json", "utf8")),
);

const allow = (action: string, resource = "*") =>
  `{Effect: Allow, Action: "${action}", Resource: "${resource}"}`;
const policy = (statements: string) => [
  "AWS::IAM::ManagedPolicy",
  `PolicyDocument: {Statement: [${statements}]}`,
];
const queue = (key: string) => ["AWS::SQS::Queue", `KmsMasterKeyId: ${key}`];
const bucket = (properties: string) => [
  "AWS::S3::Bucket",
  `Tags: [{Key: Data Class, Value: PII}]\n${properties}`,
];
const role = (policies: string) => ["AWS::IAM::Role", `Policies: ${policies}`];
const west = "arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
const encrypted = (key: string) =>
  `BucketEncryption: {ServerSideEncryptionConfiguration: [{ServerSideEncryptionByDefault: {SSEAlgorithm: "aws:kms", KMSMasterKeyID: ${key}}}]}`;

/** A resource beside a symmetric and an RSA key, deployed to eu-west-1, and the verdicts on it. */
const cases: [string, string[], string][] = [
  ["decryption with every key", policy(allow("kms:Decrypt")), "iam_decrypt_all_keys"],
  ["decryption with one", policy(allow("kms:Decrypt", west)), ""],
  [
    "in one of two cases",
    policy(`!If [Open, ${allow("kms:Decrypt")}, !Ref AWS::NoValue]`),
    "iam_decrypt_all_keys unknown",
  ],
  [
    "in both cases",
    policy(`!If [Open, ${allow("kms:Decrypt")}, ${allow("kms:De*")}]`),
    "iam_decrypt_all_keys",
  ],
  [
    "a policy of two cases",
    role(`!If [Open, [{PolicyName: a, PolicyDocument: {Statement: ${allow("kms:*")}}}], []]`),
    "iam_full_access unknown",
  ],
  [
    "a role that may not be there",
    [...role(`[{PolicyName: a, PolicyDocument: {Statement: ${allow("kms:*")}}}]`), "Condition: Open"],
    "iam_full_access",
  ],
  ["an alias as a key", policy(allow("kms:Decrypt", "alias/orders")), "iam_alias_as_key"],
  [
    "SAM's template for one key",
    ["AWS::Serverless::Function", "Policies: [{KMSDecryptPolicy: {KeyId: !Ref Key}}]"],
    "",
  ],
  [
    "SAM's template for all",
    ["AWS::Serverless::Function", "Policies: [{KMSDecryptPolicy: {KeyId: '*'}}]"],
    "iam_decrypt_all_keys",
  ],
  ["an RSA key", queue("!GetAtt Rsa.Arn"), "service_key_not_symmetric"],
  [
    "an RSA key in one of two cases",
    queue("!If [Open, !Ref Rsa, !Ref AWS::NoValue]"),
    "service_key_not_symmetric unknown",
  ],
  ["a key of another Region", queue(west), "reference_region"],
  [
    "of an account that is not known",
    queue("!Sub 'arn:aws:kms:us-west-2:${Given}:alias/x'"),
    "reference_region",
  ],
  ["of a Region that is not known", queue("!Sub 'arn:aws:kms:${Given}:111122223333:alias/x'"), ""],
  [
    "of the stack's Region",
    queue("!Sub 'arn:${AWS::Partition}:kms:${AWS::Region}:${AWS::AccountId}:alias/x'"),
    "",
  ],
  [
    "of the Region of a trail's bucket",
    ["AWS::CloudTrail::Trail", `KMSKeyId: ${west}`],
    "consumer_not_allowed unknown",
  ],
  ["regulated data without a key", bucket(""), "regulated_data_without_cmk"],
  ["with one", bucket(encrypted("!Ref Key")), ""],
  ["with one of AWS", bucket(encrypted("alias/aws/s3")), "regulated_data_without_cmk"],
  ["with one that is not known", bucket(encrypted("!Ref Given")), "regulated_data_without_cmk unknown"],
];

const template = ([type, properties = "", attributes = ""]: string[]) => `
Parameters: {Given: {Type: String}}
Conditions: {Open: !Equals [!Ref Given, open]}
Resources:
  Key: {Type: AWS::KMS::Key, Properties: {}}
  Rsa: {Type: AWS::KMS::Key, Properties: {KeySpec: RSA_2048, KeyUsage: SIGN_VERIFY}}
  It:
    Type: ${type}
    ${attributes}
    Properties:
      ${properties.replaceAll("\n", "\n      ")}
`;

for (const [name, resource, expected] of cases)
  test(`around the key: ${name}`, () => {
    const { findings, problems } = checkInputs(
      [{ path: "template.yaml", text: template(resource), named: true }],
      {
        engine,
        region: "eu-west-1",
      },
    );
    const about = findings.filter((finding) => finding.resource === "It");
    const verdicts = about.map(({ rule, verdict }) => (verdict === "unknown" ? `${rule} unknown` : rule));
    assert.deepEqual([[...new Set(verdicts)].join(), problems], [expected, []]);
  });
