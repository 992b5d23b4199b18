import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { Ajv } from "ajv";
import { load as parse } from "js-yaml";
import { configFlags } from "../../src/session/config/types.ts";
import { broken } from "./broken.ts";
import { load, messages, repository, rules } from "./support.ts";

const root = new URL("../../", import.meta.url);
const schema = JSON.parse(readFileSync(new URL("policies/schemas/config.json", root), "utf8"));
const valid = new Ajv({ allowUnionTypes: true, formats: { regex: true } }).compile(schema);

test("the example of the documentation is a valid config for editors and the command line", () => {
  const text = /```yaml\n(# keywarden[^`]*)```/.exec(
    readFileSync(new URL("docs/configuration.md", root), "utf8"),
  )?.[1];
  assert.ok(text);
  assert.deepEqual(messages(load(repository({ ".keywardenrc": text }))), []);
  assert.ok(valid(parse(text)), JSON.stringify(valid.errors));
});

test("editors describe every rule by its title, and every flag", () => {
  for (const { id, title } of rules)
    assert.ok(schema.definitions.levels.properties[id].description.startsWith(title), id);
  for (const name of Object.keys(configFlags)) assert.ok(schema.properties[name]?.description, name);
});

/** Problems that a schema cannot express: syntax, files, and RE2. */
const beyondSchema = /second YAML|indentation|comma|Cannot extend|: extends|regular expression/;

for (const [text, message] of broken)
  if (!beyondSchema.test(message))
    test(`editors mark what the command line rejects: ${message.slice(3)}`, () =>
      assert.ok(!valid(parse(text))));
