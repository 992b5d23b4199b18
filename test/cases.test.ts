import { deepEqual } from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { describe, it } from "node:test";
import { loadEngine } from "../src/core/engine/engine.ts";
import { loadTerraform } from "../src/core/formats/terraform-source/evaluator/terraform.ts";
import type { Source } from "../src/core/model/source.ts";
import { checkInputs } from "../src/core/pipeline.ts";
import { allRules, labeledFile, labeledRules, newRules } from "./labeled-rules.ts";

/*
 * Root modules with plans that Terraform and OpenTofu made, and the findings that a person expects in the plan and in
 * the source. The labels cover the rules in labeled-rules.json; findings of newer rules are ignored. `UPDATE=1` adds the
 * findings of all rules to the labels, for review. See test/cases/README.md.
 */

const folder = "test/cases";

interface ExpectedFinding {
  rule: string;
  address: string;
}

interface Expected {
  fail?: ExpectedFinding[];
  unknown?: ExpectedFinding[];
  /** Findings that a reviewer could accept or reject. */
  either?: ExpectedFinding[];
}

interface Case {
  title: string;
  expect: Expected;
  /** False if the source alone has other verdicts than the plan. */
  source?: boolean;
  expect_source?: Expected;
}

const readText = (path: string): string => readFileSync(path, "utf8");
const readJson = (path: string) => JSON.parse(readText(path));
const engine = loadEngine(readFileSync("bundles/policy.wasm"), readJson("bundles/rules.json"));
const terraform = loadTerraform(() => readFileSync("bundles/terraform.wasm"));
const isUpdate = process.env["UPDATE"] === "1";

interface ActualFinding extends ExpectedFinding {
  verdict: string;
}

const line = (verdict: string, { rule, address }: ExpectedFinding): string => `${verdict} ${rule} ${address}`;

function findingsIn(sources: Source[]): ActualFinding[] {
  const { findings, problems } = checkInputs(sources, { engine, terraform });
  deepEqual(problems, []);
  return findings.map(({ verdict, rule, resource }) => ({ verdict, rule, address: resource }));
}

function compare(actual: ActualFinding[], { fail = [], unknown = [], either = [] }: Expected): void {
  const optional = new Set(either.flatMap((finding) => [line("fail", finding), line("unknown", finding)]));
  const expected = [
    ...fail.map((finding) => line("fail", finding)),
    ...unknown.map((finding) => line("unknown", finding)),
  ];
  const lines = actual
    .filter(({ rule }) => !newRules.includes(rule))
    .map((finding) => line(finding.verdict, finding));
  deepEqual([...new Set(lines)].filter((text) => !optional.has(text)).sort(), expected.sort());
}

/** Adds the findings of rules without labels. */
function addLabels(expected: Expected, actual: ActualFinding[]): void {
  for (const { verdict, rule, address } of actual.filter((finding) => newRules.includes(finding.rule))) {
    const list = expected[verdict as "fail" | "unknown"] ?? [];
    expected[verdict as "fail" | "unknown"] = list;
    if (!list.some((known) => known.rule === rule && known.address === address)) list.push({ rule, address });
  }
}

const read = (path: string): Source => ({ path, text: readText(path) });

/** Returns the files of a root module, without its plans. */
const sourceOf = (path: string): Source[] =>
  readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !/^(plan.*|case)\.json$/.test(entry.name))
    .map((entry) => read(`${entry.parentPath}/${entry.name}`));

/** Source states the lifecycle once for all instances of a resource. */
const withoutInstance = (finding: ActualFinding): ActualFinding =>
  finding.rule === "key_not_retained"
    ? { ...finding, address: finding.address.replace(/\[[^\]]*\]/g, "") }
    : finding;

it("the labeled rules exist", () => {
  deepEqual(
    labeledRules.filter((rule) => !allRules.includes(rule)),
    [],
  );
});

for (const name of readdirSync(folder).filter((entry) => existsSync(`${folder}/${entry}/case.json`))) {
  const path = `${folder}/${name}`;
  const labels: Case = readJson(`${path}/case.json`);
  const { title, expect, source, expect_source } = labels;
  const plans = ["plan.json", "plan.tofu.json"].filter((file) => existsSync(`${path}/${file}`));
  const inPlan = (plan: string) => findingsIn([read(`${path}/${plan}`)]);
  const inSource = () => findingsIn(sourceOf(path)).map(withoutInstance);
  const expected = expect_source ?? (source === false ? undefined : expect);
  describe(`${name}: ${title}`, () => {
    if (isUpdate)
      it("labels are rewritten", () => {
        for (const plan of plans) addLabels(expect, inPlan(plan));
        if (expect_source !== undefined) addLabels(expect_source, inSource());
        writeFileSync(`${path}/case.json`, `${JSON.stringify(labels, null, 1)}\n`);
      });
    else {
      for (const plan of plans) it(plan, () => compare(inPlan(plan), expect));
      if (expected !== undefined) it("source", () => compare(inSource(), expected));
    }
  });
}

if (isUpdate)
  it("the list of labeled rules is rewritten", () => {
    writeFileSync(labeledFile, `${JSON.stringify(allRules, null, 2)}\n`);
  });
