import assert from "node:assert/strict";
import { test } from "node:test";
import { addresses, constant, type PlanSpec, readPlan, refs, unknownOf } from "./terraform-plan-support.ts";

const alias = (address: string, config: object, more: object = {}) => ({
  address,
  after: { name: "alias/orders" },
  unknown: ["target_key_id"],
  config: { name: constant("alias/orders"), ...config },
  ...more,
});
const target = (...references: string[]) => ({ target_key_id: refs(...references) });
const each = (type: string, name: string, ...keys: (string | number)[]) =>
  keys.map((index) => ({ address: `${type}.${name}[${JSON.stringify(index)}]`, index }));

/** Returns the target keys of the last alias in a plan. */
const cases: { name: string; plan: PlanSpec; keys: string[] }[] = [
  {
    name: "a key of the same module",
    plan: {
      resources: [
        { address: "aws_kms_key.a" },
        alias("aws_kms_alias.x", target("aws_kms_key.a.key_id", "aws_kms_key.a")),
      ],
    },
    keys: ["aws_kms_key.a"],
  },
  {
    name: "a replica key",
    plan: {
      resources: [
        { address: "aws_kms_replica_key.r" },
        alias("aws_kms_alias.x", target("aws_kms_replica_key.r.key_id", "aws_kms_replica_key.r")),
      ],
    },
    keys: ["aws_kms_replica_key.r"],
  },
  {
    name: "an instance by its index",
    plan: {
      resources: [
        ...each("aws_kms_key", "a", 0, 1),
        alias("aws_kms_alias.x", target("aws_kms_key.a[1].key_id", "aws_kms_key.a[1]", "aws_kms_key.a")),
      ],
    },
    keys: ["aws_kms_key.a[1]"],
  },
  {
    name: "count.index pairs instances",
    plan: {
      resources: [
        ...each("aws_kms_key", "a", 0, 1),
        alias("aws_kms_alias.x[1]", target("aws_kms_key.a", "count.index"), { index: 1 }),
      ],
    },
    keys: ["aws_kms_key.a[1]"],
  },
  {
    name: "for_each over keys",
    plan: {
      resources: [
        ...each("aws_kms_key", "a", "pay", "ship"),
        alias('aws_kms_alias.x["ship"]', target("each.value.key_id", "each.value"), {
          index: "ship",
          forEach: ["aws_kms_key.a"],
        }),
      ],
    },
    keys: ['aws_kms_key.a["ship"]'],
  },
  {
    name: "for_each over a map of keys",
    plan: {
      resources: [
        { address: "aws_kms_key.a" },
        { address: "aws_kms_key.b" },
        alias('aws_kms_alias.x["one"]', target("each.value"), {
          index: "one",
          forEach: ["aws_kms_key.a.key_id", "aws_kms_key.a", "aws_kms_key.b.key_id", "aws_kms_key.b"],
        }),
      ],
    },
    keys: ["aws_kms_key.a", "aws_kms_key.b"],
  },
  {
    name: "all instances, without an index",
    plan: {
      resources: [...each("aws_kms_key", "a", 0, 1), alias("aws_kms_alias.x", target("aws_kms_key.a"))],
    },
    keys: ["aws_kms_key.a[0]", "aws_kms_key.a[1]"],
  },
  {
    name: "an output of a module",
    plan: {
      modules: { kms: { outputs: { key_arn: ["aws_kms_key.this.arn", "aws_kms_key.this"] } } },
      resources: [
        { address: "module.kms.aws_kms_key.this" },
        { address: "aws_kms_key.this" },
        alias("aws_kms_alias.x", target("module.kms.key_arn", "module.kms")),
      ],
    },
    keys: ["module.kms.aws_kms_key.this"],
  },
  {
    name: "an output of one instance of a module",
    plan: {
      modules: { kms: { outputs: { id: ["aws_kms_key.this.key_id", "aws_kms_key.this"] } } },
      resources: [
        { address: 'module.kms["eu"].aws_kms_key.this' },
        { address: 'module.kms["us"].aws_kms_key.this' },
        alias("aws_kms_alias.x", target('module.kms["us"].id', 'module.kms["us"]', "module.kms")),
      ],
    },
    keys: ['module.kms["us"].aws_kms_key.this'],
  },
  {
    name: "module instances paired by each.key; Terraform omits the output name",
    plan: {
      modules: { kms: { outputs: { id: ["aws_kms_key.this.key_id", "aws_kms_key.this"], name: [] } } },
      resources: [
        { address: 'module.kms["eu"].aws_kms_key.this' },
        { address: 'module.kms["us"].aws_kms_key.this' },
        alias('aws_kms_alias.x["us"]', target("module.kms", "each.key"), {
          index: "us",
          forEach: ["var.regions"],
        }),
      ],
    },
    keys: ['module.kms["us"].aws_kms_key.this'],
  },
  {
    name: "for_each over a module",
    plan: {
      modules: { kms: { outputs: { id: ["aws_kms_key.this.key_id", "aws_kms_key.this"] } } },
      resources: [
        { address: 'module.kms["eu"].aws_kms_key.this' },
        { address: 'module.kms["us"].aws_kms_key.this' },
        alias('aws_kms_alias.x["eu"]', target("each.value.id", "each.value"), {
          index: "eu",
          forEach: ["module.kms"],
        }),
      ],
    },
    keys: ['module.kms["eu"].aws_kms_key.this'],
  },
  {
    name: "a variable set from another module, two levels down",
    plan: {
      modules: {
        kms: { outputs: { arn: ["aws_kms_key.this.arn", "aws_kms_key.this"] } },
        app: {
          arguments: { key: refs("module.kms.arn", "module.kms") },
          modules: { names: { arguments: { target: refs("var.key") } } },
        },
      },
      resources: [
        { address: "module.kms.aws_kms_key.this" },
        alias("module.app.module.names.aws_kms_alias.x", target("var.target")),
      ],
    },
    keys: ["module.kms.aws_kms_key.this"],
  },
  {
    name: "a module call with for_each and each.value",
    plan: {
      modules: {
        names: { arguments: { target: refs("each.value.arn", "each.value") }, forEach: ["aws_kms_key.a"] },
      },
      resources: [
        ...each("aws_kms_key", "a", "pay", "ship"),
        alias('module.names["pay"].aws_kms_alias.x', target("var.target")),
      ],
    },
    keys: ['aws_kms_key.a["pay"]'],
  },
  {
    name: "through another alias",
    plan: {
      resources: [
        { address: "aws_kms_key.a" },
        alias("aws_kms_alias.w", target("aws_kms_key.a.key_id", "aws_kms_key.a")),
        alias("aws_kms_alias.x", target("aws_kms_alias.w.target_key_id", "aws_kms_alias.w")),
      ],
    },
    keys: ["aws_kms_key.a"],
  },
  {
    name: "the existing key in try(…)",
    plan: {
      resources: [
        ...each("aws_kms_key", "a", 0),
        alias(
          "aws_kms_alias.x",
          target(
            "aws_kms_key.a[0].key_id",
            "aws_kms_key.a[0]",
            "aws_kms_key.a",
            "aws_kms_external_key.b[0].id",
            "aws_kms_external_key.b[0]",
            "aws_kms_external_key.b",
          ),
        ),
      ],
    },
    keys: ["aws_kms_key.a[0]"],
  },
  {
    name: "a local is unresolved",
    plan: { resources: [{ address: "aws_kms_key.a" }, alias("aws_kms_alias.x", target("local.key_id"))] },
    keys: [],
  },
  {
    name: "a data source is not a key in the plan",
    plan: {
      resources: [
        { address: "aws_kms_key.a" },
        alias("aws_kms_alias.x", target("data.aws_kms_key.a.id", "data.aws_kms_key.a")),
      ],
    },
    keys: [],
  },
  {
    name: "modules with a reference cycle",
    plan: {
      modules: {
        a: { arguments: { v: refs("module.b.o", "module.b") }, outputs: { o: ["var.v"] } },
        b: { arguments: { v: refs("module.a.o", "module.a") }, outputs: { o: ["var.v"] } },
      },
      resources: [{ address: "aws_kms_key.a" }, alias("aws_kms_alias.x", target("module.a.o", "module.a"))],
    },
    keys: [],
  },
];

for (const { name, plan, keys } of cases) {
  test(`alias target: ${name}`, () => {
    const found = readPlan(plan).aliases.at(-1);
    assert.deepEqual(addresses(found?.target.keys ?? []), keys);
    assert.equal(typeof found?.target.text, "object");
  });
}

test("a constant key ID matches a key with a known ID", () => {
  const arn = "arn:aws:kms:eu-west-1:111122223333:key/1234";
  const known = { address: "aws_kms_key.a", after: { arn, key_id: "1234" }, actions: ["no-op"] };
  for (const text of [arn, "1234"]) {
    const part = readPlan({
      resources: [known, { address: "aws_kms_alias.x", after: { target_key_id: text } }],
    });
    assert.deepEqual(part.aliases[0]?.target, { text, keys: ["plan.json#aws_kms_key.a"] });
  }
  const other = readPlan({
    resources: [known, { address: "aws_kms_alias.x", after: { target_key_id: "5678" } }],
  });
  assert.deepEqual(other.aliases[0]?.target, { text: "5678", keys: [] });
});

test("the Region selects one of the related multi-Region keys", () => {
  const key = (address: string, region: string) => ({
    address,
    after: { key_id: "mrk-1", region, arn: `arn:aws:kms:${region}:111122223333:key/mrk-1` },
  });
  const part = readPlan({
    resources: [
      key("aws_kms_key.a", "eu-west-1"),
      key("aws_kms_replica_key.b", "us-east-1"),
      { address: "aws_kms_alias.x", after: { target_key_id: "mrk-1", region: "us-east-1" } },
    ],
  });
  assert.deepEqual(addresses(part.aliases[0]?.target.keys ?? []), ["aws_kms_replica_key.b"]);
});

const names: {
  name: string;
  after: object;
  unknown?: string[];
  config: object;
  is: unknown;
  prefix?: boolean;
}[] = [
  { name: "set", after: { name: "alias/a" }, config: { name: constant("alias/a") }, is: "alias/a" },
  {
    name: "a prefix",
    after: { name_prefix: "alias/logs-" },
    unknown: ["name"],
    config: { name_prefix: constant("alias/logs-") },
    is: "alias/logs-",
    prefix: true,
  },
  {
    name: "a prefix of an existing alias",
    after: { name: "alias/logs-2026", name_prefix: "alias/logs-" },
    config: { name_prefix: constant("alias/logs-") },
    is: "alias/logs-",
    prefix: true,
  },
  {
    name: "neither name nor prefix",
    after: {},
    unknown: ["name", "name_prefix"],
    config: {},
    is: null,
  },
  {
    name: "unknown",
    after: {},
    unknown: ["name", "name_prefix"],
    config: { name: refs("random_pet.p.id", "random_pet.p") },
    is: unknownOf("random_pet.p.id"),
  },
];

for (const { name, after, unknown, config, is, prefix = false } of names) {
  test(`alias name: ${name}`, () => {
    const resources = [
      { address: "aws_kms_alias.x", after: { ...after }, unknown: unknown ?? [], config: { ...config } },
    ];
    const alias = readPlan({ resources }).aliases[0];
    assert.deepEqual([alias?.name, alias?.prefix], [is, prefix]);
  });
}

test("the primary key of a replica, through a variable", () => {
  const part = readPlan({
    modules: { dr: { arguments: { arn: refs("aws_kms_key.main.arn", "aws_kms_key.main") } } },
    resources: [
      { address: "aws_kms_key.main" },
      {
        address: "module.dr.aws_kms_replica_key.r",
        unknown: ["primary_key_arn"],
        config: { primary_key_arn: refs("var.arn") },
      },
    ],
  });
  const replica = part.keys[1];
  assert.equal(replica?.kind, "replica");
  assert.deepEqual(replica?.primary, { text: unknownOf("var.arn"), keys: ["plan.json#aws_kms_key.main"] });
});

test("thousands of candidates count as unknown", () => {
  const keys = each("aws_kms_key", "a", ...Array.from({ length: 300 }, (_, i) => i));
  const part = readPlan({ resources: [...keys, alias("aws_kms_alias.x", target("aws_kms_key.a"))] });
  assert.deepEqual(part.aliases[0]?.target.keys, []);
});

test("a constant output of a module is a known value", () => {
  const part = readPlan({
    modules: { flags: { outputs: { global: [] } } },
    resources: [
      {
        address: "aws_kms_key.a",
        unknown: ["multi_region"],
        config: { multi_region: refs("module.flags.global", "module.flags") },
      },
    ],
  });
  assert.equal(part.keys[0]?.properties?.multiRegion, false);
});
