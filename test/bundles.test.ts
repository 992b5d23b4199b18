import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { facts, json, rego } from "../scripts/facts.ts";
import { schema } from "../scripts/schema.ts";
import { hostBuiltins, wasmImports } from "../src/core/engine/host.ts";
import { categories, type RuleInfo } from "../src/core/model/report.ts";

const read = (path: string) => readFileSync(new URL(`../${path}`, import.meta.url), "utf8");

test("the facts about KMS are what their sources give (else: make data)", async () => {
  const { facts: data, source } = await facts();
  assert.equal(read("src/core/model/facts.json"), json(data));
  assert.equal(read("policies/kms/facts/facts.rego"), rego(data, source));
});

test("the facts agree with each other", async () => {
  const { facts: data } = await facts();
  assert.match(data.dataVersion, /^\d{4}-\d\d-\d\d$/);
  assert.equal(data.actions.length, 58);
  assert.equal(data.crossAccountActions.length, 22);
  const within = (names: string[], all: string[]) =>
    assert.deepEqual(
      names.filter((name) => !all.includes(name)),
      [],
    );
  within(data.crossAccountActions, data.keyPolicyActions);
  for (const operations of Object.values(data.operations)) within(operations, data.keyPolicyActions);
  for (const { usages } of Object.values(data.specs)) within(usages, Object.keys(data.operations));
  const keys = new Map(data.conditionKeys.map((key) => [key.name, key]));
  assert.deepEqual(keys.get("kms:GrantIsForAWSResource")?.actions, [
    "CreateGrant",
    "ListGrants",
    "RevokeGrant",
  ]);
  assert.equal(keys.get("kms:EncryptionContextKeys")?.multivalued, true);
  assert.equal(keys.get("kms:EncryptionContext:")?.multivalued, false);
  assert.equal(keys.get("kms:ResourceAliases")?.identityPolicyOnly, true);
});

test("the schema of the document is what its types give (else: make schema)", () => {
  assert.equal(read("policies/schemas/document.json"), schema());
});

test("every rule of bundles/rules.json can be explained", () => {
  const rules = JSON.parse(read("bundles/rules.json")) as RuleInfo[];
  assert.ok(rules.length > 0);
  for (const rule of rules) {
    for (const text of [rule.title, rule.level, rule.finds, rule.why, rule.remediation])
      assert.ok(text.trim(), rule.id);
    assert.ok(rule.category in categories, rule.id);
    for (const [path, schema] of Object.entries(rule.settings))
      assert.ok(
        "default" in schema && schema.description,
        `${path}: a setting has a default and a description`,
      );
    for (const reference of rule.references) assert.match(reference, /^https:\/\//, rule.id);
  }
});

test("the module imports nothing but OPA's own interface, and asks for no built-in function", () => {
  const bytes = readFileSync(new URL("../bundles/policy.wasm", import.meta.url));
  const own = ["opa_abort", "opa_builtin0", "opa_builtin1", "opa_builtin2", "opa_builtin3", "opa_builtin4"];
  assert.deepEqual(wasmImports(bytes).sort(), ["env.memory", ...own.map((name) => `env.${name}`)]);
  assert.deepEqual(hostBuiltins(bytes), []);
});
