import { ParseFailure, placeholderFailure } from "./failure.ts";

const tab: Advice = [
  "The indentation contains a tab.",
  "Indent with spaces: YAML does not allow tabs in the indentation.",
];
const indentation: Advice = [
  "The indentation does not match any line above.",
  "Indent the line like the lines around it, and quote a string that contains a colon followed by a space.",
];
const unclosed = (subject: string): Advice => [
  `${subject} is not closed.`,
  "Check that the file is complete, and close it.",
];

type Advice = [message: string, remedy: string];

/** Messages and remedies for js-yaml errors, by the start of the error's reason. */
const advice: [reason: string, Advice][] = [
  ["tab characters", tab],
  ["bad indentation", indentation],
  ["deficient indentation", ["A quote or bracket above is not closed.", "Close it before this line."]],
  ["unexpected end of the stream within a double", unclosed("A string in double quotes")],
  ["unexpected end of the stream within a single", unclosed("A string in single quotes")],
  ["unexpected end of the document within a", unclosed("A string in quotes")],
  ["unexpected end of the stream within a flow", unclosed("A bracket")],
  ["unexpected end of the stream within a verbatim", unclosed("A tag")],
  [
    "missed comma",
    [
      "A comma is missing between the entries in brackets.",
      "Put a comma between them, or quote a string that contains brackets.",
    ],
  ],
  [
    "expected the node content",
    ["There is a comma instead of an entry.", "Remove it, or write the missing entry."],
  ],
  [
    "can not read a block mapping entry",
    [
      "A key spans several lines, or a line has no colon.",
      "Write the key and its colon on one line, and indent a string that spans several lines.",
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
      "The line does not continue the value above.",
      "Indent it like the lines around it, or separate documents with ---.",
    ],
  ],
  [
    "unknown escape",
    [
      "A backslash in double quotes does not start a YAML escape sequence.",
      "Write \\\\ for a backslash, or use single quotes.",
    ],
  ],
  [
    "expected hexadecimal",
    ["Hexadecimal digits are missing after \\x, \\u or \\U.", "Write two, four or eight digits."],
  ],
  [
    "expected valid JSON character",
    ["A string contains a control character.", "Remove it, or write it as an escape in double quotes."],
  ],
  [
    "the stream contains non-printable",
    ["The file contains a control character.", "Remove it, or write it as an escape in double quotes."],
  ],
  ["null byte", ["The file contains a null byte.", "Remove it, or save the file as UTF-8 if it is UTF-16."]],
  [
    "undeclared tag handle",
    ["No %TAG directive declares the prefix of this tag.", "Declare it, or use a tag without a prefix."],
  ],
  [
    "duplication of a tag",
    ["A value has two tags.", "Keep one, or write the inner function in its long form (Fn::Name)."],
  ],
  ["duplication of an anchor", ["A value has two anchors.", "Keep one."]],
  ["alias node should not have", ["An alias has a tag or an anchor.", "Remove it, or repeat the value."]],
  [
    "a line break is expected",
    [
      "There is text after a block indicator (| or >) on the same line.",
      "Start the string on the next line, indented.",
    ],
  ],
  [
    "directives end mark",
    ["A line with --- is missing after the directives.", "Write --- before the document."],
  ],
];

/** Converts an error of js-yaml to a failure with a remedy. */
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
    `The file is not valid YAML: ${(reason ?? "it cannot be read").replace(/\s+/g, " ").trim().slice(0, 120)}.`,
    "Correct the line, and quote strings with special characters.",
  );
}

function lineStart(text: string, offset: number): number {
  const from = Math.max(0, offset - 2000);
  const before = text.slice(from, offset);
  return from + Math.max(before.lastIndexOf("\n"), before.lastIndexOf("\r")) + 1;
}
