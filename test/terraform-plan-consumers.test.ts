import assert from "node:assert/strict";
import { test } from "node:test";
import type { Consumer } from "../src/core/model/document.ts";
import {
  arnOf,
  constant,
  k,
  key,
  planJson,
  readJson,
  readPlan,
  refs,
  type Short,
  type ShortPlan,
  shortOf,
  unknownOf,
} from "./terraform-plan-support.ts";

const bucket: Short = {
  address: "aws_s3_bucket.b",
  after: { bucket: "files" },
  unknown: ["arn", "id", "server_side_encryption_configuration"],
};
const encryption = (by: object, key: { after?: object; unknown?: object; written?: object }): Short => ({
  address: "aws_s3_bucket_server_side_encryption_configuration.e",
  after: { rule: [{ apply_server_side_encryption_by_default: [{ ...key.after }] }] },
  unknown: { bucket: true, rule: [{ apply_server_side_encryption_by_default: [{ ...key.unknown }] }] },
  written: { bucket: by, rule: [{ apply_server_side_encryption_by_default: [{ ...key.written }] }] },
});
const cmk = { unknown: { kms_master_key_id: true }, written: { kms_master_key_id: arnOf(k) } };
const inRule = "rule.apply_server_side_encryption_by_default.kms_master_key_id";
const volume = (more: Partial<Short> = {}): Short => ({
  address: "aws_ebs_volume.v",
  after: { encrypted: true },
  unknown: ["kms_key_id", "snapshot_id"].filter((name) => !Object.hasOwn(more.after ?? {}, name)),
  ...more,
});
const notKnown = (expression: string) => unknownOf(expression);

const consumers: {
  name: string;
  plan: ShortPlan;
  encryption: Consumer["encryption"];
  uses?: unknown[];
}[] = [
  {
    name: "a key of the plan",
    plan: { resources: [key, volume({ written: { kms_key_id: arnOf(k) } })] },
    encryption: "key",
    uses: [["kms_key_id", k]],
  },
  { name: "none", plan: { resources: [volume()] }, encryption: "default" },
  {
    name: "one that the provider read back",
    plan: { resources: [volume({ after: { kms_key_id: "arn:aws:kms:eu-west-1:111122223333:key/1" } })] },
    encryption: "default",
  },
  {
    name: "an optional variable that is null",
    plan: { resources: [volume({ written: { kms_key_id: refs("var.key") } })] },
    encryption: "default",
  },
  {
    name: "a key without instances",
    plan: {
      resources: [volume({ written: { kms_key_id: refs("aws_kms_key.none[0].arn", "aws_kms_key.none") } })],
    },
    encryption: "default",
  },
  {
    name: "a choice between a key and null",
    plan: { resources: [key, volume({ written: { kms_key_id: refs("var.own", `${k}.arn`, k) } })] },
    encryption: notKnown(`${k}.arn`),
    uses: [["kms_key_id", k]],
  },
  {
    name: "a local",
    plan: { resources: [volume({ written: { kms_key_id: refs("local.key") } })] },
    encryption: notKnown("local.key"),
    uses: [["kms_key_id"]],
  },
  {
    name: "a value of another resource",
    plan: {
      resources: [
        volume({ written: { kms_key_id: refs("aws_ssm_parameter.p.value", "aws_ssm_parameter.p") } }),
      ],
    },
    encryption: "key",
    uses: [["kms_key_id"]],
  },
  {
    name: "of a plan without configuration",
    plan: { resources: [volume({ written: null })] },
    encryption: notKnown("aws_ebs_volume.v.kms_key_id"),
    uses: [["kms_key_id"]],
  },
  {
    name: "a key that is there already, by its ARN",
    plan: {
      resources: [
        { address: k, actions: ["no-op"], after: { arn: "arn:aws:kms:eu-west-1:111122223333:key/1" } },
        volume({
          after: { kms_key_id: "arn:aws:kms:eu-west-1:111122223333:key/1" },
          written: { kms_key_id: arnOf(k) },
        }),
      ],
    },
    encryption: "key",
    uses: [["kms_key_id", k]],
  },
  {
    name: "a module's key through an output",
    plan: {
      modules: { kms: { outputs: { arn: [`${k}.arn`, k] } } },
      resources: [
        { ...key, address: `module.kms.${k}` },
        volume({ written: { kms_key_id: refs("module.kms.arn", "module.kms") } }),
      ],
    },
    encryption: "key",
    uses: [["kms_key_id", `module.kms.${k}`]],
  },
  {
    name: "an alias of the plan",
    plan: {
      resources: [
        key,
        {
          address: "aws_kms_alias.a",
          after: { name: "alias/a" },
          unknown: ["arn", "target_key_id"],
          written: { target_key_id: arnOf(k) },
        },
        volume({ written: { kms_key_id: arnOf("aws_kms_alias.a") } }),
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
          written: { target_key_id: arnOf(k) },
        },
        { address: "aws_kms_alias.far", after: { name: "alias/a", region: "us-east-1" } },
        {
          address: "aws_sqs_queue.q",
          after: { kms_master_key_id: "alias/a" },
          written: { kms_master_key_id: constant("alias/a") },
        },
      ],
    },
    encryption: "key",
    uses: [["kms_master_key_id", k, "alias/a"]],
  },
  {
    name: "the ARN of an alias elsewhere",
    plan: {
      resources: [
        { address: "aws_kms_alias.a", after: { name: "alias/a" } },
        volume({
          after: { kms_key_id: "arn:aws:kms:eu-west-1:444455556666:alias/a" },
          written: { kms_key_id: constant("arn:aws:kms:eu-west-1:444455556666:alias/a") },
        }),
      ],
    },
    encryption: "key",
    uses: [["kms_key_id", "alias/a"]],
  },
  ...["data.aws_kms_alias.d", "data.aws_kms_key.d"].map((address): (typeof consumers)[number] => ({
    name: `${address} of a key that AWS manages`,
    plan: {
      resources: [
        volume({
          after: { kms_key_id: "arn:aws:kms:eu-west-1:111122223333:key/1" },
          written: { kms_key_id: refs(`${address}.arn`, address) },
        }),
      ],
      written: [
        {
          address,
          written: { [address.includes("alias") ? "name" : "key_id"]: constant("alias/aws/ebs") },
        },
      ],
    },
    encryption: "key",
    uses: [["kms_key_id", "alias/aws/ebs"]],
  })),
  {
    name: "an alias that was looked up by a variable",
    plan: {
      resources: [
        volume({
          after: { kms_key_id: "arn:aws:kms:eu-west-1:111122223333:key/1" },
          written: { kms_key_id: refs("data.aws_kms_alias.d.target_key_arn", "data.aws_kms_alias.d") },
        }),
      ],
      written: [{ address: "data.aws_kms_alias.d", written: { name: refs("var.alias") } }],
      read: { "data.aws_kms_alias.d": { name: "alias/aws/ebs" } },
    },
    encryption: "key",
    uses: [["kms_key_id", "alias/aws/ebs"]],
  },
  {
    name: "a key of the plan that was looked up",
    plan: {
      resources: [
        key,
        volume({ written: { kms_key_id: refs("data.aws_kms_key.d.arn", "data.aws_kms_key.d") } }),
        {
          address: "data.aws_kms_key.d",
          unknown: ["arn", "key_id"],
          written: { key_id: refs(`${k}.key_id`, k) },
        },
      ],
    },
    encryption: "key",
    uses: [["kms_key_id", k]],
  },
  {
    name: "inherited from a snapshot",
    plan: {
      resources: [volume({ after: { snapshot_id: "snap-1" }, written: { snapshot_id: constant("snap-1") } })],
    },
    encryption: "inherited",
  },
  {
    name: "inherited from a snapshot of the plan",
    plan: {
      resources: [volume({ written: { snapshot_id: refs("aws_ebs_snapshot.s.id", "aws_ebs_snapshot.s") } })],
    },
    encryption: "inherited",
  },
  {
    name: "perhaps inherited",
    plan: { resources: [volume({ written: { snapshot_id: refs("local.snapshot") } })] },
    encryption: notKnown("local.snapshot"),
  },
  {
    name: "inherited by a block",
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
          written: { server_side_encryption: [{ enabled: constant(true), kms_key_arn: arnOf(k) }] },
        },
      ],
    },
    encryption: "key",
    uses: [["server_side_encryption.kms_key_arn", k]],
  },
  {
    name: "in blocks that stand in another order, and one that is not the main",
    plan: {
      resources: [
        key,
        {
          address: "aws_dynamodb_table.t",
          after: { server_side_encryption: [], replica: [{ region_name: "a" }, { region_name: "b" }] },
          unknown: { replica: [{ kms_key_arn: true }, { kms_key_arn: true }] },
          written: {
            replica: [{ region_name: constant("b") }, { region_name: constant("a"), kms_key_arn: arnOf(k) }],
          },
        },
      ],
    },
    encryption: "default",
    uses: [["replica.kms_key_arn", k]],
  },
  {
    name: "in a block that is written without a key",
    plan: {
      resources: [
        {
          address: "aws_dynamodb_table.t",
          after: { server_side_encryption: [{ enabled: true }] },
          unknown: { server_side_encryption: [{ kms_key_arn: true }] },
          written: { server_side_encryption: [{ enabled: constant(true) }] },
        },
      ],
    },
    encryption: "default",
  },
  {
    name: "in a block that `dynamic` makes",
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
    name: "blocks of which not even the number is known",
    plan: {
      resources: [
        key,
        {
          address: "aws_dynamodb_table.t",
          unknown: ["server_side_encryption"],
          written: { server_side_encryption: refs(`${k}.arn`, k) },
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
    name: "a bucket by the name that its encryption configuration gives",
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
    name: "a bucket beside an encryption configuration of nobody knows which",
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
          written: { server_side_encryption_configuration: refs("var.key") },
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
        { address: "aws_ebs_default_kms_key.d", unknown: ["key_arn"], written: { key_arn: arnOf(k) } },
      ],
    },
    encryption: "key",
    uses: [["aws_ebs_default_kms_key.d.key_arn", k]],
  },
  {
    name: "a volume that is not encrypted, whatever the default key",
    plan: {
      resources: [
        key,
        volume({ after: { encrypted: false } }),
        { address: "aws_ebs_default_kms_key.d", unknown: ["key_arn"], written: { key_arn: arnOf(k) } },
      ],
    },
    encryption: "default",
  },
];
for (const { name, plan, encryption: is, uses = [] } of consumers)
  test(`what encrypts a resource: ${name}`, () => {
    const [consumer] = readPlan(plan).consumers.filter((one) => one.encryption !== undefined);
    assert.deepEqual(consumer?.encryption, is);
    assert.deepEqual(
      consumer?.uses.map((use) => [use.argument, ...shortOf(use.key)]),
      uses,
    );
  });

test("a consumer that stores nothing is one where it names a key; its tags and its Region", () => {
  const { consumers } = readPlan({
    resources: [
      key,
      { address: "aws_cloudtrail.none" },
      { address: "aws_cloudtrail.t", unknown: ["kms_key_id"], written: { kms_key_id: arnOf(k) } },
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

test("consumers of the provider awscc have a list of tags, or a map, under the name of CloudFormation", () => {
  const { consumers } = readPlan({
    resources: [
      key,
      {
        address: "awscc_sns_topic.t",
        after: { tags: [{ key: "DataClass", value: "pci" }] },
        unknown: ["kms_master_key_id"],
        written: { kms_master_key_id: arnOf(k), tags: constant([]) },
      },
      {
        address: "awscc_efs_file_system.f",
        after: { file_system_tags: [{ key: "DataClass", value: "pci" }] },
        unknown: ["kms_key_id"],
        written: { file_system_tags: constant([]) },
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

test("a consumer shows nothing sensitive", () => {
  const { consumers } = readPlan({
    resources: [
      {
        address: "aws_sqs_queue.q",
        after: { kms_master_key_id: "alias/hush" },
        sensitive: { kms_master_key_id: true },
        written: { kms_master_key_id: refs("var.key") },
      },
    ],
  });
  assert.equal(consumers[0]?.encryption, "key");
  assert.doesNotMatch(JSON.stringify(consumers), /hush/);
});
test("a plan of old holds the resources around the keys too", () => {
  const json = planJson({
    resources: [key, volume({ written: { kms_key_id: arnOf(k) } })],
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
    part.consumers.map((one) => [one.encryption, ...one.uses.flatMap((use) => shortOf(use.key))]),
    [["key", k]],
  );
});
