/** Checkouts that somebody else wrote, with config files, scripts, links and odd names. */
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { main } from "../../../src/hosts/cli/main.ts";
import type { Files } from "../../laws/holes/policy.ts";
import { openPolicy } from "../../server/support.ts";
import { packFiles, unpackFiles } from "../harness/archive.ts";
import { bytesOf, expect, type Target, textOf } from "../harness/target.ts";
import { root } from "../seeds.ts";
import { config, dictionary, generateConfig, inDirectory } from "./config.ts";

const script =
  'require("node:fs").writeFileSync("@MARK@", "executed");\nmodule.exports = { "no-fail": true };\n';
const module =
  'import { writeFileSync } from "node:fs";\nwriteFileSync("@MARK@", "executed");\nexport default { "no-fail": true };\n';
const names = [
  ...[
    "keywarden.config.yaml",
    "keywarden.config.json",
    ".keywardenrc",
    ".keywardenrc.yml",
    "package.json",
    "a/.keywardenrc",
  ],
  ...[
    "keywarden.config.mjs",
    "keywarden.config.cjs",
    "keywarden.config.js",
    "keywarden.config.ts",
    "evil.cjs",
    "evil.mjs",
  ],
  ...[
    "--config-file=k.yaml",
    "--no-fail",
    "-",
    "k.yaml",
    "main.tf",
    "x\n::error::y.json",
    "\u001b[2J.json",
    "node_modules/x/index.js",
  ],
  ...[
    "a b.json",
    "%00.json",
    "*.json",
    "suppressions.yaml",
    "baseline.json",
    "terraform.tfvars",
    "cdk.out/manifest.json",
  ],
];

/** A file with this content is a symbolic link to the rest of its line. */
const link = "@LINK@";

export const treeTarget: Target = {
  name: "tree",
  dictionary: [
    ...dictionary,
    ...names.map((name) => `-- ${name} --\n`),
    link,
    "no-fail: true\n",
    "extends: [./evil.cjs]\n",
  ],
  seeds: () =>
    [
      { "keywarden.config.yaml": "extends: [./evil.cjs]\n", "evil.cjs": "" },
      { "keywarden.config.mjs": "" },
      { "package.json": '{"keywarden": {"extends": ["./evil.cjs"]}}', "evil.cjs": "" },
      { "keywarden.config.yaml": "no-fail: true\n" },
      { "keywarden.config.yaml": `${link}@OUTSIDE@/base.yaml\n` },
      { "x.json": `${link}@OUTSIDE@/secret.txt\n`, up: `${link}..\n` },
      { "keywarden.config.yaml": 'output: [stdout, "json=@OUT@/x.json"]\n' },
      { "main.tf": 'resource "aws_kms_key" "k" {\n  policy = file("@OUTSIDE@/secret.txt")\n}\n' },
    ].map((files) => bytesOf(packFiles(files as Files))),
  generate(random) {
    const entries = Array.from({ length: 1 + random.integer(4) }, (): [string, string] => [
      random.pick(names),
      random.pick([
        generateConfig(random),
        JSON.stringify({ keywarden: JSON.parse(JSON.stringify(config)) }),
        `extends: [${random.pick(["./evil.cjs", "./evil.mjs", "@OUTSIDE@/base.yaml", "./a/.keywardenrc"])}]\n`,
        "no-fail: true\n",
        `${link}${random.pick(["@OUTSIDE@/base.yaml", "@OUTSIDE@/other.json", "..", ".", "@OUTSIDE@", "policy.json"])}\n`,
      ]),
    ]);
    return bytesOf(packFiles(Object.fromEntries(entries)));
  },
  check: (input) => inDirectory((top) => checkTree(top, unpackFiles(textOf(input), "keywarden.config.yaml"))),
};

const secret = "outside-secret-text";

/** Runs `keywarden test` as CI does: no code of the tree runs, and nothing outside of it is read or written. */
function checkTree(top: string, files: Files): void {
  const [tree, out, outside] = ["tree", "out", "outside"].map((name) => join(top, name)) as [
    string,
    string,
    string,
  ];
  const mark = join(top, "MARK");
  const filled = (text: string): string =>
    text
      // Mutations must not name files of this machine.
      .replace(/(?<![\w.@])\/(?=[\w.])/g, "./")
      .replaceAll("@OUTSIDE@", outside)
      .replaceAll("@OUT@", out)
      .replaceAll("@MARK@", mark);
  for (const folder of [tree, out, outside, join(tree, ".git")]) mkdirSync(folder);
  writeFileSync(join(tree, ".git/HEAD"), "ref: refs/heads/main\n");
  writeFileSync(join(outside, "base.yaml"), "levels: {public_access: off}\nno-fail: true\n");
  writeFileSync(join(outside, "other.json"), openPolicy);
  writeFileSync(join(outside, "secret.txt"), `password: ${secret}\n`);
  for (const [name, text] of Object.entries(files).slice(0, 8)) writeEntry(tree, top, name, text, filled);
  if (!existsSync(join(tree, "policy.json"))) writeFileSync(join(tree, "policy.json"), openPolicy);
  let output = "";
  const write = (text: string): void => {
    output += text;
  };
  const io = {
    ...{ stdout: write, stderr: write, env: { CI: "true" }, cwd: tree, stderrIsTerminal: false },
    asset: (path: string) => readFileSync(`${root}${path}`),
  };
  const code = main(["test", "--", tree], io);
  expect(!existsSync(mark), "code of the tree is executed");
  expect(!existsSync(join(out, "x.json")), "a file outside of the tree is written");
  expect(!output.includes(secret), "a file outside of the tree is printed", () => output);
  expect(code === 1 || code === 3, `the exit code is ${code}, although a key is open`, () => output);
}

function writeEntry(
  tree: string,
  top: string,
  name: string,
  text: string,
  filled: (text: string) => string,
): void {
  const path = resolve(tree, name.replaceAll("\0", ""));
  // The key that is open stays as it is, and the mark belongs to scripts alone.
  if (
    !path.startsWith(`${tree}/`) ||
    path.startsWith(join(tree, "policy.json")) ||
    path.startsWith(join(tree, ".git"))
  )
    return;
  try {
    mkdirSync(dirname(path), { recursive: true });
    if (text.startsWith(link)) {
      const target = filled(text.slice(link.length).split("\n")[0] ?? "");
      if (resolve(dirname(path), target).startsWith(top)) symlinkSync(target, path);
    } else if (/\.[cm]?[jt]s$/.test(path))
      writeFileSync(path, filled(path.endsWith(".mjs") ? module : script));
    else writeFileSync(path, filled(text));
  } catch {
    // The name is too long, or a file has the name of a directory.
  }
}
