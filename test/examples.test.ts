import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { loadEngine } from "../src/core/engine/engine.ts";
import { checkInputs } from "../src/core/pipeline.ts";
import { renderText } from "../src/reporters/text.ts";

const root = new URL("..", import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root));
const engine = loadEngine(read("bundles/policy.wasm"), JSON.parse(read("bundles/rules.json").toString()));

interface Expected {
  files: string[];
  findings: string[];
  /** What is found in one of the files besides. */
  more?: { [file: string]: string[] };
}
/** What is found in the files of each folder. */
const expected: { [folder: string]: Expected } = {
  "default-key-policy": { files: ["plan.json", "policy.json", "template.yaml"], findings: [] },
  "cross-account": { files: ["plan.json", "policy.json", "template.yaml"], findings: [] },
  "cross-account-without-root": {
    files: ["plan.json", "policy.json", "template.yaml"],
    findings: ["error key_unmanageable", "error root_access_missing"],
  },
  "multi-region-replica-without-policy": {
    files: ["plan.json", "template.yaml"],
    findings: ["error replica_policy_missing"],
    // The primary is in another Region, and so in another stack.
    more: { "template.yaml": ["unknown replica_primary"] },
  },
  "key-without-alias": { files: ["plan.json", "template.yaml"], findings: ["note alias_missing"] },
};

test("every example is listed here", () => {
  const folders = readdirSync(new URL("examples", root), { withFileTypes: true }).filter((e) =>
    e.isDirectory(),
  );
  // Programs: test/integration/embed runs them.
  const names = folders.map((e) => e.name).filter((name) => name !== "embed");
  assert.deepEqual(names.sort(), Object.keys(expected).sort());
});

for (const [folder, { files, findings, more }] of Object.entries(expected)) {
  test(`${folder}: ${findings.length === 0 ? "no findings" : findings.join(", ")}`, () => {
    assert.deepEqual(readdirSync(new URL(`examples/${folder}`, root)).sort(), files);
    for (const file of files) {
      const path = `examples/${folder}/${file}`;
      const report = checkInputs([{ path, text: read(path).toString() }], { engine });
      assert.deepEqual(report.problems, []);
      assert.deepEqual(
        report.findings.map((f) => `${f.verdict === "unknown" ? "unknown" : f.level} ${f.rule}`),
        [...findings, ...(more?.[file] ?? [])],
        path,
      );
      assert.equal(report.files.length, 1, path);
    }
  });
}

const readme = read("README.md").toString();

test("the README shows the actual output", () => {
  const shown = [...readme.matchAll(/^\$ keywarden test (\S+)\n([\s\S]*?)^```$/gm)];
  assert.ok(shown.length > 0);
  for (const [, path = "", output] of shown) {
    const report = checkInputs([{ path, text: read(path).toString(), named: true }], { engine });
    assert.equal(renderText(report, { color: false }), output);
  }
});
