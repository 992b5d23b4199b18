import { deepEqual, equal, ok } from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { Ajv } from "ajv";
import { loadEngine } from "../../src/core/engine/engine.ts";
import type { Finding, Report, RuleInfo } from "../../src/core/model/report.ts";
import { checkInputs } from "../../src/core/pipeline.ts";
import { renderSarif } from "../../src/reporters/sarif.ts";
import { empty, finding, options, rule, sample } from "./support.ts";

const { id, $schema, ...schema } = JSON.parse(
  readFileSync(join(import.meta.dirname, "sarif-2.1.0.json"), "utf8"),
);
const validate = new Ajv({
  strict: false,
  unicodeRegExp: false,
  validateFormats: false,
  allErrors: true,
}).compile(schema);
const rules: RuleInfo[] = JSON.parse(readFileSync("bundles/rules.json", "utf8"));

const runOf = (report: Report, changes = {}) =>
  JSON.parse(renderSarif(report, { ...options, ...changes })).runs[0];
const resultOf = (changes: Partial<Finding>) =>
  runOf({ ...empty, rules: [rule()], findings: [finding(changes)] }).results[0];
const uriOf = (file: string): string =>
  resultOf({ location: { ...finding().location, file } }).locations[0].physicalLocation.artifactLocation.uri;

describe("SARIF", () => {
  it("is valid for a complete report, an empty report, and real findings", () => {
    const path = "examples/multi-region-replica-without-policy/template.yaml";
    const engine = loadEngine(readFileSync("bundles/policy.wasm"), rules);
    const real = checkInputs([{ path, text: readFileSync(path, "utf8") }], { engine });
    ok(real.findings.length > 0);
    for (const report of [sample, empty, real]) {
      validate(JSON.parse(renderSarif(report, options)));
      deepEqual(validate.errors, null);
    }
  });

  it("describes each rule as GitHub requires, within its limits", () => {
    const { driver } = runOf({ ...empty, rules }).tool;
    equal(new Set(driver.rules.map(({ id }: { id: string }) => id)).size, rules.length);
    for (const {
      id,
      shortDescription,
      fullDescription,
      help,
      defaultConfiguration,
      properties,
    } of driver.rules) {
      for (const text of [shortDescription.text, fullDescription.text, help.text, help.markdown])
        ok(text.trim() !== "", id);
      ok(fullDescription.text.length <= 1024, id);
      ok(["note", "warning", "error"].includes(defaultConfiguration.level), id);
      ok(/^\d\.\d$/.test(properties["security-severity"]), id);
      ok(properties.tags.length <= 20 && properties.tags.includes("security"), id);
      ok(["error", "warning", "recommendation"].includes(properties["problem.severity"]), id);
    }
  });

  it("derives the severity from level and category of the rule", () => {
    const severity = (changes: Partial<RuleInfo>) =>
      runOf({ ...empty, rules: [rule(changes)] }).tool.driver.rules[0].properties["security-severity"];
    equal(severity({ level: "error", category: "access" }), "9.1");
    equal(severity({ level: "error", category: "grants" }), "8.0");
    equal(severity({ level: "warning", category: "settings" }), "5.5");
    equal(severity({ level: "note", category: "aliases" }), "2.0");
  });

  it("refers to the rule of each result by ID and index, with its level in this run", () => {
    const { tool, results } = runOf(sample);
    for (const { ruleId, ruleIndex } of results) equal(tool.driver.rules[ruleIndex].id, ruleId);
    equal(resultOf({ level: "note" }).level, "note");
  });

  it("reports an unknown verdict as a note of a separate rule without a severity", () => {
    const { tool, results } = runOf({
      ...empty,
      rules: [rule()],
      findings: [finding({ verdict: "unknown" })],
    });
    equal(results[0].ruleId, "public_access/unknown");
    equal(results[0].level, "note");
    ok(results[0].message.text.startsWith("Unknown: "));
    equal(tool.driver.rules[results[0].ruleIndex].properties["security-severity"], undefined);
  });

  it("contains suppressions with location and reason, unless they are hidden", () => {
    const suppressions = runOf(sample).results.flatMap(({ suppressions = [] }) => suppressions);
    deepEqual(
      suppressions.map(({ kind, justification }: { kind: string; justification: string }) => [
        kind,
        justification,
      ]),
      [
        ["inSource", "Rotated by hand, ticket SEC-12"],
        ["external", "Known when the baseline was written"],
      ],
    );
    equal(runOf(sample, { suppressExceptions: true }).results.length, sample.findings.length + 2);
  });

  it("refers to files by relative paths", () => {
    equal(uriOf("./infra/keys.yaml"), "infra/keys.yaml");
    equal(uriOf("kms keys/schlüssel #1?.yaml"), "kms%20keys/schl%C3%BCssel%20%231%3F.yaml");
    equal(uriOf("infra\\keys.yaml"), "infra/keys.yaml");
    equal(uriOf("/srv/keys.yaml"), "file:///srv/keys.yaml");
    equal(uriOf("C:\\keys.yaml"), "file:///C:/keys.yaml");
  });

  it("reports unchecked parts as notifications, and for GitHub as notes", () => {
    const { results, invocations } = runOf({ ...sample, findings: [], exceptions: [], problems: [] });
    deepEqual(
      results.map(({ ruleId, level, properties }: { [name: string]: { subject: string } }) => [
        ruleId,
        level,
        properties?.subject,
      ]),
      sample.unseen.map(({ subject }) => ["unseen", "note", subject]),
    );
    equal(invocations[0].executionSuccessful, true);
    deepEqual(
      invocations[0].toolExecutionNotifications.map(({ level }: { level: string }) => level),
      ["warning", "warning", "note"],
    );
  });

  it("reports problems and an unsuccessful run", () => {
    const [invocation] = runOf(sample).invocations;
    equal(invocation.executionSuccessful, false);
    deepEqual(
      invocation.toolExecutionNotifications.map(({ level }: { level: string }) => level),
      ["error", "warning", "warning", "note"],
    );
  });

  it("contains no link from the input", () => {
    ok(!resultOf({ message: "Sid [here](https://example.org)" }).message.text.includes("]("));
  });

  it("omits the least severe results above GitHub's limit", () => {
    const many = Array.from({ length: 25_000 }, (_, i) =>
      finding({ level: i === 24_999 ? "error" : "note", location: { ...finding().location, line: i + 1 } }),
    );
    const { results, invocations } = runOf({
      ...empty,
      findings: [finding({ verdict: "unknown" }), ...many],
    });
    equal(results.length, 25_000);
    ok(!results.some(({ ruleId }: { ruleId: string }) => ruleId.endsWith("/unknown")));
    equal(
      invocations[0].toolExecutionNotifications[0].message.text,
      "1 result omitted: a run may have at most 25000 results.",
    );
  });
});
