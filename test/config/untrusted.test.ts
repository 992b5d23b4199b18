import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, test } from "node:test";
import { keywarden, root, samples } from "../cli/program.ts";

interface Tree {
  name: string;
  files?: { [path: string]: string };
  /** Targets by path. */
  links?: { [path: string]: string };
  /** Path of a pipe. */
  pipe?: string;
  args?: string[];
  /** The directory in the tree in which the command runs. */
  cwd?: string;
  /** 1: the tree is checked, and its policy fails; 3: the tree is rejected. */
  code: 1 | 3;
  stderr?: RegExp;
}

const esm =
  'import { writeFileSync } from "node:fs";\nwriteFileSync("@MARK@", "run");\nexport default { "no-fail": true };\n';
const cjs = 'require("node:fs").writeFileSync("@MARK@", "run");\nmodule.exports = { "no-fail": true };\n';
const config = (text: string): { [path: string]: string } => ({ "keywarden.config.yaml": text });
const onlyIfNamed = /runs a config file in JavaScript or TypeScript only if you name it.*--config-file/s;
const cannotExtend =
  /Cannot extend .*: A config file in YAML or JSON cannot extend JavaScript or TypeScript/s;
const outside = /out of the repository|outside the repository/;
const notWritten = /must not be written to/;

const trees: Tree[] = [
  // Code
  ...["mjs", "ts"].map((extension): Tree => {
    const files = { [`keywarden.config.${extension}`]: esm };
    return { name: `.${extension}`, files, code: 3, stderr: onlyIfNamed };
  }),
  { name: ".cjs", files: { "keywarden.config.cjs": cjs }, code: 3, stderr: onlyIfNamed },
  {
    name: ".js as an ES module",
    files: { "keywarden.config.js": esm, "package.json": '{"type": "module"}' },
    code: 3,
    stderr: onlyIfNamed,
  },
  {
    name: "code in a parent directory",
    files: { "keywarden.config.cjs": cjs, "sub/policy.json": samples.error },
    cwd: "sub",
    code: 3,
    stderr: onlyIfNamed,
  },
  {
    name: "package.json extends code",
    files: { "package.json": '{"keywarden": {"extends": ["./evil.cjs"]}}', "evil.cjs": cjs },
    code: 3,
    stderr: cannotExtend,
  },
  {
    name: "YAML extends code",
    files: { ...config("extends: [./evil.mjs]\n"), "evil.mjs": esm },
    code: 3,
    stderr: cannotExtend,
  },
  {
    name: "YAML extends YAML that extends code",
    files: { ...config("extends: ./a.yaml\n"), "a.yaml": "extends: ./evil.MJS\n", "evil.MJS": esm },
    code: 3,
    stderr: cannotExtend,
  },
  {
    name: "a named file that is data extends code",
    files: { "k.yaml": "extends: ./evil.cjs\n", "evil.cjs": cjs },
    args: ["test", "--config-file", "k.yaml", "."],
    code: 3,
    stderr: cannotExtend,
  },
  {
    name: "code without an extension is data",
    files: { ...config("extends: ./evil\n"), evil: cjs },
    code: 3,
    stderr: /evil/,
  },
  {
    name: "places in which other tools look for code",
    files: {
      ".config/keywarden.config.mjs": esm,
      ".config/keywardenrc.cjs": cjs,
      ".config/config.js": cjs,
      ".keywardenrc.cjs": cjs,
    },
    code: 1,
  },
  {
    name: "imports of other tools",
    files: { "package.json": '{"$import": "./evil.cjs", "cosmiconfig": {}, "name": "x"}', "evil.cjs": cjs },
    code: 1,
  },
  // The exit code
  {
    name: "no-fail",
    files: config("no-fail: true\n"),
    code: 1,
    stderr: /keywarden\.config\.yaml:1: no-fail has no effect in CI.*--config-file/s,
  },
  {
    name: "no-fail in package.json",
    files: { "package.json": '{"keywarden": {"no-fail": true}}' },
    code: 1,
    stderr: /no-fail has no effect in CI/,
  },
  {
    name: "no-fail by a YAML alias",
    files: config("quiet: &yes true\nno-fail: *yes\n"),
    code: 1,
    stderr: /:2: no-fail has no effect/,
  },
  {
    name: "no-fail in an extended file",
    files: { ...config("extends: ./a.yaml\n"), "a.yaml": "no-fail: true\n" },
    code: 1,
    stderr: /a\.yaml:1: no-fail/,
  },
  {
    name: "a namespace without rules",
    files: config("conftest-compat: true\nnamespace: none\n"),
    code: 1,
    stderr: /namespace has no effect/,
  },
  { name: "every path is ignored", files: config("ignore: ['**']\n"), code: 3, stderr: /no files to check/ },
  { name: "no-fail above the repository", files: { "../keywarden.config.yaml": "no-fail: true\n" }, code: 1 },
  {
    name: "a file like an option",
    files: { "--config-file=k.yaml": "no-fail: true\n", "k.yaml": "no-fail: true\n" },
    code: 1,
  },
  {
    name: "a file like an option, after --",
    files: { "--no-fail": "x: 1\n", "--config-file=k.yaml": "no-fail: true\n", "k.yaml": "no-fail: true\n" },
    args: ["test", "--", "--no-fail", "--config-file=k.yaml", "policy.json"],
    code: 1,
  },
  {
    name: "a file like the option that changes exit code 3",
    files: { "--conftest-compat": "{" },
    args: ["test", "--account=1", "--", "--conftest-compat"],
    code: 3,
  },
  // Reading
  ...["extends", "suppressions", "baseline", "data", "var-file"].flatMap((key): Tree[] => [
    {
      name: `${key}: an absolute path`,
      files: config(`${key}: "@OUTSIDE@/secret.yaml"\n`),
      code: 3,
      stderr: outside,
    },
    { name: `${key}: ..`, files: config(`${key}: ../outside/secret.yaml\n`), code: 3, stderr: outside },
    {
      name: `${key}: a link`,
      files: config(`${key}: ./s.yaml\n`),
      links: { "s.yaml": "@OUTSIDE@/secret.yaml" },
      code: 3,
      stderr: outside,
    },
    {
      name: `${key}: a link in the path`,
      files: config(`${key}: ./d/secret.yaml\n`),
      links: { d: "@OUTSIDE@" },
      code: 3,
      stderr: outside,
    },
  ]),
  {
    name: "a link in a directory of data",
    files: { ...config("data: d\n"), "d/a.yaml": "" },
    links: { "d/s.yaml": "@OUTSIDE@/secret.yaml" },
    code: 3,
    stderr: outside,
  },
  {
    name: "a link in a linked directory of data",
    files: { ...config("data: d\n"), "d/a.yaml": "", "real/a.yaml": "" },
    links: { "d/x.json": "../real", "real/s.yaml": "@OUTSIDE@/secret.yaml" },
    code: 3,
    stderr: outside,
  },
  {
    name: "a directory of data that links to itself",
    files: { ...config("data: d\n"), "d/a.yaml": "keywarden: {settings: {}}\n" },
    links: { "d/x": "../d" },
    code: 1,
  },
  ...["extends", "suppressions", "baseline", "data"].map(
    (key): Tree => ({
      name: `${key}: a pipe`,
      files: config(`${key}: [./p, ./p]\n`.replace(/^(baseline): .*/, "$1: ./p")),
      pipe: "p",
      code: 3,
      stderr: /not a regular file/,
    }),
  ),
  {
    name: "a pipe in data",
    files: { ...config("data: d\n"), "d/a.yaml": "" },
    pipe: "d/p.json",
    code: 3,
    stderr: /not a regular file/,
  },
  ...["keywarden.config.yaml", ".keywardenrc", "keywarden.config.json"].map(
    (name): Tree => ({
      name: `${name} is a link`,
      links: { [name]: "@OUTSIDE@/off.yaml" },
      code: 3,
      stderr: outside,
    }),
  ),
  {
    name: "package.json is a link",
    links: { "package.json": "@OUTSIDE@/package.json" },
    code: 3,
    stderr: outside,
  },
  { name: "a link without a target", links: { "keywarden.config.yaml": "none" }, code: 3 },
  {
    name: "a regular expression that takes forever",
    files: { ...config('ignore: "(a+)+$"\n'), [`${"a".repeat(200)}.json`]: "{}" },
    code: 3,
    stderr: /ignore is a regular expression/,
  },
  {
    name: "globs that would take forever as regular expressions",
    files: {
      ...config(
        `ignore: ["${"*a".repeat(40)}b", "**/${"a*/**/".repeat(40)}b"]\noverrides: [{resources: ["${"*a".repeat(40)}b"], levels: {}}]\n`,
      ),
      [`${"a".repeat(200)}/${"a/".repeat(200)}a.json`]: samples.error,
    },
    code: 1,
  },
  ...(
    [
      ["ignore: [@]", "ignore[0]"],
      ["overrides: [{resources: @, levels: {}}]", "overrides[0].resources"],
      ['accounts: {@: "111122223333"}', "accounts"],
    ] as const
  ).map(
    ([text, name]): Tree => ({
      name: `a long glob in ${name}`,
      files: config(text.replace("@", "a".repeat(5000))),
      code: 3,
      stderr: new RegExp(
        `^keywarden.config.yaml:1:.*${name.replace(/[[\]]/g, "\\$&")}: a glob has 5000 characters; the maximum is 4096\\.`,
        "m",
      ),
    }),
  ),
  {
    name: "a long glob in a suppression",
    files: {
      ...config("suppressions: s.yaml\n"),
      "s.yaml": `- {rule: public_access, reason: x, files: "*${"?".repeat(5000)}"}\n`,
    },
    code: 1,
    stderr: /^s\.yaml:1: .*has no effect: a pattern has 5001 characters; the maximum is 4096\./m,
  },
  { name: "files of a device", files: config("extends: /dev/zero\n"), code: 3, stderr: outside },
  {
    name: "files that extend each other many times",
    files: {
      ...config("extends: [./1.yaml, ./1.yaml]\n"),
      ...Object.fromEntries(
        Array.from({ length: 30 }, (_, i) => [`${i}.yaml`, `extends: [./${i + 1}.yaml, ./${i + 1}.yaml]\n`]),
      ),
      "30.yaml": "preset: strict\n",
    },
    code: 3,
    stderr: /extend more than 100 files/,
  },
  // Writing
  ...["@OUT@/x.json", "../out/x.json", ".git/hooks/pre-commit", ".GIT/x"].map(
    (path): Tree => ({
      name: `output to ${path}`,
      files: config(`output: [stdout, "json=${path}"]\n`),
      code: 3,
      stderr: notWritten,
    }),
  ),
  {
    name: "output to a linked file",
    files: config("output: json=r.json\n"),
    links: { "r.json": "@OUTSIDE@/off.yaml" },
    code: 3,
    stderr: notWritten,
  },
  {
    name: "output to a linked file of the tree",
    files: config("output: json=r.json\n"),
    links: { "r.json": "policy.json" },
    code: 3,
    stderr: notWritten,
  },
  {
    name: "output to a link without a target",
    files: config("output: json=r.json\n"),
    links: { "r.json": "@OUT@/new.json" },
    code: 3,
    stderr: notWritten,
  },
  {
    name: "output below a linked directory",
    files: config("output: json=r/x.json\n"),
    links: { r: "@OUT@" },
    code: 3,
    stderr: notWritten,
  },
  {
    name: "output below a link to .git",
    files: { ...config("output: json=r/pre-commit\n"), ".git/hooks/x": "" },
    links: { r: ".git/hooks" },
    code: 3,
    stderr: notWritten,
  },
  ...([[".git/hooks/b"], ["b", ".git/hooks/b"], ["r/b", ".git/hooks", "r"]] as const).map(
    ([path, target, link = path]): Tree => ({
      name: `a baseline ${path} in .git`,
      files: { ...config(`baseline: ${path}\n`), ".git/hooks/b": "" },
      links: target === undefined ? {} : { [link]: target },
      args: ["baseline", "."],
      code: 3,
      stderr: notWritten,
    }),
  ),
  {
    name: "the parent of a linked directory",
    files: { ...config("output: [stdout, json=r/../x.json]\n") },
    links: { r: "@OUT@" },
    code: 1,
  },
  {
    name: "a requested output that is a link",
    links: { "r.json": "@OUTSIDE@/off.yaml" },
    args: ["test", "-o", "json=r.json", "."],
    code: 3,
    stderr: /cannot write.*leads out of the working directory through a symbolic link/s,
  },
  {
    name: "a requested output below a link",
    links: { r: "@OUT@" },
    args: ["test", "-o", "json=r/x.json", "."],
    code: 3,
    stderr: /through a symbolic link/,
  },
  {
    name: "a baseline that is a link without a target",
    links: { baseline: "@OUT@/b.json" },
    args: ["baseline", ".", "--baseline", "baseline"],
    code: 3,
    stderr: /through a symbolic link/,
  },
  {
    name: "paths of the server",
    files: config("decision-log: /tmp/x.log\nlisten: unix:/tmp/x.sock\ntoken-file: /etc/hostname\n"),
    code: 3,
    stderr: /decision-log must not be written.*listen must not be|token-file leads out/s,
  },
];

for (const tree of trees)
  test(`a stranger's tree: ${tree.name}`, (t) => {
    const top = realpathSync(mkdtempSync(join(tmpdir(), "keywarden-tree-")));
    after(() => rmSync(top, { recursive: true, force: true }));
    const fill = (text: string) =>
      text
        .replaceAll("@MARK@", join(top, "mark"))
        .replaceAll("@OUTSIDE@", join(top, "outside"))
        .replaceAll("@OUT@", join(top, "out"));
    const write = (path: string, text: string) => {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, fill(text));
    };
    const beside = {
      "outside/off.yaml": "levels: {public_access: off}\nno-fail: true\n",
      "outside/secret.yaml": "password: outside-secret\n",
      "outside/package.json": '{"keywarden": {"no-fail": true}}',
    };
    for (const [path, text] of Object.entries(beside)) write(join(top, path), text);
    mkdirSync(join(top, "out"));
    const files = { ".git/HEAD": "", "policy.json": samples.error, ...tree.files };
    for (const [path, text] of Object.entries(files)) write(join(top, "tree", path), text);
    for (const [path, target] of Object.entries(tree.links ?? {})) {
      mkdirSync(dirname(join(top, "tree", path)), { recursive: true });
      symlinkSync(fill(target), join(top, "tree", path));
    }
    if (tree.pipe !== undefined) execFileSync("mkfifo", [join(top, "tree", tree.pipe)]);
    process.chdir(join(top, "tree", tree.cwd ?? ""));
    t.after(() => process.chdir(root));
    const { code, stdout, stderr } = keywarden(tree.args ?? ["test", "."], { env: { CI: "true" } });

    assert.equal(code, tree.code, stderr);
    if (tree.stderr !== undefined) assert.match(stderr, tree.stderr);
    assert.doesNotMatch(stdout + stderr, /outside-secret/);
    assert.ok(!existsSync(join(top, "mark")), "code of the tree was run");
    for (const [path, text] of Object.entries(beside))
      assert.equal(readFileSync(join(top, path), "utf8"), text);
    assert.deepEqual(readdirSync(join(top, "out")), []);
    assert.equal(readFileSync(join(top, "tree/policy.json"), "utf8"), samples.error);
  });
