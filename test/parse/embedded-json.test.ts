import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { dump } from "js-yaml";
import { fromJson, locationOf } from "../../src/core/model/node.ts";
import type { Json, Parsed } from "../../src/core/model/source.ts";
import { parseBigJson, parseEmbeddedJson, parseJson } from "../../src/core/parse/json.ts";
import { isProblem } from "../../src/core/parse/problem.ts";
import { parseYaml } from "../../src/core/parse/yaml.ts";
import { everyValue, parsedOrFail, problemText, source, textAt } from "./helpers.ts";

function yaml(text: string): Parsed {
  const result = parseYaml(source(text));
  if (isProblem(result)) assert.fail(result.message);
  return result[0] as Parsed;
}

/** Returns the text at a pointer of a parsed value. */
function stringAt(parsed: Parsed, pointer: string): string {
  const found = [...everyValue(parsed.value)].find(([p]) => p === pointer)?.[1];
  assert.equal(typeof found, "string");
  return found as string;
}

const inside = (parsed: Parsed, pointer: string) =>
  parseEmbeddedJson({ parsed, pointer }, stringAt(parsed, pointer));

describe("parseEmbeddedJson: positions in the outer file", () => {
  const policy = '{"Sid": "a \\"b\\" é", "Action": ["kms:*", 7]}';
  const cases: [what: string, outer: Parsed, pointer: string, line: number, raw: string][] = [
    [
      "a JSON string",
      parsedOrFail(parseJson(source(`{\n "p": ${JSON.stringify(policy)}}`))),
      "/p",
      2,
      '\\"kms:*\\"',
    ],
    [
      "a JSON string in a plan",
      parsedOrFail(parseBigJson(source(`{"p": [\n${JSON.stringify(policy)}]}`))),
      "/p/0",
      2,
      '\\"kms:*\\"',
    ],
    [
      "a JSON string as the whole file",
      parsedOrFail(parseJson(source(`\n${JSON.stringify(policy)}`))),
      "",
      2,
      '\\"kms:*\\"',
    ],
    ["single quotes", yaml(`a: 1\np: '${policy}'`), "/p", 2, '"kms:*"'],
    ["double quotes", yaml(`p: ${JSON.stringify(policy)}`), "/p", 1, '\\"kms:*\\"'],
    ["single quotes over lines", yaml(`p: '${policy.replace(", ", ",\n   ")}'`), "/p", 2, '"kms:*"'],
    ["a block", yaml(`p: |\n    ${policy.replace("[", "[\n      ")}\nq: 1\n`), "/p", 3, '"kms:*"'],
    [
      "a block with its indentation given",
      yaml(`p: |2-\n    ${policy.replace("[", "[\n      ")}\n`),
      "/p",
      3,
      '"kms:*"',
    ],
    [
      "a folded block",
      yaml(`p: >\n  ${policy.replace("[", "[\n    ").replace(", 7", ",\n  7")}\n`),
      "/p",
      3,
      '"kms:*"',
    ],
    [
      "a folded block of one paragraph",
      yaml(`p: >-\n\n  ${policy.replace("[", "[\n  ")}\n\n`),
      "/p",
      4,
      '"kms:*"',
    ],
    [
      "a block with a tag",
      yaml(`p: !Sub |\n\n  ${policy.replace("[", "[\r\n  ")}`),
      "/p/Fn::Sub",
      4,
      '"kms:*"',
    ],
    ["a text with a standard tag and an anchor", yaml(`p: &a !!str '${policy}'`), "/p", 1, '"kms:*"'],
  ];
  for (const [what, outer, pointer, line, raw] of cases)
    it(what, () => {
      const inner = parsedOrFail(inside(outer, pointer));
      assert.deepEqual(inner.value, JSON.parse(policy));
      assert.equal(textAt(inner, `${pointer}/Action/0`), raw);
      assert.equal(inner.locate(`${pointer}/Action/0`).start.line, line);
      assert.equal(textAt(inner, `${pointer}/Action/1`), "7");
      assert.deepEqual(
        inner.locate("/Action/0"),
        inner.locate(`${pointer}/Action/0`),
        "the inner pointer alone",
      );
    });

  it("returns the whole string if the file does not contain the text literally", () => {
    const outer = parsedOrFail(parseJson(source('{"p": {"Fn::Sub": "${x}"}}')));
    const inner = parsedOrFail(parseEmbeddedJson({ parsed: outer, pointer: "/p" }, '{"a": 1}'));
    assert.equal(textAt(inner, "/p/a"), '{"Fn::Sub": "${x}"}');
  });

  it("locates values in a string inside the string", () => {
    const text = JSON.stringify({
      Policy: JSON.stringify({ Deep: JSON.stringify({ a: "é", b: [1, "two"] }) }),
    });
    const outer = parsedOrFail(parseJson(source(`\n  ${text}`)));
    const middle = parsedOrFail(inside(outer, "/Policy"));
    const deep = (middle.value as { Deep: string }).Deep;
    const inner = parsedOrFail(parseEmbeddedJson({ parsed: middle, pointer: "/Policy/Deep" }, deep));
    assert.equal(textAt(inner, "/Policy/Deep/b/1"), '\\\\\\"two\\\\\\"');
    assert.equal(inner.locate("/Policy/Deep/b/0").start.line, 2);
  });

  it("creates nodes whose locations contain both pointers", () => {
    const outer = yaml('Key:\n  Policy: |\n    {\n      "Version": "2012-10-17"\n    }\n');
    const inner = parsedOrFail(inside(outer, "/Key/Policy"));
    const node = fromJson(inner, "/Key/Policy");
    assert.ok(node.type === "map");
    assert.deepEqual(locationOf(node.entries[0]?.value.at as never), {
      file: "in",
      line: 4,
      column: 18,
      endLine: 4,
      endColumn: 30,
      pointer: "/Key/Policy/Version",
    });
  });
});

describe("parseEmbeddedJson: mistakes", () => {
  const cases: [what: string, outer: Parsed, expected: string][] = [
    [
      "in a JSON string",
      parsedOrFail(parseJson(source('{\n  "p": "{\\"a\\": 1,}"}'))),
      "2:18 There is a trailing comma before the closing }.",
    ],
    [
      "in a block",
      yaml('x: 1\np: |\n  {\n    "a": 1\n    "b": 2\n  }\n'),
      "5:5 A comma is missing before this entry.",
    ],
    [
      "a second place",
      yaml('p: |\n  {"a": 1,\n   "a": 2}\n'),
      '3:4 The key "a" occurs twice in one object, first at line 2, column 4.',
    ],
    ["at the end", yaml("p: '{'"), "1:6 The object that opens at line 1, column 5 is not closed."],
    ["no JSON at all", yaml("p: hello\n"), "1:4 hello is not a JSON value."],
    ["nothing", yaml("p: ''\n"), "1:5 The JSON text is empty."],
  ];
  for (const [what, outer, expected] of cases)
    it(what, () => assert.equal(problemText(inside(outer, "/p")), expected));
});

describe("parseEmbeddedJson: properties", () => {
  const simple = fc.oneof(fc.string(), fc.string({ unit: "binary" }), fc.integer(), fc.boolean());
  const object = fc.dictionary(fc.string(), fc.oneof(simple, fc.array(simple)), { minKeys: 1 });

  it("locates each value of any JSON in a JSON string", () => {
    fc.assert(
      fc.property(object, fc.constantFrom(0, 2), (value, space) => {
        const outer = parsedOrFail(
          parseJson(source(JSON.stringify({ x: 1, p: JSON.stringify(value, null, space) }))),
        );
        const inner = parsedOrFail(inside(outer, "/p"));
        for (const [pointer, at] of everyValue(inner.value))
          assert.deepEqual(JSON.parse(JSON.parse(`"${textAt(inner, `/p${pointer}`)}"`)), at);
      }),
    );
  });

  it("locates each scalar of any JSON in any style of YAML string", () => {
    const text = fc.string({ unit: fc.constantFrom(..."ab '\"\\:#{}[],é-") });
    const lines = fc.dictionary(text, fc.oneof(text, fc.integer()), { minKeys: 1 });
    fc.assert(
      fc.property(lines, fc.constantFrom(0, 2), fc.constantFrom(-1, 20), (value, space, lineWidth) => {
        const outer = yaml(dump({ a: [{ p: JSON.stringify(value, null, space) }] }, { lineWidth }));
        const inner = parsedOrFail(inside(outer, "/a/0/p"));
        for (const [pointer, at] of everyValue(inner.value as Json)) {
          const here = textAt(inner, `/a/0/p${pointer}`);
          if (typeof at === "number") assert.equal(here, String(at));
        }
      }),
    );
  });

  it("never throws, and returns ranges inside the file", () => {
    const raw = fc.string({ unit: fc.constantFrom(..."|>'\"\\{}[]:,1a \n#-") });
    fc.assert(
      fc.property(raw, fc.oneof(raw, fc.json()), (outerText, text) => {
        const outers = parseYaml(source(`p: ${outerText}`));
        if (isProblem(outers)) return;
        for (const outer of outers) {
          const result = parseEmbeddedJson({ parsed: outer, pointer: "/p" }, text);
          if (isProblem(result)) continue;
          const { start, end } = result.locate("/p/0");
          assert.ok(start.offset <= end.offset && end.offset <= outer.source.text.length);
        }
      }),
      { numRuns: 1000 },
    );
  });
});
