import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { checkExample, exampleNames } from "../scripts/examples.ts";
import { loadEngine } from "../src/core/engine/engine.ts";
import type { Finding, Report, RuleInfo } from "../src/core/model/report.ts";

const root = new URL("..", import.meta.url).pathname;
const bundle = (name: string) => readFileSync(`${root}bundles/${name}`);
const rules = JSON.parse(bundle("rules.json").toString()) as RuleInfo[];
const engine = loadEngine(bundle("policy.wasm"), rules);

/** An example is named after the verdict that it shows: `<fail|pass|unknown>[-note].<format>.<json|yaml|tf>`. */
const examples = rules.flatMap(({ id }) =>
  exampleNames(id).map((name) => ({ rule: id, name, path: `policies/kms/rules/${id}/examples/${name}` })),
);

/** Whose snippet a finding shows, by the format of the example. */
const FORMATS: { [format: string]: keyof RuleInfo["snippets"] } = {
  policy: "policy",
  cloudformation: "cloudformation",
  changeset: "cloudformation",
  plan: "terraform",
  source: "terraform",
  kubernetes: "kubernetes",
};

const textOf = (path: string): string => readFileSync(root + path, "utf8");
const reportOn = (path: string): Report =>
  checkExample(engine, path.split("/")[3] as string, { path, text: textOf(path) });
const told = ({ rule, verdict, message }: Finding): string => `${rule} ${verdict}: ${message}`;

for (const { rule, name, path } of examples) {
  test(`${rule}: ${name}`, () => {
    const { findings, problems, notices } = reportOn(path);
    assert.deepEqual({ problems, notices }, { problems: [], notices: [] });
    const verdicts = findings.filter((finding) => finding.rule === rule).map(({ verdict }) => verdict);
    const verdict = verdicts.includes("fail") ? "fail" : (verdicts[0] ?? "pass");
    assert.equal(verdict, /^[a-z]+/.exec(name)?.[0], findings.map(told).join("\n"));
  });
}

/** What an example shows besides its own rule, since one cannot be had without the other. */
const besides: { [example: string]: string[] } = {
  // A Deny that leaves nobody in charge takes the administration from everyone.
  "key_unmanageable/fail-denied.cloudformation.yaml": ["administration_denied fail"],
  "key_unmanageable/fail-denied.plan.json": ["administration_denied fail"],
  "key_unmanageable/fail-denied.policy.json": ["administration_denied fail"],
  // An administrator beside whom no root is needed has kms:Create*, and so CreateGrant.
  "root_access_missing/fail.cloudformation.yaml": ["create_grant_unrestricted fail"],
  "root_access_missing/fail.kubernetes.yaml": ["create_grant_unrestricted fail"],
  "root_access_missing/fail.plan.json": ["create_grant_unrestricted fail"],
  "root_access_missing/fail.policy.json": ["create_grant_unrestricted fail"],
  "root_access_missing/unknown.plan.json": ["create_grant_unrestricted fail"],
  // Terraform replaces a key whose spec may change, and so deletes it.
  "immutable_change/unknown.plan.json": ["key_deletion fail"],
  // A policy that leaves nobody in charge does not leave the root in charge.
  "key_unmanageable/fail-nobody.cloudformation.yaml": ["root_access_missing fail"],
  "key_unmanageable/fail-nobody.plan.json": ["root_access_missing fail"],
  "key_unmanageable/fail-nobody.policy.json": ["root_access_missing fail"],
  "key_unmanageable/fail.kubernetes.yaml": ["root_access_missing fail"],
  // The template of a replica does not hold its primary, which is in another Region.
  "replica_policy_missing/fail.cloudformation.yaml": ["replica_primary unknown"],
  "replica_policy_missing/pass.cloudformation.yaml": ["replica_primary unknown"],
  "replica_region/pass.cloudformation.yaml": ["replica_primary unknown"],
};

test("an example triggers only its own rule, except for notes and other verdicts that depend on an unknown value", () => {
  const shown = examples.flatMap(({ rule, name, path }) => {
    const others = reportOn(path).findings.filter(
      (f) => f.rule !== rule && f.level !== "note" && (f.verdict === "fail" || !name.startsWith("unknown")),
    );
    return others.length === 0 ? [] : [[`${rule}/${name}`, others.map((f) => `${f.rule} ${f.verdict}`)]];
  });
  assert.deepEqual(Object.fromEntries(shown), besides);
});

test("a failure has a one-sentence message, a location in the file and a fix", () => {
  for (const { rule, name, path } of examples.filter((example) => example.name.startsWith("fail"))) {
    const lines = textOf(path).split("\n").length;
    for (const finding of reportOn(path).findings.filter((f) => f.rule === rule)) {
      assert.match(finding.message, /^[A-Z].*[^.]\.$/, `${rule}/${name}`);
      assert.doesNotMatch(finding.message, /undefined|\[object/, `${rule}/${name}`);
      const { file, line, endLine } = finding.location;
      assert.equal(file, path);
      assert.ok(line >= 1 && endLine >= line && endLine <= lines, `${path}:${line}-${endLine}`);
      const { remediation, snippets } = rules.find(({ id }) => id === rule) as RuleInfo;
      const format = FORMATS[name.split(".")[1] as string] as keyof typeof snippets;
      // There a policy is JSON in a text.
      const snippet = snippets[format] ?? (format === "kubernetes" ? snippets.policy : undefined);
      assert.equal(finding.remediation, snippet === undefined ? remediation : `${remediation}\n${snippet}`);
    }
  }
});
