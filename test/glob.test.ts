import assert from "node:assert/strict";
import { test } from "node:test";
import { pathMatcher, textMatcher } from "../src/core/glob.ts";

const globs: [glob: string, matches: string[], others: string[]][] = [
  ["a", ["a", "a/b", "a/b/c"], ["b", "b/a", "ab"]],
  ["*.json", ["a.json", ".json", "a.json/b"], ["a/b.json", "a.jsonx"]],
  ["a*b", ["ab", "axb", "a.b"], ["a/b", "abc"]],
  ["?", ["a", "."], ["", "ab", "/"]],
  ["a?c", ["abc"], ["a/c", "ac"]],
  ["**/a", ["a", "x/a", "x/y/a", ".x/a/b"], ["xa", "x/ab"]],
  ["a/**", ["a", "a/b", "a/b/c"], ["ab", "b/a"]],
  ["*/**", ["a/b"], ["a"]],
  ["a/**/b", ["a/b", "a/x/b", "a/x/y/b/z"], ["ab", "a/xb"]],
  ["/**/b", ["/b", "/a/b"], ["/ab"]],
  ["a**b", ["axb"], ["a/b"]],
  ["[ab]", ["a", "b"], ["c", "ab"]],
  ["[a-cx]1", ["a1", "c1", "x1"], ["d1"]],
  ["[!a]", ["b"], ["a", "/"]],
  ["[^a-c]", ["d"], ["b"]],
  ["[]a]", ["]", "a"], ["b"]],
  ["[a", ["[a"], ["a"]],
  ["{a,b*}/c", ["a/c", "bx/c"], ["c", "x/c"]],
  ["{a,{b,c}/d}", ["a", "b/d", "c/d"], ["b", "d"]],
  ["{a}", ["{a}"], ["a"]],
  ["{a,b", ["{a,b"], ["a"]],
  ["\\*", ["*"], ["a"]],
  ["é?", ["éa"], ["e"]],
];

for (const [glob, matches, others] of globs)
  test(`the glob ${glob}`, () => {
    const isMatch = pathMatcher([glob]);
    assert.deepEqual(matches.filter(isMatch), matches);
    assert.deepEqual(others.filter(isMatch), []);
  });

test("one of several globs is enough, and none matches nothing", () => {
  assert.ok(pathMatcher(["a", "b"])("b"));
  assert.ok(!pathMatcher([])("a"));
});

test("a pattern of text crosses slashes, and its brackets are literal", () => {
  assert.ok(textMatcher("module.*[0]")("module.a/b.c[0]"));
  assert.ok(!textMatcher("module.?")("module.ab"));
  assert.ok(textMatcher("a😀*")("a😀b"));
});

// As a regular expression, each of these would need more steps than a computer can do.
test("no glob takes long", () => {
  const path = `${"a/".repeat(1000)}${"a".repeat(250)}`;
  for (const glob of ["*a".repeat(200), "**/a*/".repeat(200), "{a,a*}".repeat(100), "{a,**/a}/".repeat(100)])
    assert.ok(!pathMatcher([`${glob}b`])(path));
  assert.ok(!textMatcher(`${"*a".repeat(500)}b`)("a".repeat(2000)));
  assert.throws(() => pathMatcher(["a".repeat(5000)]), /A glob has 5000 characters/);
});
