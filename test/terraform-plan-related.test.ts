import assert from "node:assert/strict";
import { test } from "node:test";
import {
  addresses,
  arnOf,
  constant,
  k,
  key,
  type PlanSpec,
  policyText,
  type ResourceSpec,
  readPlan,
  referenceSummary,
  refs,
  unknownOf,
} from "./terraform-plan-support.ts";

const material = "aws_kms_external_key.m";
const store = "aws_kms_custom_key_store.s";
const secrets: { name: string; plan: PlanSpec; is: { [argument: string]: unknown } }[] = [
  {
    name: "a constant",
    plan: {
      resources: [
        {
          address: material,
          after: { key_material_base64: "hush" },
          sensitive: { key_material_base64: true },
          config: { key_material_base64: constant("hush") },
        },
      ],
    },
    is: { key_material_base64: true },
  },
  {
    name: "a function of constants and a file",
    plan: {
      resources: [
        {
          address: store,
          after: {
            key_store_password: "hush",
            xks_proxy_authentication_credential: [{ access_key_id: "A", raw_secret_access_key: "hush" }],
          },
          config: {
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
    name: "nothing, an empty string, and arguments without a planned value",
    plan: {
      resources: [
        {
          address: store,
          after: { key_store_password: "", xks_proxy_authentication_credential: [] },
          config: { key_store_password: constant("") },
        },
        { address: material, after: { key_material_base64: null } },
        {
          address: "aws_kms_ciphertext.c",
          after: { plaintext: null, plaintext_wo: null },
          config: { plaintext_wo: constant("hush") },
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
      variableValues: { text: "hush" },
      resources: [
        {
          address: "aws_kms_ciphertext.c",
          after: { plaintext: "hush" },
          config: { plaintext: refs("var.text") },
        },
      ],
    },
    is: { plaintext: is },
  })),
  ...[
    { name: "a constant argument of a module", inputs: { text: constant("hush") }, variable: {}, is: true },
    { name: "the default of a module variable", inputs: {}, variable: { default: "hush" }, is: true },
    {
      name: "a resource attribute as an argument of a module",
      inputs: { text: arnOf("random_password.p") },
      is: false,
    },
  ].map(({ name, inputs, variable = {}, is }) => ({
    name,
    plan: {
      modules: { m: { arguments: inputs, variables: { text: variable } } },
      resources: [
        {
          address: "module.m.aws_kms_ciphertext.c",
          after: { plaintext: "hush" },
          config: { plaintext: refs("var.text") },
        },
      ],
    },
    is: { plaintext: is },
  })),
  {
    name: "attributes of a resource and a data source, next to a constant",
    plan: {
      resources: [
        {
          address: "aws_kms_ciphertext.c",
          unknown: ["plaintext"],
          config: { plaintext: refs("path.module", "random_password.p.result", "random_password.p") },
        },
        {
          address: material,
          after: { key_material_base64: "hush" },
          config: {
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
          config: { key_material_base64: refs("local.text") },
        },
      ],
    },
    is: { key_material_base64: unknownOf("local.text", "the plan does not contain the value of the local") },
  },
  {
    name: "a plan without a configuration",
    plan: {
      resources: [{ address: material, after: { key_material_base64: "hush" }, config: null }],
    },
    is: {
      key_material_base64: unknownOf(
        `${material}.key_material_base64`,
        "the plan does not contain the configuration of the resource",
      ),
    },
  },
  {
    name: "blocks that are not in the configuration",
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
        "the plan does not contain the expression",
      ),
    },
  },
];
for (const { name, plan, is } of secrets)
  test(`secret arguments: ${name}`, () => {
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
const config = { policy: refs(`${source}.json`, source) };
const documentOf = (after: object, unknown: object = {}, blocks: object = {}): ResourceSpec => ({
  address: source,
  after: { statement: [after] },
  unknown: { json: true, statement: [unknown] },
  config: { statement: [blocks] },
});

const policies: { name: string; resources: ResourceSpec[]; is: unknown[] }[] = [
  {
    name: "all resource types with identity policies",
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
    name: "resources of the awscc provider",
    resources: [
      ...["awscc_iam_managed_policy", "awscc_iam_role_policy", "awscc_iam_user_policy"].map((type) => ({
        address: `${type}.p`,
        after: { policy_document: policyText(decrypt()) },
      })),
      {
        address: "awscc_iam_role.p",
        after: { policies: [{ policy_name: "a", policy_document: policyText(decrypt()) }] },
        config: { policies: constant([]) },
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
    name: "policies of other services, invalid policies, and none",
    resources: [
      { address: "aws_iam_policy.s3", after: { policy: policyText(reports) } },
      { address: "aws_iam_policy.text", after: { policy: "{" } },
      { address: "aws_iam_role.r", after: { inline_policy: [{ name: null, policy: null }] } },
      { address: "aws_iam_role.computed", unknown: ["inline_policy"] },
    ],
    is: [],
  },
  {
    name: "an unknown policy is omitted",
    resources: [
      { address: "aws_iam_policy.p", unknown: ["policy"], config: { policy: arnOf("aws_s3_bucket.b") } },
    ],
    is: [],
  },
  {
    name: "a document that is read during apply",
    resources: [
      key,
      { address: "aws_iam_policy.p", unknown: ["policy"], config },
      documentOf(
        { actions: ["kms:Decrypt"], resources: [null, null] },
        { resources: [true, true] },
        { resources: refs(`${k}.arn`, k) },
      ),
    ],
    is: [["aws_iam_policy.p", "resolved", ["key", "key"]]],
  },
  {
    name: "an unknown key ID is the end of a key ARN",
    resources: [
      key,
      { address: "aws_iam_policy.p", unknown: ["policy"], config },
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
      { address: "aws_iam_policy.p", unknown: ["policy"], config },
      documentOf(
        { actions: ["kms:Decrypt"], resources: [null] },
        { resources: [true] },
        { resources: arnOf("aws_kms_alias.a") },
      ),
    ],
    is: [["aws_iam_policy.p", "resolved", ["alias"]]],
  },
  {
    name: "one of two documents, one of which mentions KMS",
    resources: [
      {
        address: "aws_iam_policy.p",
        unknown: ["policy"],
        config: {
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
    name: "a document with statements that are not in the plan",
    resources: [
      { address: "aws_iam_policy.p", unknown: ["policy"], config },
      {
        address: source,
        after: {
          statement: [{ actions: ["kms:Decrypt"], resources: ["*"] }],
          source_policy_documents: [null],
        },
        unknown: { json: true, source_policy_documents: [true], statement: [{}] },
        config: { statement: [{}], source_policy_documents: refs("local.base") },
      },
    ],
    is: [["aws_iam_policy.p", "partial", ["every-key"]]],
  },
  {
    name: "an inline policy of a role",
    resources: [
      {
        address: "aws_iam_role.r",
        after: {
          inline_policy: [
            { name: "reports", policy: policyText(reports) },
            { name: "keys", policy: policyText(decrypt()) },
          ],
        },
        config: { inline_policy: [{ name: constant("reports") }, { name: constant("keys") }] },
      },
    ],
    is: [["aws_iam_role.r", "resolved", ["every-key"], "keys"]],
  },
  {
    name: "the computed inline policies of a role",
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
  test(`identity policies: ${name}`, () => {
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

test("each identity policy has its own ID", () => {
  const inline = { name: "a", policy: policyText(decrypt()) };
  const { identityPolicies } = readPlan({
    resources: [{ address: "aws_iam_role.r", after: { inline_policy: [inline, inline] } }],
  });
  assert.deepEqual(addresses(identityPolicies.map(({ id }) => id)), [
    "aws_iam_role.r.inline_policy[0]",
    "aws_iam_role.r.inline_policy[1]",
  ]);
});

const share: ResourceSpec = { address: "aws_ram_resource_share.s", unknown: ["arn", "id"] };
const listed = (resource: unknown, of = share.address): ResourceSpec => ({
  address: "aws_ram_resource_association.r",
  unknown: ["resource_arn", "resource_share_arn"],
  config: { resource_arn: resource, resource_share_arn: arnOf(of) },
});
const shares: { name: string; resources: ResourceSpec[]; is: unknown[] }[] = [
  {
    // The provider sends false by default, although the default of the AWS API is true.
    name: "a key in the plan, with the provider's default",
    resources: [key, share, listed(arnOf(k))],
    is: [[false, ["allowExternalPrincipals"], [[k]], []]],
  },
  { name: "another resource", resources: [key, share, listed(arnOf("aws_subnet.n"))], is: [] },
  { name: "nothing", resources: [key, share], is: [] },
  {
    name: "a key outside of the plan, by its ARN, in an existing share",
    resources: [
      {
        ...share,
        actions: ["no-op"],
        after: { arn: "arn:share", allow_external_principals: false },
        config: { allow_external_principals: constant(false) },
        unknown: [],
      },
      {
        address: "aws_ram_resource_association.r",
        after: { resource_arn: "arn:aws:kms:eu-west-1:111122223333:key/1", resource_share_arn: "arn:share" },
        config: {
          resource_arn: constant("arn:aws:kms:eu-west-1:111122223333:key/1"),
          resource_share_arn: constant("arn:share"),
        },
      },
    ],
    is: [[false, [], [[]], []]],
  },
  {
    name: "its principals",
    resources: [
      key,
      share,
      listed(arnOf(k)),
      {
        address: "aws_ram_principal_association.a",
        after: { principal: "444455556666" },
        unknown: ["resource_share_arn"],
        config: { principal: constant("444455556666"), resource_share_arn: arnOf(share.address) },
      },
      {
        address: "aws_ram_principal_association.b",
        unknown: ["resource_share_arn", "principal"],
        config: {
          principal: refs("aws_organizations_account.a.id", "aws_organizations_account.a"),
          resource_share_arn: arnOf(share.address),
        },
      },
      {
        address: "aws_ram_principal_association.c",
        after: { principal: "hush" },
        sensitive: { principal: true },
        unknown: ["resource_share_arn"],
        config: { principal: refs("var.p"), resource_share_arn: arnOf(share.address) },
      },
      {
        address: "aws_ram_principal_association.other",
        after: { principal: "777788889999", resource_share_arn: "arn:other" },
        config: { principal: constant("777788889999"), resource_share_arn: constant("arn:other") },
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
  test(`resource shares: ${name}`, () => {
    const part = readPlan({ resources });
    assert.deepEqual(
      part.shares.map((one) => [
        one.allowExternalPrincipals,
        one.defaults,
        one.keys.map(referenceSummary),
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
