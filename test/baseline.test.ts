import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import fc from "fast-check";
import { loadEngine } from "../src/core/engine/engine.ts";
import type { Finding } from "../src/core/model/report.ts";
import type { Source } from "../src/core/model/source.ts";
import { isProblem } from "../src/core/parse/problem.ts";
import { checkInputs } from "../src/core/pipeline.ts";
import { applyBaseline, baselineOf } from "../src/core/suppress/baseline.ts";

const word = fc.constantFrom("a", "b", "c");
const sid = fc.constantFrom(undefined, "#1", "#2", "Open");

/** Findings with few distinct values, so that many are similar. */
const finding: fc.Arbitrary<Finding> = fc
  .record({ rule: word, file: word, resource: word, words: word, sid, text: word, line: fc.nat(99) })
  .map(({ rule, file, resource, words, sid, text, line }) => ({
    rule,
    level: "error",
    verdict: "fail",
    resource,
    message: `Statement ${sid ?? 1} says ${words} on line ${line}.`,
    location: { file: `${file}.tf`, line, column: 1, endLine: line, endColumn: 2, pointer: "" },
    ...(sid === undefined ? {} : { statement: sid }),
    title: "",
    why: "",
    remediation: "",
    url: "",
    excerpt: { firstLine: line, lines: [text] },
  }));
const findings = fc.array(finding, { maxLength: 12 });
const all = ["a.tf", "b.tf", "c.tf"];

const baseline = (found: Finding[]): Source => ({
  path: "baseline.json",
  text: baselineOf({ findings: found, exceptions: [] }, "baseline.json"),
});

function applied(found: Finding[], known: Source, checked = all) {
  const result = applyBaseline(found, known, checked);
  assert.ok(!isProblem(result));
  return result;
}

test("a baseline of a report suppresses exactly the findings of that report", () => {
  fc.assert(
    fc.property(findings, (found) => {
      const { findings, exceptions, notices } = applied(found, baseline(found));
      assert.deepEqual([findings, notices], [[], []]);
      assert.deepEqual(
        exceptions.map(({ suppressed: _, ...finding }) => finding),
        found,
      );
    }),
  );
});

const moved = (one: Finding, by: number): Finding => ({
  ...one,
  location: { ...one.location, line: one.location.line + by, endLine: one.location.endLine + by },
  message: one.message.replace(/line (\d+)/, (_, line) => `line ${Number(line) + by}`),
  excerpt: { firstLine: 1, lines: [`    ${one.excerpt?.lines[0]}`] },
});

test("moved lines and changed indentation do not affect the baseline", () => {
  fc.assert(
    fc.property(findings, fc.nat(1000), (found, by) => {
      const after = found.map((one) => moved(one, by));
      assert.equal(baseline(after).text, baseline(found).text);
      assert.deepEqual(applied(after, baseline(found)).findings, []);
    }),
  );
});

test("new findings remain; among similar findings, the one with the new excerpt remains", () => {
  fc.assert(
    fc.property(findings, finding, fc.nat(12), (found, one, at) => {
      const added: Finding = { ...one, excerpt: { lines: ["new"] } };
      const after = found.toSpliced(at, 0, added);
      assert.deepEqual(applied(after, baseline(found)).findings, [added]);
    }),
  );
});

test("a resolved finding is reported, but only for checked files", () => {
  fc.assert(
    fc.property(findings, finding, (found, one) => {
      const known = baseline([...found, one]);
      const { findings, notices } = applied(found, known);
      assert.deepEqual(findings, []);
      assert.equal(notices.length, 1);
      assert.match(
        notices[0]?.message ?? "",
        new RegExp(`^The baseline contains ${one.rule} for ${one.resource} in ${one.location.file}`),
      );
      assert.deepEqual(applied([], known, []).notices, []);
    }),
  );
});

const first: Finding = fc.sample(finding, { numRuns: 1, seed: 1 })[0] as Finding;

test("a finding whose verdict changes from unknown to fail is new", () => {
  const open: Finding = { ...first, verdict: "unknown" };
  assert.equal(applied([first], baseline([open])).findings.length, 1);
});

test("a baseline does not depend on the order of findings", () => {
  fc.assert(
    fc.property(findings, (found) => {
      assert.equal(baseline(found.toReversed()).text, baseline(found).text);
    }),
  );
});

test("paths in a baseline are relative to its directory", () => {
  const at = (file: string): Finding => ({ ...first, location: { ...first.location, file } });
  const text = baselineOf({ findings: [at("infra/a.tf")], exceptions: [] }, "infra/baseline.json");
  assert.equal(JSON.parse(text).findings[0].file, "a.tf");
  assert.deepEqual(applied([at("./a.tf")], { path: "baseline.json", text }, []).findings, []);
});

test("a file that is not a baseline is a problem", () => {
  for (const [text, message] of [
    ["{", /is not closed/],
    ["[]", /is not a baseline/],
    ['{"version": 2, "findings": []}', /version/],
    ['{"version": 1, "findings": [{"rule": "a"}]}', /incomplete/],
  ] as const) {
    const result = applyBaseline([], { path: "baseline.json", text }, []);
    assert.ok(isProblem(result));
    assert.match(result.message, message);
  }
});

test("a check with a baseline reports new findings, and a rewritten baseline keeps known ones", () => {
  const read = (path: string) => readFileSync(new URL(`../${path}`, import.meta.url));
  const engine = loadEngine(read("bundles/policy.wasm"), JSON.parse(read("bundles/rules.json").toString()));
  const open = (Sid: string) => ({
    Sid,
    Effect: "Allow",
    Principal: "*",
    Action: "kms:Decrypt",
    Resource: "*",
  });
  const policy = (...sids: string[]): Source => ({
    path: "policy.json",
    text: JSON.stringify({ Statement: sids.map(open) }, null, 2),
    named: true,
  });
  const before = checkInputs([policy("Old")], { engine });
  const known: Source = { path: "baseline.json", text: baselineOf(before, "baseline.json") };
  assert.doesNotMatch(known.text, /kms:Decrypt/, "no text of the input");

  const report = checkInputs([policy("New", "Old")], { engine, baseline: known });
  const publicAccess = ({ rule }: Finding) => rule === "public_access";
  assert.deepEqual(
    report.findings.filter(publicAccess).map(({ statement }) => statement),
    ["New"],
  );
  assert.deepEqual(
    report.exceptions.filter(publicAccess).map(({ statement, suppressed }) => [statement, suppressed?.by]),
    [["Old", "baseline"]],
  );
  assert.deepEqual(report.notices, []);

  const again: Source = { path: "baseline.json", text: baselineOf(report, "baseline.json") };
  assert.deepEqual(checkInputs([policy("New", "Old")], { engine, baseline: again }).findings, []);
  const [gone] = checkInputs([policy("New")], { engine, baseline: again }).notices;
  assert.match(
    gone?.message ?? "",
    /^The baseline contains public_access for <policy> in policy.json, which no longer occurs/,
  );
  const { problems } = checkInputs([policy("New")], {
    engine,
    baseline: { path: "baseline.json", text: "" },
  });
  assert.equal(problems.length, 1);
});
