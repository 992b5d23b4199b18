import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { test } from "node:test";
import { inFolder, keywarden, samples } from "./program.ts";

const file = inFolder();
for (const [name, text] of Object.entries(samples)) file(`${name}.yaml`, text);

const run = (env: NodeJS.ProcessEnv, ...args: string[]) => keywarden(["test", ...args], { env });

test("the environment sets flags; the command line takes precedence", () => {
  const strict = { KEYWARDEN_FAIL_ON_WARN: "true" };
  assert.equal(run(strict, "warning.yaml").code, 1);
  assert.equal(run(strict, "warning.yaml", "--fail-on-warn=false").code, 0);
  assert.equal(run({ KEYWARDEN_FAIL_ON_WARN: "" }, "warning.yaml").code, 0);
  assert.equal(run({ KEYWARDEN_OUTPUT: "json" }, "error.yaml").stdout[0], "[");
  assert.match(run({ KEYWARDEN_OUTPUT: "json" }, "error.yaml", "-o", "tap").stdout, /^1\.\./);
});

test("lists are separated by commas, and Terraform variables and headers by newlines", () => {
  assert.equal(run({ KEYWARDEN_NAMESPACE: "main,other" }, "error.yaml").code, 3);
  const outputs = { KEYWARDEN_OUTPUT: "json=env.json,tap" };
  assert.match(run(outputs, "error.yaml").stdout, /^1\.\./);
  assert.match(run({ KEYWARDEN_VAR: "a=1,2\nb" }, "good.yaml").stderr, /--var: value 2 has no name or value/);
  const headers = {
    KEYWARDEN_DECISION_LOG: "https://x.example",
    KEYWARDEN_DECISION_LOG_HEADER: "a: 1, 2\nb",
  };
  assert.match(
    keywarden(["serve"], { env: headers }).stderr,
    /--decision-log-header: header 2 is not a header/,
  );
});

test("the environment names a config file unless the command line does", () => {
  file(".keywardenrc", "levels: {public_access: note}\n");
  file("ci.yaml", "fail-on-warn: true\n");
  file("other.yaml", "");
  const named = { KEYWARDEN_CONFIG_FILE: "ci.yaml" };
  assert.equal(run(named, "error.yaml").code, 2);
  assert.equal(run(named, "error.yaml", "--config-file", "other.yaml").code, 1);
  assert.equal(run({ KEYWARDEN_CONFIG_FILE: "" }, "error.yaml").code, 0);
  rmSync(".keywardenrc");
});

test("an output format in the environment applies to test only", () => {
  assert.equal(keywarden(["rules"], { env: { KEYWARDEN_OUTPUT: "tap" } }).code, 0);
});

const notices: [env: NodeJS.ProcessEnv, expected: RegExp][] = [
  [
    { KEYWARDEN_FAIL_ON_WARNING: "1" },
    /^KEYWARDEN_FAIL_ON_WARNING: unknown variable, ignored\. Did you mean KEYWARDEN_FAIL_ON_WARN\?\n$/,
  ],
  [
    { CONFTEST_FAIL_ON_WARN: "1" },
    /^CONFTEST_FAIL_ON_WARN: Keywarden ignores conftest's variables\. Set KEYWARDEN_FAIL_ON_WARN instead\.\n$/,
  ],
  [{ CONFTEST_FAIL_ON_WARN: "1", KEYWARDEN_FAIL_ON_WARN: "0" }, /^$/],
  [{ KEYWARDEN_VERSION: "1.2.3", KEYWARDEN_HOME: "/opt/keywarden" }, /^$/],
];

for (const [env, expected] of notices) {
  test(`${JSON.stringify(env)} is ${expected.source === "^$" ? "accepted silently" : "reported"}`, () => {
    const { code, stderr } = run(env, "good.yaml");
    assert.equal(code, 0);
    assert.match(stderr, expected);
  });
}

test("a conftest config that makes conftest stricter is reported", () => {
  file("other/good.yaml", samples.good);
  file("other/conftest.toml", "fail-on-warn = true\n");
  process.chdir("other");
  const { stderr } = run({}, "good.yaml");
  process.chdir("..");
  assert.match(
    stderr,
    /^conftest\.toml: Keywarden ignores conftest's config file and its fail-on-warn\. Set --fail-on-warn instead\.\n$/,
  );
});

test("an invalid value in the environment ends with 3", () => {
  const { code, stderr } = run({ KEYWARDEN_NO_FAIL: "sometimes" }, "error.yaml");
  assert.equal(code, 3);
  assert.match(stderr, /^keywarden: KEYWARDEN_NO_FAIL: "sometimes" is not a boolean\. Use true or false\.\n/);
  assert.equal(keywarden(["--help"], { env: { KEYWARDEN_NO_FAIL: "sometimes" } }).code, 0);
});
