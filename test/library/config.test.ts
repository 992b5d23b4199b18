import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, test } from "node:test";
import { type CheckError, createChecker, loadConfig, normalize } from "../../src/hosts/library/index.ts";
import { isCode, source } from "./support.ts";

function folder(files: { [path: string]: string }): string {
  const cwd = mkdtempSync(join(tmpdir(), "keywarden-library-"));
  after(() => rmSync(cwd, { recursive: true }));
  for (const [path, text] of Object.entries({ ".git/HEAD": "", ...files })) {
    mkdirSync(dirname(join(cwd, path)), { recursive: true });
    writeFileSync(join(cwd, path), text);
  }
  return cwd;
}

const found = (cwd: string, path = "stack.json") =>
  createChecker({ config: loadConfig({ cwd }) })
    .check([source(path)])
    .findings.map(({ level, rule }) => `${level} ${rule}`);

test("without a configuration every rule has its own level", () => {
  const cwd = folder({});
  assert.deepEqual(loadConfig({ cwd }).files, []);
  assert.ok(found(cwd).includes("note alias_missing"));
});

test("a configuration is found above the folder, with what it goes on from", () => {
  const cwd = folder({
    "keywarden.config.yaml": "extends: ./base.yaml\nlevels: { alias_missing: error }\n",
    "base.yaml": "settings: { short_deletion_window: { minimum: 7 } }\n",
    "a/b/stack.json": "",
  });
  const config = loadConfig({ cwd: join(cwd, "a/b") });
  assert.equal(config.files.length, 2);
  const rules = found(join(cwd, "a/b"));
  assert.ok(rules.includes("error alias_missing"));
  assert.ok(!rules.some((one) => one.includes("short_deletion_window")));
});

test("the files that it names are read: suppressions, the baseline and data", () => {
  const cwd = folder({
    "keywarden.config.yaml": "suppressions: s.yaml\nbaseline: b.json\ndata: [settings.yaml]\n",
    "s.yaml": "- { rule: alias_missing, files: [stack.json], reason: a test }\n",
    "b.json": '{ "version": 1, "findings": [] }',
    "settings.yaml": "keywarden: { settings: { short_deletion_window: { minimum: 7 } } }\n",
  });
  const rules = found(cwd).join();
  assert.doesNotMatch(rules, /alias_missing|short_deletion_window/);
  assert.match(rules, /rotation_disabled/);
});

test("its globs start at its folder; paths of sources at the folder that was asked for", () => {
  const cwd = folder({
    "keywarden.config.yaml": 'accounts: { "prod/**": "111111111111" }\n',
    "prod/x.json": "",
  });
  const config = loadConfig({ cwd });
  const owners = (path: string) => normalize([source(path)], { config }).document.keys[0]?.owner;
  assert.equal(owners("prod/x.json"), "111111111111");
  assert.notEqual(owners("test/x.json"), "111111111111");
});

const broken: [what: string, files: { [path: string]: string }, at: RegExp][] = [
  [
    "a wrong level",
    { "keywarden.config.yaml": "levels:\n  alias_missing: high\n" },
    /^keywarden\.config\.yaml:2: /,
  ],
  ["two of them", { "keywarden.config.yaml": "", ".keywardenrc": "" }, /There is a second config file/],
  ["a file that is not there", { "keywarden.config.yaml": "baseline: none.json\n" }, /none\.json/],
  [
    "data that is none of ours",
    { "keywarden.config.yaml": "data: x.yaml\n", "x.yaml": "a: 1\n" },
    /keywarden\.settings/,
  ],
];

for (const [what, files, at] of broken)
  test(`invalid-config: ${what}, with its place`, () => {
    const cwd = folder(files);
    assert.throws(
      () => loadConfig({ cwd }),
      (error) => isCode("invalid-config", at)(error) && (error as CheckError).problems.length > 0,
    );
  });

test("a configuration that does not exist is an error where it was named", () => {
  assert.throws(() => loadConfig({ cwd: folder({}), file: "none.yaml" }), isCode("invalid-config"));
});
