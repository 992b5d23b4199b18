import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { outlineOfHcl } from "../../src/core/parse/hcl.ts";
import type { Span } from "../../src/core/parse/json-scan.ts";
import { yamlComments } from "../../src/core/parse/yaml-comments.ts";

const cut = (text: string, spans: Span[]) => spans.map(([start, end]) => text.slice(start, end));

const hcl: { [shows: string]: [text: string, comments: string[], headers: string[]] } = {
  "the three kinds of comments": ["# a\nx = 1 // b\n/* c\n d */", ["# a", "// b", "/* c\n d */"], []],
  "a comment without end": ["/* a", ["/* a"], []],
  "line ends of Windows": ["# a\r\nx {\r\n}\r\n", ["# a"], ["x"]],
  "quoted texts": ['x = "# \\" # ${"}"} # $${" # a', ["# a"], []],
  "comments in templates": ['x = "${ 1 /* a */ }"', ["/* a */"], []],
  "a heredoc": ["x = <<EOT\n# no\n${ {a = 1} }\nEOT\n# a", ["# a"], []],
  "an indented heredoc, and its mark inside of a line": ["x = <<-EOT\n # no EOT\n  EOT\n# a", ["# a"], []],
  "no heredoc": ["x = 1 << 2 # a", ["# a"], []],
  "blocks at the top only": ['a "b" "c-d" {\n e {}\n f = {}\n}\ng {}', [], ["a b c-d", "g"]],
  "a block without end": ["a {\n b {}", [], []],
};

for (const [shows, [text, comments, headers]] of Object.entries(hcl))
  test(`HCL: ${shows}`, () => {
    const outline = outlineOfHcl(text);
    assert.deepEqual(cut(text, outline.comments), comments);
    assert.deepEqual(
      outline.blocks.map(({ header }) => header.join(" ")),
      headers,
    );
  });

test("HCL: outlineOfHcl accepts any text", () => {
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
      for (const span of outlineOfHcl(text).comments) assert.ok(span[0] < span[1] && span[1] <= text.length);
    }),
  );
});

const yaml: { [shows: string]: [text: string, comments: string[]] } = {
  "above and behind values": ["# a\nx: 1 # b\ny: a#no\n", ["# a", "# b"]],
  "quoted texts": ["x: \"a # no\" # a\ny: 'a # no\n  no # no'\n", ["# a"]],
  "blocks of text": ["x: |\n  # no\ny: >- # a\n  # no\n# b\n", ["# a", "# b"]],
  "no YAML": ["x: [ # a", []],
};

for (const [shows, [text, comments]] of Object.entries(yaml))
  test(`YAML: ${shows}`, () => assert.deepEqual(cut(text, yamlComments(text)), comments));
