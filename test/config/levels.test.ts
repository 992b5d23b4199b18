import assert from "node:assert/strict";
import { test } from "node:test";
import { advice } from "../../scripts/docs/advice.ts";
import type { RuleInfo } from "../../src/core/model/report.ts";
import {
  ignoreMatcher,
  levelResolver,
  mergeRuleSettings,
  targetsByPath,
} from "../../src/session/config/index.ts";
import type { LevelQuery } from "../../src/session/config/levels.ts";
import { load, messages, repository, rules } from "./support.ts";

const configOf = (files: { [name: string]: unknown }, all = rules) => {
  const loaded = load(repository(files), { rules: all });
  assert.deepEqual(messages(loaded), []);
  return loaded.config;
};

const level = (files: { [name: string]: unknown }, judged: Partial<LevelQuery> = {}, all?: RuleInfo[]) =>
  levelResolver(
    configOf(files, all),
    all ?? rules,
  )({ rule: "alias_missing", file: "a/b.yaml", resource: "Key", ...judged });

const rc = (text: string) => ({ ".keywardenrc": text });

test("the preset cheat-sheet enables only its rules, at their default levels except alias_missing", () => {
  const levels = levelResolver(configOf(rc("preset: cheat-sheet\n")), rules);
  const on = rules.filter(({ id }) => levels({ rule: id, file: "a", resource: "b" }) !== "off");
  assert.deepEqual(on.map(({ id }) => id).sort(), advice.flatMap((one) => one.rules).sort());
  const changed = on.filter(({ id, level }) => levels({ rule: id, file: "a", resource: "b" }) !== level);
  assert.deepEqual(
    changed.map(({ id }) => id),
    ["alias_missing"],
  );
  assert.equal(levels({ rule: "alias_missing", file: "a", resource: "b" }), "warning");
});

test("the default preset recommended keeps the level of every rule", () => {
  for (const text of ["", "preset: recommended\n"]) {
    const levels = levelResolver(configOf(rc(text)), rules);
    for (const { id, level } of rules) assert.equal(levels({ rule: id, file: "a", resource: "b" }), level);
  }
});

test("strict turns notes into warnings and enables rules that are off", () => {
  const off = rules.map((rule) => (rule.id === "key_disabled" ? { ...rule, level: "off" as const } : rule));
  assert.equal(level(rc("preset: strict\n")), "warning");
  assert.equal(level(rc("preset: strict\n"), { rule: "key_disabled" }, off), "warning");
  assert.equal(level(rc(""), { rule: "key_disabled" }, off), "off");
  assert.equal(level(rc("preset: strict\n"), { rule: "public_access" }), "error");
});

test("a lower level that a rule gives to a finding applies unless the config sets a level", () => {
  const judged = { rule: "root_access_missing", level: "warning" } as const;
  assert.equal(level(rc("preset: strict\n"), judged), "warning");
  assert.equal(level(rc("levels: {root_access_missing: error}\n"), judged), "error");
});

/** The level of alias_missing at a/b.yaml, resource Key. */
const precedence: [why: string, expected: string, files: { [name: string]: unknown }][] = [
  ["a level over the preset", "off", rc("preset: strict\nlevels: {alias_missing: off}\n")],
  [
    "an override over the level",
    "error",
    rc("levels: {alias_missing: off}\noverrides: [{files: a, levels: {alias_missing: error}}]\n"),
  ],
  [
    "the later of two overrides",
    "note",
    rc(
      "overrides: [{files: 'a/*', levels: {alias_missing: error}}, {files: '*.yaml', levels: {alias_missing: note}}]\n",
    ),
  ],
  ["no override of other files", "note", rc("overrides: [{files: b, levels: {alias_missing: error}}]\n")],
  [
    "an override of a resource",
    "error",
    rc("overrides: [{resources: 'K?y', levels: {alias_missing: error}}]\n"),
  ],
  [
    "files and resources both",
    "note",
    rc("overrides: [{files: a, resources: Other, levels: {alias_missing: error}}]\n"),
  ],
  [
    "a level over that of an extended file",
    "off",
    {
      ".keywardenrc": "extends: b.yaml\nlevels: {alias_missing: off}\n",
      "b.yaml": "levels: {alias_missing: error}\n",
    },
  ],
  [
    "a level over the override of an extended file",
    "off",
    {
      ".keywardenrc": "extends: b.yaml\nlevels: {alias_missing: off}\n",
      "b.yaml": "overrides: [{files: a, levels: {alias_missing: error}}]\n",
    },
  ],
  [
    "the last of several extended files",
    "error",
    {
      ".keywardenrc": "extends: [c.yaml, b.yaml]\n",
      "b.yaml": "levels: {alias_missing: error}\n",
      "c.yaml": "levels: {alias_missing: off}\n",
    },
  ],
  ["the preset over an extended one", "note", rc("extends: strict\npreset: recommended\n")],
  ["an extended preset", "warning", rc("extends: [strict]\n")],
];

for (const [why, expected, files] of precedence)
  test(`precedence: ${why}`, () => assert.equal(level(files), expected));

test("the brackets and dots of an address are literal", () => {
  const files = rc("overrides: [{resources: 'aws_kms_key.a[\"*\"]', levels: {alias_missing: off}}]\n");
  assert.equal(level(files, { resource: 'aws_kms_key.a["x"]' }), "off");
  assert.equal(level(files, { resource: "aws_kms_key.a" }), "note");
  assert.equal(level(files, { resource: 'aws_kms_keyXa["x"]' }), "note");
});

/** A glob in a config, and what it matches, relative to the root of the repository. */
const globs: [glob: string, matches: string[], not: string[]][] = [
  ["examples", ["examples", "examples/a.yaml", "a/examples/b/c.yaml"], ["examples.yaml"]],
  ["examples/", ["examples/a.yaml"], ["a/examples/b.yaml"]],
  ["./examples", ["examples/a.yaml"], ["a/examples/b.yaml"]],
  ["*.tpl", ["a.tpl", "b/c.tpl"], ["a.tpl.yaml"]],
  ["a/*.yaml", ["a/b.yaml", "./a/b.yaml"], ["a/b/c.yaml", "b.yaml"]],
  ["a/**", ["a", "a/b/c.yaml", "a/.hidden/b.yaml"], ["b/a.yaml"]],
  ["{a,b}/c", ["a/c", "b/c/d.yaml"], ["c"]],
];

for (const [glob, matches, not] of globs)
  test(`the glob ${glob}`, () => {
    const ignored = ignoreMatcher(configOf({ ".keywardenrc": { ignore: [glob] } }));
    for (const path of matches) assert.ok(ignored.test(path), `matches ${path}`);
    for (const path of not) assert.ok(!ignored.test(path), `does not match ${path}`);
  });

test("the globs of a package are relative to the directory of the file that extends it", () => {
  const files = (folder: string) => ({
    ".keywardenrc": `extends: ${folder}/kms.yaml\n`,
    [`${folder}/kms.yaml`]: "ignore: [a/c]\n",
  });
  assert.ok(ignoreMatcher(configOf(files("node_modules/@acme/config"))).test("a/c"));
  assert.ok(ignoreMatcher(configOf(files("shared"))).test("shared/a/c"));
  assert.ok(!ignoreMatcher(configOf(files("shared"))).test("a/c"));
});

test("the name of a directory may contain the characters of globs", () => {
  const root = repository({ "a (b)[c]/.keywardenrc": { ignore: ["x/*"] } });
  assert.ok(ignoreMatcher(load(`${root}/a (b)[c]`).config).test("x/y"));
});

test("accounts and Regions by path are replaced by a stronger value for all paths", () => {
  const base = {
    account: "111122223333",
    accounts: { prod: "444455556666" },
    regions: { eu: "eu-central-1" },
  };
  const place = targetsByPath(configOf({ ".keywardenrc": base }));
  assert.deepEqual(place("a.yaml"), { account: "111122223333" });
  assert.deepEqual(place("prod/eu/a.yaml"), { account: "444455556666", region: "eu-central-1" });
  const over = { extends: "./base.json", account: "777788889999" };
  assert.equal(
    targetsByPath(configOf({ ".keywardenrc": over, "base.json": base }))("prod/a.yaml").account,
    "777788889999",
  );
});

test("rule settings are merged setting by setting; data files take precedence", () => {
  const config = configOf({
    ".keywardenrc": { extends: "./base.json", settings: { trust: { accounts: ["222233334444"] } } },
    "base.json": {
      settings: { trust: { accounts: [], organizations: [] }, short_deletion_window: { minimum: 14 } },
    },
  });
  assert.deepEqual(mergeRuleSettings(config, { short_deletion_window: { minimum: 9 } }), {
    trust: { accounts: ["222233334444"], organizations: [] },
    short_deletion_window: { minimum: 9 },
  });
});
