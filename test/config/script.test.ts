import assert from "node:assert/strict";
import { test } from "node:test";
import { load, messages, repository } from "./support.ts";

const scripts: [name: string, text: string, expected: string | RegExp][] = [
  [
    "keywarden.config.mjs",
    'const reached = 1;\nthrow new Error("no database");\n',
    "keywarden.config.mjs:2: The config file throws an error: no database. Fix the script. Node.js runs it unchanged.",
  ],
  [
    "keywarden.config.cjs",
    "module.exports = {\n  preset: strict,\n};\n",
    /\.cjs:2: .* strict is not defined\. /,
  ],
  ["keywarden.config.cjs", 'throw "text"\n', /\.cjs:: The config file throws an error: text\. /],
  [
    "keywarden.config.cjs",
    'module.exports = {\n  quiet: true,\n  levels: {\n    alias_mising: "off",\n  },\n};\n',
    /\.cjs:4: levels: there is no rule "alias_mising"\. Did you mean alias_missing\?/,
  ],
  [
    "keywarden.config.cjs",
    'module.exports = { overrides: [\n  { levels: {} },\n  {\n    levels: { alias_missing: "no" } },\n] };\n',
    /\.cjs:4: overrides\[1\]\.levels\.alias_missing is "no"/,
  ],
  [
    "keywarden.config.cjs",
    "module.exports = {\n  levels: () => ({}),\n};\n",
    /\.cjs:2: levels is a function; a config contains only strings, .* Export the plain value\./,
  ],
  [
    "keywarden.config.cjs",
    "module.exports = Promise.resolve({});\n",
    /\.cjs:1: The default export is a promise/,
  ],
  [
    "keywarden.config.cjs",
    "const a = {};\na.levels = a;\nmodule.exports = a;\n",
    /is nested too deeply, or contains itself/,
  ],
];

for (const [name, text, expected] of scripts)
  test(`a script that exports no valid config: ${expected}`, () => {
    const [first = ""] = messages(load(repository({ [name]: text }), { file: name }));
    if (typeof expected === "string") assert.equal(first, expected);
    else assert.match(first, expected);
  });

test("a script may compute its values and extend a file", () => {
  const root = repository({
    "base.yaml": "levels:\n  alias_missing: off\n",
    "keywarden.config.mjs":
      'import { readFileSync } from "node:fs";\n' +
      'const account = readFileSync(new URL("account.txt", import.meta.url), "utf8");\n' +
      'export default { extends: "./base.yaml", account, baseline: undefined };\n',
    "account.txt": "111122223333",
  });
  const loaded = load(root, { file: "keywarden.config.mjs" });
  assert.deepEqual(messages(loaded), []);
  assert.equal(loaded.config.account, "111122223333");
  assert.equal(loaded.config.levels.alias_missing, "off");
});
