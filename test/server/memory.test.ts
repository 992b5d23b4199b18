import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { loadEngine } from "../../src/core/engine/engine.ts";
import { loadTerraform } from "../../src/core/formats/terraform-source/evaluator/terraform.ts";
import { bounded } from "../../src/core/formats/terraform-source/evaluator/wasm.ts";
import { checkInputs } from "../../src/core/pipeline.ts";
import { workerMemory } from "../../src/hosts/server/memory.ts";
import { root, rules } from "./support.ts";

const bytes = (name: string) => readFileSync(`${root}bundles/${name}`);
const GIB = 2 ** 30;

for (const [what, workers, total, heap, mebibytes] of [
  ["a container of a gibibyte is shared", 2, GIB, 277, 139],
  ["a large machine gives no more than is needed", 4, 64 * GIB, 1024, 1024],
  ["a small one no less than the start takes", 8, GIB / 4, 64, 64],
] as const)
  test(`the memory limits of workers: ${what}`, () => {
    assert.deepEqual(workerMemory(workers, total), { heapMiB: heap, wasmPages: mebibytes * 16 });
  });

const statement = { Effect: "Allow", Principal: "*", Action: "kms:*", Resource: "*" };
const policy = (count: number) =>
  JSON.stringify({ Version: "2012-10-17", Statement: Array.from({ length: count }, () => statement) });
const doubling = `locals {
  a0 = "xxxxxxxxxxxxxxxx"
${Array.from({ length: 40 }, (_, i) => `  a${i + 1} = "\${local.a${i}}\${local.a${i}}"\n`).join("")}}
resource "aws_kms_key" "k" {
  description = local.a40
}
`;
const source = `resource "aws_kms_key" "k" {\n  policy = jsonencode(${policy(1)})\n}\n`;

test("an input that exceeds the memory limit is a problem, and the next one is checked normally", () => {
  const engine = loadEngine(bytes("policy.wasm"), rules, { maxMemoryPages: 64 });
  const terraform = loadTerraform(() => bounded(bytes("terraform.wasm"), 1024));
  const judged = (path: string, text: string) =>
    checkInputs([{ path, text, named: true }], { engine, terraform, today: "2026-01-01" });
  for (const [path, hostile, good] of [
    ["policy.json", policy(1900), policy(1)],
    ["main.tf", doubling, source],
  ] as const) {
    const { findings, problems } = judged(path, hostile);
    assert.equal(findings.length, 0);
    assert.match(problems[0]?.message ?? "", /too large|memory/, path);
    const after = judged(path, good);
    assert.deepEqual(
      [after.problems, after.findings.some(({ rule }) => rule === "public_access")],
      [[], true],
    );
  }
});
