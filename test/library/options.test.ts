import assert from "node:assert/strict";
import { test } from "node:test";
import {
  baselineOf,
  type CheckerOptions,
  check,
  createChecker,
  type Finding,
  normalize,
  passed,
  type RuleInfo,
  rules,
} from "../../src/index.ts";
import { bytes, isCode, source, template } from "./support.ts";

const said = (options: CheckerOptions, sources = [source()]) =>
  createChecker(options)
    .check(sources)
    .findings.map(({ level, rule }) => `${level} ${rule}`);

const usual = ["note alias_missing", "note short_deletion_window", "warning rotation_disabled"];

test("without options every rule has its own level and settings", () => {
  const found = said({});
  for (const one of usual) assert.ok(found.includes(one), found.join());
});

const suppressed = {
  path: "suppressions.yaml",
  text: "- rule: alias_missing\n  resources: [Key]\n  reason: a test\n",
};
const known = baselineOf(check([source()]));
const options: { [what: string]: [options: CheckerOptions, has: string[], hasNot: string[]] } = {
  "levels: a rule is off": [{ levels: { alias_missing: "off" } }, [], ["alias_missing"]],
  "levels: a rule weighs more": [{ levels: { alias_missing: "error" } }, ["error alias_missing"], []],
  "settings: a rule allows more": [
    { settings: { short_deletion_window: { minimum: 7 } } },
    ["note alias_missing"],
    ["short_deletion_window"],
  ],
  "preset: strict makes warnings of notes": [{ preset: "strict" }, ["warning alias_missing"], []],
  "config: an object says what a file would": [
    { config: { levels: { alias_missing: "error" }, settings: { short_deletion_window: { minimum: 7 } } } },
    ["error alias_missing"],
    ["short_deletion_window"],
  ],
  "config: globs start at the working directory": [
    { config: { overrides: [{ files: "*.json", levels: { alias_missing: "error" } }] } },
    ["error alias_missing"],
    [],
  ],
  "config: an object extends presets": [{ config: { extends: "strict" } }, ["warning alias_missing"], []],
  "options come over the configuration, and over its overrides": [
    {
      config: {
        levels: { alias_missing: "error" },
        overrides: [{ files: "*.json", levels: { alias_missing: "error" } }],
      },
      levels: { alias_missing: "warning" },
    },
    ["warning alias_missing"],
    [],
  ],
  "suppressions: a file, as a text": [
    {
      suppressions: [suppressed],
    },
    ["note short_deletion_window"],
    ["alias_missing"],
  ],
  "baseline: what was known": [
    { baseline: { path: "baseline.json", text: known } },
    [],
    ["alias_missing", "short_deletion_window"],
  ],
  "bundle: the module and its rules are given": [
    { bundle: bytes("bundles/policy.wasm"), rules },
    ["note alias_missing"],
    [],
  ],
};

for (const [what, [given, has, hasNot]] of Object.entries(options))
  test(what, () => {
    const found = said(given);
    for (const one of has) assert.ok(found.includes(one), `${one} is not in ${found.join()}`);
    for (const rule of hasNot) assert.ok(!found.some((one) => one.endsWith(` ${rule}`)), found.join());
  });

test("today: a suppression ends on its day", () => {
  const until = `${suppressed.text}  until: 2026-06-30
`;
  const suppressions = [{ ...suppressed, text: until }];
  const found = ["2026-06-30", "2026-07-01"].map((today) =>
    said({ suppressions, today }).includes("note alias_missing"),
  );
  assert.deepEqual(found, [false, true]);
});

test("account and region: keys belong to them; for some paths the configuration may say others", () => {
  const [one, other] = ["111111111111", "222222222222"];
  const owners = (options: CheckerOptions) =>
    normalize([source("a/t.json"), source("b/t.json")], options).document.keys.map(({ owner }) => owner);
  assert.deepEqual(owners({ account: one }), [one, one]);
  assert.deepEqual(owners({ config: { account: one, accounts: { "b/**": other } } }), [one, other]);
  assert.deepEqual(owners({ config: { accounts: { "b/**": other } }, account: one }), [one, one]);
});

const tf = {
  path: "infra/main.tf",
  text: 'variable "days" {}\nresource "aws_kms_key" "a" {\n  deletion_window_in_days = var.days\n}\n',
};

test("terraform: files of one directory are a configuration; variables have the values that are given", () => {
  const days = (options: CheckerOptions, more: { path: string; text: string }[] = []) =>
    normalize([tf, ...more], options).document.keys.map((key) => key.settings?.deletionWindowDays);
  assert.deepEqual(days({ variables: { days: "8" } }), [8]);
  assert.deepEqual(days({}, [{ path: "infra/terraform.tfvars", text: "days = 9\n" }]), [9]);
  assert.deepEqual(days({ variableFiles: ["x.tfvars"] }, [{ path: "x.tfvars", text: "days = 11\n" }]), [11]);
  assert.deepEqual(days({ terraform: bytes("bundles/terraform.wasm"), config: { var: "days=12" } }), [12]);
});

test("terraform: false makes a problem of Terraform's source, and no pass", () => {
  const report = check([tf], { terraform: false });
  assert.deepEqual(
    report.problems.map(({ file }) => file),
    ["infra"],
  );
  assert.equal(passed(report), false);
});

test("ignores: what the configuration passes over in folders", () => {
  const checker = createChecker({ config: { ignore: ["vendor"] } });
  assert.deepEqual(["vendor/a.yaml", "a/vendor/b.yaml", "src/a.yaml"].map(checker.ignores), [
    true,
    true,
    false,
  ]);
  assert.equal(checker.check([source("vendor/t.json")]).files.length, 1);
});

const wrong: [what: string, options: object, code: Parameters<typeof isCode>[0], message: RegExp][] = [
  [
    "an unknown option",
    { levles: {} },
    "invalid-option",
    /There is no option levles\. Did you mean levels\?/,
  ],
  ["a name that objects inherit", { constructor: 1 }, "invalid-option", /no option constructor/],
  ["an unknown rule", { levels: { alias_mising: "off" } }, "unknown-rule", /Did you mean alias_missing\?/],
  ["settings of an unknown rule", { settings: { nope: {} } }, "unknown-rule", /no rule nope/],
  [
    "an unknown setting",
    { settings: { short_deletion_window: { min: 7 } } },
    "unknown-setting",
    /It has: minimum/,
  ],
  [
    "a setting of a rule without",
    { settings: { alias_missing: { a: 1 } } },
    "unknown-setting",
    /It has none/,
  ],
  [
    "a setting out of range",
    { settings: { short_deletion_window: { minimum: 3 } } },
    "invalid-option",
    /from 7 to 30/,
  ],
  [
    "a level that is none",
    { levels: { alias_missing: "high" } },
    "invalid-option",
    /error, warning, note or off/,
  ],
  ["levels that are a list", { levels: ["alias_missing"] }, "invalid-option", /levels/],
  ["an account", { account: "12" }, "invalid-option", /twelve digits/],
  ["a Region", { region: "Frankfurt" }, "invalid-option", /region/],
  ["a preset", { preset: "hard" }, "invalid-option", /preset/],
  ["a day that is none", { today: "2026-02-30" }, "invalid-option", /today/],
  ["suppressions as paths", { suppressions: ["a.yaml"] }, "invalid-option", /suppressions is not a list of/],
  ["a baseline as a path", { baseline: "a.json" }, "invalid-option", /baseline is not/],
  ["variables that are no texts", { variables: { days: 8 } }, "invalid-option", /variables is not texts/],
  ["rules without a bundle", { rules: [] }, "invalid-option", /give both/],
  ["a bundle that is no module", { bundle: new Uint8Array(8) }, "unloadable-module", /bundle is no module/],
  [
    "a bundle of something else",
    { bundle: bytes("bundles/terraform.wasm") },
    "unloadable-module",
    /bundle is no/,
  ],
  ["terraform that is no module", { terraform: new Uint8Array(8) }, "unloadable-module", /terraform is not/],
  [
    "terraform of something else",
    { terraform: bytes("bundles/policy.wasm") },
    "unloadable-module",
    /no evaluate/,
  ],
  ["a configuration that is a path", { config: "keywarden.yaml" }, "invalid-option", /config is not/],
  ["a key that no configuration has", { config: { level: {} } }, "invalid-config", /no key level/],
  [
    "a function in a configuration",
    { config: { levels: () => ({}) } },
    "invalid-config",
    /levels is a function/,
  ],
  [
    "a file that an object extends",
    { config: { extends: "./base.yaml" } },
    "invalid-config",
    /presets alone/,
  ],
  ["paths in an object", { config: { suppressions: "a.yaml" } }, "invalid-config", /the option suppressions/],
  ["a variable without a value", { config: { var: "days" } }, "invalid-config", /NAME=VALUE/],
  ["options that are no object", null as unknown as object, "invalid-option", /no object/],
];

for (const [what, given, code, message] of wrong)
  test(`${code}: ${what}`, () => assert.throws(() => createChecker(given), isCode(code, message)));

for (const [what, sources] of [
  ["nothing", undefined],
  ["a source alone", source()],
  ["a text", ["Resources: {}"]],
  ["a source without a path", [{ text: "{}" }]],
  ["bytes", [{ path: "a.json", text: Buffer.from("{}") }]],
] as [string, never][])
  test(`invalid-source: ${what}`, () => assert.throws(() => check(sources), isCode("invalid-source")));

test("what stands in a source is a problem of the report, and no error", () => {
  const report = check([{ path: "t.json", text: `${template().slice(0, -1)}` }]);
  assert.equal(report.problems[0]?.file, "t.json");
  assert.equal(passed(report), false);
});

test("a byte order mark is no part of a text", () => {
  const [bare, marked] = ["", "\uFEFF"].map((mark) => check([{ ...source(), text: mark + source().text }]));
  assert.deepEqual(marked, bare);
});

test("reports are frozen, with all that is in them", () => {
  const { findings, rules: asked } = check([source()]);
  const [finding] = findings as [Finding];
  for (const change of [
    () => findings.pop(),
    () => Object.assign(finding, { level: "off" }),
    () => Object.assign(finding.location, { line: 0 }),
    () => Object.assign(asked[0] as object, { level: "off" }),
  ])
    assert.throws(change, TypeError);
});

test("a checker keeps to the options that it was made with", () => {
  const levels: { [rule: string]: "off" | "error" } = { alias_missing: "off" };
  const own = { levels, settings: { short_deletion_window: { minimum: 7 } }, suppressions: [] as object[] };
  const checker = createChecker(own as CheckerOptions);
  const before = checker.check([source()]);
  levels["alias_missing"] = "error";
  own.settings.short_deletion_window.minimum = 30;
  own.suppressions.push({ path: "s.yaml", text: "- { rule: rotation_disabled, reason: later }\n" });
  assert.deepEqual(checker.check([source()]), before);
});

test("rules that are given stay the caller's own", () => {
  const given = structuredClone(rules) as RuleInfo[];
  createChecker({ bundle: bytes("bundles/policy.wasm"), rules: given }).check([source()]);
  assert.ok(given.every((rule) => !Object.isFrozen(rule)));
});

test("bundle and terraform may be modules that are compiled already", () => {
  const { Module } = (globalThis as unknown as { WebAssembly: { Module: new (bytes: Uint8Array) => object } })
    .WebAssembly;
  const [bundle, terraform] = ["policy", "terraform"].map(
    (name) => new Module(bytes(`bundles/${name}.wasm`)),
  );
  const sources = [source(), { ...tf, path: "infra/a.tf" }];
  const report = createChecker({ bundle, terraform } as CheckerOptions).check(sources);
  assert.deepEqual(report, check(sources));
  assert.equal(report.files.length, 2);
});

test("checkers with different settings do not disturb each other", () => {
  const [strict, lax] = [30, 7].map((minimum) =>
    createChecker({ settings: { short_deletion_window: { minimum } } }),
  );
  const found = [strict, lax, strict, lax].map((checker) =>
    checker?.check([source()]).findings.some(({ rule }) => rule === "short_deletion_window"),
  );
  assert.deepEqual(found, [true, false, true, false]);
});
