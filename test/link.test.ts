import assert from "node:assert/strict";
import { test } from "node:test";
import { batches } from "../src/core/engine/batch.ts";
import { linkParts } from "../src/core/link/link.ts";
import type { Alias, Consumer, Entity, Key, Share, Value } from "../src/core/model/document.ts";
import { emptyPart } from "../src/core/model/format.ts";

const entity = (id: string, more: Partial<Entity> = {}): Entity => ({
  id,
  resource: id,
  type: "x",
  scope: "plan",
  location: { file: "p.json", line: 1, column: 1, endLine: 1, endColumn: 2, pointer: "" },
  locations: {},
  defaults: [],
  ...more,
});
const unknown = (expression: string) => ({ unknown: { reason: "known only after apply", expression } });

const arn = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
const key = (id: string, more: Partial<Key> = {}): Key => ({
  ...entity(id),
  kind: "key",
  owner: "111122223333",
  region: "eu-west-1",
  partition: "aws",
  policy: { state: "absent", statements: [], problems: [] },
  ...more,
});
const alias = (name: string, keys: string[], more: Partial<Alias> = {}): Alias => ({
  ...entity(`alias of ${keys.join()}`),
  name,
  prefix: false,
  target: { text: unknown("aws_kms_key.key.id"), keys },
  region: "eu-west-1",
  ...more,
});
const consumer = (text: Value<string>, more: Partial<Consumer> = {}, keys: string[] = []): Consumer => ({
  ...entity("consumer"),
  uses: [
    {
      argument: "kms_key_id",
      key: { text, keys },
      main: true,
      asymmetric: false,
      location: entity("x").location,
    },
  ],
  region: "eu-west-1",
  tags: {},
  ...more,
});
const share = (text: Value<string>, keys: string[] = []): Share => ({
  ...entity("share"),
  keys: [{ text, keys }],
  allowExternalPrincipals: true,
  principals: [],
});

const used = (by: Consumer, aliases: Alias[], keys = [key("a", { arn }), key("b")]) =>
  linkParts([{ ...emptyPart(), keys, aliases, consumers: [by] }], {}).consumers[0]?.uses[0]?.key;

test("consumers and shares refer to a key by its ARN", () => {
  const document = linkParts(
    [{ ...emptyPart(), keys: [key("a", { arn })], consumers: [consumer(arn)], shares: [share(arn)] }],
    {},
  );
  assert.deepEqual(document.consumers[0]?.uses[0]?.key, { text: arn, keys: ["a"] });
  assert.deepEqual(document.shares[0]?.keys, [{ text: arn, keys: ["a"] }]);
});

const byKeyId: [string, Partial<Key>, text: string, isFound: boolean][] = [
  ["the key ID", { keyId: "mrk-1" }, "mrk-1", true],
  ["an ARN", { keyId: "mrk-1" }, "arn:aws:kms:eu-west-1:111122223333:key/mrk-1", true],
  [
    "an ARN of an unknown Region",
    { keyId: "mrk-1", region: unknown("var.region") },
    arn.replace(/[^/]+$/, "mrk-1"),
    true,
  ],
  ["the ARN of a replica", { keyId: "mrk-1" }, "arn:aws:kms:us-east-1:111122223333:key/mrk-1", false],
  ["another key ID", { keyId: "mrk-1" }, "mrk-2", false],
];
for (const [what, names, text, isFound] of byKeyId)
  test(`a reference leads to an imported key: ${what}`, () => {
    assert.deepEqual(used(consumer(text), [], [key("a", names)])?.keys, isFound ? ["a"] : []);
  });

const orders = alias("alias/orders", ["a"]);
const tied = ["a"];
const byAlias: [string, Consumer, Alias[], string[]][] = [
  ["by its name", consumer("alias/orders"), [orders], tied],
  ["by its ARN", consumer("arn:aws:kms:eu-west-1:111122223333:alias/orders"), [orders], tied],
  [
    "by an ARN with unknown parts",
    consumer("arn:⟨AWS::Partition⟩:kms:⟨AWS::Region⟩:⟨AWS::AccountId⟩:alias/orders"),
    [orders],
    tied,
  ],
  ["of an unknown Region", consumer("alias/orders", { region: unknown("AWS::Region") }), [orders], tied],
  ["of another Region", consumer("alias/orders", { region: "us-east-1" }), [orders], []],
  ["of another Region, in the ARN", consumer("arn:aws:kms:us-east-1:1:alias/orders"), [orders], []],
  ["of another scope", consumer("alias/orders", { scope: "other" }), [orders], []],
  ["of a name with a suffix", consumer("alias/orders"), [alias("alias/orders", ["a"], { prefix: true })], []],
  [
    "in one of two Regions",
    consumer("alias/orders"),
    [orders, alias("alias/orders", ["b"], { region: "us-east-1" })],
    tied,
  ],
  [
    "in the same variant",
    consumer("alias/orders", { variant: { assumptions: ["IsProd is true"], total: 2 } }),
    [
      alias("alias/orders", ["a"], { variant: { assumptions: ["IsProd is true"], total: 2 } }),
      alias("alias/orders", ["b"], { variant: { assumptions: ["IsProd is false"], total: 2 } }),
    ],
    tied,
  ],
];
for (const [what, by, aliases, keys] of byAlias) {
  test(`a reference leads to a key by its alias: ${what}`, () => {
    const reference = used(by, aliases);
    assert.deepEqual([reference?.keys, reference?.alias], [keys, "alias/orders"]);
  });
}

test("existing references are kept, and strings that are not aliases lead to no key", () => {
  assert.deepEqual(used(consumer("alias/orders", {}, ["b"]), [orders])?.keys, ["b"]);
  assert.deepEqual(used(consumer("alias/aws/sns"), [orders]), {
    text: "alias/aws/sns",
    keys: [],
    alias: "alias/aws/sns",
  });
  assert.equal(used(consumer("orders"), [orders])?.alias, undefined);
  assert.equal(used(consumer(unknown("var.key")), [orders])?.alias, undefined);
});

test("consumers and shares refer to all variants of a key", () => {
  const named = (account: string) => ({
    index: 0,
    sid: null,
    effect: "Allow" as const,
    principals: [
      { type: "AWS", kind: "root" as const, text: account, account, location: entity("x").location },
    ],
    notPrincipal: false,
    actions: [{ text: "kms:*", known: true, literal: false, location: entity("x").location }],
    notAction: false,
    covers: [],
    mayCover: [],
    resources: ["*"],
    notResource: false,
    matchesKey: "yes" as const,
    conditions: [],
    access: [],
    location: entity("x").location,
  });
  const two = key("a", {
    owner: unknown(""),
    policy: { state: "resolved", statements: ["111122223333", "444455556666"].map(named), problems: [] },
  });
  const document = linkParts(
    [
      {
        ...emptyPart(),
        keys: [two],
        consumers: [consumer(unknown("k"), {}, ["a"])],
        shares: [share(unknown("k"), ["a"])],
      },
    ],
    {},
  );
  const ids = document.keys.map(({ id }) => id);
  assert.equal(ids.length, 2);
  assert.deepEqual(document.consumers[0]?.uses[0]?.key.keys, ids);
  assert.deepEqual(document.shares[0]?.keys[0]?.keys, ids);
});

test("variants of all entity kinds have a total", () => {
  const variant = (when: string) => ({ variant: { assumptions: [when], total: 1 } });
  const document = linkParts(
    [
      {
        ...emptyPart(),
        consumers: [consumer("x", variant("A is true")), consumer("x", variant("A is false"))],
      },
    ],
    {},
  );
  assert.deepEqual(
    document.consumers.map((c) => c.variant?.total),
    [2, 2],
  );
});

test("a consumer is in the batch of its key; with an unknown key it has its own batch", () => {
  const part = {
    ...emptyPart(),
    keys: [key("a"), key("b"), key("c")],
    consumers: [
      { ...consumer(unknown("k"), {}, ["b"]), id: "of b", resource: "of b" },
      { ...consumer(unknown("var.key")), id: "of none", resource: "of none" },
    ],
    shares: [share(unknown("k"), ["c"])],
  };
  const parts = batches(linkParts([part], {}), 1);
  const inOne = (one: string, other: string) =>
    parts.some((p) => {
      const ids = [...p.keys, ...p.consumers, ...p.shares].map(({ id }) => id);
      return ids.includes(one) && ids.includes(other);
    });
  assert.ok(inOne("b", "of b") && inOne("c", "share"));
  assert.ok(!["a", "b", "c"].some((id) => inOne(id, "of none")));
});
