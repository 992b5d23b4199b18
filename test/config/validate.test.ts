import assert from "node:assert/strict";
import { test } from "node:test";
import { broken } from "./broken.ts";
import { load, messages, repository } from "./support.ts";

for (const [text, ...expected] of broken)
  test(`an invalid config: ${expected[0]?.slice(3)}`, () => {
    const all = messages(load(repository({ ".keywardenrc": text })));
    assert.equal(all.length, expected.length, all.join("\n"));
    for (const [i, one] of expected.entries()) assert.ok(all[i]?.startsWith(`.keywardenrc:${one}`), all[i]);
  });

test("an unknown key in package.json is reported with its line", () => {
  const text = '{\n  "levels": 1,\n  "keywarden": {\n    "level": {}\n  }\n}\n';
  assert.match(
    messages(load(repository({ "package.json": text })))[0] as string,
    /^package.json:4: Unknown key "level"/,
  );
});

test("a problem of an extended file is reported in that file", () => {
  const root = repository({ ".keywardenrc": "extends: a/b.yaml\n", "a/b.yaml": "\npreset: no\n" });
  assert.match(messages(load(root))[0] as string, /^a\/b\.yaml:2: preset is false; it must be cheat-sheet/);
});

test("config files that extend each other are reported with the cycle", () => {
  const root = repository({
    ".keywardenrc": "extends: ./a.yaml\n",
    "a.yaml": "extends: [b.yaml]\n",
    "b.yaml": "extends: .keywardenrc\n",
  });
  assert.deepEqual(messages(load(root)), [
    "b.yaml:1: Config files extend each other: .keywardenrc → a.yaml → b.yaml → .keywardenrc. Remove one of these extends.",
  ]);
});

for (const [file, expected] of [
  ["none.yaml", "none.yaml:: The file or directory does not exist."],
  [
    "conftest.toml",
    "conftest.toml:: The config file format toml is not supported. Use YAML, JSON or JavaScript.",
  ],
  ["package.json", 'package.json:: The key "keywarden" is missing.'],
] as const)
  test(`a named file that is not a config file: ${file}`, () => {
    const root = repository({ "conftest.toml": "fail-on-warn = true\n", "package.json": "{}" });
    assert.ok(messages(load(root, { file }))[0]?.startsWith(expected));
  });
