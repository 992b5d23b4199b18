import assert from "node:assert/strict";
import { test } from "node:test";
import type { TargetOptions } from "../src/core/model/format.ts";
import {
  constant,
  keyOf,
  policyText,
  readPlan,
  refs,
  rootStatement,
  type Short,
  type ShortPlan,
  unknownOf,
} from "./terraform-plan-support.ts";

const k: Short = { address: "aws_kms_key.k" };
const aws = (region?: unknown, more: object = {}) => ({
  name: "aws",
  expressions: { ...(region === undefined ? {} : { region }), ...more },
});

const regions: {
  name: string;
  plan: ShortPlan;
  options?: TargetOptions;
  region: unknown;
  partition?: unknown;
}[] = [
  { name: "the provider's", plan: { resources: [k] }, region: "eu-west-1", partition: "aws" },
  {
    name: "the resource's own argument",
    plan: { resources: [{ ...k, after: { region: "cn-north-1" } }] },
    region: "cn-north-1",
    partition: "aws-cn",
  },
  {
    name: "of the ARN of a key that exists",
    plan: { resources: [{ ...k, after: { arn: "arn:aws-us-gov:kms:us-gov-west-1:111122223333:key/1" } }] },
    region: "us-gov-west-1",
    partition: "aws-us-gov",
  },
  {
    name: "a provider with an alias",
    plan: {
      resources: [{ ...k, provider: "aws.dr" }],
      providers: { aws: aws(constant("eu-west-1")), "aws.dr": aws(constant("eu-central-1")) },
    },
    region: "eu-central-1",
  },
  {
    name: "a variable's value",
    plan: { resources: [k], providers: { aws: aws(refs("var.region")) }, values: { region: "sa-east-1" } },
    region: "sa-east-1",
  },
  {
    name: "a variable's default",
    plan: {
      resources: [k],
      providers: { aws: aws(refs("var.region")) },
      variables: { region: { default: "sa-east-1" } },
    },
    region: "sa-east-1",
  },
  {
    name: "a variable inside a longer text",
    plan: { resources: [k], providers: { aws: aws(refs("var.area")) }, values: { area: "eu-west" } },
    region: unknownOf("var.area", "the plan does not show the Region of the provider"),
  },
  {
    name: "a module's provider whose Region the caller passes",
    plan: {
      modules: { a: { passes: { region: refs("var.where") } } },
      resources: [{ address: "module.a.aws_kms_key.k", provider: "module.a:aws" }],
      providers: { "module.a:aws": { ...aws(refs("var.region")), module_address: "module.a" } },
      values: { where: "ap-south-1" },
    },
    region: "ap-south-1",
  },
  {
    name: "the default provider, handed down through modules without providers of their own",
    plan: {
      modules: { a: { modules: { b: {} } } },
      resources: [{ address: "module.a.module.b.aws_kms_key.k", provider: "module.a.module.b:aws" }],
      providers: { aws: aws(constant("eu-west-3")), "module.a.module.b:aws": { name: "aws" } },
    },
    region: "eu-west-3",
  },
  {
    name: "an alias that is handed down is not the default",
    plan: {
      modules: { a: { modules: { b: {} } } },
      resources: [{ address: "module.a.module.b.aws_kms_key.k", provider: "module.a.module.b:aws.dr" }],
      providers: { aws: aws(constant("eu-west-3")), "module.a.module.b:aws.dr": { name: "aws" } },
    },
    options: { region: "eu-west-1" },
    region: unknownOf("aws.dr", "the provider's configuration sets no Region"),
  },
  {
    name: "of the environment, as configured",
    plan: { resources: [k], providers: { aws: aws() } },
    options: { region: "us-east-2" },
    region: "us-east-2",
  },
  {
    name: "of the environment",
    plan: { resources: [k], providers: { aws: aws() } },
    region: unknownOf("aws", "the provider's configuration sets no Region"),
    partition: unknownOf("aws", "the provider's configuration sets no Region"),
  },
];

for (const { name, plan, options = {}, region, partition } of regions)
  test(`Region: ${name}`, () => {
    const key = keyOf(plan, options);
    assert.deepEqual(key.region, region);
    if (partition !== undefined) assert.deepEqual(key.partition, partition);
  });

const me = "data.aws_caller_identity.me";
const written = { policy: refs(`${me}.account_id`, me) };
const known = { ...k, after: { policy: policyText(rootStatement()) }, written };
const read = { [me]: { account_id: "111122223333" } };
const source: Short = { address: me };

const owners: { name: string; plan: ShortPlan; options?: TargetOptions; owner: unknown }[] = [
  {
    name: "as configured",
    plan: { resources: [known] },
    options: { account: "999900001111" },
    owner: "999900001111",
  },
  {
    name: "of the key's ARN",
    plan: { resources: [{ ...k, after: { arn: "arn:aws:kms:eu-west-1:444455556666:key/1" } }] },
    owner: "444455556666",
  },
  {
    name: "the caller, whom the policy names",
    plan: { resources: [known], written: [source], read },
    owner: "111122223333",
  },
  {
    name: "the caller, whom a document names that the policy reads",
    plan: {
      resources: [
        {
          ...known,
          written: { policy: refs("data.aws_iam_policy_document.d.json", "data.aws_iam_policy_document.d") },
        },
      ],
      written: [
        source,
        {
          address: "data.aws_iam_policy_document.d",
          written: { statement: [{ sid: refs(`${me}.account_id`, me) }] },
        },
      ],
      read,
    },
    owner: "111122223333",
  },
  {
    name: "the caller by another provider with the same credentials",
    plan: {
      resources: [{ ...known, provider: "aws.dr" }],
      written: [source],
      read,
      providers: { aws: aws(constant("eu-west-1")), "aws.dr": aws(constant("us-east-1")) },
    },
    owner: "111122223333",
  },
  {
    name: "not the caller by another provider with a role of its own",
    plan: {
      resources: [{ ...known, provider: "aws.dr" }],
      written: [source],
      read,
      providers: {
        aws: aws(constant("eu-west-1")),
        "aws.dr": aws(constant("us-east-1"), { assume_role: [{ role_arn: constant("r") }] }),
      },
    },
    owner: unknownOf("", "undecided"),
  },
  {
    name: "a caller whom nothing names does not count",
    plan: { resources: [{ ...known, written: { policy: {} } }], written: [source], read },
    owner: unknownOf("", "undecided"),
  },
  {
    name: "a caller who is read later is a symbol",
    plan: {
      resources: [
        { ...k, unknown: ["policy"], written },
        { ...source, unknown: ["account_id"] },
      ],
    },
    owner: "self",
  },
  {
    name: "the text shows the account where the plan does not show the caller",
    plan: { resources: [known], written: [source] },
    owner: unknownOf("", "undecided"),
  },
];

for (const { name, plan, options = {}, owner } of owners)
  test(`owner: ${name}`, () => assert.deepEqual(keyOf(plan, options).owner, owner));

test("owner: a symbol in one key, its id in another of the same account", () => {
  const part = readPlan({
    resources: [
      { ...k, unknown: ["policy"], written: { policy: refs("data.aws_caller_identity.later.account_id") } },
      { address: "data.aws_caller_identity.later", unknown: ["account_id"] },
      { ...known, address: "aws_kms_key.l" },
    ],
    written: [source],
    read,
  });
  assert.deepEqual(
    part.keys.map((key) => key.owner),
    ["111122223333", "111122223333"],
  );
});

const laterDocument = (...roots: string[]): Short => ({
  address: "data.aws_iam_policy_document.d",
  after: {
    statement: [
      ...roots.map((root) => ({
        actions: ["kms:*"],
        resources: ["*"],
        principals: [{ type: "AWS", identifiers: [root] }],
      })),
      { actions: ["kms:Decrypt"], resources: ["*"], principals: [{ type: "AWS", identifiers: [null] }] },
    ],
  },
  unknown: { json: true, statement: [...roots.map(() => ({})), { principals: [{ identifiers: [true] }] }] },
  written: {
    statement: [
      ...roots.map(() => ({})),
      { principals: [{ type: constant("AWS"), identifiers: refs("aws_iam_role.r.arn", "aws_iam_role.r") }] },
    ],
  },
});
for (const [roots, owner] of [
  [["111122223333"], "111122223333"],
  [["111122223333", "444455556666"], unknownOf("", "undecided")],
  [[], unknownOf("", "undecided")],
] as const)
  test(`owner: ${roots.length} roots beside a role of the plan`, () => {
    const reader = {
      ...k,
      unknown: ["policy"],
      written: { policy: refs("data.aws_iam_policy_document.d.json") },
    };
    const role = { address: "aws_iam_role.r", unknown: ["arn"] };
    assert.deepEqual(keyOf({ resources: [reader, role, laterDocument(...roots)] }).owner, owner);
  });

test("keys of two accounts are two scopes", () => {
  const part = readPlan({
    resources: [
      k,
      { address: "aws_kms_key.there", provider: "aws.there" },
      { address: "aws_kms_key.near", provider: "aws.near" },
    ],
    providers: {
      aws: aws(constant("eu-west-1")),
      "aws.near": aws(constant("eu-west-2")),
      "aws.there": aws(constant("eu-west-1"), { assume_role: [{ role_arn: constant("r") }] }),
    },
  });
  assert.deepEqual(
    part.keys.map((key) => key.scope),
    ["plan.json", "plan.json#aws.there", "plan.json"],
  );
});
