import assert from "node:assert/strict";
import { test } from "node:test";
import type { Finding, Report } from "../src/core/model/report.ts";
import { renderJson } from "../src/reporters/json.ts";
import { renderProblems, renderText } from "../src/reporters/text.ts";

const location = {
  file: "orders.json",
  line: 7,
  column: 20,
  endLine: 7,
  endColumn: 23,
  pointer: "/Statement/0",
};

const finding = (changes: Partial<Finding> = {}): Finding => ({
  rule: "public_access",
  level: "error",
  verdict: "fail",
  resource: "<policy>",
  message: 'Statement "Open" allows everyone (*) kms:Decrypt, and no condition restricts access.',
  location,
  statement: "Open",
  title: "The key is open to everyone",
  why: "Any principal in any AWS account can use the key.",
  remediation: 'Name the principals:\n"Principal": {"AWS": "arn:aws:iam::111122223333:role/app"}\n',
  url: "https://example.org/public_access.md",
  excerpt: { firstLine: 7, lines: ['      "Principal": "*",'] },
  ...changes,
});

const report = (findings: Finding[], changes: Partial<Report> = {}): Report => ({
  findings,
  problems: [],
  unseen: [],
  notices: [],
  exceptions: [],
  rules: [],
  files: [{ file: "orders.json", resources: 1, passed: 20 }],
  dataVersion: "2026-01-01",
  ...changes,
});

const plain = { color: false };

test("a finding has its location, reason, lines and fix", () => {
  assert.equal(
    renderText(report([finding()]), plain),
    `orders.json:7:20: error public_access <policy>
  Statement "Open" allows everyone (*) kms:Decrypt, and no condition restricts access.
  Any principal in any AWS account can use the key.
    7 │ "Principal": "*",
      │              ^^^
  Fix:
    Name the principals:
    "Principal": {"AWS": "arn:aws:iam::111122223333:role/app"}

1 resource in 1 file: 1 error, 0 warnings, 0 notes, 0 unknown (KMS data of 2026-01-01)
`,
  );
});

test("a rule is explained once; later findings refer to the explanation", () => {
  const second = finding({
    location: { ...location, line: 19, endLine: 19 },
    excerpt: { firstLine: 19, lines: ["x"] },
  });
  const lines = renderText(report([finding(), second]), plain).split("\n");
  assert.equal(lines.filter((line) => line.includes("Any principal in any AWS account")).length, 1);
  assert.ok(lines.includes("  Fix: see orders.json:7:20."));
});

test("unknown verdicts have a separate section, each with its reason", () => {
  const open = finding({ verdict: "unknown", message: "The principal ⟨var.partner⟩ is not known." });
  const other = { ...open, rule: "invalid_principal" };
  assert.equal(
    renderText(report([open, other]), plain),
    `Unknown (a required value is not in the input):
  orders.json:7:20: unknown <policy>
    public_access: The principal ⟨var.partner⟩ is not known.
    invalid_principal: The principal ⟨var.partner⟩ is not known.

1 resource in 1 file: 0 errors, 0 warnings, 0 notes, 2 unknown (KMS data of 2026-01-01)
`,
  );
});

test("the summary counts findings, resources and files", () => {
  const files = [
    { file: "a.yaml", resources: 4, passed: 1 },
    { file: "b.yaml", resources: 8, passed: 1 },
    { file: "c.yaml", resources: 0, passed: 1 },
  ];
  const findings = [
    finding(),
    finding(),
    finding({ level: "warning" }),
    finding({ level: "note" }),
    finding({ level: "note" }),
    finding({ level: "note" }),
    finding({ verdict: "unknown" }),
  ];
  const problems = [
    { file: "d.json", line: 3, column: 1, message: "A comma is missing.", remedy: "Add it." },
    { file: "d.json", line: 9, column: 1, message: "A comma is missing.", remedy: "Add it." },
  ];
  const output = renderText(report(findings, { files, problems }), plain);
  assert.equal(
    output.split("\n").at(-2),
    "12 resources in 3 files: 2 errors, 1 warning, 3 notes, 1 unknown (KMS data of 2026-01-01); 1 file could not be read",
  );
});

test("problems and notices are rendered with their remedy", () => {
  const problems = [
    {
      file: "a.json",
      line: 3,
      column: 5,
      message: "A comma is missing before this entry.",
      remedy: "Put a comma between.",
    },
    { file: "gone.json", message: "The file or directory does not exist.", remedy: "Check the path." },
  ];
  const notices = [{ file: "readme.json", message: "contains no KMS key: nothing checked" }];
  assert.equal(
    renderProblems(report([], { problems, notices }), plain),
    `a.json:3:5: cannot read: A comma is missing before this entry.
  Put a comma between.
gone.json: cannot read: The file or directory does not exist.
  Check the path.
readme.json: contains no KMS key: nothing checked
`,
  );
});

test("an excerpt has no common indentation, and an ellipsis if there are more lines", () => {
  const wide = finding({
    location: { ...location, line: 9, column: 5, endLine: 30, endColumn: 6 },
    excerpt: { firstLine: 9, lines: ["    {", '      "Sid": "Open",', '      "Effect": "Allow",'] },
  });
  const lines = renderText(report([wide]), plain)
    .split("\n")
    .slice(3, 7);
  assert.deepEqual(lines, [
    "     9 │ {",
    '    10 │   "Sid": "Open",',
    '    11 │   "Effect": "Allow",',
    "       │ …",
  ]);
});

test("a long line is cut around the column", () => {
  const line = `{"a": "${"x".repeat(200)}", "Principal": "*", "b": "${"y".repeat(200)}"}`;
  const column = line.indexOf('"*"') + 1;
  const long = finding({
    location: { ...location, column, endColumn: column + 3 },
    excerpt: { firstLine: 7, lines: [line] },
  });
  const [shown = "", marks = ""] = renderText(report([long]), { color: false, width: 80 })
    .split("\n")
    .slice(4, 6);
  assert.ok(shown.length <= 84, shown);
  assert.equal(shown.slice(marks.indexOf("^"), marks.indexOf("^") + 3), '"*"');
});

test("reformatted JSON has no line numbers", () => {
  const lines = renderText(
    report([finding({ excerpt: { lines: ["{", '  "Effect": "Allow"', "}"] } })]),
    plain,
  ).split("\n");
  assert.deepEqual(lines.slice(3, 6), ["      │ {", '      │   "Effect": "Allow"', "      │ }"]);
});

test("prose is wrapped, code is not", () => {
  const code = `{"Sid": "Enable IAM policies", "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:root"}}`;
  const output = renderText(
    report([finding({ remediation: `Add the statement:\n${code}`, why: "word ".repeat(60) })]),
    {
      color: false,
      width: 60,
    },
  );
  assert.ok(output.includes(`    ${code}\n`));
  assert.ok(
    output.split("\n").every((line) => line.length <= 60 || line.includes(code) || /^\S/.test(line)),
    output,
  );
});

test("control characters are escaped", () => {
  const nasty = finding({ message: "Sid \u001B[2Jgone \u202Etxt", resource: "key\u0007" });
  const output = renderText(report([nasty]), plain);
  assert.ok(!/[\u001B\u0007\u202E]/.test(output));
  assert.ok(output.includes("\\u001b[2Jgone \\u202etxt"));
});

test("output has colors only if requested", () => {
  assert.ok(renderText(report([finding()]), { color: true }).includes("\u001B[31merror\u001B[39m"));
  assert.ok(!renderText(report([finding()]), plain).includes("\u001B"));
});

test("JSON is like conftest's: one element for each file, sorted, without empty lists", () => {
  const files = [
    { file: "b.yaml", resources: 1, passed: 21 },
    { file: "orders.json", resources: 1, passed: 18 },
  ];
  const findings = [
    finding(),
    finding({ rule: "alias_missing", level: "note" }),
    finding({ verdict: "unknown" }),
  ];
  const output = renderJson(report(findings, { files }));
  assert.ok(
    output.startsWith(
      '[\n\t{\n\t\t"filename": "b.yaml",\n\t\t"namespace": "main",\n\t\t"successes": 21\n\t},\n',
    ),
  );
  assert.ok(output.endsWith("\n]\n"));
  const [, orders] = JSON.parse(output);
  assert.deepEqual(Object.keys(orders), [
    "filename",
    "namespace",
    "successes",
    "skipped",
    "warnings",
    "failures",
  ]);
  assert.deepEqual(orders.failures[0], {
    msg: finding().message,
    loc: { file: "orders.json", line: 7 },
    metadata: {
      rule: "public_access",
      level: "error",
      verdict: "fail",
      resource: "<policy>",
      file: "orders.json",
      line: 7,
      column: 20,
      endLine: 7,
      endColumn: 23,
      pointer: "/Statement/0",
      statement: "Open",
      remediation: finding().remediation,
      url: "https://example.org/public_access.md",
      dataVersion: "2026-01-01",
    },
  });
  assert.equal(orders.warnings[0].metadata.rule, "alias_missing");
  assert.equal(orders.skipped[0].metadata.verdict, "unknown");
});

test("JSON of an empty report is an empty list", () => {
  assert.equal(renderJson(report([], { files: [] })), "[]\n");
});
