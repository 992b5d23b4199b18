/** The skeleton of each kind of rule passes before anybody changes it. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { examplesOf } from "../../scripts/new-rule/examples.ts";
import { type Kind, kinds, ruleOf, testOf } from "../../scripts/new-rule/rules.ts";
import type { Source } from "../../src/core/model/source.ts";
import { normalize } from "../../src/hosts/library/index.ts";

const opa = ".cache/bin/opa";
const skip = existsSync(opa) ? false : "opa is not built: make tools";
const libraries = ["policies/kms/lib", "policies/kms/facts"];
const all = Object.keys(kinds) as Kind[];
const nameOf = (kind: Kind) => `new_${kind.replace("-", "_")}`;

let folder = "";
before(() => {
  folder = mkdtempSync(join(tmpdir(), "keywarden-new-rule-"));
  for (const kind of all) {
    const [name, skeleton] = [nameOf(kind), kinds[kind]];
    mkdirSync(join(folder, name));
    writeFileSync(join(folder, name, `${name}.rego`), ruleOf(name, skeleton));
    writeFileSync(join(folder, name, `${name}_test.rego`), testOf(name, skeleton));
  }
});
after(() => rmSync(folder, { recursive: true }));

function run(...args: string[]): string {
  const { status, stdout, stderr } = spawnSync(opa, args, { encoding: "utf8", maxBuffer: 2 ** 26 });
  assert.equal(status, 0, stdout + stderr);
  return stdout;
}

test("the Rego files are formatted, strict and covered", { skip }, () => {
  assert.equal(run("fmt", "--list", folder), "");
  run("check", "--strict", ...libraries, folder);
  const { files } = JSON.parse(
    run("test", "--run", "kms.rules.new_", "--coverage", "--format", "json", ...libraries, folder),
  ) as { files: { [path: string]: { not_covered?: { start: { row: number } }[] } } };
  const uncovered = Object.entries(files)
    .filter(([path]) => path.includes("/new_"))
    .flatMap(([path, { not_covered = [] }]) => {
      const lines = readFileSync(path, "utf8").split("\n");
      return not_covered.map(({ start }) => lines[start.row - 1] as string);
    })
    // Only kms.main, which is not loaded here, reads the METADATA.
    .filter((line) => !line.startsWith("about := "));
  assert.deepEqual(uncovered, []);
});

test("every example has the verdict of its name", { skip }, () => {
  const examples = all.flatMap((kind) =>
    Object.entries(examplesOf(kind)).map(([name, text]) => ({ kind, name, text })),
  );
  const documents = examples.map(({ name, text }) => {
    const source: Source = { path: name, text, named: true };
    const { document, problems } = normalize([source]);
    assert.deepEqual(problems, [], `${name} ${text}`);
    return document;
  });
  // Without an extension, `--data` does not read it as data.
  const input = join(folder, "input");
  writeFileSync(input, JSON.stringify(documents));
  const counted = all.map((kind) => {
    const rule = `data.kms.rules.${nameOf(kind)}`;
    return `"${kind}": {"fail": count(${rule}.fail), "unknown": count(${rule}.unknown)}`;
  });
  const query = `[counts | some document in input; counts := {${counted.join(", ")}} with input as document]`;
  const data = [...libraries, folder].flatMap((path) => ["--data", path]);
  const { result } = JSON.parse(run("eval", "--input", input, ...data, query));
  const counts = result[0].expressions[0].value as { [kind: string]: object }[];
  for (const [index, { kind, name }] of examples.entries()) {
    const verdict = name.split(".")[0];
    assert.deepEqual(
      counts[index]?.[kind],
      { fail: verdict === "fail" ? 1 : 0, unknown: verdict === "unknown" ? 1 : 0 },
      `${kind} ${name}`,
    );
  }
});

test("there is an example for each declared format and verdict", () => {
  for (const kind of all) {
    const formats = Object.keys(examplesOf(kind)).map((name) => name.split(".")[1]);
    assert.deepEqual([...new Set(formats)].sort(), [...kinds[kind].formats].sort());
    assert.equal(formats.length, kinds[kind].formats.length * 3);
  }
});
