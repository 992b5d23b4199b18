import assert from "node:assert/strict";
import { test } from "node:test";
import { broken } from "./broken.ts";
import { load, messages, repository } from "./support.ts";

for (const [text, ...said] of broken)
  test(`a broken configuration: ${said[0]?.slice(3)}`, () => {
    const all = messages(load(repository({ ".keywardenrc": text })));
    assert.equal(all.length, said.length, all.join("\n"));
    for (const [i, one] of said.entries()) assert.ok(all[i]?.startsWith(`.keywardenrc:${one}`), all[i]);
  });

test("a wrong key in package.json is found there", () => {
  const text = '{\n  "levels": 1,\n  "keywarden": {\n    "level": {}\n  }\n}\n';
  assert.match(
    messages(load(repository({ "package.json": text })))[0] as string,
    /^package.json:4: .*no key level/,
  );
});

test("what a file says that is extended is wrong there", () => {
  const root = repository({ ".keywardenrc": "extends: a/b.yaml\n", "a/b.yaml": "\npreset: no\n" });
  assert.match(messages(load(root))[0] as string, /^a\/b\.yaml:2: preset is false: allowed is cheat-sheet/);
});

test("extends that leads in a circle is told with the way", () => {
  const root = repository({
    ".keywardenrc": "extends: ./a.yaml\n",
    "a.yaml": "extends: [b.yaml]\n",
    "b.yaml": "extends: .keywardenrc\n",
  });
  assert.deepEqual(messages(load(root)), [
    "b.yaml:1: extends leads in a circle: .keywardenrc → a.yaml → b.yaml → .keywardenrc. Take one of them out of extends.",
  ]);
});

for (const [file, said] of [
  ["none.yaml", "none.yaml:: There is no such file or directory."],
  [
    "conftest.toml",
    "conftest.toml:: A configuration is not written in toml. Write it as YAML, JSON or JavaScript",
  ],
  ["package.json", "package.json:: It has no keywarden."],
] as const)
  test(`a named file that is none: ${file}`, () => {
    const root = repository({ "conftest.toml": "fail-on-warn = true\n", "package.json": "{}" });
    assert.ok(messages(load(root, { file }))[0]?.startsWith(said));
  });
