import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  anyCharacter,
  anyText,
  difference,
  includes,
  intersection,
  isEmpty,
  isSubset,
  languageOf,
  literal,
  type Pattern,
  shortest,
  union,
  withWorkLimit,
} from "../../src/core/analysis/language.ts";

/** Returns the pattern of a string with `*` and `?`. */
const glob = (text: string): Pattern =>
  [...text].flatMap((char) => (char === "*" ? [anyText()] : char === "?" ? [anyCharacter()] : literal(char)));

/** The same as a regular expression, which decides membership independently. */
const regex = (text: string): RegExp =>
  new RegExp(`^${text.replace(/[*?]/g, (char) => (char === "*" ? "[^]*" : "[^]"))}$`);

const globs = fc.array(fc.stringMatching(/^[ab*?]{0,6}$/), { maxLength: 3 });
const words = fc.stringMatching(/^[abc]{0,8}$/);
const matches = (patterns: string[], word: string): boolean =>
  patterns.some((pattern) => regex(pattern).test(word));
const of = (patterns: string[]) => languageOf(patterns.map(glob));

test("a language contains the strings that one of its patterns matches", () => {
  fc.assert(
    fc.property(globs, words, (patterns, word) => {
      assert.equal(includes(of(patterns), word), matches(patterns, word));
    }),
  );
});

test("intersection, union and difference are those of sets", () => {
  fc.assert(
    fc.property(globs, globs, words, (a, b, word) => {
      const [inA, inB] = [matches(a, word), matches(b, word)];
      assert.equal(includes(intersection(of(a), of(b)), word), inA && inB);
      assert.equal(includes(union(of(a), of(b)), word), inA || inB);
      assert.equal(includes(difference(of(a), of(b)), word), inA && !inB);
    }),
  );
});

test("the shortest string is a witness: it is in the language, and none exists only if the language is empty", () => {
  fc.assert(
    fc.property(globs, globs, (a, b) => {
      const left = difference(of(a), of(b));
      const witness = shortest(left);
      assert.equal(witness === null, isEmpty(left));
      if (witness !== null) assert.ok(matches(a, witness) && !matches(b, witness), witness);
      assert.equal(isSubset(of(a), of(b)), witness === null);
    }),
  );
});

test("wildcards are languages, not spellings", () => {
  const everything = of(["*"]);
  for (const [patterns, isAll] of [
    [["**"], true],
    [["", "?*"], true],
    [["", "?", "??*"], true],
    [["?*"], false],
    [["a*", "b*"], false],
  ] as const)
    assert.equal(isSubset(everything, of([...patterns])), isAll, patterns.join());
});

/** Returns the steps that an operation takes. */
function stepsOf(operation: () => unknown): number {
  const limit = 100_000_000;
  const [, left] = withWorkLimit(limit, operation);
  return limit - left;
}

test("the steps grow with the lengths of the languages, not with their product", () => {
  const accounts = (count: number) =>
    languageOf(Array.from({ length: count }, (_, i) => literal(String(700_000_000_000 + 7919 * i))));
  const build = (count: number) => stepsOf(() => accounts(count));
  assert.ok(build(2000) < 2.5 * build(1000));
  const one = languageOf([literal("700000000000")]);
  const common = (count: number) => {
    const many = accounts(count);
    return stepsOf(() => intersection(many, one));
  };
  assert.ok(common(2001) < 1.5 * common(1001), "beyond one path, nothing is common");
});
