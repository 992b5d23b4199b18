import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
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
  for (const glob of [
    "*a".repeat(200),
    "**/a*/".repeat(200),
    "{a,a*}".repeat(100),
    "{a,**/a}/".repeat(100),
  ]) {
    assert.ok(!pathMatcher([`${glob}b`])(path));
    // Without a literal that the path lacks.
    assert.ok(!pathMatcher([`${glob}[b]`])(path));
  }
  assert.ok(!textMatcher(`${"*a".repeat(500)}b`)("a".repeat(2000)));
  assert.ok(!textMatcher(`${"*a".repeat(500)}?a?`)(`b${"a".repeat(501)}`));
});

type NamePart = string | string[];

/** Matches names one by one and tries each way, unlike the matcher, which follows all ways at once. */
function nameMatches([part, ...rest]: NamePart[], name: string): boolean {
  if (part === undefined) return name === "";
  if (typeof part !== "string") return part.some((option) => nameMatches([...option, ...rest], name));
  if (part === "*") return [...`${name} `].some((_, i) => nameMatches(rest, name.slice(i)));
  const [char = ""] = name;
  const same = { "?": char !== "", "[ab]": "ab".includes(char), "[!a]": char !== "a" }[part] ?? char === part;
  return char !== "" && same && nameMatches(rest, name.slice(1));
}

function pathMatches(glob: NamePart[][], path: string[], before?: NamePart): boolean {
  const [name, ...rest] = glob;
  if (name === undefined) return true;
  if (name[0] !== "**")
    return (
      path[0] !== undefined && nameMatches(name, path[0]) && pathMatches(rest, path.slice(1), name.at(-1))
    );
  if (rest.length === 0) return path.length > 0 || before !== "*";
  return [...path, ""].some((_, i) => pathMatches(rest, path.slice(i), "**"));
}

test("a glob matches the same paths as the definition of its parts", () => {
  const simple = fc.constantFrom("a", "b", "*", "?", "[ab]", "[!a]");
  const part = fc.oneof(
    simple,
    fc.array(fc.stringMatching(/^[ab]{0,2}\*?$/), { minLength: 2, maxLength: 3 }),
  );
  const name = fc.oneof(fc.array(part, { minLength: 1, maxLength: 4 }), fc.constant<NamePart[]>(["**"]));
  // Two stars in a row have their own meaning.
  const isPlain = (glob: NamePart[][]) =>
    glob.every(
      (parts, i) =>
        parts.every((one, k) => one !== "*" || parts[k - 1] !== "*") &&
        (parts[0] !== "**" || glob[i - 1]?.[0] !== "**"),
    );
  const globs = fc.array(name, { minLength: 1, maxLength: 5 }).filter(isPlain);
  const paths = fc.array(fc.stringMatching(/^[abc]{1,4}$/), { minLength: 1, maxLength: 6 });
  const source = (glob: NamePart[][]) =>
    glob
      .map((parts) => parts.map((one) => (typeof one === "string" ? one : `{${one.join(",")}}`)).join(""))
      .join("/");
  fc.assert(
    fc.property(globs, paths, (glob, path) =>
      assert.equal(pathMatcher([source(glob)])(path.join("/")), pathMatches(glob, path)),
    ),
    { numRuns: 3000 },
  );
});
