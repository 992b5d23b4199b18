import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { load, messages, repository } from "./support.ts";

const yaml = "levels:\n  alias_missing: off\n";
const json = { levels: { alias_missing: "off" } };
const script = (how: string) => `${how} ${JSON.stringify(json)};\n`;

const places: { [name: string]: unknown } = {
  "keywarden.config.yaml": yaml,
  "keywarden.config.yml": yaml,
  "keywarden.config.json": json,
  ".keywardenrc": yaml,
  ".keywardenrc.yaml": yaml,
  ".keywardenrc.yml": yaml,
  ".keywardenrc.json": json,
  "package.json": { name: "orders", keywarden: json },
};

for (const [name, content] of Object.entries(places))
  test(`${name} is found`, () => {
    const loaded = load(repository({ [name]: content }));
    assert.deepEqual(messages(loaded), []);
    assert.deepEqual(loaded.config.levels, { alias_missing: "off" });
    assert.deepEqual(
      loaded.layers.map(({ file }) => file),
      [name],
    );
  });

for (const [name, content] of Object.entries({
  "keywarden.config.js": script("module.exports ="),
  "keywarden.config.cjs": script("module.exports ="),
  "keywarden.config.mjs": script("export default"),
  "keywarden.config.ts": `${script("const config: { levels: object } =")}export default config;\n`,
})) {
  test(`${name} runs only if it is named`, () => {
    const repo = repository({ [name]: content });
    assert.deepEqual(load(repo, { file: name }).config.levels, { alias_missing: "off" });
    assert.deepEqual(messages(load(repo)), [
      `${name}:: Keywarden runs a config file in JavaScript or TypeScript only if you name it. Name it with --config-file ${name} if you trust the files in this directory, or write the config in YAML.`,
    ]);
  });
}

test("without a file, the defaults apply", () => {
  const { config, layers: sources, problems } = load(repository({ "package.json": { name: "orders" } }));
  assert.deepEqual([config.preset, config.levels, sources, problems], ["recommended", {}, [], []]);
});

test("the config of a parent directory applies, up to the root of the repository", () => {
  const root = repository({ ".keywardenrc": "preset: strict\n", "a/b/c.yaml": "" });
  assert.equal(load(join(root, "a/b")).config.preset, "strict");
  assert.equal(load(join(root, "a/b")).layers[0]?.file, "../../.keywardenrc");
});

test("only the nearest config applies", () => {
  const root = repository({ ".keywardenrc": json, "a/.keywardenrc": "preset: strict\n" });
  const { config } = load(join(root, "a"));
  assert.deepEqual([config.preset, config.levels], ["strict", {}]);
});

test("a config above the repository does not apply", () => {
  const root = repository({ ".keywardenrc": "preset: strict\n", "inner/.git/HEAD": "" });
  assert.equal(load(join(root, "inner")).config.preset, "recommended");
});

test("two configs in one directory are a problem", () => {
  const root = repository({ "keywarden.config.yaml": yaml, ".keywardenrc": yaml });
  assert.deepEqual(messages(load(root)), [
    "keywarden.config.yaml:: There is a second config file in this directory: .keywardenrc. Remove one of them, or select one with --config-file.",
  ]);
});

for (const text of ["", "null", "[]", '{"devDependencies": {"keywarden": "1"}}', '{"name": '])
  test(`a package.json without a config is not a config file: ${text}`, () => {
    const { layers: sources, problems } = load(repository({ "package.json": text }));
    assert.deepEqual([sources, problems], [[], []]);
  });

test("a config is found next to a package.json with any content", () => {
  const root = repository({ ".keywardenrc": "preset: strict\n", "package.json": "" });
  assert.deepEqual([messages(load(root)), load(root).config.preset], [[], "strict"]);
});

test("a named file replaces the one that would be found", () => {
  const root = repository({ ".keywardenrc": json, "ci/kms.yaml": "preset: strict\n" });
  const { config } = load(root, { file: "ci/kms.yaml" });
  assert.deepEqual([config.preset, config.levels], ["strict", {}]);
});

for (const [name, content] of Object.entries({
  empty: "",
  comment: "# nothing yet\n",
  keys: "levels:\nsettings:\n",
}))
  test(`a file without values is a config: ${name}`, () => {
    const loaded = load(repository({ ".keywardenrc": content }));
    assert.deepEqual([messages(loaded), loaded.layers.length], [[], 1]);
  });

test("command-line flags are keys, with paths relative to the file", () => {
  const flags =
    "fail-on-warn: true\noutput: json\nnamespace: [main, kms]\ndata: exceptions\nignore: '\\.tpl$'\n";
  const root = repository({ "ci/kms.yaml": flags });
  assert.deepEqual(load(root, { file: "ci/kms.yaml" }).config.flags, {
    "fail-on-warn": true,
    output: ["json"],
    namespace: ["main", "kms"],
    data: ["ci/exceptions"],
    ignore: "\\.tpl$",
  });
});

test("a string in ignore is an RE2 expression", () => {
  const root = repository({ "k.yaml": "ignore: '(?i)^TESTS/(?P<rest>.*)'\n" });
  assert.deepEqual(messages(load(root, { file: "k.yaml" })), []);
});

test("files in .config are neither configs nor run", () => {
  const root = repository({
    ".config/config.js": 'throw new Error("was run");\n',
    ".config/keywardenrc.js": 'throw new Error("was run");\n',
  });
  const { layers, problems } = load(root);
  assert.deepEqual([layers, problems], [[], []]);
});
