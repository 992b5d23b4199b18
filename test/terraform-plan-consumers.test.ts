import assert from "node:assert/strict";
import { test } from "node:test";
import type { Consumer } from "../src/core/model/document.ts";
import {
  arnOf,
  constant,
  k,
  key,
  type PlanSpec,
  planJson,
  type ResourceSpec,
  readJson,
  readPlan,
  referenceSummary,
  refs,
  unknownOf,
} from "./terraform-plan-support.ts";

const bucket: ResourceSpec = {
  address: "aws_s3_bucket.b",
  after: { bucket: "files" },
  unknown: ["arn", "id", "server_side_encryption_configuration"],
};
const encryption = (
  by: object,
  key: { after?: object; unknown?: object; config?: object },
): ResourceSpec => ({
  address: "aws_s3_bucket_server_side_encryption_configuration.e",
  after: { rule: [{ apply_server_side_encryption_by_default: [{ ...key.after }] }] },
  unknown: { bucket: true, rule: [{ apply_server_side_encryption_by_default: [{ ...key.unknown }] }] },
  config: { bucket: by, rule: [{ apply_server_side_encryption_by_default: [{ ...key.config }] }] },
});
const cmk = { unknown: { kms_master_key_id: true }, config: { kms_master_key_id: arnOf(k) } };
const inRule = "rule.apply_server_side_encryption_by_default.kms_master_key_id";
const volume = (more: Partial<ResourceSpec> = {}): ResourceSpec => ({
  address: "aws_ebs_volume.v",
  after: { encrypted: true },
  unknown: ["kms_key_id", "snapshot_id"].filter((name) => !Object.hasOwn(more.after ?? {}, name)),
  ...more,
});
const notKnown = (expression: string) => unknownOf(expression);

const consumers: {
  name: string;
  plan: PlanSpec;
  encryption: Consumer["encryption"];
  uses?: unknown[];
}[] = [
  {
    name: "a key in the plan",
    plan: { resources: [key, volume({ config: { kms_key_id: arnOf(k) } })] },
    encryption: "key",
    uses: [["kms_key_id", k]],
  },
  { name: "none", plan: { resources: [volume()] }, encryption: "default" },
  {
    name: "a key that the provider computes",
    plan: { resources: [volume({ after: { kms_key_id: "arn:aws:kms:eu-west-1:111122223333:key/1" } })] },
    encryption: "default",
  },
  {
    name: "an optional variable that is null",
    plan: { resources: [volume({ config: { kms_key_id: refs("var.key") } })] },
    encryption: "default",
  },
  {
    name: "a key without instances",
    plan: {
      resources: [volume({ config: { kms_key_id: refs("aws_kms_key.none[0].arn", "aws_kms_key.none") } })],
    },
    encryption: "default",
  },
  {
    name: "a choice between a key and null",
    plan: { resources: [key, volume({ config: { kms_key_id: refs("var.own", `${k}.arn`, k) } })] },
    encryption: notKnown(`${k}.arn`),
    uses: [["kms_key_id", k]],
  },
  {
    name: "a local",
    plan: { resources: [volume({ config: { kms_key_id: refs("local.key") } })] },
    encryption: notKnown("local.key"),
    uses: [["kms_key_id"]],
  },
  {
    name: "an attribute of another resource",
    plan: {
      resources: [
        volume({ config: { kms_key_id: refs("aws_ssm_parameter.p.value", "aws_ssm_parameter.p") } }),
      ],
    },
    encryption: "key",
    uses: [["kms_key_id"]],
  },
  {
    name: "a plan without a configuration",
    plan: { resources: [volume({ config: null })] },
    encryption: notKnown("aws_ebs_volume.v.kms_key_id"),
    uses: [["kms_key_id"]],
  },
  {
    name: "an existing key, by its ARN",
    plan: {
      resources: [
        { address: k, actions: ["no-op"], after: { arn: "arn:aws:kms:eu-west-1:111122223333:key/1" } },
        volume({
          after: { kms_key_id: "arn:aws:kms:eu-west-1:111122223333:key/1" },
          config: { kms_key_id: arnOf(k) },
        }),
      ],
    },
    encryption: "key",
    uses: [["kms_key_id", k]],
  },
  {
    name: "a key of a module, through an output",
    plan: {
      modules: { kms: { outputs: { arn: [`${k}.arn`, k] } } },
      resources: [
        { ...key, address: `module.kms.${k}` },
        volume({ config: { kms_key_id: refs("module.kms.arn", "module.kms") } }),
      ],
    },
    encryption: "key",
    uses: [["kms_key_id", `module.kms.${k}`]],
  },
  {
    name: "an alias in the plan",
    plan: {
      resources: [
        key,
        {
          address: "aws_kms_alias.a",
          after: { name: "alias/a" },
          unknown: ["arn", "target_key_id"],
          config: { target_key_id: arnOf(k) },
        },
        volume({ config: { kms_key_id: arnOf("aws_kms_alias.a") } }),
      ],
    },
    encryption: "key",
    uses: [["kms_key_id", k, "alias/a"]],
  },
  {
    name: "the name of an alias",
    plan: {
      resources: [
        key,
        {
          address: "aws_kms_alias.a",
          after: { name: "alias/a" },
          unknown: ["target_key_id"],
          config: { target_key_id: arnOf(k) },
        },
        { address: "aws_kms_alias.far", after: { name: "alias/a", region: "us-east-1" } },
        {
          address: "aws_sqs_queue.q",
          after: { kms_master_key_id: "alias/a" },
          config: { kms_master_key_id: constant("alias/a") },
        },
      ],
    },
    encryption: "key",
    uses: [["kms_master_key_id", k, "alias/a"]],
  },
  {
    name: "the ARN of an alias outside of the plan",
    plan: {
      resources: [
        { address: "aws_kms_alias.a", after: { name: "alias/a" } },
        volume({
          after: { kms_key_id: "arn:aws:kms:eu-west-1:444455556666:alias/a" },
          config: { kms_key_id: constant("arn:aws:kms:eu-west-1:444455556666:alias/a") },
        }),
      ],
    },
    encryption: "key",
    uses: [["kms_key_id", "alias/a"]],
  },
  ...["data.aws_kms_alias.d", "data.aws_kms_key.d"].map((address): (typeof consumers)[number] => ({
    name: `${address} of an AWS managed key`,
    plan: {
      resources: [
        volume({
          after: { kms_key_id: "arn:aws:kms:eu-west-1:111122223333:key/1" },
          config: { kms_key_id: refs(`${address}.arn`, address) },
        }),
      ],
      dataSourceConfigs: [
        {
          address,
          config: { [address.includes("alias") ? "name" : "key_id"]: constant("alias/aws/ebs") },
        },
      ],
    },
    encryption: "key",
    uses: [["kms_key_id", "alias/aws/ebs"]],
  })),
  {
    name: "an alias that a data source looks up by a variable",
    plan: {
      resources: [
        volume({
          after: { kms_key_id: "arn:aws:kms:eu-west-1:111122223333:key/1" },
          config: { kms_key_id: refs("data.aws_kms_alias.d.target_key_arn", "data.aws_kms_alias.d") },
        }),
      ],
      dataSourceConfigs: [{ address: "data.aws_kms_alias.d", config: { name: refs("var.alias") } }],
      dataSources: { "data.aws_kms_alias.d": { name: "alias/aws/ebs" } },
    },
    encryption: "key",
    uses: [["kms_key_id", "alias/aws/ebs"]],
  },
  {
    name: "a key in the plan that a data source looks up",
    plan: {
      resources: [
        key,
        volume({ config: { kms_key_id: refs("data.aws_kms_key.d.arn", "data.aws_kms_key.d") } }),
        {
          address: "data.aws_kms_key.d",
          unknown: ["arn", "key_id"],
          config: { key_id: refs(`${k}.key_id`, k) },
        },
      ],
    },
    encryption: "key",
    uses: [["kms_key_id", k]],
  },
  {
    name: "inherited from a snapshot",
    plan: {
      resources: [volume({ after: { snapshot_id: "snap-1" }, config: { snapshot_id: constant("snap-1") } })],
    },
    encryption: "inherited",
  },
  {
    name: "inherited from a snapshot in the plan",
    plan: {
      resources: [volume({ config: { snapshot_id: refs("aws_ebs_snapshot.s.id", "aws_ebs_snapshot.s") } })],
    },
    encryption: "inherited",
  },
  {
    name: "possibly inherited",
    plan: { resources: [volume({ config: { snapshot_id: refs("local.snapshot") } })] },
    encryption: notKnown("local.snapshot"),
  },
  {
    name: "inherited through a block",
    plan: {
      resources: [
        {
          address: "aws_db_instance.d",
          after: { restore_to_point_in_time: [{ source_db_instance_identifier: "a" }] },
        },
      ],
    },
    encryption: "inherited",
  },
  {
    name: "in a block",
    plan: {
      resources: [
        key,
        {
          address: "aws_dynamodb_table.t",
          after: { server_side_encryption: [{ enabled: true }] },
          unknown: { server_side_encryption: [{ kms_key_arn: true }] },
          config: { server_side_encryption: [{ enabled: constant(true), kms_key_arn: arnOf(k) }] },
        },
      ],
    },
    encryption: "key",
    uses: [["server_side_encryption.kms_key_arn", k]],
  },
  {
    name: "in blocks in a different order, and one that is not the main key",
    plan: {
      resources: [
        key,
        {
          address: "aws_dynamodb_table.t",
          after: { server_side_encryption: [], replica: [{ region_name: "a" }, { region_name: "b" }] },
          unknown: { replica: [{ kms_key_arn: true }, { kms_key_arn: true }] },
          config: {
            replica: [{ region_name: constant("b") }, { region_name: constant("a"), kms_key_arn: arnOf(k) }],
          },
        },
      ],
    },
    encryption: "default",
    uses: [["replica.kms_key_arn", k]],
  },
  {
    name: "in a block without a key",
    plan: {
      resources: [
        {
          address: "aws_dynamodb_table.t",
          after: { server_side_encryption: [{ enabled: true }] },
          unknown: { server_side_encryption: [{ kms_key_arn: true }] },
          config: { server_side_encryption: [{ enabled: constant(true) }] },
        },
      ],
    },
    encryption: "default",
  },
  {
    name: "in a `dynamic` block",
    plan: {
      resources: [
        {
          address: "aws_dynamodb_table.t",
          after: { server_side_encryption: [{ enabled: true }] },
          unknown: { server_side_encryption: [{ kms_key_arn: true }] },
        },
      ],
    },
    encryption: notKnown("aws_dynamodb_table.t.server_side_encryption.kms_key_arn"),
    uses: [["server_side_encryption.kms_key_arn"]],
  },
  {
    name: "an unknown number of blocks",
    plan: {
      resources: [
        key,
        {
          address: "aws_dynamodb_table.t",
          unknown: ["server_side_encryption"],
          config: { server_side_encryption: refs(`${k}.arn`, k) },
        },
      ],
    },
    encryption: "key",
    uses: [["server_side_encryption.kms_key_arn", k]],
  },
  {
    name: "a bucket by its encryption configuration",
    plan: { resources: [key, bucket, encryption(refs("aws_s3_bucket.b.id", "aws_s3_bucket.b"), cmk)] },
    encryption: "key",
    uses: [[inRule, k]],
  },
  {
    name: "a bucket by its encryption configuration without a key",
    plan: {
      resources: [
        bucket,
        encryption(refs("aws_s3_bucket.b.id", "aws_s3_bucket.b"), {
          after: { kms_master_key_id: "", sse_algorithm: "AES256" },
        }),
      ],
    },
    encryption: "default",
  },
  {
    name: "a bucket by its name in the encryption configuration",
    plan: {
      resources: [
        key,
        bucket,
        {
          ...encryption(constant("files"), cmk),
          ...{ after: { ...encryption({}, cmk).after, bucket: "files" } },
        },
      ],
    },
    encryption: "key",
    uses: [[inRule, k]],
  },
  {
    name: "a bucket next to an encryption configuration of an unknown bucket",
    plan: { resources: [key, bucket, encryption(refs("local.bucket"), cmk)] },
    encryption: unknownOf(
      "aws_s3_bucket_server_side_encryption_configuration.e",
      "the resource that it configures is not known",
    ),
  },
  {
    name: "a bucket by its own block",
    plan: {
      resources: [
        {
          ...bucket,
          after: {
            server_side_encryption_configuration: [
              {
                rule: [
                  {
                    apply_server_side_encryption_by_default: [
                      { kms_master_key_id: "arn:aws:kms:eu-west-1:111122223333:key/1" },
                    ],
                  },
                ],
              },
            ],
          },
          unknown: [],
          config: { server_side_encryption_configuration: refs("var.key") },
        },
      ],
    },
    encryption: "key",
    uses: [[`server_side_encryption_configuration.${inRule}`]],
  },
  {
    name: "a volume by the default key of its Region",
    plan: {
      resources: [
        key,
        volume(),
        { address: "aws_ebs_default_kms_key.d", unknown: ["key_arn"], config: { key_arn: arnOf(k) } },
      ],
    },
    encryption: "key",
    uses: [["aws_ebs_default_kms_key.d.key_arn", k]],
  },
  {
    name: "an unencrypted volume despite the default key",
    plan: {
      resources: [
        key,
        volume({ after: { encrypted: false } }),
        { address: "aws_ebs_default_kms_key.d", unknown: ["key_arn"], config: { key_arn: arnOf(k) } },
      ],
    },
    encryption: "default",
  },
];
for (const { name, plan, encryption: is, uses = [] } of consumers)
  test(`encryption of a resource: ${name}`, () => {
    const [consumer] = readPlan(plan).consumers.filter((one) => one.encryption !== undefined);
    assert.deepEqual(consumer?.encryption, is);
    assert.deepEqual(
      consumer?.uses.map((use) => [use.argument, ...referenceSummary(use.key)]),
      uses,
    );
  });

test("a resource that stores no data is a consumer if it has a key; its tags and its Region", () => {
  const { consumers } = readPlan({
    resources: [
      key,
      { address: "aws_cloudtrail.none" },
      { address: "aws_cloudtrail.t", unknown: ["kms_key_id"], config: { kms_key_id: arnOf(k) } },
      {
        address: "aws_sqs_queue.q",
        after: { region: "eu-central-1", tags: { a: "1" }, tags_all: { a: "1", DataClass: "pci" } },
      },
      encryption(constant("elsewhere"), cmk),
    ],
  });
  assert.deepEqual(
    consumers.map(({ resource, encryption, region, tags }) => [resource, encryption, region, tags]),
    [
      ["aws_cloudtrail.t", undefined, "eu-west-1", {}],
      ["aws_sqs_queue.q", "default", "eu-central-1", { a: "1", DataClass: "pci" }],
      ["aws_s3_bucket_server_side_encryption_configuration.e", undefined, "eu-west-1", {}],
    ],
  );
});

test("awscc consumers have tags as a list or a map, named as in CloudFormation", () => {
  const { consumers } = readPlan({
    resources: [
      key,
      {
        address: "awscc_sns_topic.t",
        after: { tags: [{ key: "DataClass", value: "pci" }] },
        unknown: ["kms_master_key_id"],
        config: { kms_master_key_id: arnOf(k), tags: constant([]) },
      },
      {
        address: "awscc_efs_file_system.f",
        after: { file_system_tags: [{ key: "DataClass", value: "pci" }] },
        unknown: ["kms_key_id"],
        config: { file_system_tags: constant([]) },
      },
      { address: "awscc_backup_backup_vault.v", after: { backup_vault_tags: { DataClass: "pci" } } },
    ],
  });
  assert.deepEqual(
    consumers.map(({ resource, encryption, tags }) => [resource, encryption, tags]),
    [
      ["awscc_sns_topic.t", "key", { DataClass: "pci" }],
      ["awscc_efs_file_system.f", "default", { DataClass: "pci" }],
      ["awscc_backup_backup_vault.v", "default", { DataClass: "pci" }],
    ],
  );
});

test("a consumer contains no sensitive values", () => {
  const { consumers } = readPlan({
    resources: [
      {
        address: "aws_sqs_queue.q",
        after: { kms_master_key_id: "alias/hush" },
        sensitive: { kms_master_key_id: true },
        config: { kms_master_key_id: refs("var.key") },
      },
    ],
  });
  assert.equal(consumers[0]?.encryption, "key");
  assert.doesNotMatch(JSON.stringify(consumers), /hush/);
});
test("planned_values also contain the resources related to keys", () => {
  const json = planJson({
    resources: [key, volume({ config: { kms_key_id: arnOf(k) } })],
  });
  const { resource_changes: _, ...rest } = json;
  const part = readJson({
    ...rest,
    planned_values: {
      root_module: {
        resources: [
          { address: k, mode: "managed", type: "aws_kms_key", name: "k", values: {} },
          {
            address: "aws_ebs_volume.v",
            mode: "managed",
            type: "aws_ebs_volume",
            name: "v",
            values: { encrypted: true },
          },
        ],
      },
    },
  });
  assert.deepEqual(
    part.consumers.map((one) => [one.encryption, ...one.uses.flatMap((use) => referenceSummary(use.key))]),
    [["key", k]],
  );
});
