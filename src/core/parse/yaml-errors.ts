import { ParseFailure, placeholderFailure } from "./failure.ts";

const tab: Advice = ["A tab stands in the indentation.", "Indent with spaces: YAML allows no tabs there."];
const indentation: Advice = [
  "The indentation fits none of the lines above.",
  "Indent the line as far as its neighbours; put a text that holds a colon followed by a space in quotes.",
];
const unclosed = (what: string): Advice => [
  `The text ends before ${what} is closed.`,
  "Check that the file is complete, and close it.",
];

type Advice = [message: string, remedy: string];

/** js-yaml's reasons, by how they begin, and what they mean to the author. */
const advice: [reason: string, Advice][] = [
  ["tab characters", tab],
  ["bad indentation", indentation],
  [
    "deficient indentation",
    [
      "The quote or bracket that opens above is not closed, or its text is not indented far enough here.",
      "Close it, or indent the line further.",
    ],
  ],
  ["unexpected end of the stream within a double", unclosed("a text in double quotes")],
  ["unexpected end of the stream within a single", unclosed("a text in single quotes")],
  ["unexpected end of the document within a", unclosed("a text in quotes")],
  ["unexpected end of the stream within a flow", unclosed("a bracket")],
  ["unexpected end of the stream within a verbatim", unclosed("a tag")],
  [
    "missed comma",
    [
      "A comma is missing between the entries in brackets.",
      "Put a comma between them, or a text that holds brackets in quotes.",
    ],
  ],
  [
    "expected the node content",
    ["A comma stands where an entry should.", "Remove it, or write the entry that is missing."],
  ],
  [
    "can not read a block mapping entry",
    [
      "A key goes over several lines, or a line has no colon.",
      "Write the key on one line with a colon after it, and indent a text of several lines.",
    ],
  ],
  [
    "expected ':' after",
    ["A colon is missing after the key.", "Write key: value, with a space after the colon."],
  ],
  [
    "a whitespace character is expected after",
    ["A space is missing after the colon.", "Write key: value, with a space after the colon."],
  ],
  [
    "end of the stream or a document separator",
    [
      "The line continues nothing that stands above.",
      "Indent it as far as its neighbours; separate documents with ---.",
    ],
  ],
  [
    "unknown escape",
    [
      "A backslash in double quotes begins no escape that YAML knows.",
      "Write \\\\ for a backslash, or use single quotes.",
    ],
  ],
  [
    "expected hexadecimal",
    ["Hexadecimal digits are missing after \\x, \\u or \\U.", "Write two, four or eight of them."],
  ],
  [
    "expected valid JSON character",
    ["A control character stands in a text.", "Remove it, or write it as an escape in double quotes."],
  ],
  [
    "the stream contains non-printable",
    ["A control character stands in the text.", "Remove it, or write it as an escape in double quotes."],
  ],
  ["null byte", ["A null byte stands in the text.", "Remove it; save the file as UTF-8 if it is in UTF-16."]],
  [
    "undeclared tag handle",
    ["A tag has a prefix that no %TAG line declares.", "Declare it, or use a tag without prefix."],
  ],
  [
    "duplication of a tag",
    ["A value has two tags.", "Keep one, or write the inner function in its long form (Fn::Name)."],
  ],
  ["duplication of an anchor", ["A value has two anchors.", "Keep one."]],
  ["alias node should not have", ["An alias has a tag or an anchor.", "Remove it, or write the value out."]],
  [
    "a line break is expected",
    [
      "A text follows the mark of a block (| or >) on the same line.",
      "Begin the text on the next line, indented.",
    ],
  ],
  [
    "directives end mark",
    ["A line with --- is missing after the directives.", "Write --- before the document."],
  ],
];

/** What js-yaml threw, as a failure with advice. */
export function yamlFailure(text: string, error: unknown): ParseFailure {
  if (error instanceof ParseFailure) return error;
  const { reason, mark } = error as { reason?: string; mark?: { position?: number } };
  const offset = Math.min(mark?.position ?? 0, text.length);
  const start = lineStart(text, offset);
  const line = text.slice(start, offset + 80).split(/[\r\n]/)[0] ?? "";
  if (/\{\{|\{%|<%/.test(line)) return placeholderFailure(offset, "YAML");
  const indent = /^ *(?=\t)/.exec(line);
  if (indent !== null) return new ParseFailure(start + indent[0].length, ...tab);
  const known = advice.find(([start]) => reason?.startsWith(start));
  if (known !== undefined) return new ParseFailure(offset, ...known[1]);
  return new ParseFailure(
    offset,
    `The text is no YAML: ${(reason ?? "it cannot be read").replace(/\s+/g, " ").trim().slice(0, 120)}.`,
    "Correct the line; a text with special characters goes in quotes.",
  );
}

function lineStart(text: string, offset: number): number {
  const from = Math.max(0, offset - 2000);
  const before = text.slice(from, offset);
  return from + Math.max(before.lastIndexOf("\n"), before.lastIndexOf("\r")) + 1;
}
