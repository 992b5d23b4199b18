import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import fc from "fast-check";
import { batches } from "../src/core/engine/batch.ts";
import { loadEngine } from "../src/core/engine/engine.ts";
import type { Alias, Document, Entity, Grant, Key, Reference, Value } from "../src/core/model/document.ts";
import type { RuleInfo } from "../src/core/model/report.ts";
import type { Location } from "../src/core/model/source.ts";

const bundle = (name: string) => readFileSync(new URL(`../bundles/${name}`, import.meta.url));
const wasm = bundle("policy.wasm");
const rules = JSON.parse(bundle("rules.json").toString()) as RuleInfo[];
const engine = loadEngine(wasm, rules);

test("a key without rotation has one finding, with the texts of the rule's METADATA", () => {
  const findings = engine.evaluate(documentOf([key("a", { rotation: false })]));
  const found = findings.filter((finding) => finding.rule === "rotation_disabled");
  const about = rules.find((rule) => rule.id === "rotation_disabled") as RuleInfo;
  assert.equal(found.length, 1);
  assert.deepEqual(
    { ...found[0], message: "" },
    {
      rule: "rotation_disabled",
      level: "warning",
      verdict: "fail",
      resource: "a",
      file: "main.json",
      message: "",
      location: place,
      statement: null,
      title: about.title,
      why: about.why,
      remediation: `${about.remediation}\n${about.snippets.cloudformation}`,
    },
  );
});

test("a missing value results in the verdict unknown", () => {
  const rotation = { unknown: { reason: "known only after apply", expression: "var.rotate" } };
  const findings = engine.evaluate(documentOf([key("a", { rotation })]));
  assert.deepEqual(
    findings.filter((finding) => finding.rule === "rotation_disabled").map((finding) => finding.verdict),
    ["unknown"],
  );
});

test("an empty document has no findings", () => {
  assert.deepEqual(engine.evaluate(documentOf([])), []);
});

test("rule settings apply to one evaluation only", () => {
  const document = documentOf([key("a", { deletionWindowDays: 10 })]);
  const found = (settings?: object) =>
    engine.evaluate(document, { ...settings }).some((finding) => finding.rule === "short_deletion_window");
  assert.equal(found(), true);
  assert.equal(found({ short_deletion_window: { minimum: 7 } }), false);
  assert.equal(found(), true);
});

test("findings are sorted by file, line, column and rule", () => {
  const at = (file: string, line: number): Location => ({ ...place, file, line });
  const keys = [
    key("late", {}, at("b.json", 1)),
    key("third", {}, at("a.json", 30)),
    key("second", {}, at("a.json", 4)),
  ];
  const findings = engine.evaluate(documentOf(keys));
  assert.deepEqual([...new Set(findings.map((finding) => finding.resource))], ["second", "third", "late"]);
  const second = findings.filter((finding) => finding.resource === "second").map((finding) => finding.rule);
  assert.deepEqual(second, [...second].sort());
});

test("errors of the module are thrown as Error objects with a message", () => {
  assert.throws(
    () => loadEngine(new Uint8Array([1, 2, 3]), []),
    (error) => error instanceof Error && /^Cannot load the compiled rules: \S/.test(error.message),
  );
  const circular = { ...documentOf([key("a", {})]), dataVersion: 1n as unknown as string };
  assert.throws(
    () => engine.evaluate(circular),
    (error) => error instanceof Error && /^The evaluation of the rules failed: .*BigInt/.test(error.message),
  );
  assert.deepEqual(engine.evaluate(documentOf([])), [], "the engine is usable afterwards");
});

test("an unpaired surrogate is replaced, and a backslash is not", () => {
  const description = `${String.raw`\ud800 `}\ud800 🔑`;
  const resources = ["\udc00", String.raw`\ud800`, "🔑"].map((name) =>
    key(name, { description, rotation: false }),
  );
  const found = engine.evaluate(documentOf(resources)).filter(({ rule }) => rule === "rotation_disabled");
  assert.deepEqual(found.map(({ resource }) => resource).sort(), [String.raw`\ud800`, "\uFFFD", "🔑"].sort());
});

test("entities that belong together are in one batch", () => {
  const choice = { variant: { assumptions: ["IsProd is true"], total: 2 } };
  const cases: { [together: string]: Partial<Document> } = {
    "an alias and its key": { keys: [key("a"), key("b")], aliases: [alias("x", "alias/x", to("b"))] },
    "a replica and its primary": { keys: [key("a"), key("b"), { ...key("c"), primary: to("a") }] },
    "a grant and the keys that it may be for": {
      keys: [key("a"), key("b")],
      grants: [grant("g", to("a", "b"))],
    },
    "the variants of a resource": {
      keys: [
        { ...key("v"), ...choice, id: "v1" },
        { ...key("v"), ...choice, id: "v2" },
      ],
    },
    "aliases of one name": { aliases: [alias("x", "alias/x", to("k")), alias("y", "alias/x", to("l"))] },
    "what refers to one key outside the document": {
      aliases: [alias("x", "alias/x", outside("arn:k")), alias("y", "alias/y", outside("arn:k"))],
    },
    "an alias that may be of any key of its scope": {
      keys: [key("a"), key("b")],
      aliases: [alias("x", "alias/x", outside({ unknown: { reason: "", expression: "var.key" } }))],
    },
  };
  for (const [together, part] of Object.entries(cases)) {
    const document = { ...documentOf([]), ...part };
    const parts = batches(document, 1);
    const largest = Math.max(...parts.map((each) => entitiesOf(each).length));
    const linked =
      together.startsWith("an alias and") || together.startsWith("a replica")
        ? 2
        : entitiesOf(document).length;
    assert.equal(largest, linked, together);
  }
});

/** Documents whose keys, aliases and grants refer to each other, to keys outside the document, or to unknown keys. */
const arbitrary: fc.Arbitrary<Document> = fc
  .array(
    fc.record({
      kind: fc.constantFrom("key", "key", "replica", "alias", "grant"),
      scope: fc.constantFrom("one", "two"),
      name: fc.constantFrom("alias/orders", "alias/key", "alias/a", "alias/b"),
      target: fc.option(fc.nat(12)),
      open: fc.boolean(),
      rotation: fc.constantFrom<Value<boolean>>(true, false, {
        unknown: { reason: "", expression: "var.r" },
      }),
      varied: fc.boolean(),
    }),
    { maxLength: 16 },
  )
  .map((seeds) => {
    const names = seeds.map(({ kind }, i) => `${kind}${i}`);
    const document = documentOf([]);
    seeds.forEach((seed, i) => {
      const name = names[i] as string;
      const wanted = seed.target === null ? undefined : names[seed.target];
      const reference =
        wanted?.startsWith("key") === true
          ? to(wanted)
          : outside(seed.open ? { unknown: { reason: "", expression: "var.key" } } : `arn:${seed.target}`);
      if (seed.kind === "alias")
        document.aliases.push({ ...alias(name, seed.name, reference), scope: seed.scope });
      else if (seed.kind === "grant") document.grants.push({ ...grant(name, reference), scope: seed.scope });
      else {
        const made = { ...key(name, { rotation: seed.rotation }), scope: seed.scope };
        const placed = seed.kind === "replica" ? asReplica(made, reference) : made;
        document.keys.push(placed);
        if (seed.varied)
          document.keys.push({
            ...key(name, { rotation: true }),
            id: `${name}'`,
            scope: seed.scope,
            variant: { assumptions: ["C is true"], total: 2 },
          });
      }
    });
    return document;
  });

test("a batch counts the principals of statements, because rules visit each of them", () => {
  const statement = (principals: number) => ({ principals: Array(principals).fill({}) });
  const withStatements = (id: string, ...statements: object[]) =>
    ({ ...key(id), policy: { statements } }) as unknown as Key;
  const sizes = (...keys: Key[]) => batches({ ...documentOf([]), keys }, 6).map((part) => part.keys.length);
  assert.deepEqual(sizes(key("a"), key("b"), key("c")), [3]);
  assert.deepEqual(
    sizes(
      withStatements("a", statement(0)),
      withStatements("b", statement(3)),
      withStatements("c", statement(1)),
    ),
    [2, 1],
  );
  assert.deepEqual(sizes(withStatements("a", statement(90)), withStatements("b", statement(90))), [1, 1]);
});

test("property: batches contain every entity once, in document order", () => {
  fc.assert(
    fc.property(arbitrary, fc.integer({ min: 1, max: 8 }), (document, size) => {
      const parts = batches(document, size);
      for (const kind of ["keys", "aliases", "grants"] as const) {
        const held = parts.flatMap((part) => part[kind].map((entity) => entity.id));
        assert.deepEqual(held.sort(), document[kind].map((entity) => entity.id).sort());
        for (const part of parts) {
          const positions = part[kind].map((entity) => (document[kind] as Entity[]).indexOf(entity));
          assert.deepEqual(
            positions,
            [...positions].sort((a, b) => a - b),
          );
        }
      }
    }),
  );
});

test("property: findings do not depend on the batch size", () => {
  const whole = loadEngine(wasm, rules, { batchSize: Number.POSITIVE_INFINITY });
  const single = loadEngine(wasm, rules, { batchSize: 1 });
  fc.assert(
    fc.property(arbitrary, (document) => {
      assert.deepEqual(single.evaluate(document), whole.evaluate(document));
    }),
    { numRuns: 60 },
  );
});

function entitiesOf(document: Document): Entity[] {
  return [...document.keys, ...document.aliases, ...document.grants];
}

function documentOf(keys: Key[]): Document {
  return {
    version: 1,
    dataVersion: "2026-01-01",
    keys,
    aliases: [],
    grants: [],
    identityPolicies: [],
    consumers: [],
    shares: [],
    secrets: [],
    removals: [],
  };
}

const place: Location = { file: "main.json", line: 1, column: 1, endLine: 2, endColumn: 2, pointer: "/a" };

function entity(name: string, type: string, location = place): Entity {
  return { id: name, resource: name, type, scope: "one", location, locations: {}, defaults: [] };
}

function key(name: string, settings: Partial<Key["properties"]> = {}, location = place): Key {
  return {
    ...entity(name, "AWS::KMS::Key", location),
    kind: "key",
    owner: "111122223333",
    region: "eu-west-1",
    partition: "aws",
    policy: { state: "absent", statements: [], problems: [] },
    properties: {
      spec: "SYMMETRIC_DEFAULT",
      usage: "ENCRYPT_DECRYPT",
      origin: "AWS_KMS",
      customKeyStore: false,
      multiRegion: false,
      rotation: false,
      rotationPeriodDays: null,
      enabled: true,
      deletionWindowDays: null,
      bypassLockoutSafetyCheck: false,
      description: null,
      tags: {},
      ...settings,
    },
  };
}

function asReplica({ properties: _, ...replica }: Key, primary: Reference): Key {
  return { ...replica, kind: "replica", primary };
}

const to = (...keys: string[]): Reference => ({ text: keys[0] ?? "", keys });

const outside = (text: Value<string>): Reference => ({ text, keys: [] });

function alias(id: string, name: string, target: Reference): Alias {
  return { ...entity(id, "AWS::KMS::Alias"), name, prefix: false, target, region: "eu-west-1" };
}

function grant(id: string, of: Reference): Grant {
  return {
    ...entity(id, "aws_kms_grant"),
    key: of,
    grantee: {
      type: "AWS",
      kind: "role",
      text: "arn:aws:iam::444455556666:role/app",
      relation: "external",
      location: place,
    },
    retiring: null,
    operations: ["Decrypt"],
    constraints: {},
    region: "eu-west-1",
  };
}
