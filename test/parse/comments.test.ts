import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import fc from "fast-check";
import { loadTerraform } from "../../src/core/formats/terraform-source/evaluator/terraform.ts";
import type { Span } from "../../src/core/parse/json-scan.ts";
import { yamlComments } from "../../src/core/parse/yaml-comments.ts";

const cut = (text: string, spans: Span[]) => spans.map(([start, end]) => text.slice(start, end));

const terraform = loadTerraform(() => readFileSync(new URL("../../bundles/terraform.wasm", import.meta.url)));
const outlineOf = (text: string) => terraform.outline("main.tf", text);

const hcl: { [name: string]: [text: string, comments: string[], headers: string[]] } = {
  "the three kinds of comments": ["# a\nx = 1 // b\n/* c\n d */", ["# a", "// b", "/* c\n d */"], []],
  "an unclosed comment": ["/* a", ["/* a"], []],
  "CRLF line endings": ["# a\r\nx {\r\n}\r\n", ["# a"], ["x"]],
  "a byte order mark": ["\uFEFF# a\nx {}\n", ["# a"], ["x"]],
  "characters outside the BMP": ['x = "😀" # 😀 a\n# b', ["# 😀 a", "# b"], []],
  "quoted strings": ['x = "# \\" # ${"}"} # $${" # a', ["# a"], []],
  "comments in templates": ['x = "${ 1 /* a */ }"', ["/* a */"], []],
  "a heredoc": ["x = <<EOT\n# no\n${ {a = 1} }\nEOT\n# a", ["# a"], []],
  "an indented heredoc with its delimiter inside a line": ["x = <<-EOT\n # no EOT\n  EOT\n# a", ["# a"], []],
  "a shift operator, which HCL does not have": ["x = 1 << 2 # a", ["# a"], []],
  "only top-level blocks": ['a "b" "c-d" {\n e {}\n f = {}\n}\ng {}', [], ["a b c-d", "g"]],
  "an unclosed block": ["a {\n b {}", [], []],
};

for (const [name, [text, comments, headers]] of Object.entries(hcl))
  test(`HCL: ${name}`, () => {
    const outline = outlineOf(text);
    assert.deepEqual(outline.problems, []);
    assert.deepEqual(
      cut(
        text,
        outline.comments.map(({ start, end }) => [start, end]),
      ),
      comments,
    );
    assert.deepEqual(
      outline.blocks.map(({ type, labels }) => [type, ...labels].join(" ")),
      headers,
    );
  });

test("HCL: every text has an outline", () => {
  const pieces = fc.constantFrom(
    "{",
    "}",
    '"',
    "${",
    "%{",
    "\\",
    "\n",
    "<<E\n",
    "E\n",
    "#",
    "/*",
    "*/",
    "a ",
    "é",
  );
  fc.assert(
    fc.property(fc.array(pieces), (parts) => {
      const text = parts.join("");
      for (const { start, end, text: comment } of outlineOf(text).comments)
        assert.equal(text.slice(start, end), comment);
    }),
  );
});

const yaml: { [name: string]: [text: string, comments: string[]] } = {
  "above and after values": ["# a\nx: 1 # b\ny: a#no\n", ["# a", "# b"]],
  "quoted strings": ["x: \"a # no\" # a\ny: 'a # no\n  no # no'\n", ["# a"]],
  "block scalars": ["x: |\n  # no\ny: >- # a\n  # no\n# b\n", ["# a", "# b"]],
  "invalid YAML": ["x: [ # a", []],
};

for (const [name, [text, comments]] of Object.entries(yaml))
  test(`YAML: ${name}`, () => assert.deepEqual(cut(text, yamlComments(text)), comments));
