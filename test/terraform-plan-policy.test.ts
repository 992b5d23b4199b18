import assert from "node:assert/strict";
import { test } from "node:test";
import {
  constant,
  keyOf,
  type PlanSpec,
  policyText,
  type ResourceSpec,
  readPlan,
  refs,
  rootStatement,
  unknownOf,
} from "./terraform-plan-support.ts";

const reader = (policy: unknown): ResourceSpec => ({
  address: "aws_kms_key.k",
  unknown: ["policy"],
  config: { policy },
});
const role = { address: "aws_iam_role.app", unknown: ["arn"] };

test("a policy in the plan: its statements, with their locations", () => {
  const policy = keyOf({
    resources: [
      { address: "aws_kms_key.k", after: { policy: policyText(rootStatement()) }, config: { policy: {} } },
    ],
  }).policy;
  assert.equal(policy.state, "resolved");
  assert.deepEqual(
    policy.statements.map((s) => s.principals.map((p) => [p.kind, p.account])),
    [[["root", "111122223333"]]],
  );
  assert.equal(policy.statements[0]?.location.pointer, "/resource_changes/0/change/after/policy/Statement/0");
});

const absent: { name: string; key: Partial<ResourceSpec>; values?: object }[] = [
  { name: "not set", key: { unknown: ["policy"] } },
  { name: "null", key: { after: { policy: null } } },
  { name: "an empty string", key: { after: { policy: "" }, config: { policy: constant("") } } },
  { name: "a constant null", key: { unknown: ["policy"], config: { policy: constant(null) } } },
  {
    name: "a variable that is null",
    key: { unknown: ["policy"], config: { policy: refs("var.policy") } },
    values: { policy: null },
  },
];
for (const { name, key, values } of absent)
  test(`no key policy: ${name}`, () => {
    const plan: PlanSpec = {
      resources: [{ address: "aws_kms_key.k", ...key }],
      ...(values && { variableValues: { ...values } }),
    };
    assert.equal(keyOf(plan).policy.state, "absent");
  });

test("an unknown policy lists its unknown references", () => {
  const references = [
    "data.aws_caller_identity.me.account_id",
    "data.aws_caller_identity.me",
    "aws_iam_role.app.arn",
    "aws_iam_role.app",
  ];
  const { policy } = keyOf({ resources: [reader(refs(...references)), role] });
  assert.equal(policy.state, "unresolved");
  assert.deepEqual(policy.unknown, unknownOf("aws_iam_role.app.arn").unknown);
});

const attached = (key: unknown, more: object = {}): ResourceSpec => ({
  address: "aws_kms_key_policy.p",
  after: { policy: policyText(rootStatement()), ...more },
  unknown: ["key_id"],
  config: { key_id: key, policy: {} },
});

test("the key has the attached policy and its lockout safety check bypass", () => {
  const key = keyOf({
    resources: [
      { address: "aws_kms_key.k", unknown: ["policy"] },
      attached(refs("aws_kms_key.k.id", "aws_kms_key.k"), { bypass_policy_lockout_safety_check: true }),
    ],
  });
  assert.equal(key.policy.attachedBy, "aws_kms_key_policy.p");
  assert.equal(key.policy.location?.address, "aws_kms_key_policy.p");
  assert.equal(key.properties?.bypassLockoutSafetyCheck, true);
  assert.equal(key.locations.bypassLockoutSafetyCheck?.address, "aws_kms_key_policy.p");
  assert.ok(!key.defaults.includes("bypassLockoutSafetyCheck"));
});

test("a policy that is attached to a key outside of the plan is standalone", () => {
  const arn = "arn:aws-cn:kms:cn-north-1:444455556666:key/1";
  const [key] = readPlan({ resources: [{ ...attached(constant(arn), { key_id: arn }), unknown: [] }] }).keys;
  assert.deepEqual(
    [key?.kind, key?.resource, key?.arn, key?.owner, key?.region, key?.partition, key?.properties],
    [
      "policy",
      "aws_kms_key_policy.p",
      arn,
      "444455556666",
      "cn-north-1",
      "aws-cn",
      { bypassLockoutSafetyCheck: false },
    ],
  );
});

test("a policy with several possible keys makes all their policies unknown", () => {
  const part = readPlan({
    resources: [
      { address: "aws_kms_key.k[0]", index: 0, unknown: ["policy"] },
      { address: "aws_kms_key.k[1]", index: 1, unknown: ["policy"] },
      attached(refs("aws_kms_key.k")),
    ],
  });
  assert.deepEqual(
    part.keys.map((key) => [key.kind, key.policy.state]),
    [
      ["key", "unresolved"],
      ["key", "unresolved"],
      ["policy", "resolved"],
    ],
  );
});

const inline = policyText(rootStatement("444455556666"));
const attachedTo = (address: string, ...keys: string[]): ResourceSpec => ({
  address,
  after: { policy: policyText(rootStatement()) },
  unknown: ["key_id"],
  config: { key_id: refs(...keys.flatMap((key) => [`${key}.id`, key])) },
});
const one = "aws_kms_key_policy.one";
const two = "aws_kms_key_policy.two";
const givenTwice: {
  name: string;
  key?: Partial<ResourceSpec>;
  policies?: string[];
  others?: string[];
  perhaps?: string[];
}[] = [
  {
    name: "inline and attached",
    key: { after: { policy: inline }, config: { policy: {} } },
    others: ["aws_kms_key.k"],
  },
  { name: "two attached", policies: [one, two], others: [one] },
  {
    name: "inline, and two attached",
    key: { after: { policy: inline }, config: { policy: {} } },
    policies: [one, two],
    others: ["aws_kms_key.k", one],
  },
  { name: "attached, and computed for the key", key: { after: { policy: inline }, config: {} } },
  { name: "attached, and computed in the key", key: { unknown: ["policy"], config: {} } },
  { name: "attached beside an empty text", key: { after: { policy: "" }, config: { policy: {} } } },
  {
    name: "attached, next to a variable that is null",
    key: { unknown: ["policy"], config: { policy: refs("var.policy") } },
  },
  {
    name: "attached, next to a document that is read during apply",
    key: {
      unknown: ["policy"],
      config: { policy: refs("data.aws_iam_policy_document.d.json", "data.aws_iam_policy_document.d") },
    },
    others: ["aws_kms_key.k"],
  },
  {
    name: "attached, next to a choice between a document and null",
    key: {
      unknown: ["policy"],
      config: {
        policy: refs("var.own", "data.aws_iam_policy_document.d.json", "data.aws_iam_policy_document.d"),
      },
    },
    perhaps: ["aws_kms_key.k"],
  },
  {
    name: "attached, without a configuration",
    key: { after: { policy: inline }, config: null },
    perhaps: ["aws_kms_key.k"],
  },
];
for (const { name, key = {}, policies = [one], others = [], perhaps = [] } of givenTwice)
  test(`policies of a key: ${name}`, () => {
    const { policy } = keyOf({
      resources: [
        { address: "aws_kms_key.k", ...key },
        { address: "data.aws_iam_policy_document.d", unknown: ["json"] },
        ...policies.map((address) => attachedTo(address, "aws_kms_key.k")),
      ],
    });
    assert.equal(policy.attachedBy, policies.at(-1));
    assert.equal(policy.statements[0]?.principals[0]?.account, "111122223333");
    const open = (policy.otherPolicies ?? []).filter((other) => other.conditional === true);
    const sure = (policy.otherPolicies ?? []).filter((other) => other.conditional !== true);
    assert.deepEqual(
      [sure, open].map((some) => some.map(({ resource }) => resource)),
      [others, perhaps],
    );
    for (const { location } of policy.otherPolicies ?? []) assert.ok(location.line > 1);
  });
