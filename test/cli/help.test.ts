import assert from "node:assert/strict";
import { test } from "node:test";
import { commandNames, commandTable } from "../../src/hosts/cli/command-table.ts";
import { type Flag, flags } from "../../src/session/flags/flags.ts";
import { keywarden } from "./program.ts";

const helpOf = (...args: string[]): string => {
  const { code, stdout, stderr } = keywarden(args);
  assert.deepEqual([code, stderr], [0, ""]);
  return stdout;
};
const isNarrow = (text: string) => text.split("\n").every((line) => line.length <= 80);

test("the overview fits on one screen and names every command", () => {
  const text = helpOf("--help");
  assert.ok(text.trimEnd().split("\n").length <= 24);
  assert.ok(isNarrow(text), text);
  for (const name of commandNames) assert.match(text, new RegExp(`^ {2}${name} `, "m"));
  assert.equal(helpOf("help"), text);
});

for (const name of commandNames)
  test(`the help of ${name} has a usage line, two examples, and its flags with defaults`, () => {
    const text = helpOf(...name.split(" "), "--help");
    assert.ok(isNarrow(text), text);
    assert.match(text, new RegExp(`\nUsage: keywarden ${name}`));
    assert.match(text, /\nExamples\n( {2}[a-z].*keywarden .*\n| {2}(source|keywarden) .*\n){2}/);
    for (const flag of commandTable[name].flags)
      assert.match(text, new RegExp(`^ {2}(-\\w,| {3}) --${flag}\\b`, "m"));
    assert.equal(helpOf("help", ...name.split(" ")), text);
  });

test("help of an unknown command is an error", () => {
  const { code, stderr } = keywarden(["help", "tset"]);
  assert.equal(code, 3);
  assert.match(stderr, /^keywarden: unknown command "tset"\. Did you mean test\?/);
  assert.equal(helpOf("help", "config"), helpOf("config", "print", "--help"));
});

test("the help of a flag opens with a verb and states the default", () => {
  for (const [name, flag] of Object.entries<Flag>(flags)) {
    assert.match(flag.help, /^(Always )?[A-Z][a-z]+ /, name);
    if (flag.type === "string") assert.ok(flag.default, name);
    if (flag.choices !== undefined && flag.default !== "detected")
      assert.ok(flag.choices.includes(flag.default as string), name);
  }
});

test("flags that exist for conftest only are in the help of test alone, in one section", () => {
  const text = helpOf("test", "--help");
  const [, section = ""] = /\nconftest compatibility\n([\s\S]*?)\n\n/.exec(text) ?? [];
  for (const name of ["--strict", "--tls", "--combine", "--policy", "--update", "--conftest-compat"])
    assert.equal(section.split(new RegExp(`${name}\\b(?!-)`)).length, 2, name);
  for (const name of commandNames.filter((name) => name !== "test"))
    assert.doesNotMatch(helpOf(...name.split(" "), "--help"), / --(strict|namespace|conftest-compat)\b/);
});
