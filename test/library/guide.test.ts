import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import * as library from "../../src/hosts/library/index.ts";
import { output, root, scratch } from "../integration/support.ts";
import { newRules } from "../labeled-rules.ts";

const guide = readFileSync(join(root, "docs/library.md"), "utf8");
const blocks = [...guide.matchAll(/^```js\n([\s\S]*?)^```\n(?:\n```text\n([\s\S]*?)^```)?/gm)];

const folder = scratch();
mkdirSync(join(folder, "node_modules"));
symlinkSync(root, join(folder, "node_modules/keywarden"));

test("the guide has code, and the output of most of it", () => {
  assert.ok(blocks.length > 7, String(blocks.length));
  assert.ok(blocks.filter(([, , printed]) => printed !== undefined).length > 5);
});

/** Removes the lines of rules that were added after the guide was written. */
const withoutNewRules = (printed: string): string =>
  printed
    .split("\n")
    .filter((line) => !newRules.some((rule) => line.split(/\W+/).includes(rule)))
    .join("\n");

for (const [index, [, code = "", printed]] of blocks.entries())
  test(`the guide runs as written: ${code.split("\n").find((line) => line !== "")}`, () => {
    const file = join(folder, `${index}.mjs`);
    writeFileSync(file, code);
    const actual = output(process.execPath, [file], { cwd: folder });
    if (printed !== undefined) assert.equal(withoutNewRules(actual), printed.trim());
  });

test("the guide names every function, option and error code, and its links lead to files", () => {
  const source = readFileSync(join(root, "src/hosts/library/options.ts"), "utf8");
  const own = source.slice(
    source.indexOf("interface NormalizeOptions"),
    source.indexOf("export interface CheckProgress"),
  );
  const options = [...own.matchAll(/^ {2}(\w+)\?: /gm)].map(([, name = ""]) => name);
  assert.ok(options.length > 12);
  const error = readFileSync(join(root, "src/hosts/library/error.ts"), "utf8");
  const codes = [...error.matchAll(/^ {2}\| "([\w-]+)"/gm)].map(([, name = ""]) => name);
  assert.equal(codes.length, 7);
  const exported = Object.keys(library).filter((name) => name !== "version");
  for (const name of [...options, ...codes, ...exported]) assert.ok(guide.includes(name), name);
  for (const [, target = ""] of guide.matchAll(/\]\((?!https:)([^)#]+)/g))
    assert.ok(existsSync(join(root, "docs", target)), target);
});
