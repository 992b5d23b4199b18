import assert from "node:assert/strict";
import { test } from "node:test";
import { describeConfig } from "../../src/session/config/index.ts";
import { load, repository, rules } from "./support.ts";

const explained = (files: { [name: string]: unknown }, file: string): string => {
  const { config, layers } = load(repository(files));
  return describeConfig(config, layers, file, rules);
};

test("what applies to a file is told with the places that say it", () => {
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
  - relayers: [module.old.*]
    levels: {rotation_disabled: off}
ignore: [cdk.out]
fail-on-warn: true
`,
    "base.yaml": "levels:\n  weak_key_spec: off\n  alias_missing: error\nbaseline: kms-baseline.json\n",
  };
  assert.equal(
    explained(files, "prod/a.yaml"),
    `prod/a.yaml: by keywarden.config.yaml, which extends base.yaml.

  account   444455556666       keywarden.config.yaml:4
  baseline  kms-baseline.json  base.yaml:4

Levels
  alias_missing                     off      keywarden.config.yaml:6
  key_disabled                      error    keywarden.config.yaml:13
  rotation_disabled (module.old.*)  off      keywarden.config.yaml:15
  rotation_disabled                 warning  its own
  weak_key_spec                     off      base.yaml:2

Settings
  short_deletion_window.minimum  14  keywarden.config.yaml:9

Flags
  fail-on-warn  true  keywarden.config.yaml:17

All other rules and settings: as the preset recommended has them.
`,
  );
  assert.match(explained(files, "a.yaml"), /\n {2}account +111122223333 +keywarden\.config\.yaml:2\n/);
  assert.doesNotMatch(explained(files, "a.yaml"), /key_disabled/);
  assert.match(
    explained(files, "a/cdk.out/b.json"),
    /\nIt is passed over in folders: keywarden\.config\.yaml:16\.\n/,
  );
});

test("a preset is told with the place that names it", () => {
  const text = explained({ ".keywardenrc": "\nextends: strict\n" }, "a.yaml");
  assert.match(text, /\n {2}preset {2}strict {2}\.keywardenrc:2\n/);
  assert.match(text, /\n {2}alias_missing +warning {2}preset strict\n/);
});

test("without a configuration that is told", () => {
  assert.match(explained({}, "a.yaml"), /^a\.yaml: no configuration was found; every rule has its own level/);
});
