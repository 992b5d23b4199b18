import assert from "node:assert/strict";
import { test } from "node:test";
import {
  keyOf,
  planJson,
  policyText,
  readJson,
  readPlan,
  refs,
  rootStatement,
  type Short,
  unknownOf,
} from "./terraform-plan-support.ts";

const k: Short = { address: "aws_kms_key.k" };
const me = "data.aws_caller_identity.me";
const known = {
  ...k,
  after: { policy: policyText(rootStatement()) },
  written: { policy: refs(`${me}.account_id`, me) },
};

test("nothing sensitive is shown", () => {
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
        written: { description: refs("var.d"), tags: refs("var.t"), enable_key_rotation: refs("var.r") },
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
        written: { name: refs("var.n"), target_key_id: refs("var.t") },
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
  // That a grant is constrained is no secret either.
  assert.deepEqual(part.grants[0]?.constraints, {
    encryptionContextEquals: { k: unknownOf("aws_kms_grant.g.constraints", "sensitive") },
  });
  assert.deepEqual(
    part.grants.slice(1).map(({ constraints }) => constraints.encryptionContextSubset),
    [{ "(sensitive)": unknownOf("aws_kms_grant.whole.constraints", "sensitive") }, {}],
  );
  // The prefix is the same for everyone: it still counts as in order.
  assert.deepEqual(part.aliases[0]?.name, { text: "alias/(sensitive)", knownParts: ["alias/"] });
});

test("a sensitive policy keeps its statements and says so", () => {
  const key = keyOf({ resources: [{ ...known, sensitive: { policy: true } }] });
  assert.equal(key.policy.sensitive, true);
  assert.equal(key.policy.statements.length, 1);
});

test("a grant: its key, who gets it, and what for", () => {
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
        written: {
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

test("a grant tells the owner where its key's policy does not", () => {
  const grant = {
    address: "aws_kms_grant.g",
    after: { grantee_principal: "arn:aws:iam::111122223333:role/app" },
    unknown: ["key_id"],
    written: {
      key_id: refs("aws_kms_key.k.key_id", "aws_kms_key.k"),
      grantee_principal: refs(`${me}.account_id`, me),
    },
  };
  assert.equal(
    keyOf({
      resources: [k, grant],
      written: [{ address: me }],
      read: { [me]: { account_id: "111122223333" } },
    }).owner,
    "111122223333",
  );
});

test("a plan of old: planned_values without resource_changes", () => {
  const json = planJson({
    resources: [{ ...k, written: { policy: refs("local.p") } }, { address: "aws_kms_key.plain" }],
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
  // Nothing is written about the second: what its values leave out may come later.
  assert.deepEqual(part.keys[1]?.properties?.multiRegion, unknownOf("module.m.aws_kms_key.k.multi_region"));
});
