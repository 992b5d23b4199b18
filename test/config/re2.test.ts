import assert from "node:assert/strict";
import { test } from "node:test";
import { re2Pattern } from "../../src/core/model/pattern.ts";

/** RE2 syntax, a string that matches, and one that does not. */
const valid: [pattern: string, matches: string, not: string][] = [
  ["(?i)^TESTS/(?P<rest>.*)", "tests/a", "a/tests"],
  ["(?s)a.b", "a\nb", "ab"],
  ["(?U)^a+?$", "aa", "b"],
  ["^alias/[[:alpha:]]+$", "alias/ab", "alias/1"],
  ["^[^[:space:][:digit:]]$", "a", "1"],
  ["^[]a]$", "]", "b"],
  ["^[\\w/-]+$", "a-b/c", "a b"],
  ["^a{env}$", "a{env}", "aenv"],
  ["^a{2,3}$", "aaa", "a"],
  ["\\.tpl$", "a.tpl", "atpl"],
  ["^a\\-b\\/c$", "a-b/c", "abc"],
  ["\\Aa\\z", "a", "a\n"],
  ["^\\Qa.b\\E$", "a.b", "axb"],
  ["^\\pL\\PL$", "a1", "ab"],
  ["^\\p{Greek}$", "α", "a"],
  ["^\\x{1F600}$", "\u{1F600}", "a"],
];

for (const [pattern, matches, not] of valid)
  test(`RE2 pattern ${pattern}`, () => {
    const expression = re2Pattern(pattern);
    assert.deepEqual([expression?.test(matches), expression?.test(not)], [true, false]);
  });

for (const pattern of [
  "(",
  "(?=a)",
  "(?!a)",
  "(?<=a)b",
  "(?<!a)b",
  "(a)\\1",
  "\\k<a>",
  "**/*.yaml",
  "[[:foo:]]",
  "\\y",
])
  test(`not an RE2 pattern: ${pattern}`, () => assert.equal(re2Pattern(pattern), undefined));
