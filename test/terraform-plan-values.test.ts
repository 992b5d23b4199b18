import assert from "node:assert/strict";
import { test } from "node:test";
import type { Key, KeyProperties } from "../src/core/model/document.ts";
import {
  constant,
  keyOf,
  planJson,
  type ResourceSpec,
  readJson,
  readPlan,
  refs,
  unknownOf,
} from "./terraform-plan-support.ts";

const k = "aws_kms_key.k";
const computed = ["arn", "key_id", "multi_region", "policy", "rotation_period_in_days", "tags_all"];

/** The planned values and the configuration of a key, and its expected properties. */
const cases: {
  name: string;
  type?: string;
  key: Omit<ResourceSpec, "address">;
  variables?: { [name: string]: unknown };
  settings: { [field in keyof KeyProperties]?: unknown };
  defaults?: string[];
  set?: string[];
}[] = [
  {
    name: "nothing is set: AWS defaults, even if the provider computes the value",
    key: {
      after: {
        customer_master_key_spec: "SYMMETRIC_DEFAULT",
        key_usage: "ENCRYPT_DECRYPT",
        is_enabled: true,
        tags: null,
      },
      unknown: computed,
    },
    settings: {
      spec: "SYMMETRIC_DEFAULT",
      usage: "ENCRYPT_DECRYPT",
      origin: "AWS_KMS",
      customKeyStore: false,
      multiRegion: false,
      rotation: false,
      rotationPeriodDays: null,
      enabled: true,
      deletionWindowDays: null,
      bypassLockoutSafetyCheck: false,
      description: null,
      tags: {},
    },
    defaults: ["spec", "usage", "origin", "multiRegion", "rotation", "enabled", "description", "tags"],
  },
  {
    name: "an HMAC key without usage has the default ENCRYPT_DECRYPT",
    key: {
      after: { customer_master_key_spec: "HMAC_256", key_usage: "ENCRYPT_DECRYPT" },
      config: { customer_master_key_spec: constant("HMAC_256") },
    },
    settings: { spec: "HMAC_256", usage: "ENCRYPT_DECRYPT" },
    defaults: ["usage"],
    set: ["spec"],
  },
  {
    name: "an attribute of another resource is unknown",
    key: {
      unknown: ["multi_region"],
      config: { multi_region: refs("aws_ssm_parameter.p.value", "aws_ssm_parameter.p") },
    },
    settings: { multiRegion: unknownOf("aws_ssm_parameter.p.value") },
    set: ["multiRegion"],
  },
  {
    name: "an unknown value with only known references is null",
    key: {
      unknown: ["multi_region", "rotation_period_in_days"],
      config: {
        multi_region: refs("var.global"),
        rotation_period_in_days: refs("each.value.days", "each.value"),
      },
      forEach: ["var.keys"],
      index: "a",
    },
    settings: { multiRegion: false, rotationPeriodDays: null },
    defaults: ["multiRegion", "rotationPeriodDays"],
  },
  {
    name: "a local is unknown",
    key: { unknown: ["multi_region"], config: { multi_region: refs("local.global") } },
    settings: { multiRegion: unknownOf("local.global") },
  },
  {
    name: "a constant null is not set",
    key: { unknown: ["multi_region"], config: { multi_region: constant(null) } },
    settings: { multiRegion: false },
    defaults: ["multiRegion"],
  },
  {
    name: "an unknown value without a configuration is unknown",
    key: { unknown: ["multi_region"], config: null },
    settings: { multiRegion: unknownOf(`${k}.multi_region`) },
  },
  {
    name: "a rotation period that is only in the state is not set",
    key: {
      after: { enable_key_rotation: true, rotation_period_in_days: 365 },
      config: { enable_key_rotation: constant(true) },
      actions: ["no-op"],
    },
    settings: { rotation: true, rotationPeriodDays: null },
    set: ["rotation"],
  },
  {
    name: "a rotation period in the configuration",
    key: { after: { rotation_period_in_days: 180 }, config: { rotation_period_in_days: constant(180) } },
    settings: { rotationPeriodDays: 180 },
    set: ["rotationPeriodDays"],
  },
  {
    name: "a custom key store that does not exist yet",
    key: {
      unknown: ["custom_key_store_id"],
      config: { custom_key_store_id: refs("aws_kms_custom_key_store.s.id", "aws_kms_custom_key_store.s") },
    },
    settings: { customKeyStore: true, origin: "AWS_CLOUDHSM" },
  },
  {
    name: "an external key store",
    key: {
      after: { custom_key_store_id: "cks-1234", xks_key_id: "bb8562717f809024" },
      config: { custom_key_store_id: constant("cks-1234"), xks_key_id: constant("bb8562717f809024") },
    },
    settings: { customKeyStore: true, origin: "EXTERNAL_KEY_STORE" },
    set: ["customKeyStore", "origin"],
  },
  {
    name: "a key store that depends on a local",
    key: { unknown: ["custom_key_store_id"], config: { custom_key_store_id: refs("local.store") } },
    settings: { customKeyStore: unknownOf("local.store"), origin: unknownOf("local.store") },
  },
  {
    name: "an external key: imported key material, enabled by default",
    type: "aws_kms_external_key",
    key: {
      after: { deletion_window_in_days: 30 },
      unknown: ["enabled", "key_spec", "key_usage", "multi_region"],
    },
    settings: {
      spec: "SYMMETRIC_DEFAULT",
      origin: "EXTERNAL",
      enabled: true,
      multiRegion: false,
      deletionWindowDays: null,
      rotation: undefined,
    },
    defaults: ["spec", "enabled", "deletionWindowDays"],
  },
  {
    name: "a replica has only its own properties",
    type: "aws_kms_replica_key",
    key: {
      after: { enabled: false, deletion_window_in_days: 7 },
      config: { enabled: constant(false), deletion_window_in_days: constant(7) },
    },
    settings: {
      spec: undefined,
      origin: undefined,
      rotation: undefined,
      enabled: false,
      deletionWindowDays: 7,
    },
  },
  {
    name: "a Cloud Control key has CloudFormation's properties",
    type: "awscc_kms_key",
    key: {
      after: {
        enabled: true,
        pending_window_in_days: 7,
        origin: "EXTERNAL",
        tags: [{ key: "team", value: "pay" }],
      },
      unknown: ["key_spec", "bypass_policy_lockout_safety_check"],
      config: { pending_window_in_days: constant(7), origin: constant("EXTERNAL"), tags: constant([]) },
    },
    settings: {
      spec: "SYMMETRIC_DEFAULT",
      origin: "EXTERNAL",
      deletionWindowDays: 7,
      bypassLockoutSafetyCheck: false,
      tags: { team: "pay" },
    },
  },
  {
    name: "numbers and Booleans as strings",
    key: { after: { enable_key_rotation: "true", deletion_window_in_days: "7" }, config: null },
    settings: { rotation: true, deletionWindowDays: 7 },
  },
  {
    name: "a value of the wrong type is unknown",
    key: {
      after: { enable_key_rotation: ["yes"], deletion_window_in_days: {}, description: [1] },
      config: null,
    },
    settings: {
      rotation: unknownOf("enable_key_rotation", "not a Boolean"),
      deletionWindowDays: unknownOf("deletion_window_in_days", "not a number"),
      description: unknownOf("description", "not a string"),
    },
  },
];

for (const { name, type, key, settings, defaults = [], set = [] } of cases) {
  test(`key properties: ${name}`, () => {
    const { address } = { address: type === undefined ? k : `${type}.k` };
    const read = keyOf({ resources: [{ ...key, address }] });
    const actual = read.properties as KeyProperties;
    for (const [field, value] of Object.entries(settings))
      assert.deepEqual(actual[field as keyof KeyProperties], value, field);
    for (const field of defaults) assert.ok(read.defaults.includes(field), `${field} is a default`);
    for (const field of set) assert.ok(!read.defaults.includes(field), `${field} is not a default`);
  });
}

test("the location of a field is the line of its value in the plan", () => {
  const json = planJson({
    resources: [
      { address: k, after: { description: "Orders" }, config: { description: constant("Orders") } },
    ],
  });
  const key = readJson(json).keys[0] as Key;
  const line = JSON.stringify(json, null, 1)
    .split("\n")
    .findIndex((text) => text.includes('"description": "Orders"'));
  assert.equal(key.locations.description?.line, line + 1);
  assert.equal(key.locations.description?.pointer, "/resource_changes/0/change/after/description");
  assert.equal(key.location.pointer, "/resource_changes/0");
  assert.equal(key.location.address, k);
});

const provider = (defaultTags?: unknown) => ({
  aws: {
    name: "aws",
    expressions: {
      region: constant("eu-west-1"),
      ...(defaultTags === undefined ? {} : { default_tags: [{ tags: defaultTags }] }),
    },
  },
});

const tagCases: { name: string; key: Omit<ResourceSpec, "address">; provider?: unknown; tags: unknown }[] = [
  {
    name: "tags_all includes the provider's default tags",
    key: {
      after: { tags: { a: "1" }, tags_all: { a: "1", owner: "pay" } },
      config: { tags: constant({ a: "1" }) },
    },
    tags: { a: "1", owner: "pay" },
  },
  {
    name: "tags_all is computed, the provider has no default tags",
    key: { after: { tags: { a: "1" } }, unknown: ["tags_all"], config: { tags: constant({ a: "1" }) } },
    tags: { a: "1" },
  },
  {
    name: "tags_all is computed, the provider has constant default tags",
    key: { after: { tags: { a: "1" } }, unknown: ["tags_all"], config: { tags: constant({ a: "1" }) } },
    provider: provider(constant({ owner: "pay", a: "0" })),
    tags: { owner: "pay", a: "1" },
  },
  {
    name: "tags_all is computed, the provider is not in the plan",
    key: { after: { tags: null }, unknown: ["tags_all"] },
    provider: provider(refs("local.tags")),
    tags: unknownOf(`${k}.tags_all`, "the plan does not contain the default tags of the provider"),
  },
  {
    name: "an unknown tag value",
    key: {
      after: { tags_all: { a: "1" } },
      unknown: { tags_all: { b: true } },
      config: { tags: refs("aws_vpc.v.id", "aws_vpc.v") },
    },
    tags: { a: "1", b: unknownOf(`${k}.tags_all`) },
  },
  {
    name: "unknown tags",
    key: { unknown: ["tags", "tags_all"], config: { tags: refs("local.tags") } },
    tags: unknownOf("local.tags"),
  },
];

for (const { name, key, provider: providers, tags } of tagCases) {
  test(`tags: ${name}`, () => {
    const read = keyOf({
      resources: [{ address: k, ...key }],
      ...(providers === undefined ? {} : { providers: providers as never }),
    });
    assert.deepEqual(read.properties?.tags, tags);
  });
}

test("before: the immutable properties before the change", () => {
  const key = keyOf({
    resources: [
      {
        address: k,
        actions: ["delete", "create"],
        before: {
          arn: "arn:aws:kms:eu-west-1:111122223333:key/1",
          customer_master_key_spec: "RSA_4096",
          key_usage: "ENCRYPT_DECRYPT",
          multi_region: false,
          custom_key_store_id: "cks-1",
        },
        after: { customer_master_key_spec: "RSA_4096", key_usage: "SIGN_VERIFY" },
        config: { key_usage: constant("SIGN_VERIFY") },
      },
    ],
  });
  assert.deepEqual(key.change, {
    actions: ["delete", "create"],
    before: {
      spec: "RSA_4096",
      usage: "ENCRYPT_DECRYPT",
      origin: "AWS_CLOUDHSM",
      customKeyStore: true,
      customKeyStoreId: "cks-1",
      multiRegion: false,
      deletionWindowDays: null,
    },
  });
  // The ARN of the replaced key contains the owner account, but is not the ARN of the new key.
  assert.equal(key.owner, "111122223333");
  assert.equal(key.arn, undefined);
});

test("deleted, forgotten and deposed resources and data sources are not keys", () => {
  const part = readPlan({
    resources: [
      { address: "aws_kms_key.deleted", after: null, before: {}, actions: ["delete"] },
      { address: "aws_kms_key.forgotten", after: null, before: {}, actions: ["forget"] },
      { address: "data.aws_kms_key.found", after: { key_id: "1" } },
      { address: "aws_s3_bucket.other" },
      { address: "aws_kms_key.remade", actions: ["create", "forget"] },
      { address: "aws_kms_key.same", actions: ["no-op"] },
    ],
  });
  const deposed = (resource: ResourceSpec) => {
    const json = planJson({ resources: [resource] }) as { resource_changes: object[] };
    json.resource_changes = json.resource_changes.map((change) => ({ ...change, deposed: "a1b2c3d4" }));
    return readJson(json);
  };
  assert.deepEqual(
    part.keys.map((key) => key.resource),
    ["aws_kms_key.remade", "aws_kms_key.same"],
  );
  const old = { address: "aws_kms_key.old" };
  assert.deepEqual(deposed(old).keys, []);
  assert.deepEqual(deposed(old).removals, []);
  assert.equal(deposed({ ...old, after: null, before: {}, actions: ["delete"] }).removals.length, 1);
  const [removal, ...more] = part.removals;
  assert.deepEqual(
    [removal?.resource, removal?.kind, removal?.change, removal?.location.pointer, removal?.scope],
    ["aws_kms_key.deleted", "key", { actions: ["delete"] }, "/resource_changes/0", "plan.json"],
  );
  assert.deepEqual(more, []);
});

test("removals contain every key type and no other resources", () => {
  const gone = (address: string): ResourceSpec => ({ address, after: null, before: {}, actions: ["delete"] });
  const types = ["aws_kms_external_key", "aws_kms_replica_external_key", "awscc_kms_replica_key"];
  const { removals } = readPlan({
    resources: [...types, "aws_kms_alias", "aws_s3_bucket"].map((type) => gone(`${type}.x`)),
  });
  assert.deepEqual(
    removals.map(({ type, kind }) => [type, kind]),
    types.map((type) => [type, /replica/.test(type) ? "replica" : "key"]),
  );
});
