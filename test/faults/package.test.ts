/** A package with missing or damaged files, and a process without memory. */
import assert from "node:assert/strict";
import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { assertNoStackTrace, assertReported, folder, orders, root, run } from "./support.ts";

/** Copies the package, without its dependencies. Returns the path of its program. */
function copyOfPackage(damage: (directory: string) => void): string {
  const directory = folder({});
  for (const path of ["dist", "bundles", "package.json"])
    cpSync(join(root, path), join(directory, path), { recursive: true });
  symlinkSync(join(root, "node_modules"), join(directory, "node_modules"));
  damage(directory);
  return join(directory, "dist/cli.js");
}

const half = (path: string) => truncateSync(path, readFileSync(path).length >> 1);

const damages: { [name: string]: (directory: string) => void } = {
  "the rules are missing": (directory) => rmSync(join(directory, "bundles/policy.wasm")),
  "the rules are truncated": (directory) => half(join(directory, "bundles/policy.wasm")),
  "the rules are empty": (directory) => writeFileSync(join(directory, "bundles/policy.wasm"), ""),
  "the rules are another module": (directory) =>
    cpSync(join(directory, "bundles/terraform.wasm"), join(directory, "bundles/policy.wasm")),
  "the metadata of the rules is missing": (directory) => rmSync(join(directory, "bundles/rules.json")),
  "the metadata of the rules is truncated": (directory) => half(join(directory, "bundles/rules.json")),
  "the directory of the bundles is empty": (directory) => {
    rmSync(join(directory, "bundles"), { recursive: true });
    mkdirSync(join(directory, "bundles"));
  },
};
for (const [name, damage] of Object.entries(damages))
  test(`${name}: the run is incomplete`, () => {
    const { code, stdout, stderr } = run(folder(), ["test", "orders.json"], { cli: copyOfPackage(damage) });
    assert.equal(code, 3, stderr);
    assert.match(stderr, /^keywarden: .*(bundles|rules)/m);
    assert.equal(stdout, "");
    assertNoStackTrace(stderr);
  });

const terraformDamages: { [name: string]: (module: string) => void } = {
  missing: (module) => rmSync(module),
  truncated: half,
  empty: (module) => writeFileSync(module, ""),
  "another module": (module) => cpSync(module.replace("terraform", "policy"), module),
};
for (const [name, damage] of Object.entries(terraformDamages))
  test(`the evaluator of Terraform is ${name}: other files are judged`, () => {
    const directory = folder({
      "orders.json": orders,
      "stock/main.tf": 'resource "aws_kms_key" "stock" {}\n',
    });
    const cli = copyOfPackage((copy) => {
      rmSync(join(copy, "bundles/terraform.wasm.br"), { force: true });
      damage(join(copy, "bundles/terraform.wasm"));
    });
    assertReported(run(directory, ["test", "."], { cli }), /^stock: cannot read: /m);
    assert.equal(run(directory, ["test", "orders.json"], { cli }).code, 1);
  });

test("a heap that is too small ends the process, and not with the exit code of a result", () => {
  const key = JSON.parse(orders).Resources.Orders;
  const many = Object.fromEntries(Array.from({ length: 20_000 }, (_, i) => [`K${i}`, key]));
  const directory = folder({ "many.json": JSON.stringify({ Resources: many }) });
  const { code, signal, stdout } = run(directory, ["test", "many.json"], {
    nodeOptions: ["--max-old-space-size=20", "--max-semi-space-size=1"],
  });
  assert.ok(signal !== null || (code ?? 0) > 2, `${code}`);
  assert.equal(stdout, "");
});
