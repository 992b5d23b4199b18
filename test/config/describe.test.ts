import assert from "node:assert/strict";
import { test } from "node:test";
import { describeConfig } from "../../src/session/config/index.ts";
import { load, repository, rules } from "./support.ts";

const described = (files: { [name: string]: unknown }, file: string): string => {
  const { config, layers } = load(repository(files));
  return describeConfig(config, layers, file, rules);
};

test("the config of a file is described with the origin of each value", () => {
  const files = {
    "keywarden.config.yaml": `extends: [base.yaml]
account: "111122223333"
accounts:
  prod: "444455556666"
levels:
  alias_missing: off
settings:
  short_deletion_window:
    minimum: 14
overrides:
  - files: prod
    levels:
      key_disabled: error
  - resources: [module.old.*]
    levels: {rotation_disabled: off}
ignore: [cdk.out]
fail-on-warn: true
`,
    "base.yaml": "levels:\n  weak_key_spec: off\n  alias_missing: error\nbaseline: kms-baseline.json\n",
  };
  assert.equal(
    described(files, "prod/a.yaml"),
    `prod/a.yaml: configured by keywarden.config.yaml, which extends base.yaml

  account   444455556666       keywarden.config.yaml:4
  baseline  kms-baseline.json  base.yaml:4

Levels
  alias_missing                     off      keywarden.config.yaml:6
  key_disabled                      error    keywarden.config.yaml:13
  rotation_disabled (module.old.*)  off      keywarden.config.yaml:15
  rotation_disabled                 warning  default
  weak_key_spec                     off      base.yaml:2

Rule settings
  short_deletion_window.minimum  14  keywarden.config.yaml:9

Flags
  fail-on-warn  true  keywarden.config.yaml:17

All other values are those of the preset recommended (default).
`,
  );
  assert.match(described(files, "a.yaml"), /\n {2}account +111122223333 +keywarden\.config\.yaml:2\n/);
  assert.doesNotMatch(described(files, "a.yaml"), /key_disabled/);
  assert.match(
    described(files, "a/cdk.out/b.json"),
    /\nIgnored when Keywarden searches directories: keywarden\.config\.yaml:16\n/,
  );
});

test("a preset is described with its origin", () => {
  const text = described({ ".keywardenrc": "\nextends: strict\n" }, "a.yaml");
  assert.match(text, /\n {2}preset {2}strict {2}\.keywardenrc:2\n/);
  assert.match(text, /\n {2}alias_missing +warning {2}preset strict\n/);
});

test("a missing config file is described as such", () => {
  assert.match(described({}, "a.yaml"), /^a\.yaml: no config file found; every rule has its default level/);
});

test("the headers for the decision log server are described without their values", () => {
  for (const headers of ["Authorization: s3cr3t", ["Authorization: s3cr3t"], { Authorization: "s3cr3t" }])
    assert.match(
      described({ "keywarden.config.yaml": { "decision-log-header": headers } }, "a.yaml"),
      /\n {2}decision-log-header {2}Authorization: … {2}keywarden\.config\.yaml/,
    );
});
