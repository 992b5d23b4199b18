import assert from "node:assert/strict";
import { test } from "node:test";
import { hclOf } from "../scripts/docs/hcl.ts";
import { documentation, stale } from "../scripts/docs/index.ts";

const files = documentation();

test("the pages of the rules and the README are what the rules give (make docs)", () => {
  assert.deepEqual(stale(files), []);
});

test("a page that is left over, changed or missing is stale", () => {
  const { "docs/rules/public_access.md": _, ...fewer } = files;
  assert.deepEqual(stale(fewer), ["docs/rules/public_access.md"]);
  assert.deepEqual(stale({ ...files, "docs/rules/gone.md": "" }), ["docs/rules/gone.md"]);
});

test("links between pages lead somewhere", () => {
  for (const [path, content] of Object.entries(files).filter(([path]) => path.startsWith("docs/rules/")))
    for (const [, target] of content.matchAll(/\]\((\w+\.md)\)/g))
      assert.ok(`docs/rules/${target}` in files, `${path}: ${target}`);
});

test("a plan is shown as what was written: references stay, defaults are left out", () => {
  const plan = {
    resource_changes: [
      change("aws_kms_key", "orders", {
        description: "${Orders}",
        is_enabled: true,
        policy: '{"Statement":[]}',
      }),
      change("aws_kms_alias", "orders", { name: "alias/orders" }, { target_key_id: true }),
    ],
    configuration: {
      root_module: {
        resources: [
          written("aws_kms_key", { description: { constant_value: "${Orders}" }, policy: {} }),
          written("aws_kms_alias", {
            name: { constant_value: "alias/orders" },
            target_key_id: { references: ["aws_kms_key.orders.key_id", "aws_kms_key.orders"] },
          }),
        ],
      },
    },
  };
  assert.equal(
    hclOf(plan),
    `resource "aws_kms_key" "orders" {
  description = "$\${Orders}"
  policy      = jsonencode({ Statement = [] })
}

resource "aws_kms_alias" "orders" {
  name          = "alias/orders"
  target_key_id = aws_kms_key.orders.key_id
}
`,
  );
});

test("a plan that changes what is there says what becomes of it", () => {
  const before = { key_usage: "SIGN_VERIFY" };
  const [replaced, deleted] = [
    change("aws_kms_key", "a", { key_usage: "ENCRYPT_DECRYPT" }, {}, before, ["delete", "create"]),
    { ...change("aws_kms_key", "b", {}, {}, before, ["delete"]) },
  ];
  const gone = { ...deleted, change: { ...deleted.change, after: null } };
  assert.equal(
    hclOf({ resource_changes: [replaced, gone] }),
    `# will be replaced
resource "aws_kms_key" "a" {
  key_usage = "ENCRYPT_DECRYPT" # was "SIGN_VERIFY"
}

# will be destroyed
resource "aws_kms_key" "b" {
  key_usage = "SIGN_VERIFY"
}
`,
  );
});

type Values = { [name: string]: string | boolean };

function change(
  type: string,
  name: string,
  after: Values,
  after_unknown: Values = {},
  before: Values | null = null,
  actions = ["create"],
) {
  return {
    address: `${type}.${name}`,
    mode: "managed",
    type,
    name,
    change: { actions, before, after, after_unknown },
  };
}

const written = (type: string, expressions: object) =>
  ({ address: `${type}.orders`, mode: "managed", type, name: "orders", expressions }) as never;
