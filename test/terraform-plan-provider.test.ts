import assert from "node:assert/strict";
import { test } from "node:test";
import type { TargetOptions } from "../src/core/model/format.ts";
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

const k: ResourceSpec = { address: "aws_kms_key.k" };
const aws = (region?: unknown, more: object = {}) => ({
  name: "aws",
  expressions: { ...(region === undefined ? {} : { region }), ...more },
});

const regions: {
  name: string;
  plan: PlanSpec;
  options?: TargetOptions;
  region: unknown;
  partition?: unknown;
}[] = [
  { name: "the provider's", plan: { resources: [k] }, region: "eu-west-1", partition: "aws" },
  {
    name: "the argument of the resource",
    plan: { resources: [{ ...k, after: { region: "cn-north-1" } }] },
    region: "cn-north-1",
    partition: "aws-cn",
  },
  {
    name: "the ARN of an existing key",
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
    plan: {
      resources: [k],
      providers: { aws: aws(refs("var.region")) },
      variableValues: { region: "sa-east-1" },
    },
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
    name: "a variable in a longer string",
    plan: { resources: [k], providers: { aws: aws(refs("var.area")) }, variableValues: { area: "eu-west" } },
    region: unknownOf("var.area", "the plan does not contain the Region of the provider"),
  },
  {
    name: "a provider in a module, with the Region from the caller",
    plan: {
      modules: { a: { arguments: { region: refs("var.where") } } },
      resources: [{ address: "module.a.aws_kms_key.k", provider: "module.a:aws" }],
      providers: { "module.a:aws": { ...aws(refs("var.region")), module_address: "module.a" } },
      variableValues: { where: "ap-south-1" },
    },
    region: "ap-south-1",
  },
  {
    name: "the default provider, inherited by modules without a provider",
    plan: {
      modules: { a: { modules: { b: {} } } },
      resources: [{ address: "module.a.module.b.aws_kms_key.k", provider: "module.a.module.b:aws" }],
      providers: { aws: aws(constant("eu-west-3")), "module.a.module.b:aws": { name: "aws" } },
    },
    region: "eu-west-3",
  },
  {
    name: "a provider with an alias, passed to a module",
    plan: {
      modules: { a: { modules: { b: {} } } },
      resources: [{ address: "module.a.module.b.aws_kms_key.k", provider: "module.a.module.b:aws.dr" }],
      providers: { aws: aws(constant("eu-west-3")), "module.a.module.b:aws.dr": { name: "aws" } },
    },
    options: { region: "eu-west-1" },
    region: unknownOf("provider.aws.dr.region", "not set in the provider configuration"),
  },
  {
    name: "a provider without Region, with a Region from the options",
    plan: { resources: [k], providers: { aws: aws() } },
    options: { region: "us-east-2" },
    region: "us-east-2",
  },
  {
    name: "a provider without Region",
    plan: { resources: [k], providers: { aws: aws() } },
    region: unknownOf("provider.aws.region", "not set in the provider configuration"),
    partition: unknownOf("provider.aws.region", "not set in the provider configuration"),
  },
];

for (const { name, plan, options = {}, region, partition } of regions)
  test(`Region: ${name}`, () => {
    const key = keyOf(plan, options);
    assert.deepEqual(key.region, region);
    if (partition !== undefined) assert.deepEqual(key.partition, partition);
  });

const me = "data.aws_caller_identity.me";
const config = { policy: refs(`${me}.account_id`, me) };
const known = { ...k, after: { policy: policyText(rootStatement()) }, config };
const dataSources = { [me]: { account_id: "111122223333" } };
const source: ResourceSpec = { address: me };
const roleIn = (account: string) => constant(`arn:aws:iam::${account}:role/deploy`);
const assuming = (account: string) =>
  aws(constant("us-east-1"), { assume_role: [{ role_arn: roleIn(account) }] });

const owners: { name: string; plan: PlanSpec; options?: TargetOptions; owner: unknown }[] = [
  {
    name: "the account from the options",
    plan: { resources: [known] },
    options: { account: "999900001111" },
    owner: "999900001111",
  },
  {
    name: "the account in the key ARN",
    plan: { resources: [{ ...k, after: { arn: "arn:aws:kms:eu-west-1:444455556666:key/1" } }] },
    owner: "444455556666",
  },
  {
    name: "the caller in the policy",
    plan: { resources: [known], dataSourceConfigs: [source], dataSources },
    owner: "111122223333",
  },
  {
    name: "the caller in a document of the policy",
    plan: {
      resources: [
        {
          ...known,
          config: { policy: refs("data.aws_iam_policy_document.d.json", "data.aws_iam_policy_document.d") },
        },
      ],
      dataSourceConfigs: [
        source,
        {
          address: "data.aws_iam_policy_document.d",
          config: { statement: [{ sid: refs(`${me}.account_id`, me) }] },
        },
      ],
      dataSources,
    },
    owner: "111122223333",
  },
  {
    name: "the caller of another provider with the same credentials",
    plan: {
      resources: [{ ...known, provider: "aws.dr" }],
      dataSourceConfigs: [source],
      dataSources,
      providers: { aws: aws(constant("eu-west-1")), "aws.dr": aws(constant("us-east-1")) },
    },
    owner: "111122223333",
  },
  {
    name: "not the caller of another provider with an assumed role",
    plan: {
      resources: [{ ...known, provider: "aws.dr" }],
      dataSourceConfigs: [source],
      dataSources,
      providers: {
        aws: aws(constant("eu-west-1")),
        "aws.dr": aws(constant("us-east-1"), { assume_role: [{ role_arn: constant("r") }] }),
      },
    },
    owner: unknownOf("provider.aws.dr", "its account is not in the input"),
  },
  {
    name: "a caller that the policy does not mention",
    plan: { resources: [{ ...known, config: { policy: {} } }], dataSourceConfigs: [source], dataSources },
    owner: "111122223333",
  },
  {
    name: "the caller of another provider in the account that both state",
    plan: {
      resources: [{ ...known, provider: "aws.dr" }],
      dataSourceConfigs: [source],
      dataSources,
      providers: { aws: aws(constant("eu-west-1")), "aws.dr": assuming("111122223333") },
    },
    owner: "111122223333",
  },
  {
    name: "the account of the role that the provider assumes, not of the caller in the policy",
    plan: {
      resources: [{ ...known, provider: "aws.dr" }],
      dataSourceConfigs: [source],
      dataSources,
      providers: { aws: aws(constant("eu-west-1")), "aws.dr": assuming("444455556666") },
    },
    owner: "444455556666",
  },
  {
    name: "the last role of a chain",
    plan: {
      resources: [known],
      providers: {
        aws: aws(constant("eu-west-1"), {
          assume_role: ["111122223333", "444455556666"].map((account) => ({ role_arn: roleIn(account) })),
        }),
      },
    },
    owner: "444455556666",
  },
  {
    name: "the role of a web identity",
    plan: {
      resources: [known],
      providers: {
        aws: aws(constant("eu-west-1"), {
          assume_role_with_web_identity: [{ role_arn: roleIn("444455556666") }],
        }),
      },
    },
    owner: "444455556666",
  },
  {
    name: "the only allowed account",
    plan: {
      resources: [known],
      providers: { aws: aws(constant("eu-west-1"), { allowed_account_ids: constant(["444455556666"]) }) },
    },
    owner: "444455556666",
  },
  {
    name: "none of several allowed accounts",
    plan: {
      resources: [known],
      providers: {
        aws: aws(constant("eu-west-1"), { allowed_account_ids: constant(["444455556666", "111122223333"]) }),
      },
    },
    owner: unknownOf("", "undecided"),
  },
  {
    name: "a role in a variable",
    plan: {
      resources: [known],
      providers: { aws: aws(constant("eu-west-1"), { assume_role: [{ role_arn: refs("var.role") }] }) },
      variableValues: { role: "arn:aws:iam::444455556666:role/deploy" },
    },
    owner: "444455556666",
  },
  {
    name: "the account in a variable that the ARN of the role contains",
    plan: {
      resources: [known],
      providers: {
        aws: aws(constant("eu-west-1"), { assume_role: [{ role_arn: refs("var.account", "var.name") }] }),
      },
      variableValues: { account: "444455556666", name: "deploy" },
    },
    owner: "444455556666",
  },
  {
    name: "`self` if the caller is read during apply",
    plan: {
      resources: [
        { ...k, unknown: ["policy"], config },
        { ...source, unknown: ["account_id"] },
      ],
    },
    owner: "self",
  },
  {
    name: "not `self` if the policy is known but the caller is not in the plan",
    plan: { resources: [known], dataSourceConfigs: [source] },
    owner: unknownOf("", "undecided"),
  },
];

for (const { name, plan, options = {}, owner } of owners)
  test(`owner: ${name}`, () => assert.deepEqual(keyOf(plan, options).owner, owner));

test("owner: `self` in one key, the account ID in another key of the same scope", () => {
  const part = readPlan({
    resources: [
      { ...k, unknown: ["policy"], config: { policy: refs("data.aws_caller_identity.later.account_id") } },
      { address: "data.aws_caller_identity.later", unknown: ["account_id"] },
      { ...known, address: "aws_kms_key.l" },
    ],
    dataSourceConfigs: [source],
    dataSources,
  });
  assert.deepEqual(
    part.keys.map((key) => key.owner),
    ["111122223333", "111122223333"],
  );
});

const laterDocument = (...roots: string[]): ResourceSpec => ({
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
  config: {
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
  test(`owner: ${roots.length} root principals next to a role in the plan`, () => {
    const reader = {
      ...k,
      unknown: ["policy"],
      config: { policy: refs("data.aws_iam_policy_document.d.json") },
    };
    const role = { address: "aws_iam_role.r", unknown: ["arn"] };
    assert.deepEqual(keyOf({ resources: [reader, role, laterDocument(...roots)] }).owner, owner);
  });

test("keys of two accounts have two scopes", () => {
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
