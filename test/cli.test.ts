import assert from "node:assert/strict";
import { type SpawnSyncReturns, spawn, spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));
// One file starts ten times as fast as the sources. It has to lie one folder below the root, as dist/cli.js does.
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

interface Call {
  input?: string;
  env?: { [name: string]: string };
}

function keywarden(args: string[], { input, env = {} }: Call = {}): SpawnSyncReturns<string> {
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

const root_ = {
  Effect: "Allow",
  Principal: { AWS: "arn:aws:iam::111122223333:root" },
  Action: "kms:*",
  Resource: "*",
};
const open_ = { Sid: "Open", Effect: "Allow", Principal: "*", Action: "kms:Decrypt", Resource: "*" };
const policy = (...Statement: object[]) => JSON.stringify({ Version: "2012-10-17", Statement }, null, 2);

file("good.json", policy(root_));
file("open.json", policy(root_, open_));
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

test("a failure of level error ends with 1, and says where", () => {
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

const unreadable: { name: string; path: string; says: RegExp; make?: () => void }[] = [
  { name: "a missing file", path: "gone.json", says: /^gone\.json: cannot read: There is no such file/m },
  { name: "truncated JSON", path: "broken.json", says: /^broken\.json:1:\d+: cannot read: / },
  {
    name: "JSON with comments",
    path: file("comment.json", `{\n  // the root\n  "Statement": []\n}`),
    says: /^comment\.json:2:3: cannot read: .*comment/i,
  },
  {
    name: "bytes that are no UTF-8",
    path: file(
      "latin.json",
      Buffer.concat([Buffer.from('{"Id": "'), Buffer.from([0xe9]), Buffer.from('"}')]),
    ),
    says: /^latin\.json:1: cannot read: .*UTF-8/,
  },
  {
    name: "YAML with tabs",
    path: file("tab.yaml", "Resources:\n\tKey: {}\n"),
    says: /^tab\.yaml:2:\d+: cannot read: .*tab/i,
  },
];

for (const { name, path, says } of unreadable) {
  test(`${name} ends with 3, and every other file is still checked`, () => {
    const { status, stdout, stderr } = keywarden(["test", path, "open.json", "-o", "json"]);
    assert.equal(status, 3);
    assert.match(stderr, says);
    assert.doesNotMatch(stderr, /\n {4}at /);
    const [result] = JSON.parse(stdout);
    assert.equal(result.filename, "open.json");
    assert.equal(result.failures[0].metadata.rule, "public_access");
  });
}

test("a folder that cannot be read ends with 3", {
  skip: process.getuid?.() === 0 && "root may read everything",
}, () => {
  mkdirSync(join(folder, "closed"));
  chmodSync(join(folder, "closed"), 0);
  const { status, stderr } = keywarden(["test", "closed"]);
  chmodSync(join(folder, "closed"), 0o755);
  assert.equal(status, 3);
  assert.match(stderr, /^closed: cannot read: The permission/);
});

test("in a folder, what is not ours is passed over, and what is ours and broken is not", () => {
  file("tree/kms/orders.json", policy(root_, open_));
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

test("nothing to check is said, and is no failure", () => {
  file("other/app.json", "{}");
  for (const [path, says] of [
    [
      "other/app.json",
      /^other\/app\.json: contains no KMS key, alias, grant or key policy: nothing checked\n$/,
    ],
    ["other", /^other: no KMS key, alias, grant or key policy found: nothing checked\n$/],
  ] as const) {
    const { status, stdout, stderr } = keywarden(["test", path, "-o", "json"]);
    assert.deepEqual([status, stdout], [0, "[]\n"]);
    assert.match(stderr, says);
  }
});

test("standard input of which nothing comes is no pass", () => {
  const { status, stderr } = keywarden(["test", "-"], { input: "\n" });
  assert.equal(status, 3);
  assert.match(stderr, /^-: cannot read: Standard input is empty\./);
});

test("standard input is read as -", () => {
  const { status, stdout } = keywarden(["test", "-"], { input: policy(root_, open_) });
  assert.equal(status, 1);
  assert.match(stdout, /^-:15:20: error public_access <policy>/);
});

for (const [syntax, input] of [
  ["HCL", 'resource "aws_kms_key" "a" {\n}\n'],
  ["JSON", '{"resource": {"aws_kms_key": {"a": {}}}}'],
] as const)
  test(`Terraform source on standard input is refused: ${syntax}`, () => {
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

test("the account of the call decides who is a stranger", () => {
  const { stdout } = keywarden(["test", "good.json", "--account", "444455556666"]);
  assert.match(stdout, /cross_account_delegation/);
});

const wrongCalls: [args: string[], says: RegExp][] = [
  [[], /^keywarden: say what to do/],
  [["chek", "x"], /^keywarden: unknown command chek/],
  [["test"], /^keywarden: name what to check/],
  [["test", "x", "--frobnicate"], /^keywarden: Unknown option '--frobnicate'\n/],
  [["test", "x", "-o", "xml"], /^keywarden: unknown output xml/],
  [["test", "x", "--account", "123"], /^keywarden: --account 123 is not twelve digits/],
  [["test", "x", "--region", "Europe"], /^keywarden: --region Europe is no Region/],
  [["test", "x", "--var", "region"], /^keywarden: --var region is not NAME=VALUE/],
  [["test", "x", "--account"], /^keywarden: .*--account/],
  [["explain"], /^keywarden: name a rule/],
  [["explain", "public_acess"], /^keywarden: there is no rule public_acess: did you mean public_access\?/],
  [["explain", "public_access", "alias_missing"], /^keywarden: name one rule/],
];

for (const [args, says] of wrongCalls) {
  test(`keywarden ${args.join(" ")} is a wrong call: one line, exit code 3`, () => {
    const { status, stdout, stderr } = keywarden(args);
    assert.deepEqual([status, stdout], [3, ""]);
    assert.match(stderr, says);
    assert.match(stderr, /^[^\n]*\nTry keywarden --help\.\n$/);
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

test("--data gives settings to the rules: JSON, YAML, or a folder of them", () => {
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

const wrongSettings: [name: string, content: string, says: RegExp][] = [
  [
    "rule",
    "keywarden:\n  settings:\n    short_deletion_windw: {}\n",
    /^rule\.yaml:3:5: wrong setting: There is no rule short_deletion_windw\.\n {2}Did you mean short_deletion_window\?/,
  ],
  [
    "setting",
    "keywarden:\n  settings:\n    short_deletion_window:\n      minimun: 9\n",
    /^setting\.yaml:4:7: .*short_deletion_window has no setting minimun\.\n {2}Did you mean minimum\?/,
  ],
  ["value", settings(3), /minimum is 3: allowed is an integer from 7 to 30\.\n.*; 30 by default\./],
  [
    "alternative",
    "keywarden: {settings: {cross_account_excess: {preset: all}}}\n",
    /preset is "all": allowed is decrypt or encrypt\./,
  ],
  [
    "element",
    "keywarden: {settings: {cross_account_excess: {actions: [1]}}}\n",
    /actions\.0 is 1: allowed is a text that matches /,
  ],
  [
    "number",
    "keywarden: {settings: {trust: {accounts: [111122223333]}}}\n",
    /accounts\.0 is 111122223333: allowed is a text .*\n {2}Put it in quotes: "111122223333"\./,
  ],
  [
    "prefix",
    "keywarden: {settings: {cross_account_excess: {actions: [kms:Encrypt]}}}\n",
    /actions\.0 is "kms:Encrypt": allowed is a text that matches .*\n {2}The actions, without kms:/,
  ],
  [
    "pattern",
    'keywarden: {settings: {alias_not_memorable: {pattern: "alias/(?!test)"}}}\n',
    /pattern is "alias\/\(\?!test\)": allowed is a regular expression or null\./,
  ],
  ["none", "keywarden: {settings: {alias_missing: {a: 1}}}\n", /The rule alias_missing has no settings\./],
  ["place", "keywarden: {setings: {}}\n", /There is no keywarden\.setings\./],
  ["silent", "keywardn: {}\n", /^silent\.yaml: wrong setting: It holds no keywarden\.settings\./],
  ["empty", "", /The file is empty\./],
  ["stream", "a: 1\n---\nb: 1\n", /holds several YAML documents/],
  ["broken", '{"keywarden": ', /^broken\.yaml:1:\d+: /],
];

for (const [name, content, says] of wrongSettings) {
  test(`a wrong ${name} in settings ends with 3 before anything is checked`, () => {
    const { status, stdout, stderr } = keywarden([
      "test",
      "window.yaml",
      "-d",
      file(`${name}.yaml`, content),
    ]);
    assert.deepEqual([status, stdout], [3, ""]);
    assert.match(stderr, says);
  });
}

test("settings that are given twice, or nowhere, end with 3", () => {
  file("twice/a.json", settings(7));
  file("twice/b.json", settings(8));
  file("nowhere/a.json", "{}");
  for (const [path, says] of [
    ["twice", /^twice\/b\.json:1:\d+: .*short_deletion_window\.minimum is given twice/],
    ["nowhere", /^nowhere: .*holds no/],
    ["gone", /^gone: .*There is no such file/],
  ] as const) {
    const { status, stdout, stderr } = keywarden(["test", "window.yaml", "-d", path]);
    assert.deepEqual([status, stdout], [3, ""]);
    assert.match(stderr, says);
  }
});

test("rules lists every rule, and all about them as JSON", () => {
  const listed = JSON.parse(readFileSync(join(root, "bundles/rules.json"), "utf8")) as { id: string }[];
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
  assert.match(stdout, /^public_access +error +access +The key is open to everyone$/m);
  assert.deepEqual(JSON.parse(keywarden(["rules", "-o", "json"]).stdout), listed);
});

test("explain tells all about a rule", () => {
  const { status, stdout } = keywarden(["explain", "short-deletion-window"]);
  assert.equal(status, 0);
  assert.match(stdout, /^short_deletion_window: A short waiting period/);
  for (const part of [
    "What it finds",
    "Why",
    "What to write instead",
    "Settings",
    "What it lets pass",
    "To read on",
  ])
    assert.ok(stdout.includes(`\n\n${part}\n`), part);
  assert.ok(stdout.includes("\n  Terraform:\n    deletion_window_in_days = 30\n"));
  assert.match(stdout, /minimum: an integer from 7 to 30; 30 by default/);
  assert.match(
    keywarden(["explain", "public_access"]).stdout,
    /\n\nControls\n {2}AWS Security Hub: KMS\.5\n/,
  );
  assert.equal(JSON.parse(keywarden(["explain", "public_access", "-o", "json"]).stdout).id, "public_access");
});

test("help and version", () => {
  assert.match(keywarden(["--help"]).stdout, /keywarden test PATH…/);
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  assert.equal(keywarden(["--version"]).stdout, `keywarden ${version}\n`);
});

test("a pipe has no colours unless they are asked for", () => {
  const coloured = (args: string[], env: Call["env"] = {}) =>
    keywarden(["test", "open.json", ...args], { env }).stdout.includes("\u001B");
  assert.equal(coloured([]), false);
  assert.equal(coloured([], { FORCE_COLOR: "1" }), true);
  assert.equal(coloured([], { FORCE_COLOR: "1", NO_COLOR: "1" }), false);
  assert.equal(coloured(["--no-color"], { FORCE_COLOR: "1" }), false);
});

test("a reader that goes away early is no error", async () => {
  const many = Array.from({ length: 100 }, (_, i) => ({ ...open_, Sid: `Open${i}` }));
  file("many.json", policy(root_, ...many));
  const child = spawn(process.execPath, [program, "test", "many.json"], { cwd: folder });
  child.stdout.once("data", () => child.stdout.destroy());
  let stderr = "";
  child.stderr.on("data", (chunk) => {
    stderr += chunk;
  });
  const status = await new Promise((resolve) => child.on("close", resolve));
  assert.deepEqual([status, stderr], [1, ""]);
});

test("a large output arrives whole", () => {
  const { stdout } = keywarden(["test", "many.json", "-o", "json"]);
  assert.equal(JSON.parse(stdout)[0].failures.length, 100);
});

test("standard input can be called by a name, and by one of Terraform's be its source", () => {
  const named = keywarden(["test", "-", "--stdin-filename", "kms/orders.json"], {
    input: policy(root_, open_),
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
