import assert from "node:assert/strict";
import { type SpawnSyncReturns, spawn, spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));
// One file starts ten times as fast as the sources. It must be one directory below the root, like dist/cli.js.
const program = join(root, ".cache/cli.js");
buildSync({
  entryPoints: [join(root, "src/hosts/cli/cli.ts")],
  outfile: program,
  bundle: true,
  packages: "external",
  platform: "node",
  format: "esm",
  target: "node20",
  sourcemap: "inline",
});
const folder = mkdtempSync(join(tmpdir(), "keywarden-"));
after(() => rmSync(folder, { recursive: true, force: true }));

interface RunOptions {
  input?: string;
  env?: { [name: string]: string };
}

function keywarden(args: string[], { input, env = {} }: RunOptions = {}): SpawnSyncReturns<string> {
  const { NO_COLOR: _, FORCE_COLOR: __, ...own } = process.env;
  return spawnSync(process.execPath, [program, ...args], {
    cwd: folder,
    encoding: "utf8",
    input: input ?? "",
    env: { ...own, ...env },
  });
}

function file(name: string, content: string | Buffer): string {
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), content);
  return name;
}

const rootStatement = {
  Effect: "Allow",
  Principal: { AWS: "arn:aws:iam::111122223333:root" },
  Action: "kms:*",
  Resource: "*",
};
const openStatement = { Sid: "Open", Effect: "Allow", Principal: "*", Action: "kms:Decrypt", Resource: "*" };
const policy = (...Statement: object[]) => JSON.stringify({ Version: "2012-10-17", Statement }, null, 2);

file("good.json", policy(rootStatement));
file("open.json", policy(rootStatement, openStatement));
file("note.yaml", "Resources:\n  Key:\n    Type: AWS::KMS::Key\n    Properties: {EnableKeyRotation: true}\n");
file("broken.json", '{"Statement": [{"Effect": "Allow", "Action": "kms:*", "Principal": ');

test("a good policy ends with 0", () => {
  const { status, stdout, stderr } = keywarden(["test", "good.json"]);
  assert.deepEqual([status, stderr], [0, ""]);
  assert.match(
    stdout,
    /^1 resource in 1 file: 0 errors, 0 warnings, 0 notes, 0 unknown \(KMS data of \d{4}-\d\d-\d\d\)\n$/,
  );
});

test("a failure of level error ends with 1 and is reported with its position", () => {
  const { status, stdout } = keywarden(["test", "open.json"]);
  assert.equal(status, 1);
  assert.match(stdout, /^open\.json:15:20: error public_access <policy>\n/);
  assert.match(stdout, /^ {4}15 │ "Principal": "\*",\n {7}│ {14}\^\^\^\n/m);
});

test("notes do not change the exit code", () => {
  const { status, stdout } = keywarden(["test", "note.yaml"]);
  assert.equal(status, 0);
  assert.match(stdout, /^note\.yaml:2:3: note alias_missing Key\n/);
});

const unreadable: { name: string; path: string; expected: RegExp; make?: () => void }[] = [
  {
    name: "a missing file",
    path: "gone.json",
    expected: /^gone\.json: cannot read: The file or directory does not exist/m,
  },
  { name: "truncated JSON", path: "broken.json", expected: /^broken\.json:1:\d+: cannot read: / },
  {
    name: "JSON with comments",
    path: file("comment.json", `{\n  // the root\n  "Statement": []\n}`),
    expected: /^comment\.json:2:3: cannot read: .*comment/i,
  },
  {
    name: "bytes that are no UTF-8",
    path: file(
      "latin.json",
      Buffer.concat([Buffer.from('{"Id": "'), Buffer.from([0xe9]), Buffer.from('"}')]),
    ),
    expected: /^latin\.json:1: cannot read: .*UTF-8/,
  },
  {
    name: "YAML with tabs",
    path: file("tab.yaml", "Resources:\n\tKey: {}\n"),
    expected: /^tab\.yaml:2:\d+: cannot read: .*tab/i,
  },
];

for (const { name, path, expected } of unreadable) {
  test(`${name} ends with 3, and every other file is still checked`, () => {
    const { status, stdout, stderr } = keywarden(["test", path, "open.json", "-o", "json"]);
    assert.equal(status, 3);
    assert.match(stderr, expected);
    assert.doesNotMatch(stderr, /\n {4}at /);
    const [result] = JSON.parse(stdout);
    assert.equal(result.filename, "open.json");
    assert.equal(result.failures[0].metadata.rule, "public_access");
  });
}

test("a directory that cannot be read ends with 3", {
  skip: process.getuid?.() === 0 && "root may read everything",
}, () => {
  mkdirSync(join(folder, "closed"));
  chmodSync(join(folder, "closed"), 0);
  const { status, stderr } = keywarden(["test", "closed"]);
  chmodSync(join(folder, "closed"), 0o755);
  assert.equal(status, 3);
  assert.match(stderr, /^closed: cannot read: The permission/);
});

test("in a directory, files without KMS content are skipped, and invalid files with KMS content are reported", () => {
  file("tree/kms/orders.json", policy(rootStatement, openStatement));
  file("tree/identity.json", policy({ Effect: "Allow", Action: "kms:Decrypt", Resource: "*" }));
  file("tree/values.yaml", "{{- if .Values.kms }}\na: [\n");
  file("tree/notes.txt", "the kms key: see: the docs: [\n");
  const quiet = keywarden(["test", "tree", "-o", "json"]);
  assert.deepEqual([quiet.status, quiet.stderr], [1, ""]);
  assert.deepEqual(
    JSON.parse(quiet.stdout).map((r: { filename: string }) => r.filename),
    ["tree/kms/orders.json"],
  );

  file("tree/kms/broken.json", '{"Statement": [{"Principal": "*", "Action": "kms:*",}');
  const loud = keywarden(["test", "tree"]);
  assert.equal(loud.status, 3);
  assert.match(loud.stderr, /^tree\/kms\/broken\.json:1:\d+: cannot read/);
  assert.match(loud.stdout, /error public_access[\s\S]*; 1 file could not be read\n$/);
});

test("a run without anything to check reports that and ends with 0", () => {
  file("other/app.json", "{}");
  for (const [path, expected] of [
    [
      "other/app.json",
      /^other\/app\.json: contains no KMS key, alias, grant or key policy: nothing checked\n$/,
    ],
    ["other", /^other: no KMS key, alias, grant or key policy found: nothing checked\n$/],
  ] as const) {
    const { status, stdout, stderr } = keywarden(["test", path, "-o", "json"]);
    assert.deepEqual([status, stdout], [0, "[]\n"]);
    assert.match(stderr, expected);
  }
});

test("empty standard input ends with 3", () => {
  const { status, stderr } = keywarden(["test", "-"], { input: "\n" });
  assert.equal(status, 3);
  assert.match(stderr, /^-: cannot read: Standard input is empty\./);
});

test("standard input is read as -", () => {
  const { status, stdout } = keywarden(["test", "-"], { input: policy(rootStatement, openStatement) });
  assert.equal(status, 1);
  assert.match(stdout, /^-:15:20: error public_access <policy>/);
});

for (const [syntax, input] of [
  ["HCL", 'resource "aws_kms_key" "a" {\n}\n'],
  ["JSON", '{"resource": {"aws_kms_key": {"a": {}}}}'],
] as const)
  test(`Terraform source on standard input is rejected: ${syntax}`, () => {
    const { status, stderr } = keywarden(["test", "-"], { input });
    assert.equal(status, 3);
    assert.match(stderr, /^-: cannot read: Standard input contains Terraform source/);
  });

test("normalize prints the document", () => {
  const { status, stdout } = keywarden(["normalize", "good.json", "--account", "444455556666"]);
  assert.equal(status, 0);
  const { keys } = JSON.parse(stdout);
  assert.equal(keys[0].owner, "444455556666");
  assert.equal(keys[0].policy.statements[0].principals[0].relation, "external");
  assert.equal(keywarden(["normalize", "good.json", "gone.json"]).status, 3);
});

test("--account decides which principals are external", () => {
  const { stdout } = keywarden(["test", "good.json", "--account", "444455556666"]);
  assert.match(stdout, /cross_account_delegation/);
});

const invalidCommandLines: [args: string[], expected: RegExp][] = [
  [[], /^keywarden: no command\. Commands: test, explain, /],
  [["chek", "x"], /^keywarden: unknown command "chek"\./],
  [["test"], /^keywarden: test needs a path\. Name files or directories, or - for standard input\./],
  [["test", "x", "--frobnicate"], /^keywarden: unknown flag --frobnicate\.\n/],
  [["test", "x", "-o", "xml"], /^keywarden: --output: "xml" is not a format\./],
  [
    ["test", "x", "--account", "123"],
    /^keywarden: --account: "123" is not an account ID\. Use twelve digits\./,
  ],
  [
    ["test", "x", "--region", "Europe"],
    /^keywarden: --region: "Europe" is not an AWS Region\. Example: eu-central-1\n/,
  ],
  [["test", "x", "--var", "region"], /^keywarden: --var: value 1 has no name or value\. Use NAME=VALUE\./],
  [["test", "x", "--account"], /^keywarden: .*--account/],
  [["explain"], /^keywarden: explain needs a rule or control/],
  [
    ["explain", "public_acess"],
    /^keywarden: there is no rule or control "public_acess"\. Did you mean public_access\?/,
  ],
  [
    ["explain", "public_access", "alias_missing"],
    /^keywarden: there is no rule or control "public_access alias/,
  ],
];

for (const [args, expected] of invalidCommandLines) {
  test(`keywarden ${args.join(" ")} is invalid: one line, exit code 3`, () => {
    const { status, stdout, stderr } = keywarden(args);
    assert.deepEqual([status, stdout], [3, ""]);
    assert.match(stderr, expected);
    assert.match(stderr, /^[^\n]*\nRun "keywarden [a-z -]*--help" for usage\.\n$/);
  });
}

const settings = (minimum: unknown) =>
  JSON.stringify({ keywarden: { settings: { short_deletion_window: { minimum } } } });
file(
  "window.yaml",
  "Resources:\n  Key:\n    Type: AWS::KMS::Key\n    Properties: {EnableKeyRotation: true, PendingWindowInDays: 10}\n",
);
const windowFound = (...args: string[]) => {
  const { status, stdout, stderr } = keywarden(["test", "window.yaml", ...args]);
  assert.deepEqual([status, stderr], [0, ""]);
  return stdout.includes("short_deletion_window");
};

test("--data reads rule settings from JSON, YAML, or a directory", () => {
  file("data/seven.json", settings(7));
  file("data/seven.yaml", "other: 1\nkeywarden:\n  settings:\n    short_deletion_window: {minimum: 7}\n");
  file("folder/other.yaml", "unrelated: true\n");
  file("folder/notes.txt", "keywarden");
  file("folder/keywarden/settings/seven.yaml", "short_deletion_window: {minimum: 7}\n");
  assert.equal(windowFound(), true);
  assert.equal(windowFound("--data", "data/seven.json"), false);
  assert.equal(windowFound("-d", "data/seven.yaml"), false);
  assert.equal(windowFound("-d", "folder"), false);
  file("data/preset.yaml", "keywarden: {settings: {cross_account_excess: {preset: encrypt}}}\n");
  assert.equal(windowFound("-d", "data/preset.yaml", "-d", "data/seven.yaml"), false);
});

const invalidSettings: [name: string, content: string, expected: RegExp][] = [
  [
    "rule",
    "keywarden:\n  settings:\n    short_deletion_windw: {}\n",
    /^rule\.yaml:3:5: invalid rule settings: There is no rule "short_deletion_windw"\.\n {2}Did you mean short_deletion_window\?/,
  ],
  [
    "setting",
    "keywarden:\n  settings:\n    short_deletion_window:\n      minimun: 9\n",
    /^setting\.yaml:4:7: .*short_deletion_window has no setting "minimun"\.\n {2}Did you mean minimum\?/,
  ],
  ["value", settings(3), /minimum is 3; it must be an integer from 7 to 30\.\n.* \(default: 30\)\./],
  [
    "alternative",
    "keywarden: {settings: {cross_account_excess: {preset: all}}}\n",
    /preset is "all"; it must be decrypt or encrypt\./,
  ],
  [
    "element",
    "keywarden: {settings: {cross_account_excess: {actions: [1]}}}\n",
    /actions\[0\] is 1; it must be a \w+ that matches /,
  ],
  [
    "number",
    "keywarden: {settings: {trust: {accounts: [111122223333]}}}\n",
    /accounts\[0\] is 111122223333; it must be a \w+ .*\n {2}Put it in quotes: "111122223333"\./,
  ],
  [
    "prefix",
    "keywarden: {settings: {cross_account_excess: {actions: [kms:Encrypt]}}}\n",
    /actions\[0\] is "kms:Encrypt"; it must be a \w+ that matches .*\n {2}(The a|A)ctions, without .*kms:/,
  ],
  [
    "pattern",
    'keywarden: {settings: {alias_not_memorable: {pattern: "alias/(?!test)"}}}\n',
    /pattern is "alias\/\(\?!test\)"; it must be a regular expression or null\./,
  ],
  ["none", "keywarden: {settings: {alias_missing: {a: 1}}}\n", /The rule alias_missing has no settings\./],
  ["place", "keywarden: {setings: {}}\n", /Unknown key "keywarden\.setings"\./],
  [
    "silent",
    "keywardn: {}\n",
    /^silent\.yaml: invalid rule settings: There are no rule settings: the key keywarden\.settings is missing\./,
  ],
  ["empty", "", /The file is empty\./],
  ["stream", "a: 1\n---\nb: 1\n", /contains several YAML documents/],
  ["broken", '{"keywarden": ', /^broken\.yaml:1:\d+: /],
];

for (const [name, content, expected] of invalidSettings) {
  test(`invalid rule settings end with 3 before anything is checked: ${name}`, () => {
    const { status, stdout, stderr } = keywarden([
      "test",
      "window.yaml",
      "-d",
      file(`${name}.yaml`, content),
    ]);
    assert.deepEqual([status, stdout], [3, ""]);
    assert.match(stderr, expected);
  });
}

test("rule settings that are set twice, or missing, end with 3", () => {
  file("twice/a.json", settings(7));
  file("twice/b.json", settings(8));
  file("nowhere/a.json", "{}");
  for (const [path, expected] of [
    ["twice", /^twice\/b\.json:1:\d+: .*short_deletion_window\.minimum is set in two data files/],
    ["nowhere", /^nowhere: .*There are no rule settings/],
    ["gone", /^gone: .*The file or directory does not exist/],
  ] as const) {
    const { status, stdout, stderr } = keywarden(["test", "window.yaml", "-d", path]);
    assert.deepEqual([status, stdout], [3, ""]);
    assert.match(stderr, expected);
  }
});

const listed = JSON.parse(readFileSync(join(root, "bundles/rules.json"), "utf8")) as {
  id: string;
  title: string;
}[];
const titleOf = (id: string) => listed.find((rule) => rule.id === id)?.title;

test("rules lists every rule, and prints all metadata as JSON", () => {
  const { status, stdout } = keywarden(["rules"]);
  assert.equal(status, 0);
  assert.deepEqual(
    stdout
      .trimEnd()
      .split("\n")
      .map((line) => line.split(" ")[0])
      .sort(),
    listed.map(({ id }) => id).sort(),
  );
  assert.match(stdout, new RegExp(`^public_access +error +access +${titleOf("public_access")}$`, "m"));
  assert.deepEqual(JSON.parse(keywarden(["rules", "-o", "json"]).stdout), listed);
});

test("explain prints the documentation of a rule", () => {
  const { status, stdout } = keywarden(["explain", "short-deletion-window"]);
  assert.equal(status, 0);
  assert.match(stdout, new RegExp(`^short_deletion_window: ${titleOf("short_deletion_window")}\n`));
  for (const part of ["Detects", "Why", "Fix", "Settings", "Exceptions", "References"])
    assert.ok(stdout.includes(`\n\n${part}\n`), part);
  assert.ok(stdout.includes("\n  Terraform:\n    deletion_window_in_days = 30\n"));
  assert.match(stdout, /minimum: an integer from 7 to 30 \(default: 30\)/);
  assert.match(
    keywarden(["explain", "public_access"]).stdout,
    /\n\nControls\n {2}AWS Security Hub: KMS\.5\n/,
  );
  assert.equal(JSON.parse(keywarden(["explain", "public_access", "-o", "json"]).stdout).id, "public_access");
});

test("help and version", () => {
  assert.match(keywarden(["--help"]).stdout, /^ {2}test PATH… {2,}Check files/m);
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  assert.equal(keywarden(["--version"]).stdout, `keywarden ${version}\n`);
});

test("a pipe has no colors unless they are requested", () => {
  const colored = (args: string[], env: RunOptions["env"] = {}) =>
    keywarden(["test", "open.json", ...args], { env }).stdout.includes("\u001B");
  assert.equal(colored([]), false);
  assert.equal(colored([], { FORCE_COLOR: "1" }), true);
  assert.equal(colored([], { FORCE_COLOR: "1", NO_COLOR: "1" }), false);
  assert.equal(colored(["--no-color"], { FORCE_COLOR: "1" }), false);
});

test("a reader that closes the pipe early causes no error", async () => {
  const many = Array.from({ length: 100 }, (_, i) => ({ ...openStatement, Sid: `Open${i}` }));
  file("many.json", policy(rootStatement, ...many));
  const child = spawn(process.execPath, [program, "test", "many.json"], { cwd: folder });
  child.stdout.once("data", () => child.stdout.destroy());
  let stderr = "";
  child.stderr.on("data", (chunk) => {
    stderr += chunk;
  });
  const status = await new Promise((resolve) => child.on("close", resolve));
  assert.deepEqual([status, stderr], [1, ""]);
});

test("a large output is complete", () => {
  const { stdout } = keywarden(["test", "many.json", "-o", "json"]);
  assert.equal(JSON.parse(stdout)[0].failures.length, 100);
});

test("standard input can have a name, which marks Terraform source", () => {
  const named = keywarden(["test", "-", "--stdin-filename", "kms/orders.json"], {
    input: policy(rootStatement, openStatement),
  });
  assert.match(named.stdout, /^kms\/orders\.json:15:20: error public_access <policy>/);
  const broken = keywarden(["test", "-", "--stdin-filename", "orders.json"], { input: '{"Statement": [' });
  assert.match(broken.stderr, /^orders\.json:1:\d+: cannot read/);
  const source = 'resource "aws_kms_key" "orders" {\n  enable_key_rotation = false\n}\n';
  for (const args of [
    ["--stdin-filename", "main.tf"],
    ["--parser", "hcl2"],
  ]) {
    const { stdout } = keywarden(["test", "-", ...args], { input: source });
    assert.match(stdout, /^(main|stdin)\.tf:\d+:\d+: \w+ \w+ aws_kms_key\.orders/);
  }
});
