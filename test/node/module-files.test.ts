import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, describe, it } from "node:test";
import type { ReadPurpose } from "../../src/core/model/terraform-module.ts";
import { moduleFilesOnDisk } from "../../src/node/module-files.ts";
import { readPaths } from "../../src/node/read.ts";

const root = mkdtempSync(join(tmpdir(), "keywarden-module-files-"));
after(() => rmSync(root, { recursive: true, force: true }));

let folders = 0;

function folder(files: { [path: string]: string | Uint8Array }): string {
  const dir = join(root, `case-${folders++}`);
  mkdirSync(dir);
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), content);
  }
  return dir;
}

/** Returns the modules and sources at paths, with the named files of each module. */
function found(dir: string, paths: string[]): string[] {
  return [...readPaths(paths.map((path) => join(dir, path)))].flatMap((input) => {
    const short = (path: string) => path.slice(dir.length + 1).replace(/\/$/, "");
    if (input.kind === "source") return [short(input.source.path)];
    if (input.kind !== "module") return [];
    const { directory, only } = input.module;
    return [`[${short(directory)}${only === undefined ? "" : ` ${only.map(short)}`}]`];
  });
}

const plan = '{"format_version": "1.2", "resource_changes": [{"type": "aws_kms_key"}]}';

describe("directories with Terraform files", () => {
  const dir = folder({
    "a/main.tf": "",
    "a/.terraform/modules/kms/main.tf": "",
    "a/.terraform.lock.hcl": "",
    "a/terraform.tfstate": "kms",
    "a/values.tfvars.json": '{"kms": 1}',
    "b/main.tofu": "",
    "c/main.tf.json": '{"resource": {"aws_kms_key": {}}}',
    "d/main.tofu.json": "{}",
    "e/plan.tofu.json": plan,
    "f/.hidden.tf": "",
    "f/main.tf.bak": "",
    "f/terraform.tfvars": "kms = 1",
    "g/node_modules/x/main.tf": "",
    "g/policy.json": "kms",
    "g/main.tf": "",
    "g/plan.json": plan,
  });
  symlinkSync("../a/main.tf", join(dir, "f/linked.tf"));

  const cases: [name: string, paths: string[], inputs: string[]][] = [
    ["come as a whole", ["a"], ["[a]"]],
    ["also OpenTofu's and those in JSON", ["b", "c", "d"], ["[b]", "[c]", "[d]"]],
    ["a plan is none, whatever its name", ["e"], ["e/plan.tofu.json"]],
    ["by a link to a file elsewhere too", ["f"], ["[f]"]],
    ["beside other files", ["g"], ["[g]", "g/plan.json", "g/policy.json"]],
    ["a file that is named stands for itself", ["a/main.tf"], ["[a a/main.tf]"]],
    ["also one with values", ["f/terraform.tfvars"], ["[f f/terraform.tfvars]"]],
    ["with its directory it is no text by itself", ["a", "a/main.tf"], ["[a]", "[a a/main.tf]"]],
    ["a plan that is named is a plan", ["e/plan.tofu.json"], ["e/plan.tofu.json"]],
    [
      "of all",
      [""],
      ["[a]", "[b]", "[c]", "[d]", "e/plan.tofu.json", "[f]", "[g]", "g/plan.json", "g/policy.json"],
    ],
  ];
  for (const [name, paths, inputs] of cases) it(name, () => assert.deepEqual(found(dir, paths), inputs));
});

describe("files that a module may read", () => {
  const dir = folder({
    "named/root/main.tf": "root",
    "named/root/policy.json": "own",
    "named/policies/shared.json": "shared",
    "named/latin.tf": Buffer.from([0x61, 0x0a, 0xe9]),
    "named/large.tf": "x".repeat(10 * 1024 * 1024 + 1),
    "named-too/secret.txt": "secret",
    "modules/kms/main.tf": "module",
    "modules/kms/policy.tpl": "module's",
    "modules/empty/notes.txt": "notes",
    "elsewhere/secret.txt": "secret",
    "elsewhere/prod.values": "values",
  });
  const link = (to: string, path: string) => symlinkSync(to, join(dir, path));
  link("../../elsewhere/secret.txt", "named/root/link.txt");
  link("../../elsewhere", "named/root/folder");
  link("../policies/shared.json", "named/root/inside.json");
  link("../../modules/kms/main.tf", "named/root/linked.tf");
  link("/dev/zero", "named/root/zero.tf");
  link("nowhere", "named/root/dangling.tf");
  execFileSync("mkfifo", [join(dir, "named/root/pipe.json"), join(dir, "named/root/pipe.tf")]);

  const files = () =>
    moduleFilesOnDisk({ base: join(dir, "named"), variableFiles: [join(dir, "elsewhere/prod.values")] });

  /** Returns the text of a file, or why it cannot be read. */
  function reading(path: string, purpose: ReadPurpose, one = files()): string {
    const content = one.read(`${dir}/${path}`, purpose);
    return content instanceof Uint8Array ? new TextDecoder().decode(content) : content.refused;
  }

  const argument: [path: string, result: string][] = [
    ["named/root/policy.json", "own"],
    ["named/root/../policies/shared.json", "shared"],
    ["named/root/inside.json", "shared"],
    ["named/root/none.json", "missing"],
    ["named/root", "unreadable"],
    ["named/root/pipe.json", "unreadable"],
    ["named/root/link.txt", "outside"],
    ["named/root/folder/secret.txt", "outside"],
    ["named/root/folder/none.txt", "outside"],
    ["named/root/folder/../elsewhere/secret.txt", "outside"],
    ["named/../elsewhere/secret.txt", "outside"],
    ["named-too/secret.txt", "outside"],
    ["modules/kms/policy.tpl", "outside"],
    ["elsewhere/prod.values", "outside"],
  ];
  for (const [path, result] of argument)
    it(`function: ${path}: ${result}`, () => assert.equal(reading(path, "argument"), result));

  const moduleFiles: [path: string, result: string][] = [
    ["named/root/main.tf", "root"],
    ["modules/kms/main.tf", "module"],
    ["named/root/linked.tf", "module"],
    ["elsewhere/prod.values", "values"],
    ["named/root/.terraform/modules/modules.json", "missing"],
    ["named/root/policy.json", "outside"],
    ["elsewhere/secret.txt", "outside"],
    ["named/root/dangling.tf", "missing"],
    ["named/root/zero.tf", "unreadable"],
    ["named/root/pipe.tf", "unreadable"],
    ["named/latin.tf", "unreadable"],
    ["named/large.tf", "too-large"],
  ];
  for (const [path, result] of moduleFiles)
    it(`module: ${path}: ${result}`, () => assert.equal(reading(path, "module"), result));

  it("explains why a module file cannot be read", () => {
    const wrong = (path: string) => {
      const { message, line } = files().read(join(dir, path), "module") as {
        message?: string;
        line?: number;
      };
      return `${line ?? ""} ${message}`;
    };
    assert.match(wrong("named/latin.tf"), /^2 .*UTF-8/);
    assert.match(wrong("named/large.tf"), /larger than 10 MB/);
    assert.match(wrong("named/root/pipe.tf"), /not a regular file/);
  });

  it("functions may read files of a loaded module", () => {
    const one = files();
    reading("modules/kms/main.tf", "module", one);
    assert.equal(reading("modules/kms/policy.tpl", "argument", one), "module's");
    assert.equal(reading("modules/empty/notes.txt", "argument", one), "outside");
  });

  const names = (path: string, one = files()) => one.list(`${dir}/${path}`)?.map(({ name }) => name);

  it("lists all files in open directories, and only Terraform files in others", () => {
    assert.deepEqual(names("named/policies"), ["shared.json"]);
    assert.deepEqual(names("modules/kms"), ["main.tf"]);
    assert.deepEqual(names("elsewhere"), []);
    assert.deepEqual(names("named/root/folder"), []);
    assert.equal(names("named/none"), undefined);
    const one = files();
    reading("modules/kms/main.tf", "module", one);
    assert.deepEqual(names("modules/kms", one), ["main.tf", "policy.tpl"]);
  });

  it("recognizes links to directories", () => {
    const entry = files()
      .list(join(dir, "named/root"))
      ?.find(({ name }) => name === "folder");
    assert.deepEqual(entry, { name: "folder", directory: true });
  });
});
