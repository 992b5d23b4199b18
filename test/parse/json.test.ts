import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import type { Json } from "../../src/core/model/source.ts";
import { parseBigJson, parseJson } from "../../src/core/parse/json.ts";
import { isProblem, sourceProblem } from "../../src/core/parse/problem.ts";
import { everyValue, failed, ok, source, textAt, told } from "./helpers.ts";

const read = (text: string) => parseJson(source(text));
const valueOf = (text: string): Json => ok(read(text)).value;

describe("parseJson: values", () => {
  const cases: [string, Json][] = [
    ["null", null],
    [" true ", true],
    ['"a\\u00e9\\n\\"\\/"', 'aé\n"/'],
    ["[]", []],
    ['{"a": [1, -2.5, {}], "b": ""}', { a: [1, -2.5, {}], b: "" }],
    ["\ufeff{}", {}],
    ["\r\n[\t1 ]\r\n", [1]],
  ];
  for (const [text, value] of cases) it(JSON.stringify(text), () => assert.deepEqual(valueOf(text), value));

  it("keeps numbers that would print differently as they are written", () => {
    const text = "[12345678901234567890, 1.0, 1e3, -0, 0.10, 123456789012, 1e+21, 1e999]";
    const value = ["12345678901234567890", "1.0", "1e3", "-0", "0.10", 123456789012, 1e21, "1e999"];
    assert.deepEqual(valueOf(text), value);
  });

  it("takes __proto__ as a key like every other", () => {
    const value = valueOf('{"__proto__": {"admin": true}}') as { [key: string]: Json };
    assert.equal(Object.getPrototypeOf(value), Object.prototype);
    assert.deepEqual(Object.keys(value), ["__proto__"]);
    assert.equal(value.admin, undefined);
    assert.match(told(read('{"__proto__": 1, "__proto__": 2}')), /^1:18 The key "__proto__" stands twice/);
    assert.deepEqual(valueOf('{"constructor": 1, "toString": 2}'), { constructor: 1, toString: 2 });
  });
});

describe("parseJson: mistakes", () => {
  const cases: [what: string, text: string, told: string][] = [
    ["nothing", "", "1:1 The text is empty."],
    ["white space only", "\ufeff \n ", "2:2 The text is empty."],
    ["trailing comma in an object", '{\n  "a": 1,\n}', "2:9 A comma stands before the closing }."],
    ["trailing comma in a list", "[1, ]", "1:3 A comma stands before the closing ]."],
    ["line comment", '{ // why\n"a": 1}', "1:3 JSON has no comments."],
    ["block comment", '{"a": /* why */ 1}', "1:7 JSON has no comments."],
    ["hash comment", "# why\n{}", "1:1 JSON has no comments."],
    ["comment after the end", "{}\n// why", "2:1 JSON has no comments."],
    ["single quotes", "{'a': 1}", "1:2 A text stands in single quotes."],
    ["typographic quotes", "{“a”: 1}", "1:2 A text stands in typographic quotes."],
    ["key without quotes", "{\n  Version: 1}", "2:3 The key Version is not in quotes."],
    [
      "object cut short",
      '{"a": {"b": 1',
      "1:14 The text ends before the object that opens at line 1, column 7 is closed.",
    ],
    [
      "list cut short",
      "[\n[1,",
      "2:4 The text ends before the list that opens at line 2, column 1 is closed.",
    ],
    ["word cut short", "[tru", "1:2 The text ends before the list that opens at line 1, column 1 is closed."],
    [
      "string cut short",
      '["ab',
      "1:5 The text ends before the string that opens at line 1, column 2 is closed.",
    ],
    [
      "string cut in an escape",
      '["ab\\',
      "1:6 The text ends before the string that opens at line 1, column 2 is closed.",
    ],
    [
      "key that stands twice",
      '{"a": 1,\n "b": {"a": 2},\n "\\u0061": 3}',
      '3:2 The key "a" stands twice in one object, first at line 1, column 2.',
    ],
    ["two values", "{}\n{}", "2:1 More text follows after the end of the JSON value."],
    ["line break in a string", '{"a": "b\n"}', "1:9 A line break stands inside a string."],
    ["tab in a string", '["a\tb"]', "1:4 A tab stands inside a string."],
    ["control character in a string", '["a\u0001"]', "1:4 The character U+0001 stands inside a string."],
    [
      "unknown escape",
      '["\\d"]',
      "1:3 A backslash stands before the character d, which is no escape of JSON.",
    ],
    ["escape without digits", '["\\u12x4"]', "1:3 After \\u four hexadecimal digits must follow."],
    ["not a number", "[NaN]", "1:2 NaN is no JSON value."],
    ["Python's words", '{"a": True}', "1:7 True is no JSON value."],
    ["leading zero", '{"id": 012345678901}', "1:8 012345678901 is no JSON number."],
    ["date", "[2012-10-17]", "1:2 2012-10-17 is no JSON number."],
    ["half a number", "[1.]", "1:2 1. is no JSON number."],
    ["missing comma", '{"a": 1\n "b": 2}', "2:2 A comma is missing before this."],
    ["double comma", "[1,,2]", "1:4 A comma stands where an entry should."],
    ["missing colon", '{"a" 1}', "1:6 A colon is missing after the key."],
    ["missing value", '{"a": }', "1:7 A key has no value."],
    ["key in a list", '["a": 1]', "1:5 A colon stands in the list that opens at line 1, column 1."],
    [
      "wrong bracket",
      '{"a": [1}',
      "1:9 The bracket } does not close the list that opens at line 1, column 7.",
    ],
    [
      "placeholder",
      '{"id": ${account}}',
      "1:8 A placeholder of a template stands here, which JSON does not have.",
    ],
    [
      "double braces",
      '{"id": {{ account }}}',
      "1:8 A placeholder of a template stands here, which JSON does not have.",
    ],
    ["other characters", "[\u00a01]", "1:2 The character U+00A0 does not belong here."],
  ];
  for (const [what, text, expected] of cases)
    it(what, () => {
      assert.equal(told(read(text)), expected);
      const big = parseBigJson(source(text));
      if (what === "key that stands twice") assert.deepEqual(ok(big).value, { a: 3, b: { a: 2 } });
      else assert.equal(told(big), expected);
    });

  it("names the file and what to do", () => {
    assert.deepEqual(parseJson(source("[1,]", "keys.json")), {
      file: "keys.json",
      line: 1,
      column: 3,
      message: "A comma stands before the closing ].",
      remedy: "Remove the comma: JSON has none after the last entry.",
    });
  });
});

describe("parseJson: hostile texts", () => {
  const deep = "[".repeat(100_000) + "]".repeat(100_000);
  for (const parse of [parseJson, parseBigJson])
    it(`${parse.name} stops at the depth limit`, () => {
      assert.equal(told(parse(source(deep))), "1:201 Values are nested deeper than 200 levels.");
      assert.equal(
        told(parse(source('{"a":'.repeat(100_000)))),
        "1:1001 Values are nested deeper than 200 levels.",
      );
      assert.equal(
        told(parse(source("[[[]]]"), { maxDepth: 2 })),
        "1:3 Values are nested deeper than 2 levels.",
      );
      assert.deepEqual(ok(parse(source("[[]]"), { maxDepth: 2 })).value, [[]]);
    });

  it("reads a string of 50 MB", () => {
    const long = "x".repeat(50_000_000);
    const parsed = ok(read(`{"a": "${long}", "b": 1}`));
    assert.equal((parsed.value as { a: string }).a.length, long.length);
    assert.equal(textAt(parsed, "/b"), "1");
    assert.match(told(read(`{"a": "${long}`)), /The text ends before the string/);
  });
});

describe("parseJson: places", () => {
  const text = '{\r\n  "a/b": [10, {"~": "x"}],\r\n  "c": "é\\n"\r\n}';
  const cases: [pointer: string, text: string][] = [
    ["", text],
    ["/a~1b", '[10, {"~": "x"}]'],
    ["/a~1b/0", "10"],
    ["/a~1b/1/~0", '"x"'],
    ["/c", '"é\\n"'],
    ["/a~1b/7/x", '[10, {"~": "x"}]'],
    ["/a~1b/01", '[10, {"~": "x"}]'],
    ["/c/length", '"é\\n"'],
    ["/none", text],
  ];
  for (const [pointer, expected] of cases)
    it(pointer || "the whole", () => {
      assert.equal(textAt(ok(read(text)), pointer), expected);
      assert.equal(textAt(ok(parseBigJson(source(text))), pointer), expected);
    });

  it("counts lines and columns from 1, and a byte order mark as nothing", () => {
    assert.deepEqual(ok(read(text)).locate("/c"), {
      start: { line: 3, column: 8, offset: 38 },
      end: { line: 3, column: 13, offset: 43 },
    });
    assert.deepEqual(ok(read("\ufeff[1]")).locate("/0").start, { line: 1, column: 2, offset: 2 });
  });

  it("finds the place of a problem by pointer and by offset", () => {
    const parsed = ok(read(text));
    assert.equal(sourceProblem(parsed, "/c", "m", "r").line, 3);
    assert.equal(sourceProblem(source("a\nb"), 2, "m", "r").line, 2);
    assert.deepEqual(sourceProblem(parsed, null, "m", "r"), { file: "in", message: "m", remedy: "r" });
    assert.equal(isProblem(parsed), false);
  });

  it("finds places in a large plan", () => {
    const resource_changes = Array.from({ length: 5000 }, (_, n) => ({
      address: `r[${n}]`,
      change: { after: { policy: JSON.stringify({ Sid: `"${n}"\\` }) } },
    }));
    const parsed = ok(
      parseBigJson(source(JSON.stringify({ resource_changes, format_version: "1.2" }, null, 1))),
    );
    for (let n = 4999; n > 0; n -= 499)
      assert.equal(
        JSON.parse(textAt(parsed, `/resource_changes/${n}/change/after/policy`)),
        resource_changes[n]?.change.after.policy,
      );
    assert.equal(textAt(parsed, "/format_version"), '"1.2"');
  });
});

describe("parseJson: laws", () => {
  /** A value as the reader gives it: numbers only where they print as they are written. */
  const expected = (value: Json): Json => JSON.parse(JSON.stringify(value));
  const spaced = fc.constantFrom(undefined, 1, "\t");

  it("gives back what JSON.stringify wrote, each value at its place", () => {
    fc.assert(
      fc.property(fc.jsonValue(), spaced, (json, space) => {
        const text = JSON.stringify(json, null, space);
        for (const parse of [parseJson, parseBigJson]) {
          const parsed = ok(parse(source(text)));
          assert.deepEqual(parsed.value, expected(json as Json));
          for (const [pointer, value] of everyValue(parsed.value))
            assert.deepEqual(JSON.parse(textAt(parsed, pointer)), value);
        }
      }),
    );
  });

  it("accepts of mutated JSON only what JSON.parse accepts, and never throws", () => {
    const edit = fc.tuple(
      fc.nat(400),
      fc.nat(3),
      fc.constantFrom("", ",", "}", "]", '"', "\\", "/", "'", "\n", "0", "-", "{", "[", ":", "\u0000"),
    );
    fc.assert(
      fc.property(fc.jsonValue(), fc.array(edit, { minLength: 1, maxLength: 3 }), (json, edits) => {
        let text = JSON.stringify(json);
        for (const [at, cut, put] of edits) {
          const i = at % (text.length + 1);
          text = text.slice(0, i) + put + text.slice(i + cut);
        }
        const result = read(text);
        assert.ok(!isProblem(parseBigJson(source(text))) || isProblem(result));
        if (isProblem(result)) failed(result);
        else assert.doesNotThrow(() => JSON.parse(text));
      }),
      { numRuns: 1000 },
    );
  });

  it("never throws on any text", () => {
    const any = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.string({ unit: fc.constantFrom(..."{}[]\",:\\u0/*#\n'tn-.e ") }),
    );
    fc.assert(
      fc.property(any, (text) => {
        const result = read(text);
        if (isProblem(result)) failed(result);
      }),
      { numRuns: 2000 },
    );
  });
});
