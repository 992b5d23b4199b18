import assert from "node:assert/strict";
import { test } from "node:test";
import { check, createChecker, passed } from "../../src/hosts/library/index.ts";
import { bytes, isCode, source, template } from "./support.ts";

const wrong: [what: string, options: object, code: Parameters<typeof isCode>[0], message: RegExp][] = [
  ["an unknown option", { levles: {} }, "invalid-option", /Unknown option levles\. Did you mean levels\?/],
  ["a name that objects inherit", { constructor: 1 }, "invalid-option", /Unknown option constructor/],
  ["an unknown rule", { levels: { alias_mising: "off" } }, "unknown-rule", /Did you mean alias_missing\?/],
  ["settings of an unknown rule", { settings: { nope: {} } }, "unknown-rule", /no rule "nope"/],
  [
    "an unknown setting",
    { settings: { short_deletion_window: { min: 7 } } },
    "unknown-setting",
    /Its settings: minimum/,
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
  [
    "suppressions as paths",
    { suppressions: ["a.yaml"] },
    "invalid-option",
    /suppressions must be an array of/,
  ],
  ["a baseline as a path", { baseline: "a.json" }, "invalid-option", /baseline must be/],
  [
    "variables that are no texts",
    { variables: { days: 8 } },
    "invalid-option",
    /variables must be an object with strings/,
  ],
  ["rules without a bundle", { rules: [] }, "invalid-option", /Pass the option bundle, too/],
  [
    "a bundle that is no module",
    { bundle: new Uint8Array(8) },
    "unloadable-module",
    /bundle is not a module/,
  ],
  [
    "a bundle of something else",
    { bundle: bytes("bundles/terraform.wasm") },
    "unloadable-module",
    /bundle is not a module/,
  ],
  ["terraform that is no module", { terraform: new Uint8Array(8) }, "unloadable-module", /terraform is not/],
  [
    "terraform of something else",
    { terraform: bytes("bundles/policy.wasm") },
    "unloadable-module",
    /does not export evaluate/,
  ],
  ["a configuration that is a path", { config: "keywarden.yaml" }, "invalid-option", /config must be/],
  ["a key that no configuration has", { config: { level: {} } }, "invalid-config", /Unknown key "level"/],
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
    /can only extend presets/,
  ],
  ["paths in an object", { config: { suppressions: "a.yaml" } }, "invalid-config", /the option suppressions/],
  ["a variable without a value", { config: { var: "days" } }, "invalid-config", /NAME=VALUE/],
  ["options that are no object", null as unknown as object, "invalid-option", /not an object/],
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
