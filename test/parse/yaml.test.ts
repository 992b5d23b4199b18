import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { dump } from "js-yaml";
import type { Json, Parsed } from "../../src/core/model/source.ts";
import { isProblem } from "../../src/core/parse/problem.ts";
import { parseYaml } from "../../src/core/parse/yaml.ts";
import { everyValue, problemOrFail, problemText, source, textAt } from "./helpers.ts";

const read = (text: string) => parseYaml(source(text));

function documents(text: string): Parsed[] {
  const result = read(text);
  if (isProblem(result)) assert.fail(`${result.line}:${result.column} ${result.message}`);
  return result;
}

function one(text: string): Parsed {
  const [first, ...rest] = documents(text);
  assert.deepEqual(rest, []);
  assert.ok(first);
  return first;
}

const valueOf = (text: string): Json => one(text).value;

describe("parseYaml: scalars", () => {
  const cases: [what: string, text: string, value: Json][] = [
    [
      "booleans as CloudFormation reads them",
      "[true, False, yes, No, ON, off, y, n]",
      [true, false, true, false, true, false, "y", "n"],
    ],
    ["null", "{a: ~, b: null, c: , d: Null}", { a: null, b: null, c: null, d: null }],
    ["numbers that print the same", "[0, -1, 30, 2.5, 123456789012]", [0, -1, 30, 2.5, 123456789012]],
    [
      "numbers that do not",
      "[012345678901, 12345678901234567890, 0x1F, 0o7, 1_000, 1e3, 1.0, -0, +1, .5, .inf, .nan]",
      [
        "012345678901",
        "12345678901234567890",
        "0x1F",
        "0o7",
        "1_000",
        "1e3",
        "1.0",
        "-0",
        "+1",
        ".5",
        ".inf",
        ".nan",
      ],
    ],
    [
      "dates and times",
      "[2012-10-17, 2012-10-17T00:00:00Z, 1:30]",
      ["2012-10-17", "2012-10-17T00:00:00Z", "1:30"],
    ],
    ["texts in quotes", `['true', "1", 'it''s', "a\\tb\\x41"]`, ["true", "1", "it's", "a\tbA"]],
    [
      "keys, which are texts as written",
      "on: 1\n1.0: 2\n~: 3\n2012-10-17: 4\ntrue: 5",
      { on: 1, "1.0": 2, "~": 3, "2012-10-17": 4, true: 5 },
    ],
    ["blocks", "a: |\n  x\n   y\nb: >-\n  x\n  y\n", { a: "x\n y\n", b: "x y" }],
    [
      "standard tags",
      "[!!str 1, !!int '7', !!int 0x1F, !!bool 'no', !!null x, ! 2, !!binary aGk=]",
      ["1", 7, "0x1F", false, null, "2", "aGk="],
    ],
    [
      "standard tags by another prefix",
      "%TAG !y! tag:yaml.org,2002:\n---\n[!y!str 1, !<tag:yaml.org,2002:str> 2]",
      ["1", "2"],
    ],
    [
      "unknown tags, which change nothing",
      "a: !vault secret\nb: !x [1]\nc: !y {d: 2}",
      { a: "secret", b: [1], c: { d: 2 } },
    ],
    ["JSON", '{"a": [1, "b\\u00e9"], "c": null}', { a: [1, "bé"], c: null }],
  ];
  for (const [what, text, value] of cases) it(what, () => assert.deepEqual(valueOf(text), value));

  it("treats __proto__ as an ordinary key", () => {
    const value = valueOf("__proto__: {admin: true}\nb: 1") as { [key: string]: Json };
    assert.equal(Object.getPrototypeOf(value), Object.prototype);
    assert.deepEqual(Object.keys(value), ["__proto__", "b"]);
  });
});

describe("parseYaml: CloudFormation's short tags", () => {
  const cases: [text: string, value: Json][] = [
    ["!Ref Key", { Ref: "Key" }],
    ["!Condition IsProd", { Condition: "IsProd" }],
    ["!Ref 012", { Ref: "012" }],
    ["!GetAtt Key.Arn", { "Fn::GetAtt": ["Key", "Arn"] }],
    ["!GetAtt Stack.Outputs.KeyArn", { "Fn::GetAtt": ["Stack", "Outputs.KeyArn"] }],
    ["!GetAtt [Key, Arn]", { "Fn::GetAtt": ["Key", "Arn"] }],
    ["!GetAtt Key", { "Fn::GetAtt": "Key" }],
    ["!Sub 'arn:${AWS::Partition}'", { "Fn::Sub": "arn:${AWS::Partition}" }],
    ["!Sub ['${a}', {a: !Ref B}]", { "Fn::Sub": ["${a}", { a: { Ref: "B" } }] }],
    ["!If [C, !Ref A, !Ref 'AWS::NoValue']", { "Fn::If": ["C", { Ref: "A" }, { Ref: "AWS::NoValue" }] }],
    ["!Not\n- !Equals [!Ref A, b]", { "Fn::Not": [{ "Fn::Equals": [{ Ref: "A" }, "b"] }] }],
    [
      "!Transform\n  Name: AWS::Include\n  Parameters: {Location: x}",
      { "Fn::Transform": { Name: "AWS::Include", Parameters: { Location: "x" } } },
    ],
    ["!GetAZs", { "Fn::GetAZs": "" }],
    ["!ToJsonString {a: 1}", { "Fn::ToJsonString": { a: 1 } }],
    ["Fn::Base64: !Sub |\n  a\n  b\n", { "Fn::Base64": { "Fn::Sub": "a\nb\n" } }],
    ...[
      "Base64",
      "Cidr",
      "FindInMap",
      "ImportValue",
      "Join",
      "Select",
      "Split",
      "And",
      "Or",
      "Length",
      "ForEach",
    ].map((name): [string, Json] => [`!${name} [a, 1]`, { [`Fn::${name}`]: ["a", 1] }]),
  ];
  for (const [text, value] of cases)
    it(text.replaceAll("\n", "⏎"), () => assert.deepEqual(valueOf(text), value));
});

describe("parseYaml: documents", () => {
  it("returns each document that is not empty", () => {
    assert.deepEqual(documents("# only a comment\n"), []);
    assert.deepEqual(documents(""), []);
    const parsed = documents("---\na: 1\n---\n# none\n---\n- b\n...\n");
    assert.deepEqual(
      parsed.map((p) => p.value),
      [{ a: 1 }, ["b"]],
    );
    assert.deepEqual(
      parsed.map((p) => p.locate("").start.line),
      [2, 6],
    );
  });
});

describe("parseYaml: aliases and merge keys", () => {
  it("replaces an alias by the value of its anchor", () => {
    assert.deepEqual(valueOf("a: &x {k: [1]}\nb: *x\nc: [*x]\n? &y d\n: 1\ne: *y"), {
      a: { k: [1] },
      b: { k: [1] },
      c: [{ k: [1] }],
      d: 1,
      e: "d",
    });
    assert.deepEqual(valueOf("a: &x !Ref K\nb: *x"), { a: { Ref: "K" }, b: { Ref: "K" } });
    assert.deepEqual(valueOf("- &k name\n- *k : 1"), ["name", { name: 1 }]);
  });

  it("merges: own keys take precedence, then earlier sources", () => {
    const text = "a: &a {x: 1, y: 1}\nb: &b {y: 2, z: 2}\nc:\n  z: 3\n  <<: [*a, *b]\n";
    assert.deepEqual((valueOf(text) as { c: Json }).c, { x: 1, y: 1, z: 3 });
    assert.equal(textAt(one(text), "/c/y"), "1");
    assert.equal(one(text).locate("/c/y").start.line, 1);
    assert.equal(one(text).locate("/c/z").start.line, 4);
    assert.deepEqual(valueOf('"<<": 1'), { "<<": 1 });
  });

  const bomb = ["a: &a [x, x, x, x, x, x, x, x, x]"];
  for (let n = 1; n < 9; n++)
    bomb.push(
      `${"abcdefghi"[n]}: &${"abcdefghi"[n]} [${Array(9)
        .fill(`*${"abcdefghi"[n - 1]}`)
        .join(", ")}]`,
    );

  const cases: [what: string, text: string, expected: string][] = [
    ["an anchor bomb", bomb.join("\n"), "5:8 Aliases expand to more than 10000 values, starting here."],
    [
      "many aliases of one value",
      `a: &a [1]\nb: [${"*a,".repeat(6000)}]`,
      "2:15005 Aliases expand to more than 10000 values, starting here.",
    ],
    [
      "a chain of merges",
      `a: &a {x: 1}\nb:\n${"  <<: *a\n".repeat(6000)}`,
      "5003:7 Aliases expand to more than 10000 values, starting here.",
    ],
    ["a cyclic alias", "a: &a\n  - b: *a\n", "2:8 The alias *a is inside the value that it refers to."],
    ["an alias without anchor", "a: *b\nc: &b 1", "1:4 The alias *b has no anchor before it."],
    ["a merge of a text", "<<: x", "1:5 The value of << is not a mapping."],
  ];
  for (const [what, text, expected] of cases)
    it(`rejects ${what}`, () => assert.equal(problemText(read(text)), expected));

  it("includes aliases in the nesting depth", () => {
    const lines = ["a0: &a0 [1]"];
    for (let n = 1; n < 10; n++) lines.push(`a${n}: &a${n} ${"[".repeat(50)}*a${n - 1}${"]".repeat(50)}`);
    assert.match(problemText(read(lines.join("\n"))), /nested deeper than 200 levels/);
  });
});

describe("parseYaml: lines of flow collections and quoted scalars with any indentation, as in PyYAML", () => {
  const cases: [what: string, text: string, value: Json][] = [
    ["bracket at the parent's column", "a:\n  b: [\n  1,\n2\n  ]\n  c: 3", { a: { b: [1, 2], c: 3 } }],
    ["brace at the parent's column", "a:\n- k: {\n x: 1,\n}\n- 2", { a: [{ k: { x: 1 } }, 2] }],
    ["double quotes", 'a:\n  b: "one\n  two\nthree"\n  c: 3', { a: { b: "one two three", c: 3 } }],
    ["single quotes", "a:\n  b: 'one\n\n two''s'\n  c: 3", { a: { b: "one\ntwo's", c: 3 } }],
    ["a scalar without quotes in brackets", "a:\n  b: [one\ntwo, x]", { a: { b: ["one two", "x"] } }],
    ["after a tag", "a:\n  b: !Sub [\n'${X}',\n{X: 1}]", { a: { b: { "Fn::Sub": ["${X}", { X: 1 }] } } }],
    ["after a key in quotes", `a:\n  "b": !Join ['',\n["x"]]`, { a: { b: { "Fn::Join": ["", ["x"]] } } }],
    ["an apostrophe in a scalar", "a:\n  b: [don't,\n'it''s']", { a: { b: ["don't", "it's"] } }],
    ["brackets and quotes in comments", "a:\n  b: [ # ['\n1, # ]\n2]", { a: { b: [1, 2] } }],
    ["no effect on a block scalar", "a:\n  b: |\n    x: [\n   \n  c: [\n]", { a: { b: "x: [\n", c: [] } }],
    ["no effect on a plain scalar", "a:\n  b: x\n    'y [\n  c: [\n]", { a: { b: "x 'y [", c: [] } }],
    ["a tab in quotes", "a:\n  b: 'x\n\ty'", { a: { b: "x y" } }],
    ["line breaks of Windows", "a:\r\n  b: [\r\n1\r\n]\r\n", { a: { b: [1] } }],
  ];
  for (const [what, text, value] of cases) it(what, () => assert.deepEqual(valueOf(text), value));

  it("keeps positions", () => {
    const parsed = one("a:\n  b: [\n{c: 'x\ny'}, z\n]\n  d: e");
    assert.equal(textAt(parsed, "/a/b"), "[\n{c: 'x\ny'}, z\n]");
    assert.equal(textAt(parsed, "/a/b/0"), "{c: 'x\ny'}");
    assert.equal(textAt(parsed, "/a/b/0/c"), "'x\ny'");
    assert.equal(textAt(parsed, "/a/b/1"), "z");
    assert.equal(textAt(parsed, "/a/d"), "e");
  });

  it("does not continue into the next document", () => {
    assert.match(problemText(read("a:\n b: [\n1\n---\n]")), /^4:/);
    assert.match(problemText(read("a:\n b: 'x\ny\n---\n'")), /^4:1 A quote or bracket above is not closed/);
  });

  it("does not allow a tab in the indentation", () => {
    for (const text of ["a:\n b: [\n1,\n\t2]", "a:\n b: {\nc: 1\n \t}"])
      assert.match(problemText(read(text)), /^4:[12] The indentation contains a tab/);
  });

  it("reports mistakes at their position", () => {
    assert.equal(
      problemText(read("a:\n  b: [\n1\n]\n  c: {d: [1 [2]]}")),
      "5:13 A comma is missing between the entries in brackets.",
    );
  });
});

describe("parseYaml: mistakes", () => {
  const cases: [what: string, text: string, expected: string][] = [
    [
      "key that occurs twice",
      "a: 1\nb:\n  c: 2\n  d: 3\n  c: 4\n",
      '5:3 The key "c" occurs twice in one mapping, first at line 3, column 3.',
    ],
    ["tab as indentation", "a:\n\tb: 1\n", "2:1 The indentation contains a tab."],
    ["tab after spaces", "a:\n  b: 1\n \tc: 2\n", "3:2 The indentation contains a tab."],
    [
      "bad indentation of a key",
      "a:\n    b: 1\n  c: 2\n",
      "3:3 The indentation does not match any line above.",
    ],
    ["bad indentation of an item", "- a\n - b: 1\n", "2:5 The indentation does not match any line above."],
    ["colon in a text", "a: b: c\n", "1:5 The indentation does not match any line above."],
    ["quote not closed", 'a: "b\nc: d\n', "2:1 A quote or bracket above is not closed."],
    ["double quote not closed at the end", 'a: "b', "1:6 A string in double quotes is not closed."],
    ["single quote not closed", "a: 'b", "1:6 A string in single quotes is not closed."],
    ["bracket not closed", "a: [1, 2", "1:9 A bracket is not closed."],
    ["missing comma", "a: [{b: 1} {c: 2}]", "1:12 A comma is missing between the entries in brackets."],
    ["line without colon", "a: 1\nb\nc: 2\n", "3:2 A key spans several lines, or a line has no colon."],
    ["unknown escape", 'a: "\\d"', "1:6 A backslash in double quotes does not start a YAML escape sequence."],
    ["null byte", "a: \u0000", "1:4 The file contains a null byte."],
    ["control character", "a: \u0001", "1:4 The file contains a control character."],
    ["two tags", "a: !Ref !Sub b", "1:9 A value has two tags."],
    ["list as key", "? [a]\n: b", "1:3 The key of a mapping is a list or a mapping."],
    ["placeholder", "a: {{ account }}", "1:4 This is a template placeholder, which YAML does not support."],
    [
      "placeholder line",
      "a: 1\n{% if b %}\nc: 2\n",
      "2:2 This is a template placeholder, which YAML does not support.",
    ],
  ];
  for (const [what, text, expected] of cases) it(what, () => assert.equal(problemText(read(text)), expected));
});

describe("parseYaml: adversarial input", () => {
  it("stops at the depth limit", () => {
    for (const text of ["[", "{a: ", "- ", "? "])
      assert.match(
        problemText(read(text.repeat(100_000))),
        /^1:\d+ Values are nested deeper than 200 levels\./,
      );
    assert.match(problemText(read("!Not [".repeat(150))), /^1:\d+ A bracket is not closed/);
    assert.match(problemText(read("!Not [".repeat(150) + "]".repeat(150))), /deeper than 200/);
    assert.deepEqual(
      valueOf("[".repeat(200) + "]".repeat(200)),
      JSON.parse("[".repeat(200) + "]".repeat(200)),
    );
    assert.match(problemText(read("[".repeat(201) + "]".repeat(201))), /^1:201 Values are nested deeper/);
  });

  it("parses a long text and rejects one that would take too much memory", () => {
    const long = "x".repeat(10_000_000);
    assert.deepEqual(valueOf(`a: ${long}`), { a: long });
    assert.match(problemOrFail(read(`a: ${long.repeat(5)}`)).message, /longer than 16777216 characters/);
  });
});

describe("parseYaml: positions", () => {
  const text = [
    "Resources: # all",
    "  Key:",
    "    Type: 'AWS::KMS::Key'",
    "    Sub: !Sub |  # text",
    "      line one",
    "      line two",
    "",
    "    List: [a, {b: c}, ]  # | ]",
    "    Att: !GetAtt Key.Arn",
    "    Empty:",
    "    Anchor: &x !If [A, B]",
    "    Alias: *x",
    "    Items:",
    "    - first",
    "    -",
    "    - - nested",
  ].join("\n");
  const cases: [pointer: string, text: string, line: number, column: number][] = [
    ["/Resources/Key/Type", "'AWS::KMS::Key'", 3, 11],
    ["/Resources/Key/Sub", "!Sub |  # text\n      line one\n      line two", 4, 10],
    ["/Resources/Key/Sub/Fn::Sub", "|  # text\n      line one\n      line two", 4, 15],
    ["/Resources/Key/List", "[a, {b: c}, ]", 8, 11],
    ["/Resources/Key/List/1", "{b: c}", 8, 15],
    ["/Resources/Key/List/1/b", "c", 8, 19],
    ["/Resources/Key/List/2", "[a, {b: c}, ]", 8, 11],
    ["/Resources/Key/Att/Fn::GetAtt/1", "Arn", 9, 22],
    ["/Resources/Key/Empty", "Empty", 10, 5],
    ["/Resources/Key/Anchor", "&x !If [A, B]", 11, 13],
    ["/Resources/Key/Anchor/Fn::If", "[A, B]", 11, 20],
    ["/Resources/Key/Alias", "*x", 12, 12],
    ["/Resources/Key/Alias/Fn::If/1", "B", 11, 24],
    ["/Resources/Key/Items", "- first\n    -\n    - - nested", 14, 5],
    ["/Resources/Key/Items/1", "-", 15, 5],
    ["/Resources/Key/Items/2/0", "nested", 16, 9],
    ["", text, 1, 1],
    ["/Outputs/None", text, 1, 1],
  ];
  for (const [pointer, expected, line, column] of cases)
    it(pointer || "the whole", () => {
      const parsed = one(text);
      assert.equal(textAt(parsed, pointer), expected);
      const { start } = parsed.locate(pointer);
      assert.deepEqual([start.line, start.column], [line, column]);
    });
});

describe("parseYaml: properties", () => {
  /** Scalars that YAML and JSON have in common. */
  const scalar = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null));
  const tree = fc.letrec<{ tree: Json }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 4 },
      scalar,
      fc.array(tie("tree"), { maxLength: 4 }),
      fc.dictionary(fc.string(), tie("tree"), { maxKeys: 4 }),
    ) as fc.Arbitrary<Json>,
  })).tree;
  const plain = (value: Json): Json => JSON.parse(JSON.stringify(value));

  it("parses JSON like a JSON parser and locates each value", () => {
    fc.assert(
      fc.property(tree, fc.constantFrom(undefined, 2), (value, space) => {
        const parsed = one(JSON.stringify(value, null, space));
        assert.deepEqual(parsed.value, plain(value));
        for (const [pointer, at] of everyValue(parsed.value))
          assert.deepEqual(JSON.parse(textAt(parsed, pointer)), at);
      }),
    );
  });

  it("parses dumped YAML and locates its scalars", () => {
    fc.assert(
      fc.property(tree, (value) => {
        const parsed = one(dump(plain(value), { lineWidth: -1 }));
        assert.deepEqual(parsed.value, plain(value));
        for (const [pointer, at] of everyValue(parsed.value))
          if (at === null || typeof at !== "object" || Object.keys(at).length === 0) {
            const here = textAt(parsed, pointer);
            if (!/^[|>]/.test(here)) assert.deepEqual(valueOf(here), at);
          }
      }),
    );
  });

  it("never throws on mutated YAML or any text", () => {
    const seed =
      "a: &x !Sub 'q'\nb: |-\n  t\nc: [*x, {<<: {d: 1}}]\n- \"e\\n\"\n? k\n: !GetAtt A.B\n---\n%TAG ! x\n";
    const edit = fc.tuple(
      fc.nat(seed.length),
      fc.nat(4),
      fc.string({ unit: fc.constantFrom(...":-?!&*|>'\"[]{},#% \n\tab<") }),
    );
    const mutated = fc
      .array(edit, { maxLength: 4 })
      .map((edits) =>
        edits.reduce((text, [at, cut, put]) => text.slice(0, at) + put + text.slice(at + cut), seed),
      );
    const any = fc.oneof(
      mutated,
      fc.string({ unit: "binary" }),
      fc.string({ unit: fc.constantFrom(...":-?!&*|>'\"[]{},#% \n\ta<.") }),
    );
    fc.assert(
      fc.property(any, (text) => {
        const result = read(text);
        if (isProblem(result)) problemOrFail(result);
        else
          for (const parsed of result)
            for (const [pointer] of everyValue(parsed.value)) {
              const { start, end } = parsed.locate(pointer);
              assert.ok(start.offset <= end.offset && end.offset <= text.length);
            }
      }),
      { numRuns: 3000 },
    );
  });
});
