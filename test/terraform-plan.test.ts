import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { terraformPlan } from "../src/core/formats/terraform-plan/index.ts";
import {
  constant,
  type Json,
  parsedJson,
  planJson,
  policyText,
  readJson,
  refs,
  rootStatement,
} from "./terraform-plan-support.ts";

const sample = () =>
  planJson({
    modules: {
      kms: {
        arguments: { policy: refs("data.aws_iam_policy_document.d.json", "data.aws_iam_policy_document.d") },
        outputs: { arn: ["aws_kms_key.this.arn", "aws_kms_key.this"] },
        forEach: ["var.names"],
      },
    },
    variableValues: { names: ["a"] },
    dataSources: { "data.aws_caller_identity.me": { account_id: "111122223333" } },
    resources: [
      {
        address: "data.aws_iam_policy_document.d",
        after: {
          statement: [
            {
              actions: ["kms:*"],
              resources: ["*"],
              principals: [{ type: "AWS", identifiers: [null] }],
              condition: [{ test: "StringEquals", variable: "kms:CallerAccount", values: ["1"] }],
            },
          ],
          source_policy_documents: [policyText(rootStatement())],
        },
        unknown: { json: true, statement: [{ principals: [{ identifiers: [true] }] }] },
        config: {
          statement: [
            {
              principals: [
                { type: constant("AWS"), identifiers: refs("aws_iam_role.r.arn", "aws_iam_role.r") },
              ],
            },
          ],
        },
      },
      {
        address: 'module.kms["a"].aws_kms_key.this',
        unknown: ["policy", "arn", "tags_all"],
        after: { description: "x", tags: { a: "b" } },
        config: { policy: refs("var.policy") },
      },
      {
        address: "aws_kms_key.old",
        actions: ["update"],
        before: { key_usage: "ENCRYPT_DECRYPT" },
        after: { policy: policyText(rootStatement()), arn: "arn:aws:kms:eu-west-1:111122223333:key/1" },
      },
      {
        address: "aws_kms_replica_key.r",
        unknown: ["primary_key_arn"],
        config: { primary_key_arn: refs('module.kms["a"].arn', 'module.kms["a"]', "module.kms") },
      },
      {
        address: "aws_kms_alias.a",
        after: { name: "alias/a" },
        unknown: ["target_key_id"],
        config: { target_key_id: refs("module.kms", "each.key") },
        forEach: ["var.names"],
      },
      {
        address: "aws_kms_grant.g",
        after: {
          key_id: "1",
          grantee_principal: "arn:aws:iam::1:role/r",
          operations: ["Decrypt"],
          constraints: [{ encryption_context_equals: { a: "b" } }],
        },
      },
      { address: "aws_kms_key_policy.p", after: { policy: policyText(rootStatement()), key_id: "1" } },
      { address: "aws_iam_role.r", unknown: ["arn"] },
    ],
  }) as { [key: string]: Json };

const detected: [string, unknown, boolean][] = [
  ["a plan", { format_version: "1.2", resource_changes: [] }, true],
  ["a plan without changes", { format_version: "1.2", terraform_version: "1.11.4" }, true],
  ["a state file", { version: 4, terraform_version: "1.11.4", serial: 1, resources: [] }, true],
  ["a key policy", { Version: "2012-10-17", Statement: [] }, false],
  ["a template", { Resources: {}, version: 4 }, false],
  ["a file with a version of its format only", { format_version: "1.0", entries: [] }, false],
  ["a list", [], false],
  ["null", null, false],
];
for (const [name, value, is] of detected)
  test(`detect: ${name}`, () => {
    const { value: json, source } = parsedJson(value);
    assert.equal(terraformPlan.detect(json, source), is);
  });

const problems: [string, unknown, RegExp][] = [
  [
    "a state file",
    { version: 4, terraform_version: "1.11.4", resources: [] },
    /is a Terraform state, not a plan/,
  ],
  [
    "a state as show -json prints it",
    { format_version: "1.0", terraform_version: "1.9.0", values: {} },
    /is a Terraform state/,
  ],
  ["a format that is not known", { ...sample(), format_version: "2.0" }, /format version 2\.0/],
  [
    "changes that are no list",
    { ...sample(), resource_changes: {} },
    /resource_changes property of the plan is not a list/,
  ],
  ["an element that is no change", { ...sample(), resource_changes: [null] }, /not the change of a resource/],
  [
    "a state without resources as show -json prints it",
    { format_version: "1.0", terraform_version: "1.9.0" },
    /neither planned_values nor resource_changes/,
  ],
];
for (const [name, value, message] of problems)
  test(`problem: ${name}`, () => {
    const part = readJson(value);
    assert.deepEqual([part.keys, part.problems.length], [[], 1]);
    assert.match(part.problems[0]?.message ?? "", message);
    assert.match(part.problems[0]?.remedy ?? "", /\.$/);
    assert.equal(part.problems[0]?.file, "plan.json");
    assert.equal(typeof part.problems[0]?.line, "number");
  });

test("problem: an errored plan is incomplete but still read", () => {
  const part = readJson({ ...sample(), errored: true });
  assert.match(part.problems[0]?.message ?? "", /incomplete/);
  assert.equal(part.keys.length, 4);
});

test("problem: a change whose values are not an object", () => {
  const plan = sample();
  const changes = plan.resource_changes as { change: { after: unknown } }[];
  (changes[2] as (typeof changes)[0]).change.after = "all of them";
  const part = readJson(plan);
  assert.equal(part.keys.length, 3);
  assert.match(part.problems[0]?.message ?? "", /aws_kms_key\.old/);
});

test("formats 0.x and later minor versions are read", () => {
  for (const version of ["0.1", "0.2", "1.0", "1.99"])
    assert.deepEqual(readJson({ ...sample(), format_version: version }).problems, [], version);
});

const junk: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    false,
    0,
    -1,
    "",
    "x",
    [],
    {},
    [null],
    { references: "x" },
    { references: [1, "var."] },
  ),
  fc
    .constantFrom(
      "__proto__",
      "constructor",
      "module.",
      "each.value",
      "module.kms",
      "var.policy",
      "data.x",
      'a["',
    )
    .map((text) => ({
      references: [text],
    })),
  fc.jsonValue({ maxDepth: 2 }),
);

/** Returns the paths of all nested values. */
function paths(value: unknown, path: string[] = []): string[][] {
  if (typeof value !== "object" || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, item]) => paths(item, [...path, key]))];
}

function put(value: unknown, path: string[], item: unknown): void {
  let here = value as { [key: string]: unknown };
  for (const step of path.slice(0, -1)) {
    const next = here[step];
    if (typeof next !== "object" || next === null) return;
    here = next as typeof here;
  }
  const last = path.at(-1);
  if (last !== undefined) here[last] = item;
}

test("any plan is read without throwing, and addresses come from the plan", () => {
  const places = paths(sample()).filter((path) => path.length > 0);
  const change = fc.record({ path: fc.constantFrom(...places), item: junk });
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
      const plan = sample();
      for (const { path, item } of changes) put(plan, path, structuredClone(item));
      const part = readJson(plan);
      for (const entity of [...part.keys, ...part.aliases, ...part.grants])
        assert.equal(typeof entity.resource, "string");
      for (const { file, message } of part.problems) assert.ok(file === "plan.json" && message.endsWith("."));
    }),
    { numRuns: 800 },
  );
});

test("the order of changes does not affect a key", () => {
  const forwards = sample();
  const backwards = {
    ...sample(),
    resource_changes: [...(forwards.resource_changes as Json[])].reverse(),
  };
  const bare = (plan: unknown) =>
    readJson(plan)
      .keys.map(({ resource, properties: settings, policy, owner, region, primary }) => ({
        resource,
        settings,
        owner,
        region,
        primary,
        policy: [policy.state, policy.statements.map((s) => s.covers)],
      }))
      .sort((a, b) => a.resource.localeCompare(b.resource));
  assert.deepEqual(bare(backwards), bare(forwards));
});
