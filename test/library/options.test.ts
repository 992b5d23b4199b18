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
} from "../../src/hosts/library/index.ts";
import { bytes, source } from "./support.ts";

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
    normalize([tf, ...more], options).document.keys.map((key) => key.properties?.deletionWindowDays);
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

test("failOnUnknown: an unknown verdict of an error is not a pass", () => {
  const statements = [
    { Effect: "Allow", Principal: { AWS: "arn:aws:iam::111122223333:root" }, Action: "kms:*", Resource: "*" },
    { Effect: "Allow", Principal: { AWS: "${reader}" }, Action: "kms:Decrypt", Resource: "*" },
  ];
  const text = JSON.stringify({ Version: "2012-10-17", Statement: statements });
  const passes = (failOnUnknown?: CheckerOptions["failOnUnknown"]) => {
    const options = failOnUnknown === undefined ? {} : { failOnUnknown };
    return passed(check([{ path: "key.json", text }], options));
  };
  assert.deepEqual([undefined, false, true, ["public_access"], ["grant_cross_account"]].map(passes), [
    true,
    true,
    false,
    false,
    true,
  ]);
});

test("failOnUnknown: a rule that does not exist is an error", () => {
  assert.throws(
    () => createChecker({ failOnUnknown: ["public"] }),
    /there is no rule "public"\. Did you mean public_access/,
  );
});
