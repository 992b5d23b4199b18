import assert from "node:assert/strict";
import { test } from "node:test";
import {
  check,
  emptyPart,
  type Format,
  type Json,
  keyWithPolicy,
  normalize,
  type Source,
} from "../../src/hosts/library/index.ts";
import { isCode, template } from "./support.ts";

const isRecord = (value: Json): value is { record: Json } =>
  typeof value === "object" && value !== null && "record" in value;

/** Reads `{"record": …}`, which has a key policy in `policy`. */
const record: Format = {
  name: "record",
  detect: isRecord,
  normalize: (parsed, target) => ({
    ...emptyPart(),
    keys: [keyWithPolicy(parsed, { resource: "ours", policyPointer: "/record/policy" }, target)],
  }),
};

const everyone = { Effect: "Allow", Principal: "*", Action: "*", Resource: "*" };
const source = (policy: Json, more: Partial<Source> = {}): Source => ({
  path: "a.json",
  text: JSON.stringify({ record: { policy } }, null, 2),
  ...more,
});

test("a custom format reads a file that never mentions KMS, and its findings have lines", () => {
  const report = check([source({ Statement: [everyone] })], { formats: [record] });
  assert.deepEqual(report.problems, []);
  const [finding] = report.findings.filter(({ rule }) => rule === "public_access");
  assert.equal(finding?.resource, "ours");
  assert.equal(finding?.location.pointer, "/record/policy/Statement/0/Principal");
  assert.equal(finding?.location.line, 7);
  assert.deepEqual(check([source({ Statement: [everyone] })]).findings, []);
});

test("a policy can be JSON in a string, and can be absent", () => {
  const stateOf = (policy: Json) =>
    normalize([source(policy)], { formats: [record] }).document.keys[0]?.policy.state;
  assert.equal(stateOf(JSON.stringify({ Statement: [everyone] })), "resolved");
  assert.equal(stateOf("{"), "unreadable");
  assert.equal(stateOf(null), "absent");
  const { document } = normalize([{ path: "a.json", text: '{"record": {}}' }], { formats: [record] });
  assert.equal(document.keys[0]?.policy.state, "absent");
});

test("key properties have AWS's defaults where the format gives none", () => {
  const withProperties: Format = {
    ...record,
    normalize: (parsed) => ({
      ...emptyPart(),
      keys: [keyWithPolicy(parsed, { resource: "ours", type: "record", properties: { enabled: false } })],
    }),
  };
  const rulesOf = (format: Format) =>
    check([source(null)], { formats: [format] }).findings.map(({ rule }) => rule);
  assert.ok(rulesOf(withProperties).includes("key_disabled"));
  assert.ok(!rulesOf(record).includes("rotation_disabled"));
  const [key] = normalize([source(null)], { formats: [withProperties] }).document.keys;
  assert.equal(key?.type, "record");
  assert.equal(key?.properties?.usage, "ENCRYPT_DECRYPT");
  assert.ok(key?.defaults.includes("rotation") && !key.defaults.includes("enabled"));
});

test("the account and Region of the run apply to the keys", () => {
  const options = { formats: [record], account: "111122223333", region: "eu-west-1" };
  const [key] = normalize([source({ Statement: [everyone] })], options).document.keys;
  assert.equal(key?.owner, "111122223333");
  assert.equal(key?.region, "eu-west-1");
});

test("custom formats take precedence, the first one first, and other files stay with the built-in formats", () => {
  const named = (name: string): Format => ({
    name,
    detect: (value) => JSON.stringify(value).includes("Mine"),
    normalize: (parsed) => ({ ...emptyPart(), keys: [keyWithPolicy(parsed, { resource: name })] }),
  });
  const sources = [
    { path: "a.json", text: template("Mine") },
    { path: "b.json", text: template("Other") },
  ];
  const { document } = normalize(sources, { formats: [named("first"), named("second")] });
  assert.deepEqual(
    document.keys.map(({ resource }) => resource),
    ["first", "Other"],
  );
});

test("files that no format recognizes are skipped as before", () => {
  const sources = [
    { path: "broken.json", text: "{" },
    { path: "other.json", text: '{"a": 1}' },
    { path: "policy.json", text: JSON.stringify({ Statement: [everyone] }) },
  ];
  const { document, problems } = normalize(sources, { formats: [record] });
  assert.deepEqual([document.keys, problems], [[], []]);
  const { problems: named } = normalize([{ path: "broken.json", text: "{", named: true }], {
    formats: [record],
  });
  assert.equal(named.length, 1);
});

test("an exception in a custom format is a problem of the file, and names the format", () => {
  const fails = (): never => {
    throw new Error("no such column");
  };
  for (const format of [
    { ...record, detect: fails },
    { ...record, normalize: fails },
  ]) {
    const { problems } = check([source(null)], { formats: [format] });
    assert.deepEqual(problems, [
      {
        file: "a.json",
        message: "The custom format record failed: no such column",
        remedy: "Fix the custom format, or don't pass the file.",
      },
    ]);
  }
});

test("a part can leave out empty lists", () => {
  const format = { ...record, normalize: () => ({ problems: [] }) } as unknown as Format;
  assert.deepEqual(check([source(null)], { formats: [format] }).problems, []);
});

test("formats is a list of formats", () => {
  for (const formats of [record, [{}], [{ name: "record", detect: () => true }]] as unknown as Format[][])
    assert.throws(() => check([], { formats }), isCode("invalid-option", /^formats is not a list of/));
});
