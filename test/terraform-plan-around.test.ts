import assert from "node:assert/strict";
import { test } from "node:test";
import type { Consumer, Reference } from "../src/model/document.ts";
import {
  addresses,
  constant,
  planJson,
  policyText,
  readJson,
  readPlan,
  refs,
  type Short,
  type ShortPlan,
  unknownOf,
} from "./terraform-plan-support.ts";

const k = "aws_kms_key.k";
const key: Short = { address: k, unknown: ["arn", "key_id", "id"] };
const arnOf = (address: string) => refs(`${address}.arn`, address);

/** A reference in short: the keys, and the alias where there is one. */
const shortOf = ({ keys, alias }: Reference) => [...addresses(keys), ...(alias === undefined ? [] : [alias])];

const material = "aws_kms_external_key.m";
const store = "aws_kms_custom_key_store.s";
const secrets: { name: string; plan: ShortPlan; is: { [argument: string]: unknown } }[] = [
  {
    name: "a constant",
    plan: {
      resources: [
        {
          address: material,
          after: { key_material_base64: "hush" },
          sensitive: { key_material_base64: true },
          written: { key_material_base64: constant("hush") },
        },
      ],
    },
    is: { key_material_base64: true },
  },
  {
    name: "a function of constants, and a file",
    plan: {
      resources: [
        {
          address: store,
          after: {
            key_store_password: "hush",
            xks_proxy_authentication_credential: [{ access_key_id: "A", raw_secret_access_key: "hush" }],
          },
          written: {
            key_store_password: {},
            xks_proxy_authentication_credential: [
              { access_key_id: constant("A"), raw_secret_access_key: refs("path.module") },
            ],
          },
        },
      ],
    },
    is: { key_store_password: true, "xks_proxy_authentication_credential.raw_secret_access_key": true },
  },
  {
    name: "nothing, an empty text, and arguments that are only written",
    plan: {
      resources: [
        {
          address: store,
          after: { key_store_password: "", xks_proxy_authentication_credential: [] },
          written: { key_store_password: constant("") },
        },
        { address: material, after: { key_material_base64: null } },
        {
          address: "aws_kms_ciphertext.c",
          after: { plaintext: null, plaintext_wo: null },
          written: { plaintext_wo: constant("hush") },
        },
      ],
    },
    is: {},
  },
  ...[
    { name: "a variable's default", variable: { default: "hush" }, is: true },
    { name: "a default that is not used", variable: { default: "other" }, is: false },
    { name: "a sensitive variable", variable: { default: "hush", sensitive: true }, is: false },
    { name: "a variable without default", variable: {}, is: false },
    { name: "an optional variable that is set", variable: { default: null }, is: false },
  ].map(({ name, variable, is }) => ({
    name,
    plan: {
      variables: { text: variable },
      values: { text: "hush" },
      resources: [
        {
          address: "aws_kms_ciphertext.c",
          after: { plaintext: "hush" },
          written: { plaintext: refs("var.text") },
        },
      ],
    },
    is: { plaintext: is },
  })),
  ...[
    { name: "what a module is passed", passes: { text: constant("hush") }, variable: {}, is: true },
    { name: "a module's own default", passes: {}, variable: { default: "hush" }, is: true },
    {
      name: "what a module is passed of a resource",
      passes: { text: arnOf("random_password.p") },
      is: false,
    },
  ].map(({ name, passes, variable = {}, is }) => ({
    name,
    plan: {
      modules: { m: { passes, variables: { text: variable } } },
      resources: [
        {
          address: "module.m.aws_kms_ciphertext.c",
          after: { plaintext: "hush" },
          written: { plaintext: refs("var.text") },
        },
      ],
    },
    is: { plaintext: is },
  })),
  {
    name: "a resource's and a data source's, beside a constant",
    plan: {
      resources: [
        {
          address: "aws_kms_ciphertext.c",
          unknown: ["plaintext"],
          written: { plaintext: refs("path.module", "random_password.p.result", "random_password.p") },
        },
        {
          address: material,
          after: { key_material_base64: "hush" },
          written: {
            key_material_base64: refs("data.aws_ssm_parameter.p.value", "data.aws_ssm_parameter.p"),
          },
        },
      ],
    },
    is: { plaintext: false, key_material_base64: false },
  },
  {
    name: "a local",
    plan: {
      resources: [
        {
          address: material,
          after: { key_material_base64: "hush" },
          written: { key_material_base64: refs("local.text") },
        },
      ],
    },
    is: { key_material_base64: unknownOf("local.text", "the plan does not show the value of a local") },
  },
  {
    name: "a plan without configuration",
    plan: {
      resources: [{ address: material, after: { key_material_base64: "hush" }, written: null }],
    },
    is: {
      key_material_base64: unknownOf(
        `${material}.key_material_base64`,
        "the plan has no configuration of the resource",
      ),
    },
  },
  {
    name: "blocks that do not stand in the configuration",
    plan: {
      resources: [
        {
          address: store,
          after: { xks_proxy_authentication_credential: [{ raw_secret_access_key: "hush" }] },
        },
      ],
    },
    is: {
      "xks_proxy_authentication_credential.raw_secret_access_key": unknownOf(
        `${store}.xks_proxy_authentication_credential.raw_secret_access_key`,
        "the plan does not show what is written",
      ),
    },
  },
];
for (const { name, plan, is } of secrets)
  test(`a secret that is literal or not: ${name}`, () => {
    const part = readPlan(plan);
    assert.deepEqual(Object.fromEntries(part.secrets.map((one) => [one.argument, one.literal])), is);
    assert.doesNotMatch(JSON.stringify(part), /hush/);
    assert.equal(
      new Set([...part.secrets, ...part.keys].map(({ id }) => id)).size,
      part.secrets.length + part.keys.length,
    );
  });

const decrypt = (resource: unknown = "*") => ({ Effect: "Allow", Action: "kms:Decrypt", Resource: resource });
const reports = { Effect: "Allow", Action: "s3:GetObject", Resource: "*" };
const source = "data.aws_iam_policy_document.d";
const written = { policy: refs(`${source}.json`, source) };
const documentOf = (after: object, unknown: object = {}, blocks: object = {}): Short => ({
  address: source,
  after: { statement: [after] },
  unknown: { json: true, statement: [unknown] },
  written: { statement: [blocks] },
});

const policies: { name: string; resources: Short[]; is: unknown[] }[] = [
  {
    name: "in every resource that takes one",
    resources: [
      ...["aws_iam_policy", "aws_iam_role_policy", "aws_iam_user_policy", "aws_iam_group_policy"].map(
        (type) => ({ address: `${type}.p`, after: { policy: policyText(reports, decrypt()) } }),
      ),
      {
        address: "aws_ssoadmin_permission_set_inline_policy.p",
        after: { inline_policy: policyText(decrypt()) },
      },
    ],
    is: [
      ["aws_iam_policy.p", "resolved", ["every-key"]],
      ["aws_iam_role_policy.p", "resolved", ["every-key"]],
      ["aws_iam_user_policy.p", "resolved", ["every-key"]],
      ["aws_iam_group_policy.p", "resolved", ["every-key"]],
      ["aws_ssoadmin_permission_set_inline_policy.p", "resolved", ["every-key"]],
    ],
  },
  {
    name: "in the resources of the provider awscc",
    resources: [
      ...["awscc_iam_managed_policy", "awscc_iam_role_policy", "awscc_iam_user_policy"].map((type) => ({
        address: `${type}.p`,
        after: { policy_document: policyText(decrypt()) },
      })),
      {
        address: "awscc_iam_role.p",
        after: { policies: [{ policy_name: "a", policy_document: policyText(decrypt()) }] },
        written: { policies: constant([]) },
      },
      { address: "awscc_iam_role.none", unknown: ["policies"] },
      { address: "awscc_sso_permission_set.p", after: { inline_policy: policyText(decrypt()) } },
    ],
    is: [
      ["awscc_iam_managed_policy.p", "resolved", ["every-key"]],
      ["awscc_iam_role_policy.p", "resolved", ["every-key"]],
      ["awscc_iam_user_policy.p", "resolved", ["every-key"]],
      ["awscc_iam_role.p", "resolved", ["every-key"], "a"],
      ["awscc_sso_permission_set.p", "resolved", ["every-key"]],
    ],
  },
  {
    name: "of other services, unreadable, or none",
    resources: [
      { address: "aws_iam_policy.s3", after: { policy: policyText(reports) } },
      { address: "aws_iam_policy.text", after: { policy: "{" } },
      { address: "aws_iam_role.r", after: { inline_policy: [{ name: null, policy: null }] } },
      { address: "aws_iam_role.computed", unknown: ["inline_policy"] },
    ],
    is: [],
  },
  {
    name: "wholly unknown: it is left out",
    resources: [
      { address: "aws_iam_policy.p", unknown: ["policy"], written: { policy: arnOf("aws_s3_bucket.b") } },
    ],
    is: [],
  },
  {
    name: "of a document that apply will read",
    resources: [
      key,
      { address: "aws_iam_policy.p", unknown: ["policy"], written },
      documentOf(
        { actions: ["kms:Decrypt"], resources: [null, null] },
        { resources: [true, true] },
        { resources: refs(`${k}.arn`, k) },
      ),
    ],
    is: [["aws_iam_policy.p", "resolved", ["key", "key"]]],
  },
  {
    name: "a key's id is the end of an ARN, as IAM takes nothing else",
    resources: [
      key,
      { address: "aws_iam_policy.p", unknown: ["policy"], written },
      documentOf(
        { actions: ["kms:Decrypt"], resources: [null] },
        { resources: [true] },
        { resources: refs(`${k}.key_id`, k) },
      ),
    ],
    is: [["aws_iam_policy.p", "resolved", ["key"]]],
  },
  {
    name: "the ARN of an alias",
    resources: [
      { address: "aws_kms_alias.a", after: { name: "alias/a" }, unknown: ["arn"] },
      { address: "aws_iam_policy.p", unknown: ["policy"], written },
      documentOf(
        { actions: ["kms:Decrypt"], resources: [null] },
        { resources: [true] },
        { resources: arnOf("aws_kms_alias.a") },
      ),
    ],
    is: [["aws_iam_policy.p", "resolved", ["alias"]]],
  },
  {
    name: "one of two documents, of which one names kms",
    resources: [
      {
        address: "aws_iam_policy.p",
        unknown: ["policy"],
        written: {
          policy: refs(
            `${source}.json`,
            source,
            "data.aws_iam_policy_document.e.json",
            "data.aws_iam_policy_document.e",
          ),
        },
      },
      documentOf({ actions: ["kms:Decrypt"], resources: ["*"] }),
      { ...documentOf({ actions: ["s3:*"], resources: ["*"] }), address: "data.aws_iam_policy_document.e" },
    ],
    is: [["aws_iam_policy.p", "unresolved"]],
  },
  {
    name: "a document with statements that the plan does not show",
    resources: [
      { address: "aws_iam_policy.p", unknown: ["policy"], written },
      {
        address: source,
        after: {
          statement: [{ actions: ["kms:Decrypt"], resources: ["*"] }],
          source_policy_documents: [null],
        },
        unknown: { json: true, source_policy_documents: [true], statement: [{}] },
        written: { statement: [{}], source_policy_documents: refs("local.base") },
      },
    ],
    is: [["aws_iam_policy.p", "partial", ["every-key"]]],
  },
  {
    name: "inline in a role",
    resources: [
      {
        address: "aws_iam_role.r",
        after: {
          inline_policy: [
            { name: "reports", policy: policyText(reports) },
            { name: "keys", policy: policyText(decrypt()) },
          ],
        },
        written: { inline_policy: [{ name: constant("reports") }, { name: constant("keys") }] },
      },
    ],
    is: [["aws_iam_role.r", "resolved", ["every-key"], "keys"]],
  },
  {
    name: "a role's list of what other resources put into it",
    resources: [
      {
        address: "aws_iam_role.r",
        actions: ["no-op"],
        before: { inline_policy: [{ name: "keys", policy: policyText(decrypt()) }] },
        after: { inline_policy: [{ name: "keys", policy: policyText(decrypt()) }] },
      },
    ],
    is: [],
  },
];
for (const { name, resources, is } of policies)
  test(`an identity policy: ${name}`, () => {
    const { identityPolicies } = readPlan({ resources });
    assert.deepEqual(
      identityPolicies.map((policy) => [
        policy.resource,
        policy.state,
        ...policy.statements.map(({ targets }) => targets.map((target) => target.kind)),
        ...(policy.name === undefined ? [] : [policy.name]),
      ]),
      is,
    );
    for (const policy of identityPolicies) assert.ok(policy.locations.policy);
  });

test("an identity policy's id is its own", () => {
  const inline = { name: "a", policy: policyText(decrypt()) };
  const { identityPolicies } = readPlan({
    resources: [{ address: "aws_iam_role.r", after: { inline_policy: [inline, inline] } }],
  });
  assert.deepEqual(addresses(identityPolicies.map(({ id }) => id)), [
    "aws_iam_role.r.inline_policy[0]",
    "aws_iam_role.r.inline_policy[1]",
  ]);
});

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
      "which resource it configures is not known",
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

const share: Short = { address: "aws_ram_resource_share.s", unknown: ["arn", "id"] };
const listed = (resource: unknown, of = share.address): Short => ({
  address: "aws_ram_resource_association.r",
  unknown: ["resource_arn", "resource_share_arn"],
  written: { resource_arn: resource, resource_share_arn: arnOf(of) },
});
const shares: { name: string; resources: Short[]; is: unknown[] }[] = [
  {
    // Left out it is false: the provider never leaves it to AWS, where it is true.
    name: "a key of the plan, with the provider's default",
    resources: [key, share, listed(arnOf(k))],
    is: [[false, ["allowExternalPrincipals"], [[k]], []]],
  },
  { name: "another resource", resources: [key, share, listed(arnOf("aws_subnet.n"))], is: [] },
  { name: "nothing", resources: [key, share], is: [] },
  {
    name: "a key elsewhere, by its ARN, in a share that is there already",
    resources: [
      {
        ...share,
        actions: ["no-op"],
        after: { arn: "arn:share", allow_external_principals: false },
        written: { allow_external_principals: constant(false) },
        unknown: [],
      },
      {
        address: "aws_ram_resource_association.r",
        after: { resource_arn: "arn:aws:kms:eu-west-1:111122223333:key/1", resource_share_arn: "arn:share" },
        written: {
          resource_arn: constant("arn:aws:kms:eu-west-1:111122223333:key/1"),
          resource_share_arn: constant("arn:share"),
        },
      },
    ],
    is: [[false, [], [[]], []]],
  },
  {
    name: "whom it is given to",
    resources: [
      key,
      share,
      listed(arnOf(k)),
      {
        address: "aws_ram_principal_association.a",
        after: { principal: "444455556666" },
        unknown: ["resource_share_arn"],
        written: { principal: constant("444455556666"), resource_share_arn: arnOf(share.address) },
      },
      {
        address: "aws_ram_principal_association.b",
        unknown: ["resource_share_arn", "principal"],
        written: {
          principal: refs("aws_organizations_account.a.id", "aws_organizations_account.a"),
          resource_share_arn: arnOf(share.address),
        },
      },
      {
        address: "aws_ram_principal_association.c",
        after: { principal: "hush" },
        sensitive: { principal: true },
        unknown: ["resource_share_arn"],
        written: { principal: refs("var.p"), resource_share_arn: arnOf(share.address) },
      },
      {
        address: "aws_ram_principal_association.other",
        after: { principal: "777788889999", resource_share_arn: "arn:other" },
        written: { principal: constant("777788889999"), resource_share_arn: constant("arn:other") },
      },
    ],
    is: [
      [
        false,
        ["allowExternalPrincipals"],
        [[k]],
        [
          "444455556666",
          unknownOf("aws_organizations_account.a.id"),
          unknownOf("aws_ram_principal_association.c.principal", "sensitive"),
        ],
      ],
    ],
  },
];
for (const { name, resources, is } of shares)
  test(`a share: ${name}`, () => {
    const part = readPlan({ resources });
    assert.deepEqual(
      part.shares.map((one) => [
        one.allowExternalPrincipals,
        one.defaults,
        one.keys.map(shortOf),
        one.principals.map(({ text }) => text),
      ]),
      is,
    );
    const accounts = part.shares.flatMap((one) => one.principals.map(({ account }) => account));
    assert.deepEqual(
      accounts.filter((account) => typeof account === "string"),
      accounts.length > 0 ? ["444455556666"] : [],
    );
    assert.doesNotMatch(JSON.stringify(part), /hush/);
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
