import assert from "node:assert/strict";
import { test } from "node:test";
import overlay from "../scripts/consumers-overlay.json" with { type: "json" };
import table from "../src/core/formats/shared/consumers/consumers.json" with { type: "json" };
import { consumerTypeOf } from "../src/core/formats/shared/consumers/consumers.ts";

interface Known {
  main?: string[];
  asymmetric?: string[];
  store?: true;
  inherits?: string[];
}

const pathsOf = (type: string, main = false): string[] =>
  (consumerTypeOf(type)?.arguments ?? []).filter((a) => !main || a.main).map(({ path }) => path.join("."));

test("the main arguments of data stores", () => {
  const expected = {
    "AWS::S3::Bucket":
      "BucketEncryption.ServerSideEncryptionConfiguration.*.ServerSideEncryptionByDefault.KMSMasterKeyID",
    "AWS::DynamoDB::Table": "SSESpecification.KMSMasterKeyId",
    "AWS::RDS::DBInstance": "KmsKeyId",
    "AWS::SNS::Topic": "KmsMasterKeyId",
    aws_dynamodb_table: "server_side_encryption.*.kms_key_arn",
    aws_ebs_volume: "kms_key_id",
    aws_ssm_parameter: "key_id",
    aws_opensearch_domain: "encrypt_at_rest.*.kms_key_id",
  };
  for (const [type, path] of Object.entries(expected)) {
    assert.deepEqual(pathsOf(type, true), [path]);
    assert.equal(consumerTypeOf(type)?.store, true);
  }
});

test("arguments beside the main one, and types that store nothing", () => {
  assert.ok(pathsOf("aws_db_instance").includes("performance_insights_kms_key_id"));
  assert.deepEqual(pathsOf("aws_lambda_function").sort(), ["kms_key_arn", "source_kms_key_arn"]);
  assert.equal(consumerTypeOf("aws_lambda_function")?.store, undefined);
  assert.deepEqual(pathsOf("AWS::EKS::Cluster"), ["EncryptionConfig.*.Provider.KeyArn"]);
});

test("what decides in the place of an argument", () => {
  assert.deepEqual(consumerTypeOf("aws_ebs_volume")?.inherits, [["snapshot_id"]]);
  assert.deepEqual(consumerTypeOf("aws_s3_bucket_server_side_encryption_configuration")?.attaches, {
    to: "aws_s3_bucket",
    by: ["bucket"],
  });
});

test("DNSSEC takes keys that are not symmetric", () => {
  for (const type of ["aws_route53_key_signing_key", "AWS::Route53::KeySigningKey"])
    assert.equal(consumerTypeOf(type)?.arguments[0]?.asymmetric, true);
});

test("the key of a copy, or of a bucket that is written to, is one of another Region", () => {
  const away = (type: string) =>
    consumerTypeOf(type)?.arguments.filter(({ otherRegion }) => otherRegion).length;
  for (const type of [
    "AWS::ImageBuilder::DistributionConfiguration",
    "AWS::CloudTrail::Trail",
    "aws_codepipeline",
    "aws_db_snapshot_copy",
    "aws_secretsmanager_secret",
  ])
    assert.equal(away(type), 1, type);
  for (const type of ["aws_s3_object_copy", "AWS::SQS::Queue", "aws_dynamodb_table_replica"])
    assert.equal(away(type), 0, type);
});

test("the provider awscc has the types of CloudFormation in snake case", () => {
  assert.deepEqual(pathsOf("awscc_s3_bucket", true), [
    "bucket_encryption.server_side_encryption_configuration.*.server_side_encryption_by_default.kms_master_key_id",
  ]);
  assert.deepEqual(consumerTypeOf("awscc_ec2_volume")?.inherits, [["snapshot_id"], ["source_volume_id"]]);
  assert.deepEqual(pathsOf("awscc_opensearchservice_domain", true), [
    "encryption_at_rest_options.kms_key_id",
  ]);
  assert.equal(consumerTypeOf("awscc_rds_db_cluster")?.store, true);
  assert.equal(consumerTypeOf("awscc_kms_key"), undefined);
});

test("the table has what is known beside the schemas (else: make data)", () => {
  for (const [type, known] of Object.entries(overlay.types as { [type: string]: Known })) {
    const found = consumerTypeOf(type);
    const marked = (mark: "main" | "asymmetric") =>
      (found?.arguments ?? [])
        .filter((argument) => argument[mark])
        .map(({ path }) => path.filter((name) => name !== "*").join("."));
    assert.deepEqual([...new Set(marked("main"))], known.main ?? [], type);
    assert.deepEqual(marked("asymmetric"), known.asymmetric ?? [], type);
    assert.equal(found?.store, known.store, type);
    assert.deepEqual(
      found?.inherits,
      known.inherits?.map((path) => path.split(".")),
      type,
    );
  }
});

test("keys and policies are no consumers, and each type has an argument", () => {
  for (const type of ["AWS::KMS::Key", "aws_kms_key", "aws_iam_policy", "AWS::IAM::Role"])
    assert.equal(consumerTypeOf(type), undefined);
  for (const [type, { keys }] of Object.entries(table)) assert.ok(keys.length > 0, type);
});
