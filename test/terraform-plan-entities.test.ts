import assert from "node:assert/strict";
import { test } from "node:test";
import {
  keyOf,
  planJson,
  policyText,
  type ResourceSpec,
  readJson,
  readPlan,
  refs,
  rootStatement,
  unknownOf,
} from "./terraform-plan-support.ts";

const k: ResourceSpec = { address: "aws_kms_key.k" };
const me = "data.aws_caller_identity.me";
const known = {
  ...k,
  after: { policy: policyText(rootStatement()) },
  config: { policy: refs(`${me}.account_id`, me) },
};

test("sensitive values are redacted", () => {
  const part = readPlan({
    resources: [
      {
        ...k,
        after: {
          description: "hush-1",
          tags: { team: "hush-2" },
          tags_all: { team: "hush-2", public: "yes" },
          enable_key_rotation: true,
        },
        sensitive: {
          description: true,
          tags_all: { team: true },
          tags: { team: true },
          enable_key_rotation: true,
        },
        config: { description: refs("var.d"), tags: refs("var.t"), enable_key_rotation: refs("var.r") },
      },
      {
        address: "aws_kms_key.l",
        after: { tags: { hush3: "x" }, tags_all: { hush3: "x" } },
        sensitive: { tags_all: true },
      },
      {
        address: "aws_kms_alias.a",
        after: { name: "alias/hush-4", target_key_id: "hush-5" },
        sensitive: { name: true, target_key_id: true },
        config: { name: refs("var.n"), target_key_id: refs("var.t") },
      },
      {
        address: "aws_kms_grant.g",
        after: {
          key_id: "hush-5",
          grantee_principal: "arn:aws:iam::111122223333:role/hush-6",
          operations: ["Decrypt"],
          constraints: [{ encryption_context_equals: { k: "hush-7" } }],
        },
        sensitive: {
          key_id: true,
          grantee_principal: true,
          constraints: [{ encryption_context_equals: { k: true } }],
        },
      },
      {
        address: "aws_kms_grant.whole",
        after: { constraints: [{ encryption_context_subset: { "hush-8": "hush-9" } }] },
        sensitive: { constraints: [{ encryption_context_subset: true }] },
      },
      {
        address: "aws_kms_grant.without",
        after: { constraints: [{ encryption_context_subset: {} }] },
        sensitive: { constraints: [{ encryption_context_subset: true }] },
      },
    ],
  });
  assert.doesNotMatch(JSON.stringify(part), /hush/);
  const [key, other] = part.keys;
  assert.deepEqual(key?.properties?.tags, { team: "(sensitive)", public: "yes" });
  assert.deepEqual(key?.properties?.description, unknownOf("aws_kms_key.k.description", "sensitive"));
  assert.equal(key?.properties?.rotation, true);
  assert.deepEqual(other?.properties?.tags, unknownOf("aws_kms_key.l.tags", "sensitive"));
  // The existence of constraints is not a secret.
  assert.deepEqual(part.grants[0]?.constraints, {
    encryptionContextEquals: { k: unknownOf("aws_kms_grant.g.constraints", "sensitive") },
  });
  assert.deepEqual(
    part.grants.slice(1).map(({ constraints }) => constraints.encryptionContextSubset),
    [{ "(sensitive)": unknownOf("aws_kms_grant.whole.constraints", "sensitive") }, {}],
  );
  // The required prefix is not a secret, so the name still counts as valid.
  assert.deepEqual(part.aliases[0]?.name, { text: "alias/(sensitive)", knownParts: ["alias/"] });
});

test("a sensitive policy keeps its statements and is marked as sensitive", () => {
  const key = keyOf({ resources: [{ ...known, sensitive: { policy: true } }] });
  assert.equal(key.policy.sensitive, true);
  assert.equal(key.policy.statements.length, 1);
});

test("a grant: key, grantee and operations", () => {
  const part = readPlan({
    resources: [
      k,
      { address: "aws_iam_role.app", unknown: ["arn"] },
      {
        address: "aws_kms_grant.g",
        after: {
          operations: ["Decrypt", "GenerateDataKey"],
          constraints: [{ encryption_context_equals: null, encryption_context_subset: { tenant: "a" } }],
          retiring_principal: "arn:aws:iam::111122223333:role/admin",
        },
        unknown: {
          key_id: true,
          grantee_principal: true,
          constraints: [{ encryption_context_subset: { id: true } }],
        },
        config: {
          key_id: refs("aws_kms_key.k.key_id", "aws_kms_key.k"),
          grantee_principal: refs("aws_iam_role.app.arn", "aws_iam_role.app"),
        },
      },
      {
        address: "aws_kms_grant.s",
        after: { key_id: "1", grantee_principal: "dynamodb.amazonaws.com", operations: ["Decrypt"] },
      },
    ],
  });
  const [grant, service] = part.grants;
  assert.deepEqual(grant?.key.keys, ["plan.json#aws_kms_key.k"]);
  assert.deepEqual([grant?.grantee.kind, grant?.grantee.account], ["role", "self"]);
  assert.deepEqual([grant?.retiring?.kind, grant?.retiring?.account], ["role", "111122223333"]);
  assert.deepEqual(grant?.operations, ["Decrypt", "GenerateDataKey"]);
  assert.deepEqual(grant?.constraints, { encryptionContextSubset: { tenant: "a", id: unknownOf("id") } });
  assert.deepEqual(
    [service?.grantee.type, service?.grantee.kind, service?.retiring],
    ["Service", "service", null],
  );
});

test("a grant identifies the owner if the key policy does not", () => {
  const grant = {
    address: "aws_kms_grant.g",
    after: { grantee_principal: "arn:aws:iam::111122223333:role/app" },
    unknown: ["key_id"],
    config: {
      key_id: refs("aws_kms_key.k.key_id", "aws_kms_key.k"),
      grantee_principal: refs(`${me}.account_id`, me),
    },
  };
  assert.equal(
    keyOf({
      resources: [k, grant],
      dataSourceConfigs: [{ address: me }],
      dataSources: { [me]: { account_id: "111122223333" } },
    }).owner,
    "111122223333",
  );
});

test("planned_values without resource_changes", () => {
  const json = planJson({
    resources: [{ ...k, config: { policy: refs("local.p") } }, { address: "aws_kms_key.plain" }],
  });
  const { resource_changes: _, ...rest } = json;
  const part = readJson({
    ...rest,
    format_version: "0.1",
    planned_values: {
      root_module: {
        resources: [
          {
            address: "aws_kms_key.k",
            mode: "managed",
            type: "aws_kms_key",
            name: "k",
            values: { description: "Old" },
          },
        ],
        child_modules: [
          {
            address: "module.m",
            resources: [
              {
                address: "module.m.aws_kms_key.k",
                mode: "managed",
                type: "aws_kms_key",
                name: "k",
                values: { enable_key_rotation: true },
              },
            ],
          },
        ],
      },
    },
  });
  assert.deepEqual(
    part.keys.map((key) => key.resource),
    ["aws_kms_key.k", "module.m.aws_kms_key.k"],
  );
  assert.equal(part.keys[0]?.properties?.description, "Old");
  assert.equal(part.keys[0]?.policy.state, "unresolved");
  assert.equal(part.keys[0]?.change, undefined);
  // The second key is not in the configuration, so its missing values can be unknown.
  assert.deepEqual(part.keys[1]?.properties?.multiRegion, unknownOf("module.m.aws_kms_key.k.multi_region"));
});

const importedKeys: [
  importing: unknown,
  values: { arn?: string },
  names: { arn?: string; keyId?: string },
][] = [
  [{ id: "mrk-1" }, {}, { keyId: "mrk-1" }],
  [{ id: "mrk-1@eu-west-1" }, {}, { keyId: "mrk-1" }],
  [{ identity: { id: "mrk-1", region: "eu-west-1" } }, {}, { keyId: "mrk-1" }],
  [
    { identity: { arn: "arn:aws:kms:eu-west-1:111122223333:key/mrk-1" } },
    {},
    { arn: "arn:aws:kms:eu-west-1:111122223333:key/mrk-1" },
  ],
  [
    { id: "mrk-1" },
    { arn: "arn:aws:kms:eu-west-1:111122223333:key/mrk-1" },
    { arn: "arn:aws:kms:eu-west-1:111122223333:key/mrk-1" },
  ],
  [{ unknown: true }, {}, {}],
];
for (const [importing, after, names] of importedKeys)
  test(`an imported key has the names in ${JSON.stringify(importing)}`, () => {
    const plan = planJson({ resources: [{ address: "aws_kms_key.a", after }] });
    const [change] = plan.resource_changes as { change: object }[];
    Object.assign(change?.change ?? {}, { importing });
    const [{ arn, keyId } = {}] = readJson(plan).keys;
    assert.deepEqual({ ...(arn && { arn }), ...(keyId && { keyId }) }, names);
  });

test("a policy belongs to the imported key that it names by ID", () => {
  const policy = { key_id: "mrk-1", policy: policyText(rootStatement()) };
  const plan = planJson({
    resources: [{ address: "aws_kms_key.a" }, { address: "aws_kms_key_policy.a", after: policy }],
  });
  const [change] = plan.resource_changes as { change: object }[];
  Object.assign(change?.change ?? {}, { importing: { id: "mrk-1" } });
  const [key, ...more] = readJson(plan).keys;
  assert.deepEqual([key?.policy.attachedBy, more.length], ["aws_kms_key_policy.a", 0]);
});
