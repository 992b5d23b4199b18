import assert from "node:assert/strict";
import { test } from "node:test";
import { excerptOf } from "../src/core/findings/excerpt.ts";
import { unknownBecause } from "../src/core/formats/terraform-plan/values.ts";
import { utf16Offsets } from "../src/core/formats/terraform-source/bytes.ts";
import { normalizeTerraform } from "../src/core/formats/terraform-source/index.ts";
import { linkParts } from "../src/core/link/link.ts";
import { Redactor } from "../src/core/model/redactor.ts";
import type { Parsed } from "../src/core/model/source.ts";
import { allow, caller, documentOf, keyOf, policyText, responseOf } from "./terraform-source-support.ts";

const key = (values = {}, address = "aws_kms_key.a") => ({ address, values });

test("a key without arguments has the AWS defaults", () => {
  const {
    properties: settings,
    defaults,
    retention,
    change,
    scope,
    id,
    resource,
  } = keyOf({ resources: [key()] });
  assert.deepEqual(
    [scope, id, resource, change],
    ["infra", "infra#aws_kms_key.a", "aws_kms_key.a", undefined],
  );
  assert.equal(settings?.rotation, false);
  assert.equal(settings?.spec, "SYMMETRIC_DEFAULT");
  assert.deepEqual(settings?.tags, {});
  assert.deepEqual(retention, { onDeletion: false, onReplacement: false });
  assert.ok(defaults.includes("rotation") && defaults.includes("retention"));
});

const days = unknownBecause("variable without default", "var.days");
const settings: [string, object, string, unknown][] = [
  ["a number", { deletion_window_in_days: 7 }, "deletionWindowDays", 7],
  ["a number as a text", { deletion_window_in_days: "7" }, "deletionWindowDays", 7],
  ["a hole where a number stands", { deletion_window_in_days: "«var.days»" }, "deletionWindowDays", days],
  ["a hole where a truth value stands", { enable_key_rotation: "«var.days»" }, "rotation", days],
  [
    "a hole in a description",
    { description: "of «var.days»" },
    "description",
    { text: "of ⟨var.days⟩", knownParts: ["of "] },
  ],
  [
    "a hole in a tag",
    { tags: { Env: "«var.days»", Name: "n-«var.days»" } },
    "tags",
    { Env: days, Name: unknownBecause("variable without default", "n-⟨var.days⟩") },
  ],
  ["a hole as a tag's name", { tags: { "«var.days»": "x" } }, "tags", days],
  ["a hole as all tags", { tags: "«var.days»" }, "tags", days],
];
for (const [name, values, field, expected] of settings)
  test(`key properties: ${name}`, () => {
    assert.deepEqual(keyOf({ resources: [key(values)] }).properties?.[field as "tags"], expected);
  });

test("a key has the provider's default tags", () => {
  const tags = (expression: object) => ({
    aws: { region: { constant_value: "eu-west-1" }, default_tags: [{ tags: expression }] },
  });
  const read = (expression: object) =>
    keyOf({ resources: [key({ tags: { Own: "x" } })], providers: tags(expression) }).properties?.tags;
  assert.deepEqual(read({ constant_value: { Team: "a", Env: "«var.env»" } }), {
    Team: "a",
    Env: unknownBecause("variable without default", "var.env"),
    Own: "x",
  });
  const none = unknownBecause("the default tags of the provider are not known", "aws_kms_key.a.tags_all");
  assert.deepEqual(read({ references: ["«var.tags»"] }), none);
  assert.deepEqual(read({ constant_value: { "«var.name»": "x" } }), none);
});

const regions: [string, object, object, unknown][] = [
  ["the provider's", { constant_value: "us-east-1" }, {}, "us-east-1"],
  ["its own", { constant_value: "us-east-1" }, { region: "eu-west-1" }, "eu-west-1"],
  ["a hole", { references: ["«var.region»"] }, {}, unknownBecause("variable without default", "var.region")],
  [
    "partly a hole",
    { constant_value: "eu-«var.area»-1" },
    {},
    unknownBecause("variable without default", "eu-⟨var.area⟩-1"),
  ],
  [
    "its own, a hole",
    { constant_value: "us-east-1" },
    { region: "«var.region»" },
    unknownBecause("variable without default", "var.region"),
  ],
];
for (const [name, region, values, expected] of regions)
  test(`the Region is ${name}`, () => {
    assert.deepEqual(keyOf({ resources: [key(values)], providers: { aws: { region } } }).region, expected);
  });

const keep = unknownBecause("variable without default", "var.keep");
const retentions: [lifecycle: { prevent_destroy?: unknown; destroy?: unknown }, expected: unknown][] = [
  [{}, false],
  [{ prevent_destroy: true }, true],
  [{ prevent_destroy: "true" }, true],
  [{ prevent_destroy: false }, false],
  [{ prevent_destroy: "«var.keep»" }, keep],
  [{ destroy: false }, true],
  [{ destroy: true }, false],
  [{ destroy: "«var.keep»" }, keep],
  [{ prevent_destroy: "«var.keep»", destroy: false }, true],
  [{ prevent_destroy: true, destroy: "«var.keep»" }, true],
];
for (const [lifecycle, expected] of retentions)
  test(`lifecycle ${JSON.stringify(lifecycle)}`, () => {
    const { retention } = keyOf({ resources: [{ ...key(), lifecycle }] });
    assert.deepEqual(retention, { onDeletion: expected, onReplacement: expected });
  });

const root = `arn:aws:iam::${caller}:root`;
const principals: [string, unknown, object][] = [
  ["the caller's account", { AWS: root }, { kind: "root", account: "self", relation: "owner" }],
  ["the caller's account by its id", { AWS: caller }, { kind: "root", account: "self" }],
  [
    "the caller",
    { AWS: "«data.aws_caller_identity.current.arn»" },
    { kind: "assumed-role", account: "self" },
  ],
  ["a role of the source", { AWS: "«aws_iam_role.app.arn»" }, { kind: "role", account: "self" }],
  [
    "a role's name",
    { AWS: `arn:aws:iam::${caller}:role/«aws_iam_role.app.name»` },
    { kind: "role", account: "self" },
  ],
  [
    "a role of another account",
    { AWS: "«aws_iam_role.app.arn@aws.other»" },
    { kind: "role", account: unknownBecause("known only after apply", "aws_iam_role.app.arn") },
  ],
  [
    "the caller of a provider that may be in another account",
    { AWS: "arn:aws:iam::«data.aws_caller_identity.current.account_id@aws.vault»:root" },
    { kind: "root", relation: "unknown" },
  ],
  [
    "an element of a list of roles",
    { AWS: "«data.aws_iam_roles.sso.arns.0»" },
    { kind: "role", account: "self" },
  ],
  [
    "the root of the management account",
    { AWS: "«data.aws_organizations_organization.this.master_account_id»" },
    { kind: "root", relation: "unknown" },
  ],
  [
    "a member account",
    { AWS: "arn:aws:iam::«data.aws_organizations_organization.this.accounts.0.id»:root" },
    { kind: "root", relation: "unknown" },
  ],
  ["the owner of a VPC", { AWS: "«aws_vpc.main.owner_id»" }, { kind: "root", account: "self" }],
  ["the role of a function", { AWS: "«data.aws_lambda_function.etl.role»" }, { kind: "role" }],
  ["the account of a load balancer", { AWS: "«data.aws_elb_service_account.main.arn»" }, { kind: "iam" }],
  ["a bucket", { AWS: "«aws_s3_bucket.data.arn»" }, { kind: "invalid" }],
  ["an IAM group", { AWS: "«aws_iam_group.admins.arn»" }, { kind: "invalid" }],
  ["an ARN that another data source takes apart", { AWS: "«data.aws_arn.any.arn»" }, { kind: "unknown" }],
  ["a parameter", { AWS: "«data.aws_ssm_parameter.reader.value»" }, { kind: "unknown" }],
  ["a variable", { AWS: "«var.principal»" }, { kind: "unknown" }],
  [
    "an account that is a variable",
    { AWS: "arn:aws:iam::«var.account»:root" },
    { kind: "root", account: unknownBecause("variable without default", "var.account") },
  ],
  [
    "a service of the partition",
    { Service: "logs.«data.aws_partition.current.dns_suffix»" },
    { kind: "service" },
  ],
];
for (const [name, principal, expected] of principals)
  test(`principals: ${name}`, () => {
    const policy = policyText(allow({ AWS: root }), allow(principal, "kms:Decrypt"));
    const { policy: read, owner } = keyOf({
      resources: [key({ policy })],
      providers: {
        aws: {},
        "aws.vault": { assume_role: [{ role_arn: { constant_value: "arn:aws:iam::444455556666:role/x" } }] },
        "aws.other": { assume_role: [{ role_arn: { constant_value: "x" } }] },
      },
    });
    assert.equal(read.state, "resolved");
    assert.equal(owner, "self");
    const { kind, account, relation } = read.statements[1]?.principals[0] ?? {};
    const shown = {
      kind,
      ...("account" in expected ? { account } : {}),
      ...("relation" in expected ? { relation } : {}),
    };
    assert.deepEqual(shown, expected);
  });

test("an unknown policy is unresolved, with its reference", () => {
  const { policy } = keyOf({ resources: [key({ policy: "«var.policy»" })] });
  assert.deepEqual(
    [policy.state, policy.unknown],
    ["unresolved", { reason: "variable without default", expression: "var.policy" }],
  );
});

test("an unknown statement leaves the other statements readable", () => {
  const { policy } = keyOf({ resources: [key({ policy: policyText(allow({ AWS: root }), "«var.more»") })] });
  assert.deepEqual(
    [policy.state, policy.statements.length, policy.unknown?.expression],
    ["resolved", 1, "var.more"],
  );
});

const statements = JSON.stringify([allow({ AWS: root })]);
const incomplete: [string, policy: string, state: string][] = [
  ["text after a statement", `{"Statement": ${statements.slice(0, -1)}«var.more»]}`, "unresolved"],
  ["an element", `{"Statement": ${statements}, "«var.name»": "x"}`, "resolved"],
  ["a part of a statement", `{"Statement": ${statements.replace("{", '{"«var.name»": "x", ')}}`, "resolved"],
];
for (const [name, text, state] of incomplete)
  test(`a policy is not malformed because of an unknown part: ${name}`, () => {
    const { policy } = keyOf({ resources: [key({ policy: text })] });
    assert.deepEqual([policy.state, policy.problems], [state, []]);
  });

const links: [string, string][] = [
  ["its id", "«aws_kms_key.a.key_id»"],
  ["its ARN", "«aws_kms_key.a.arn»"],
  ["an ARN made with its id", `arn:aws:kms:eu-west-1:${caller}:key/«aws_kms_key.a.key_id»`],
];
for (const [name, text] of links)
  test(`key references: ${name}`, () => {
    const { aliases, grants, consumers, shares, keys } = documentOf({
      resources: [
        key(),
        { address: "aws_kms_alias.a", values: { name: "alias/orders-«var.env»", target_key_id: text } },
        {
          address: "aws_kms_key_policy.a",
          values: { key_id: text, policy: policyText(allow({ AWS: root })) },
        },
        {
          address: "aws_kms_grant.a",
          values: { key_id: text, grantee_principal: "«aws_iam_role.a.arn»", operations: ["Decrypt"] },
        },
        { address: "aws_sqs_queue.a", values: { kms_master_key_id: text } },
        { address: "aws_ram_resource_share.a", values: { allow_external_principals: false } },
        {
          address: "aws_ram_resource_association.a",
          values: { resource_arn: text, resource_share_arn: "«aws_ram_resource_share.a.arn»" },
        },
      ],
    });
    const id = ["infra#aws_kms_key.a"];
    assert.deepEqual(aliases[0]?.target.keys, id);
    assert.deepEqual(grants[0]?.key.keys, id);
    assert.deepEqual(grants[0]?.grantee.kind, "role");
    assert.deepEqual(consumers[0]?.uses[0]?.key.keys, id);
    assert.deepEqual(shares[0]?.keys[0]?.keys, id);
    assert.deepEqual(
      keys.map(({ policy }) => policy.attachedBy),
      ["aws_kms_key_policy.a"],
    );
    assert.deepEqual(aliases[0]?.name, { text: "alias/orders-⟨var.env⟩", knownParts: ["alias/orders-"] });
  });

const named: [string, string, string | undefined, string[]][] = [
  ["an alias of the source", "alias/orders", "alias/orders", ["infra#aws_kms_key.a"]],
  ["an alias with a hole", "alias/x-«var.env»", "alias/x-⟨var.env⟩", ["infra#aws_kms_key.b"]],
  ["an alias that may be AWS's", "alias/«var.env»", undefined, []],
  ["a reference to an alias", "«aws_kms_alias.a.arn»", "alias/orders", ["infra#aws_kms_key.a"]],
  ["a looked up alias", "«data.aws_kms_alias.aws.target_key_arn»", "alias/aws/sqs", []],
  ["a variable", "«var.key»", undefined, []],
];
for (const [name, text, alias, keys] of named)
  test(`the key of a queue: ${name}`, () => {
    const { consumers } = documentOf({
      resources: [
        key(),
        key({}, "aws_kms_key.b"),
        { address: "aws_kms_alias.a", values: { name: "alias/orders", target_key_id: "«aws_kms_key.a.id»" } },
        {
          address: "aws_kms_alias.b",
          values: { name: "alias/x-«var.env»", target_key_id: "«aws_kms_key.b.id»" },
        },
        { address: "data.aws_kms_alias.aws", values: { name: "alias/aws/sqs" } },
        { address: "aws_sqs_queue.a", values: { kms_master_key_id: text } },
      ],
    });
    const [use] = consumers[0]?.uses ?? [];
    assert.deepEqual([use?.key.alias, use?.key.keys], [alias, keys]);
  });

test("resources in several components match by name", () => {
  const { consumers } = documentOf({
    components: [
      [{ address: "aws_s3_bucket.a", values: { bucket: "logs" } }],
      [
        key(),
        {
          address: "aws_s3_bucket_server_side_encryption_configuration.a",
          values: {
            bucket: "logs",
            rule: [
              {
                apply_server_side_encryption_by_default: [
                  { sse_algorithm: "aws:kms", kms_master_key_id: "«aws_kms_key.a.arn»" },
                ],
              },
            ],
          },
        },
      ],
    ],
  });
  assert.deepEqual(
    consumers.map(({ resource, encryption, uses }) => [resource, encryption, uses[0]?.key.keys]),
    [["aws_s3_bucket.a", "key", ["infra#aws_kms_key.a"]]],
  );
});

test("the key in a block that possibly does not exist is unknown", () => {
  const { consumers } = documentOf({
    resources: [{ address: "aws_dynamodb_table.a", values: { server_side_encryption: "«var.blocks»" } }],
  });
  assert.deepEqual(consumers[0]?.encryption, unknownBecause("variable without default", "var.blocks"));
});

test("a replica in the Region of its provider has its primary key", () => {
  const { keys } = documentOf({
    resources: [
      key({ multi_region: true }),
      {
        address: "aws_kms_replica_key.b",
        provider: "aws.west",
        values: { primary_key_arn: "«aws_kms_key.a.arn»" },
      },
    ],
    providers: {
      aws: { region: { constant_value: "eu-west-1" } },
      "aws.west": { region: { constant_value: "us-west-2" } },
    },
  });
  const replica = keys.find(({ kind }) => kind === "replica");
  assert.deepEqual(
    [replica?.primary?.keys, replica?.region, replica?.scope],
    [["infra#aws_kms_key.a"], "us-west-2", "infra"],
  );
});

test("keys of another account have their own scope in all components", () => {
  const other = { assume_role: [{ role_arn: { constant_value: "arn:aws:iam::444455556666:role/x" } }] };
  const { keys } = documentOf({
    choices: [
      [{ when: {}, resources: [key()] }],
      [true, false].map((holds) => ({
        when: { "var.on": holds },
        resources: [{ ...key({ enable_key_rotation: holds }, "aws_kms_key.b"), provider: "aws.other" }],
      })),
    ],
    providers: { aws: {}, "aws.other": other },
  });
  assert.deepEqual(
    keys.map(({ scope }) => scope),
    ["infra", "infra#aws.other", "infra#aws.other"],
  );
});

test("outcomes become variants: equal ones are merged, and references stay within an outcome", () => {
  const outcome = (on: boolean, prod: boolean) => ({
    when: { "var.on": on, "var.prod": prod },
    resources: [
      key({ enable_key_rotation: on }),
      { address: "aws_kms_alias.a", values: { name: "alias/orders", target_key_id: "«aws_kms_key.a.id»" } },
    ],
  });
  const { keys, aliases } = documentOf({
    choices: [[outcome(true, true), outcome(true, false), outcome(false, true), outcome(false, false)]],
  });
  assert.deepEqual(
    keys.map(({ id, resource, variant, properties: settings }) => [
      id,
      resource,
      variant?.total,
      settings?.rotation,
    ]),
    [
      ["infra#aws_kms_key.a [var.on is true]", "aws_kms_key.a", 2, true],
      ["infra#aws_kms_key.a [var.on is false]", "aws_kms_key.a", 2, false],
    ],
  );
  assert.deepEqual(
    aliases.map(({ target }) => target.keys),
    keys.map(({ id }) => [id]),
  );
});

test("an outcome without a resource adds no variant", () => {
  const { keys } = documentOf({
    choices: [
      [
        { when: { "var.on": true }, resources: [key()] },
        { when: { "var.on": false }, resources: [] },
      ],
    ],
  });
  assert.deepEqual(
    keys.map(({ id, variant }) => [id, variant]),
    [["infra#aws_kms_key.a", undefined]],
  );
});

const secret = (given?: { variable: string; default: boolean; sensitive: boolean }[]) => ({
  address: "aws_kms_external_key.a",
  values: { key_material_base64: "c2VjcmV0" },
  ...(given === undefined ? {} : { given: { key_material_base64: given } }),
});
const secrets: [string, object, unknown][] = [
  ["written out", secret(), true],
  ["a variable's default", secret([{ variable: "m", default: true, sensitive: false }]), true],
  ["a sensitive variable's default", secret([{ variable: "m", default: true, sensitive: true }]), false],
  ["a variable that is given", secret([{ variable: "m", default: false, sensitive: false }]), false],
  ["a variable without default", { ...secret(), values: { key_material_base64: "«var.m»" } }, false],
  [
    "of another resource",
    { ...secret(), values: { key_material_base64: "«random_password.m.result»" } },
    false,
  ],
  [
    "of a module that is not available",
    { ...secret(), values: { key_material_base64: "«module.m.material»" } },
    unknownBecause("the module is not available", "module.m.material"),
  ],
];
for (const [name, resource, literal] of secrets)
  test(`key material: ${name}`, () => {
    assert.deepEqual(
      documentOf({ resources: [resource as ReturnType<typeof secret>] }).secrets.map((s) => s.literal),
      [literal],
    );
  });

test("an identity policy contains the string around a key ID", () => {
  const statement = { Effect: "Allow", Action: "kms:Decrypt" };
  const { identityPolicies } = documentOf({
    resources: [
      {
        address: "aws_iam_policy.a",
        values: {
          policy: policyText(
            { ...statement, Resource: "«aws_kms_key.a.arn»" },
            { ...statement, Resource: "«aws_kms_key.a.key_id»" },
            { ...statement, Resource: `arn:aws:kms:*:${caller}:key/*` },
          ),
        },
      },
    ],
  });
  assert.deepEqual(
    identityPolicies[0]?.statements.map(({ targets }) => targets[0]?.kind),
    ["key", "key-id", "every-key"],
  );
});

test("grant constraints with unknown values", () => {
  const constraints = (equals: unknown) =>
    documentOf({
      resources: [
        {
          address: "aws_kms_grant.a",
          values: {
            key_id: "x",
            grantee_principal: "y",
            operations: ["Decrypt", "«var.o»"],
            constraints: [{ encryption_context_equals: equals }],
          },
        },
      ],
    }).grants[0];
  const hole = (text: string) => unknownBecause("variable without default", text);
  assert.deepEqual(constraints({ a: "b", c: "«var.c»" })?.constraints.encryptionContextEquals, {
    a: "b",
    c: hole("var.c"),
  });
  assert.deepEqual(constraints("«var.c»")?.constraints.encryptionContextEquals, hole("var.c"));
  assert.deepEqual(constraints({ "«var.k»": "b" })?.constraints.encryptionContextEquals, hole("var.k"));
  assert.deepEqual(constraints({})?.operations, ["Decrypt", hole("var.o")]);
});

const text = `# Schlüssel 🔑 für Aufträge
resource "aws_kms_key" "a" {
  policy = jsonencode({
    Statement = [
      { Effect = "Allow", Principal = { AWS = "arn:aws:iam::\${data.aws_caller_identity.current.account_id}:root" }, Action = "kms:*", Resource = "*" },
      { Effect = "Allow", Principal = { AWS = var.who },
        Action = ["kms:Decrypt", "kms:Dekrypt"], Resource = "*" },
    ]
  })
}
`;

test("positions extend into policy JSON, in UTF-16 code units, in the source file", () => {
  const block = text.slice(text.indexOf("resource"), text.lastIndexOf("}") + 1);
  const { location, policy } = keyOf({
    files: { "other.tf": "# nothing", "main.tf": text },
    resources: [
      {
        ...key({
          policy: policyText(
            allow({ AWS: root }),
            allow({ AWS: "«var.who»" }, ["kms:Decrypt", "kms:Dekrypt"]),
          ),
        }),
        file: "main.tf",
        at: {
          "": block,
          "/policy": block.slice(block.indexOf("jsonencode"), block.lastIndexOf(")") + 1),
          "/policy/Statement/1": text.slice(
            text.indexOf('{ Effect = "Allow", Principal = { AWS = var'),
            text.lastIndexOf("},") + 1,
          ),
          "/policy/Statement/1/Principal/AWS": "var.who",
          "/policy/Statement/1/Action/1": '"kms:Dekrypt"',
        },
      },
    ],
  });
  const place = ({ file, line, column, pointer, address }: typeof location) => [
    file,
    line,
    column,
    pointer,
    address,
  ];
  const [first, second] = policy.statements;
  assert.deepEqual(place(location), ["main.tf", 2, 1, "", "aws_kms_key.a"]);
  assert.deepEqual(place(policy.location as typeof location), ["main.tf", 3, 12, "/policy", "aws_kms_key.a"]);
  // A value without a position has the position of its nearest ancestor.
  assert.deepEqual(place(first?.location as typeof location).slice(1, 3), [3, 12]);
  assert.deepEqual(place(second?.location as typeof location), [
    "main.tf",
    6,
    7,
    "/policy/Statement/1",
    "aws_kms_key.a",
  ]);
  assert.deepEqual(place(second?.principals[0]?.location as typeof location).slice(1, 3), [6, 47]);
  assert.deepEqual(place(second?.actions[1]?.location as typeof location).slice(1, 3), [7, 34]);
});

test("byte offsets become UTF-16 offsets", () => {
  const text = "aü€🔑b";
  const offset = utf16Offsets(text);
  assert.deepEqual([0, 1, 3, 6, 10, 11].map(offset), [0, 1, 2, 3, 5, 6]);
});

test("a policy that is not JSON is reported at its location", () => {
  const { policy } = keyOf({ resources: [key({ policy: '{"Statement": [}' })] });
  assert.equal(policy.state, "unreadable");
  assert.equal(policy.problems[0]?.location.file, "main.tf");
});

test("excerpts contain the lines of a file, without literal secrets", () => {
  const secret = 'resource "aws_kms_external_key" "a" { key_material_base64 = "c2VjcmV0" }';
  const public_ = 'resource "aws_kms_key" "b" {}';
  const file = `${secret}\n\n${public_}\n`;
  const { response } = responseOf({
    files: { "main.tf": file },
    resources: [
      { address: "aws_kms_external_key.a", values: { key_material_base64: "c2VjcmV0" }, at: { "": secret } },
      { ...key({}, "aws_kms_key.b"), at: { "": public_ } },
    ],
  });
  const { part, files } = normalizeTerraform(response, () => file, {});
  const document = linkParts([part], {});
  const [shown] = files as [Parsed];
  assert.deepEqual(
    document.keys.map(({ location }) => excerptOf(shown, location, document, new Redactor())),
    [undefined, { firstLine: 3, lines: [public_] }],
  );
});

test("unrelated instances have separate variants", () => {
  const outcome = (a: boolean, b: boolean) => ({
    when: { "var.a": a, "var.b": b },
    resources: [
      key({ enable_key_rotation: a }, 'aws_kms_key.k["a"]'),
      key({ enable_key_rotation: b }, 'aws_kms_key.k["b"]'),
      {
        address: "aws_kms_alias.a",
        values: { name: "alias/a", target_key_id: '«aws_kms_key.k["a"].key_id»' },
      },
    ],
  });
  const { keys } = documentOf({
    choices: [[outcome(true, true), outcome(true, false), outcome(false, true), outcome(false, false)]],
  });
  assert.deepEqual(
    keys
      .map(({ resource, variant, properties: settings }) => [
        resource,
        variant?.assumptions,
        settings?.rotation,
      ])
      .sort(),
    [
      ['aws_kms_key.k["a"]', ["var.a is false"], false],
      ['aws_kms_key.k["a"]', ["var.a is true"], true],
      ['aws_kms_key.k["b"]', ["var.b is false"], false],
      ['aws_kms_key.k["b"]', ["var.b is true"], true],
    ],
  );
});
