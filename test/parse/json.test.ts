import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import type { Json } from "../../src/core/model/source.ts";
import { parseBigJson, parseJson } from "../../src/core/parse/json.ts";
import { isProblem, sourceProblem } from "../../src/core/parse/problem.ts";
import { everyValue, parsedOrFail, problemOrFail, problemText, source, textAt } from "./helpers.ts";

const read = (text: string) => parseJson(source(text));
const valueOf = (text: string): Json => parsedOrFail(read(text)).value;

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

  it("keeps numbers that would change when printed as strings", () => {
    const text = "[12345678901234567890, 1.0, 1e3, -0, 0.10, 123456789012, 1e+21, 1e999]";
    const value = ["12345678901234567890", "1.0", "1e3", "-0", "0.10", 123456789012, 1e21, "1e999"];
    assert.deepEqual(valueOf(text), value);
  });

  it("treats __proto__ as an ordinary key", () => {
    const value = valueOf('{"__proto__": {"admin": true}}') as { [key: string]: Json };
    assert.equal(Object.getPrototypeOf(value), Object.prototype);
    assert.deepEqual(Object.keys(value), ["__proto__"]);
    assert.equal(value.admin, undefined);
    assert.match(
      problemText(read('{"__proto__": 1, "__proto__": 2}')),
      /^1:18 The key "__proto__" occurs twice/,
    );
    assert.deepEqual(valueOf('{"constructor": 1, "toString": 2}'), { constructor: 1, toString: 2 });
  });
});

describe("parseJson: mistakes", () => {
  const cases: [what: string, text: string, expected: string][] = [
    ["nothing", "", "1:1 The JSON text is empty."],
    ["white space only", "\ufeff \n ", "2:2 The JSON text is empty."],
    ["trailing comma in an object", '{\n  "a": 1,\n}', "2:9 There is a trailing comma before the closing }."],
    ["trailing comma in a list", "[1, ]", "1:3 There is a trailing comma before the closing ]."],
    ["line comment", '{ // why\n"a": 1}', "1:3 JSON does not allow comments."],
    ["block comment", '{"a": /* why */ 1}', "1:7 JSON does not allow comments."],
    ["hash comment", "# why\n{}", "1:1 JSON does not allow comments."],
    ["comment after the end", "{}\n// why", "2:1 JSON does not allow comments."],
    ["single quotes", "{'a': 1}", "1:2 The string is in single quotes."],
    ["typographic quotes", "{“a”: 1}", "1:2 The string is in typographic quotes."],
    ["key without quotes", "{\n  Version: 1}", "2:3 The key Version is not in quotes."],
    ["object cut short", '{"a": {"b": 1', "1:14 The object that opens at line 1, column 7 is not closed."],
    ["list cut short", "[\n[1,", "2:4 The array that opens at line 2, column 1 is not closed."],
    ["word cut short", "[tru", "1:2 The array that opens at line 1, column 1 is not closed."],
    ["string cut short", '["ab', "1:5 The string that opens at line 1, column 2 is not closed."],
    ["string cut in an escape", '["ab\\', "1:6 The string that opens at line 1, column 2 is not closed."],
    [
      "key that occurs twice",
      '{"a": 1,\n "b": {"a": 2},\n "\\u0061": 3}',
      '3:2 The key "a" occurs twice in one object, first at line 1, column 2.',
    ],
    ["two values", "{}\n{}", "2:1 There is more text after the end of the JSON value."],
    ["line break in a string", '{"a": "b\n"}', "1:9 A string contains a line break."],
    ["tab in a string", '["a\tb"]', "1:4 A string contains a tab."],
    ["control character in a string", '["a\u0001"]', "1:4 A string contains the character U+0001."],
    ["unknown escape", '["\\d"]', "1:3 A backslash before the character d is not a JSON escape sequence."],
    ["escape without digits", '["\\u12x4"]', "1:3 \\u must be followed by four hexadecimal digits."],
    ["not a number", "[NaN]", "1:2 NaN is not a JSON value."],
    ["Python's words", '{"a": True}', "1:7 True is not a JSON value."],
    ["leading zero", '{"id": 012345678901}', "1:8 012345678901 is not a JSON number."],
    ["date", "[2012-10-17]", "1:2 2012-10-17 is not a JSON number."],
    ["half a number", "[1.]", "1:2 1. is not a JSON number."],
    ["missing comma", '{"a": 1\n "b": 2}', "2:2 A comma is missing before this entry."],
    ["double comma", "[1,,2]", "1:4 There is a comma instead of an entry."],
    ["missing colon", '{"a" 1}', "1:6 A colon is missing after the key."],
    ["missing value", '{"a": }', "1:7 A key has no value."],
    ["key in a list", '["a": 1]', "1:5 There is a colon in the array that opens at line 1, column 1."],
    [
      "wrong bracket",
      '{"a": [1}',
      "1:9 The bracket } does not close the array that opens at line 1, column 7.",
    ],
    ["placeholder", '{"id": ${account}}', "1:8 This is a template placeholder, which JSON does not support."],
    [
      "double braces",
      '{"id": {{ account }}}',
      "1:8 This is a template placeholder, which JSON does not support.",
    ],
    ["other characters", "[\u00a01]", "1:2 The character U+00A0 is unexpected here."],
  ];
  for (const [what, text, expected] of cases)
    it(what, () => {
      assert.equal(problemText(read(text)), expected);
      const big = parseBigJson(source(text));
      if (what === "key that occurs twice") assert.deepEqual(parsedOrFail(big).value, { a: 3, b: { a: 2 } });
      else assert.equal(problemText(big), expected);
    });

  it("contains the file and a remedy", () => {
    assert.deepEqual(parseJson(source("[1,]", "keys.json")), {
      file: "keys.json",
      line: 1,
      column: 3,
      message: "There is a trailing comma before the closing ].",
      remedy: "Remove the comma: JSON does not allow one after the last entry.",
    });
  });
});

describe("parseJson: adversarial input", () => {
  const deep = "[".repeat(100_000) + "]".repeat(100_000);
  for (const parse of [parseJson, parseBigJson])
    it(`${parse.name} stops at the depth limit`, () => {
      assert.equal(problemText(parse(source(deep))), "1:201 Values are nested deeper than 200 levels.");
      assert.equal(
        problemText(parse(source('{"a":'.repeat(100_000)))),
        "1:1001 Values are nested deeper than 200 levels.",
      );
      assert.equal(
        problemText(parse(source("[[[]]]"), { maxDepth: 2 })),
        "1:3 Values are nested deeper than 2 levels.",
      );
      assert.deepEqual(parsedOrFail(parse(source("[[]]"), { maxDepth: 2 })).value, [[]]);
    });

  it("reads a string of 50 MB", () => {
    const long = "x".repeat(50_000_000);
    const parsed = parsedOrFail(read(`{"a": "${long}", "b": 1}`));
    assert.equal((parsed.value as { a: string }).a.length, long.length);
    assert.equal(textAt(parsed, "/b"), "1");
    assert.match(problemText(read(`{"a": "${long}`)), /The string that opens at .* is not closed/);
  });
});

describe("parseJson: positions", () => {
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
      assert.equal(textAt(parsedOrFail(read(text)), pointer), expected);
      assert.equal(textAt(parsedOrFail(parseBigJson(source(text))), pointer), expected);
    });

  it("counts lines and columns from 1 and ignores a byte order mark", () => {
    assert.deepEqual(parsedOrFail(read(text)).locate("/c"), {
      start: { line: 3, column: 8, offset: 38 },
      end: { line: 3, column: 13, offset: 43 },
    });
    assert.deepEqual(parsedOrFail(read("\ufeff[1]")).locate("/0").start, { line: 1, column: 2, offset: 2 });
  });

  it("locates a problem by pointer and by offset", () => {
    const parsed = parsedOrFail(read(text));
    assert.equal(sourceProblem(parsed, "/c", "m", "r").line, 3);
    assert.equal(sourceProblem(source("a\nb"), 2, "m", "r").line, 2);
    assert.deepEqual(sourceProblem(parsed, null, "m", "r"), { file: "in", message: "m", remedy: "r" });
    assert.equal(isProblem(parsed), false);
  });

  it("locates values in a large plan", () => {
    const resource_changes = Array.from({ length: 5000 }, (_, n) => ({
      address: `r[${n}]`,
      change: { after: { policy: JSON.stringify({ Sid: `"${n}"\\` }) } },
    }));
    const parsed = parsedOrFail(
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

describe("parseJson: properties", () => {
  /** Returns a value as the parser does: numbers that would change when printed are strings. */
  const expected = (value: Json): Json => JSON.parse(JSON.stringify(value));
  const spaced = fc.constantFrom(undefined, 1, "\t");

  it("parses the output of JSON.stringify and locates each value", () => {
    fc.assert(
      fc.property(fc.jsonValue(), spaced, (json, space) => {
        const text = JSON.stringify(json, null, space);
        for (const parse of [parseJson, parseBigJson]) {
          const parsed = parsedOrFail(parse(source(text)));
          assert.deepEqual(parsed.value, expected(json as Json));
          for (const [pointer, value] of everyValue(parsed.value))
            assert.deepEqual(JSON.parse(textAt(parsed, pointer)), value);
        }
      }),
    );
  });

  it("accepts mutated JSON only if JSON.parse accepts it, and never throws", () => {
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
        if (isProblem(result)) problemOrFail(result);
        else assert.doesNotThrow(() => JSON.parse(text));
      }),
      { numRuns: 1000 },
    );
  });

  it("never throws on arbitrary text", () => {
    const any = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.string({ unit: fc.constantFrom(..."{}[]\",:\\u0/*#\n'tn-.e ") }),
    );
    fc.assert(
      fc.property(any, (text) => {
        const result = read(text);
        if (isProblem(result)) problemOrFail(result);
      }),
      { numRuns: 2000 },
    );
  });
});
