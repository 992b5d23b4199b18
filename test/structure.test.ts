import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { load } from "js-yaml";
import { exampleNames } from "../scripts/examples.ts";
import { categories, type RuleInfo } from "../src/core/model/report.ts";

const root = new URL("..", import.meta.url).pathname;
const rules = join(root, "policies/kms/rules");
const listed = JSON.parse(readFileSync(join(root, "bundles/rules.json"), "utf8")) as RuleInfo[];
const FORMATS: { [format: string]: string[] } = {
  policy: ["json"],
  cloudformation: ["json", "yaml"],
  plan: ["json"],
  changeset: ["json"],
  source: ["tf"],
  kubernetes: ["yaml"],
};

interface Metadata {
  title: string;
  description: string;
  related_resources: string[];
  custom: {
    level: string;
    category: string;
    remediation: string;
    formats: string[];
    snippets: { [format: string]: string };
  };
}

/** The snippet of each input format. */
const SNIPPETS: { [format: string]: string } = {
  policy: "policy",
  cloudformation: "cloudformation",
  plan: "terraform",
  source: "terraform",
};

/** Verdicts that a rule cannot have in a format, with the reason. */
const unresolved = "a plan with unknown statements has an unresolved policy";
const impossible: { [example: string]: string } = {
  "iam_alias_as_key unknown.plan": unresolved,
  "invalid_principal unknown.plan": unresolved,
  "unknown_action unknown.plan": unresolved,
  "key_not_retained unknown.source": "Terraform accepts only true or false for prevent_destroy",
  "resource_not_star unknown.policy": "a standalone policy belongs to the key that it names",
};

function metadataOf(rego: string): Metadata {
  const block = rego.slice(0, rego.indexOf("\npackage ")).split("\n");
  assert.equal(block[0], "# METADATA", "the file starts with METADATA");
  return load(
    block
      .slice(1)
      .map((line) => line.replace(/^# ?/, ""))
      .join("\n"),
  ) as Metadata;
}

for (const name of readdirSync(rules)) {
  const folder = join(rules, name);
  test(`${name} is complete`, () => {
    assert.match(name, /^[a-z][a-z0-9]*(_[a-z0-9]+)*$/);
    assert.deepEqual(readdirSync(folder).sort(), [`${name}.rego`, `${name}_test.rego`, "examples"].sort());
    const rego = readFileSync(join(folder, `${name}.rego`), "utf8");
    assert.ok(rego.includes(`\npackage kms.rules.${name}\n`), `package kms.rules.${name}`);
    const tests = readFileSync(join(folder, `${name}_test.rego`), "utf8");
    assert.ok(tests.includes(`package kms.rules.${name}_test\n`), `package kms.rules.${name}_test`);

    const { title, description, related_resources, custom } = metadataOf(rego);
    for (const text of [title, description, custom.remediation])
      assert.ok(text?.trim(), "title, description and custom.remediation are required");
    assert.doesNotMatch(title, /\.$/, "a title has no period");
    assert.ok(related_resources?.length > 0, "related_resources is required");
    assert.ok(["error", "warning", "note", "off"].includes(custom.level), `custom.level: ${custom.level}`);
    assert.ok(Object.keys(categories).includes(custom.category), `custom.category: ${custom.category}`);
    assert.ok(custom.formats.length > 0);
    for (const snippet of custom.formats.flatMap((format) => SNIPPETS[format] ?? []))
      assert.ok(custom.snippets?.[snippet]?.trim(), `custom.snippets.${snippet}`);
    if (custom.formats.includes("kubernetes"))
      assert.ok(
        custom.snippets.kubernetes ?? custom.snippets.policy,
        "custom.snippets.kubernetes, or policy",
      );
    const { finds, controls } = listed.find(({ id }) => id === name) ?? {};
    assert.ok(finds, "METADATA (scope: document) of fail describes what fails");
    for (const [framework, ids] of Object.entries(controls ?? {}))
      assert.ok(ids.length > 0, `custom.controls: ${framework}`);
    for (const format of custom.formats) assert.ok(format in FORMATS, `custom.formats: ${format}`);

    // A rule without failing or unknown verdicts defines an empty set.
    const verdicts = ["pass", ...["fail", "unknown"].filter((v) => !rego.includes(`\n${v} := set()\n`))];
    const examples = exampleNames(name);
    for (const example of examples) checkName(example, custom.formats);
    for (const format of custom.formats)
      for (const verdict of verdicts) {
        const exists = examples.some((example) =>
          new RegExp(`^${verdict}(-[a-z0-9-]+)?\\.${format}\\.`).test(example),
        );
        const reason = impossible[`${name} ${verdict}.${format}`];
        assert.equal(exists, reason === undefined, reason ?? `an example ${verdict}.${format}.*`);
      }
  });
}

function checkName(example: string, formats: string[]): void {
  const [, format = "", extension = ""] =
    /^(?:fail|pass|unknown)(?:-[a-z0-9-]+)?\.(\w+)\.(\w+)$/.exec(example) ?? [];
  assert.ok(
    formats.includes(format) && FORMATS[format]?.includes(extension),
    `examples/${example} must be named <fail|pass|unknown>[-note].<${formats.join("|")}>.<json|yaml|tf>`,
  );
}

test("no rule is registered in the entrypoint", () => {
  const main = readFileSync(join(root, "policies/kms/main/main.rego"), "utf8");
  for (const name of readdirSync(rules)) assert.ok(!main.includes(name), `main.rego names ${name}`);
});

test("bundles/rules.json lists every rule", () => {
  assert.deepEqual(
    listed.map((rule) => rule.id),
    readdirSync(rules).sort(),
  );
});

test("every Rego library has a test", () => {
  for (const library of readdirSync(join(root, "policies/kms/lib")))
    assert.ok(
      existsSync(join(root, "policies/kms/lib", library, `${library}_test.rego`)),
      `policies/kms/lib/${library}/${library}_test.rego`,
    );
});
