import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { reporters } from "../../src/reporters/index.ts";
import { inFolder, keywarden, samples } from "./program.ts";

const file = inFolder();
for (const [name, text] of Object.entries(samples)) file(`${name}.yaml`, text);
file("unresolved.yaml", samples.note.replace("true,", "true, KeyPolicy: !Ref Policy,"));
file("broken.json", '{"Statement": [{"Principal": "*", "Action": "kms:*",}');
file("docs/README.md", "AWS::KMS::Key");
file("tree/error.yaml", samples.error);
file("tree/modules/error.yaml", samples.error);

const codes: [name: string, args: string[], code: number][] = [
  ["an error", ["error.yaml"], 1],
  ["a warning", ["warning.yaml"], 0],
  ["a note", ["note.yaml"], 0],
  ["an error, with warnings counting", ["error.yaml", "--fail-on-warn"], 2],
  ["a warning that counts", ["warning.yaml", "--fail-on-warn"], 1],
  ["a note where warnings count", ["note.yaml", "--fail-on-warn"], 0],
  ["an unknown verdict where warnings count", ["unknown.yaml", "--fail-on-warn"], 0],
  ["an unknown verdict of an error that must be known", ["unknown.yaml", "--fail-on-unknown"], 3],
  [
    "an unknown verdict that must be known, beside a failure",
    ["unknown.yaml", "error.yaml", "--fail-on-unknown"],
    3,
  ],
  [
    "an unknown verdict of a rule in the list",
    ["unknown.yaml", "--fail-on-unknown=full_access,public_access"],
    3,
  ],
  [
    "an unknown verdict of a rule outside the list",
    ["unknown.yaml", "--fail-on-unknown=grant_cross_account"],
    0,
  ],
  ["a key policy that is not in the input", ["unresolved.yaml"], 0],
  ["a key policy that must be known", ["unresolved.yaml", "--fail-on-unknown"], 3],
  ["a key policy that a rule in the list needs", ["unresolved.yaml", "--fail-on-unknown=public_access"], 3],
  [
    "a key policy that no rule in the list needs",
    ["unresolved.yaml", "--fail-on-unknown=rotation_disabled"],
    0,
  ],
  [
    "an unknown verdict that must be known, with --no-fail",
    ["unknown.yaml", "--fail-on-unknown", "--no-fail"],
    0,
  ],
  ["only known verdicts where they must be known", ["good.yaml", "warning.yaml", "--fail-on-unknown"], 0],
  ["a part that was not checked", ["unseen.yaml"], 0],
  ["a part that must be checked", ["unseen.yaml", "--fail-on-unknown"], 3],
  [
    "a part that must be checked, with a list of rules",
    ["unseen.yaml", "--fail-on-unknown=public_access"],
    3,
  ],
  ["an error with --no-fail", ["error.yaml", "--no-fail"], 0],
  ["an unread file with --no-fail", ["broken.json", "--no-fail"], 3],
  ["an unread file and an error", ["broken.json", "error.yaml", "--fail-on-warn"], 3],
  ["an unread file with --conftest-compat", ["broken.json", "error.yaml", "--conftest-compat"], 1],
  ["a directory without files", ["docs"], 3],
  ["a directory without files and a file", ["docs", "good.yaml"], 3],
  [
    "a directory without files and a file, with --conftest-compat",
    ["docs", "good.yaml", "--conftest-compat"],
    0,
  ],
  ["a directory in which everything is ignored", ["tree", "--ignore", "error"], 3],
  ["a named file that is ignored", ["good.yaml", "error.yaml", "--ignore", "error"], 0],
  ["an RE2 expression", ["good.yaml", "error.yaml", "--ignore", "(?i)^ERR(?P<rest>\\-?)"], 0],
  ["all namespaces", ["error.yaml", "--all-namespaces"], 1],
  ["a namespace by a pattern", ["error.yaml", "-n", "[a-z]ain"], 1],
  ["an unknown namespace", ["error.yaml", "-n", "kubernetes.*"], 3],
  ["the namespace main and an unknown one", ["error.yaml", "-n", "main,kubernetes"], 3],
  [
    "the namespace main and an unknown one, with --conftest-compat",
    ["error.yaml", "-n", "main,k8s", "--conftest-compat"],
    1,
  ],
  ["an unknown namespace, with --conftest-compat", ["error.yaml", "-n", "k8s", "--conftest-compat"], 0],
  ["combined files", ["error.yaml", "good.yaml", "--combine"], 1],
  ["a boolean flag that is reset", ["warning.yaml", "--fail-on-warn", "--fail-on-warn=false"], 0],
];

for (const [name, args, code] of codes) {
  test(`${name}: ${code}`, () => {
    const { code: actual, stderr } = keywarden(["test", ...args]);
    assert.equal(actual, code, stderr);
  });
}

const invalid: [args: string[], expected: RegExp][] = [
  [
    ["-p", "policy"],
    /^keywarden: --policy: Keywarden does not support this conftest flag: .* keywarden normalize PATH… \| conftest test/,
  ],
  [["--update", "oci://example.org/policy"], /^keywarden: --update: Keywarden does not support/],
  [["--proto-file-dirs", "proto"], /^keywarden: --proto-file-dirs: Keywarden does not support/],
  [
    ["--parser", "toml"],
    /^keywarden: --parser: "toml" is not supported\. Keywarden detects json, yaml, hcl2\./,
  ],
  [["--rego-version", "v2"], /^keywarden: --rego-version: "v2" is not a Rego version\. Use v0 or v1\./],
  [["-n", "k8s"], /^keywarden: --namespace: there is no namespace "k8s"\. The rules are in main/],
  [["-o", "jsn"], /^keywarden: --output: "jsn" is not a format\. Did you mean json\?/],
  [["-o", "json", "-o", "tap"], /^keywarden: --output: json and tap are both written to standard output/],
  [["-o", "json=a", "-o", "tap=a"], /^keywarden: --output: two formats are written to a\./],
  [["--ignore", "("], /^keywarden: --ignore: "\(" is not a regular expression \(RE2\)/],
  [["--ignore", "(?=a)"], /^keywarden: --ignore: .* is not a regular expression/],
  [["--fail-on-wran"], /^keywarden: unknown flag --fail-on-wran\. Did you mean --fail-on-warn\?/],
  [["--fail-on-warn=maybe"], /^keywarden: --fail-on-warn: "maybe" is not a boolean\. Use true or false\./],
  [
    ["--fail-on-unknown=public"],
    /^keywarden: --fail-on-unknown: there is no rule "public"\. Did you mean public_access\?/,
  ],
  [["-o"], /^keywarden: -o needs a value: -o FORMAT\[=PATH\]/],
  [["--ignore", "--quiet"], /^keywarden: --ignore needs a value/],
];

for (const [args, expected] of invalid) {
  test(`${args.join(" ")} is rejected with a reason`, () => {
    const { code, stdout, stderr } = keywarden(["test", "error.yaml", ...args]);
    assert.deepEqual([code, stdout], [3, ""]);
    assert.match(stderr, expected);
  });
}

test("flags that only affect Rego are accepted and have no effect", () => {
  const flags = [
    "--strict",
    "--show-builtin-errors",
    "--rego-version=v0",
    "--tls=false",
    "--capabilities",
    "c",
  ];
  const plain = keywarden(["test", "error.yaml"]);
  assert.deepEqual(keywarden(["test", "error.yaml", ...flags, "--parser", "yaml"]), plain);
});

test("with --conftest-compat, an invalid command line ends as in conftest", () => {
  assert.equal(keywarden(["test", "good.yaml", "--nonsense", "--conftest-compat"]).code, 1);
  assert.equal(keywarden(["test"], { env: { KEYWARDEN_CONFTEST_COMPAT: "1" } }).code, 1);
});

test("other commands of conftest are answered with an alternative", () => {
  assert.match(
    keywarden(["verify"]).stderr,
    /"verify" is a conftest command that Keywarden does not have\. .*opa test/,
  );
  assert.match(keywarden(["tset", "x"]).stderr, /unknown command "tset"\. Did you mean test\?/);
});

test("one run writes several outputs", () => {
  const { code, stdout } = keywarden([
    "test",
    "error.yaml",
    "-o",
    "json=out/a.json",
    "-o",
    "text",
    "-otap=out/a.tap",
  ]);
  assert.equal(code, 1);
  assert.match(stdout, /^error\.yaml:1:\d+: error public_access/);
  assert.equal(JSON.parse(readFileSync("out/a.json", "utf8"))[0].filename, "error.yaml");
  assert.match(readFileSync("out/a.tap", "utf8"), /^1\.\./);
});

test("standard output stays empty if all outputs are files", () => {
  assert.equal(keywarden(["test", "error.yaml", "-o=json=out/b.json"]).stdout, "");
  assert.equal(JSON.parse(readFileSync("out/b.json", "utf8"))[0].failures.length, 1);
});

test("a file has no colors even if standard output has", () => {
  keywarden(["test", "error.yaml", "-o", "text=out/c.txt"], { env: { FORCE_COLOR: "1" } });
  assert.doesNotMatch(readFileSync("out/c.txt", "utf8"), /\u001B/);
});

test("an output that cannot be written ends with 3", () => {
  const { code, stderr } = keywarden(["test", "good.yaml", "-o", "json=docs"]);
  assert.equal(code, 3);
  assert.match(stderr, /^docs: cannot write: The path is a directory\./);
});

test("with --conftest-compat, the default output is that of conftest", () => {
  assert.match(
    keywarden(["test", "error.yaml", "--conftest-compat"]).stdout,
    /^FAIL - error\.yaml - main - /,
  );
  assert.match(keywarden(["test", "error.yaml", "--conftest-compat", "-o", "xml"]).stdout, /^FAIL - /);
  assert.match(
    keywarden(["test", "error.yaml", "--conftest-compat", "-o", "json", "-o", "tap"]).stdout,
    /^1\.\./,
  );
});

test("--quiet prints nothing if the run passes, and still writes files", () => {
  const quiet = (...args: string[]) => keywarden(["test", "--quiet", ...args]);
  assert.deepEqual(quiet("warning.yaml", "-o", "json", "-o", "tap=out/q.tap"), {
    code: 0,
    stdout: "",
    stderr: "",
  });
  assert.ok(existsSync("out/q.tap"));
  assert.notEqual(quiet("error.yaml").stdout, "");
  assert.notEqual(quiet("error.yaml", "--no-fail").stdout, "");
  assert.match(quiet("docs").stderr, /^docs: cannot read: There are no files to check in this path\./);
});

test("--trace prints what was evaluated to standard error", () => {
  const { code, stdout, stderr } = keywarden(["test", "error.yaml", "--trace", "-o", "json"]);
  assert.equal(code, 1);
  assert.equal(JSON.parse(stdout).length, 1);
  assert.match(
    stderr,
    /^TRAC {3}The rules are compiled, so .*\nTRAC {3}keywarden normalize .* conftest test --trace/,
  );
  assert.match(stderr, /\nTRAC {3}error\.yaml: 1 resource; \d+ of \d+ rules report nothing\n/);
  assert.match(
    stderr,
    /\nTRAC {3}\| fail error public_access <policy> at line 1 \/Statement\/1\/Principal\n/,
  );
});

test("the help names every output format", () => {
  const { stdout } = keywarden(["test", "--help"]);
  for (const format of reporters.keys()) assert.match(stdout, new RegExp(`\\b${format}\\b`));
  assert.doesNotMatch(keywarden(["rules", "--help"]).stdout, /--fail-on-warn V|--junit/);
});

test("config print takes one file", () => {
  assert.match(keywarden(["config", "print", "good.yaml"]).stdout, /^good\.yaml: /);
  assert.match(keywarden(["config", "print"]).stderr, /^keywarden: config print needs a file/);
  assert.match(keywarden(["config", "show"]).stderr, /^keywarden: unknown command "config show"\./);
});

test("a baseline is written to its file unless an input cannot be read", () => {
  assert.equal(keywarden(["baseline", "error.yaml", "--baseline", "out/known.json"]).code, 0);
  assert.equal(JSON.parse(readFileSync("out/known.json", "utf8")).findings[0].rule, "public_access");
  assert.match(keywarden(["baseline", "error.yaml"]).stdout, /public_access/);
  assert.equal(keywarden(["baseline", "broken.json", "--baseline", "out/none.json"]).code, 3);
  assert.equal(existsSync("out/none.json"), false);
  const { code, stderr } = keywarden(["test", "error.yaml", "--baseline", "gone.json"]);
  assert.equal(code, 3);
  assert.match(stderr, /^gone\.json: cannot read: The file or directory does not exist/);
});
