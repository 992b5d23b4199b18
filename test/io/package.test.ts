import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { pathToFileURL } from "node:url";
import { brotliCompressSync } from "node:zlib";
import { loadTerraform } from "../../src/core/formats/terraform-source/evaluator/terraform.ts";
import { packageFile, packageFiles } from "../../src/node/package.ts";

const root = mkdtempSync(join(tmpdir(), "keywarden-package-"));
after(() => rmSync(root, { recursive: true }));
mkdirSync(join(root, "bundles"));
const entry = pathToFileURL(join(root, "dist/cli.js")).href;
const file = packageFiles(entry);
const write = (name: string, bytes: Uint8Array | string) => writeFileSync(join(root, "bundles", name), bytes);
const said = (path: string) => Buffer.from(file(path)).toString();

test("a clone has its files as they are, and what is compressed beside them may be older", () => {
  write("both", "new");
  write("both.br", brotliCompressSync(Buffer.from("old")));
  assert.equal(said("bundles/both"), "new");
});

test("a package has a large file compressed", () => {
  write("one.br", brotliCompressSync(Buffer.from("1".repeat(1000))));
  assert.equal(said("bundles/one"), "1".repeat(1000));
});

test("a file that is missing is an error at once, and half a file when it is unpacked", () => {
  assert.throws(
    () => packageFile(entry, "bundles/none"),
    /^Error: Cannot read bundles\/none of the package keywarden: .*ENOENT/,
  );
  const whole = brotliCompressSync(Buffer.from(Array.from({ length: 999 }, (_, n) => n).join()));
  write("half.br", whole.subarray(0, whole.length / 2));
  const half = packageFile(entry, "bundles/half");
  assert.throws(half, /^Error: Cannot read bundles\/half of the package keywarden: unexpected end of file/);
});

test("an evaluator that cannot be unpacked is a problem of each directory with Terraform", () => {
  const files = {
    list: () => [],
    read: () => ({ refused: "missing" as const }),
    identity: (path: string) => path,
  };
  const { problems, concerns } = loadTerraform(() => file("bundles/half")).scan(files, "infra");
  assert.equal(concerns, true);
  assert.match(problems[0]?.message ?? "", /Cannot read bundles\/half of the package keywarden/);
});
