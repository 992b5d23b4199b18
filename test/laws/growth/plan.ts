/** Terraform plans whose normalization could grow faster than their text. */
import { allow, type Family, json, nested, policy, repeat, root } from "./family.ts";

type Json = { [name: string]: unknown };

const change = (address: string, after: Json, unknown: Json = {}, actions = ["create"]) => {
  const [type = "", name = ""] = address.replace(/^(module\.\w+\.)*(data\.)?/, "").split(".");
  const modules = /^(module\.\w+\.)*/.exec(address)?.[0].slice(0, -1);
  return {
    address,
    ...(modules ? { module_address: modules } : {}),
    mode: /(^|\.)data\./.test(address) ? "data" : "managed",
    type,
    name,
    provider_name: "registry.terraform.io/hashicorp/aws",
    change: { actions, before: null, after, after_unknown: unknown },
  };
};
const configured = (address: string, expressions: Json = {}) => {
  const [type = "", name = ""] = address.replace(/^data\./, "").split(".");
  return {
    address,
    mode: address.startsWith("data.") ? "data" : "managed",
    type,
    name,
    provider_config_key: "aws",
    expressions,
  };
};
const plan = (changes: unknown[], rootModule: Json = {}, more: Json = {}) => ({
  format_version: "1.2",
  terraform_version: "1.11.4",
  resource_changes: changes,
  configuration: {
    provider_config: { aws: { name: "aws", full_name: "registry.terraform.io/hashicorp/aws" } },
    root_module: rootModule,
  },
  ...more,
});
const key = (address: string, keyPolicy: unknown = policy(root)) =>
  change(address, {
    enable_key_rotation: true,
    deletion_window_in_days: 30,
    policy: typeof keyPolicy === "string" ? keyPolicy : json(keyPolicy),
  });
const references = (...list: string[]) => ({ references: list });
const file = (name: string, n: number, make: (n: number) => unknown): Family => ({
  name: `plan: ${name}`,
  n,
  files: (size) => {
    const made = make(size);
    return { "plan.json": typeof made === "string" ? made : json(made) };
  },
});

const document = (i: number, sources: string[], statements: unknown[] = []) => ({
  change: change(
    `data.aws_iam_policy_document.d${i}`,
    {
      statement: statements,
      source_policy_documents: sources.length === 0 ? null : sources.map(() => null),
      override_policy_documents: null,
    },
    {
      json: true,
      id: true,
      ...(sources.length === 0 ? {} : { source_policy_documents: sources.map(() => true) }),
    },
    ["read"],
  ),
  configured: configured(`data.aws_iam_policy_document.d${i}`, {
    ...(sources.length === 0
      ? {}
      : { source_policy_documents: references(...sources.flatMap((source) => [`${source}.json`, source])) }),
    ...(statements.length === 0
      ? {}
      : {
          statement: statements.map(() => ({
            actions: { constant_value: ["kms:Decrypt"] },
            resources: { constant_value: ["*"] },
          })),
        }),
  }),
});
const statement = (i: number) => ({
  sid: `S${i}`,
  effect: "Allow",
  actions: ["kms:Decrypt"],
  not_actions: null,
  resources: ["*"],
  not_resources: null,
  condition: [],
  principals: [{ type: "AWS", identifiers: ["arn:aws:iam::444455556666:role/app"] }],
  not_principals: [],
});
const documents = (list: ReturnType<typeof document>[], last: string, keys = 1) =>
  plan(
    [
      ...repeat(keys, (i) => change(`aws_kms_key.k${i}`, { enable_key_rotation: true }, { policy: true })),
      ...list.map((one) => one.change),
    ],
    {
      resources: [
        ...repeat(keys, (i) => configured(`aws_kms_key.k${i}`, { policy: references(`${last}.json`, last) })),
        ...list.map((one) => one.configured),
      ],
    },
  );
const name = (i: number) => `data.aws_iam_policy_document.d${i}`;

export const planFamilies: Family[] = [
  file("keys", 150, (n) => plan(repeat(n, (i) => key(`aws_kms_key.k${i}`)))),
  file("one key many times", 150, (n) => plan(repeat(n, () => key("aws_kms_key.k")))),
  file("statements", 400, (n) =>
    plan([key("aws_kms_key.k", policy(root, ...repeat(n, (i) => allow({ Sid: `S${i}` }))))]),
  ),
  file("a deep policy", 80, (n) =>
    plan([
      key("aws_kms_key.k", policy(root, allow({ Principal: nested<unknown>(n, "*", (inner) => [inner]) }))),
    ]),
  ),
  file("a policy in strings", 6, (n) => plan([key("aws_kms_key.k", nested(n, json(policy(root)), json))])),
  file("document statements", 300, (n) => documents([document(0, [], repeat(n, statement))], name(0))),
  file("documents that double", 18, (n) =>
    documents(
      [document(0, [], [statement(0)]), ...repeat(n, (i) => document(i + 1, [name(i), name(i)], []))],
      name(n),
    ),
  ),
  file("documents that double with two sources", 18, (n) =>
    documents(
      [
        document(0, [], [statement(0)]),
        ...repeat(n, (i) => document(2 * i + 1, [name(Math.max(0, 2 * i - 1)), name(2 * i)], [])),
        ...repeat(n, (i) => document(2 * i + 2, [name(Math.max(0, 2 * i - 1)), name(2 * i)], [])),
      ],
      name(2 * n),
    ),
  ),
  file("a chain of documents", 100, (n) =>
    documents(
      [document(0, [], [statement(0)]), ...repeat(n, (i) => document(i + 1, [name(i)], [statement(i + 1)]))],
      name(n),
    ),
  ),
  file("documents of one statement each", 100, (n) =>
    documents(
      [...repeat(n, (i) => document(i, [], [statement(i)])), document(n, repeat(n, name), [])],
      name(n),
    ),
  ),
  file("one document of many keys", 60, (n) =>
    documents([document(0, [], repeat(n, statement))], name(0), n),
  ),
  file("module calls", 15, (n) =>
    plan(
      [change(`${"module.m.".repeat(n)}aws_kms_key.k`, { enable_key_rotation: true }, { policy: true })],
      nested<Json>(
        n,
        { resources: [configured("aws_kms_key.k", { policy: references("var.a") })], variables: { a: {} } },
        (inner) => ({
          module_calls: { m: { expressions: { a: references("var.a", "var.b") }, module: inner } },
          variables: { a: {}, b: {} },
        }),
      ),
    ),
  ),
  file("variables that double", 15, (n) =>
    plan(
      [change(`${"module.m.".repeat(n)}aws_kms_key.k`, { enable_key_rotation: true }, { policy: true })],
      nested<Json>(
        n,
        { resources: [configured("aws_kms_key.k", { policy: references("var.a", "var.b") })] },
        (inner) => ({
          module_calls: {
            m: {
              expressions: { a: references("var.a", "var.b"), b: references("var.b", "var.a") },
              module: inner,
            },
          },
        }),
      ),
    ),
  ),
  file("outputs that double", 15, (n) =>
    plan([change("aws_kms_key.k", { enable_key_rotation: true }, { policy: true })], {
      resources: [configured("aws_kms_key.k", { policy: references("module.m.a", "module.m") })],
      module_calls: {
        m: nested<Json>(
          n,
          { module: { outputs: { a: { expression: references("aws_kms_key.x.arn", "aws_kms_key.x") } } } },
          (inner) => ({
            module: {
              outputs: { a: { expression: references("module.m.a", "module.m", "module.n.a", "module.n") } },
              module_calls: {
                m: inner,
                n: { module: { outputs: { a: { expression: references("var.x") } } } },
              },
            },
          }),
        ),
      },
    }),
  ),
  file("references", 1000, (n) =>
    plan([change("aws_kms_key.k", { enable_key_rotation: true }, { policy: true })], {
      resources: [
        configured("aws_kms_key.k", { policy: references(...repeat(n, (i) => `aws_iam_role.r${i}`)) }),
      ],
    }),
  ),
  file("references of many keys", 60, (n) =>
    plan(
      repeat(n, (i) => change(`aws_kms_key.k${i}`, { enable_key_rotation: true }, { policy: true })),
      {
        resources: repeat(n, (i) =>
          configured(`aws_kms_key.k${i}`, {
            policy: references(...repeat(n, (j) => `aws_iam_role.r${j}.arn`)),
          }),
        ),
      },
    ),
  ),
  file("aliases of many keys", 150, (n) =>
    plan(
      repeat(n, (i) => [
        change(`aws_kms_key.k${i}`, { enable_key_rotation: true }, { arn: true, key_id: true }),
        change(`aws_kms_alias.a${i}`, { name: `alias/a${i}` }, { target_key_id: true }),
      ]).flat(),
      {
        resources: repeat(n, (i) => [
          configured(`aws_kms_key.k${i}`),
          configured(`aws_kms_alias.a${i}`, {
            target_key_id: references(`aws_kms_key.k${i}.key_id`, `aws_kms_key.k${i}`),
          }),
        ]).flat(),
      },
    ),
  ),
  file("instances of a key", 300, (n) =>
    plan(
      repeat(n, (i) => [
        {
          ...change("aws_kms_key.k", { enable_key_rotation: true }, { arn: true }),
          address: `aws_kms_key.k[${i}]`,
          index: i,
        },
        {
          ...change("aws_kms_alias.a", { name: `alias/a${i}` }, { target_key_id: true }),
          address: `aws_kms_alias.a[${i}]`,
          index: i,
        },
      ]).flat(),
      {
        resources: [
          configured("aws_kms_key.k"),
          configured("aws_kms_alias.a", { target_key_id: references("aws_kms_key.k") }),
        ],
      },
    ),
  ),
  file("policy attachments", 150, (n) =>
    plan(
      [
        key("aws_kms_key.k"),
        ...repeat(n, (i) =>
          change(`aws_kms_key_policy.p${i}`, { policy: json(policy(root)) }, { key_id: true }),
        ),
      ],
      {
        resources: [
          configured("aws_kms_key.k"),
          ...repeat(n, (i) =>
            configured(`aws_kms_key_policy.p${i}`, {
              key_id: references("aws_kms_key.k.id", "aws_kms_key.k"),
            }),
          ),
        ],
      },
    ),
  ),
  file("grants", 200, (n) =>
    plan(
      [
        key("aws_kms_key.k"),
        ...repeat(n, (i) =>
          change(
            `aws_kms_grant.g${i}`,
            { grantee_principal: "arn:aws:iam::111122223333:role/r", operations: ["Decrypt"] },
            { key_id: true },
          ),
        ),
      ],
      {
        resources: [
          configured("aws_kms_key.k"),
          ...repeat(n, (i) =>
            configured(`aws_kms_grant.g${i}`, { key_id: references("aws_kms_key.k.id", "aws_kms_key.k") }),
          ),
        ],
      },
    ),
  ),
  file("roles with policies", 150, (n) =>
    plan([
      key("aws_kms_key.k"),
      ...repeat(n, (i) =>
        change(`aws_iam_role_policy.p${i}`, {
          role: `r${i}`,
          policy: json(policy({ Effect: "Allow", Action: "kms:*", Resource: "*" })),
        }),
      ),
    ]),
  ),
  file("identity policy attachments", 150, (n) =>
    plan(
      [
        key("aws_kms_key.k"),
        change(
          "aws_iam_policy.p",
          { policy: json(policy({ Effect: "Allow", Action: "kms:*", Resource: "*" })) },
          { arn: true },
        ),
        ...repeat(n, (i) =>
          change(`aws_iam_role_policy_attachment.a${i}`, { role: `r${i}` }, { policy_arn: true }),
        ),
      ],
      {
        resources: [
          configured("aws_kms_key.k"),
          configured("aws_iam_policy.p"),
          ...repeat(n, (i) =>
            configured(`aws_iam_role_policy_attachment.a${i}`, {
              policy_arn: references("aws_iam_policy.p.arn", "aws_iam_policy.p"),
            }),
          ),
        ],
      },
    ),
  ),
  file("consumers", 300, (n) =>
    plan(
      [
        key("aws_kms_key.k"),
        ...repeat(n, (i) => change(`aws_sqs_queue.q${i}`, { name: `q${i}` }, { kms_master_key_id: true })),
      ],
      {
        resources: [
          configured("aws_kms_key.k"),
          ...repeat(n, (i) =>
            configured(`aws_sqs_queue.q${i}`, {
              kms_master_key_id: references("aws_kms_key.k.arn", "aws_kms_key.k"),
            }),
          ),
        ],
      },
    ),
  ),
  file("providers", 300, (n) =>
    plan(
      repeat(n, (i) => key(`aws_kms_key.k${i}`)),
      {
        resources: repeat(n, (i) => ({
          ...configured(`aws_kms_key.k${i}`),
          provider_config_key: `aws.p${i}`,
        })),
      },
      {
        configuration: {
          provider_config: Object.fromEntries(
            repeat(n, (i) => [
              `aws.p${i}`,
              {
                name: "aws",
                alias: `p${i}`,
                full_name: "registry.terraform.io/hashicorp/aws",
                expressions: { region: { constant_value: "eu-west-1" } },
              },
            ]),
          ),
          root_module: {
            resources: repeat(n, (i) => ({
              ...configured(`aws_kms_key.k${i}`),
              provider_config_key: `aws.p${i}`,
            })),
          },
        },
      },
    ),
  ),
  file("prior state", 200, (n) =>
    plan(
      [key("aws_kms_key.k")],
      {},
      {
        prior_state: {
          values: {
            root_module: {
              resources: repeat(n, (i) => ({
                address: `aws_kms_key.k${i}`,
                mode: "managed",
                type: "aws_kms_key",
                name: `k${i}`,
                values: { arn: `arn:aws:kms:eu-west-1:111122223333:key/${i}`, policy: json(policy(root)) },
              })),
            },
          },
        },
      },
    ),
  ),
  file("relevant attributes and unknown values", 1000, (n) =>
    plan([
      change(
        "aws_kms_key.k",
        { policy: json(policy(root)), tags: Object.fromEntries(repeat(n, (i) => [`t${i}`, "x"])) },
        { tags_all: Object.fromEntries(repeat(n, (i) => [`t${i}`, true])) },
      ),
    ]),
  ),
  file("a long address", 50_000, (n) =>
    plan([key(`aws_kms_key.k${"k".repeat(n)}`, policy(root, allow({ Principal: "*" })))]),
  ),
  file("brackets in an address", 20_000, (n) => plan([key(`module.m${"[0]".repeat(n)}.aws_kms_key.k`)])),
  file("open quotes in an address", 20_000, (n) => plan([key(`module.m["${"\\".repeat(n)}.aws_kms_key.k`)])),
  file("nested modules of planned values", 100, (n) =>
    plan(
      [],
      {},
      {
        planned_values: {
          root_module: nested<Json>(
            n,
            {
              resources: [
                {
                  address: "aws_kms_key.k",
                  mode: "managed",
                  type: "aws_kms_key",
                  name: "k",
                  values: { policy: json(policy(root)) },
                },
              ],
            },
            (inner, i) => ({ child_modules: [{ address: `module.m${i}`, ...inner }] }),
          ),
        },
      },
    ),
  ),
];
