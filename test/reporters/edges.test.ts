import { deepEqual, doesNotMatch, equal, ok } from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import type { Finding, Report } from "../../src/core/model/report.ts";
import type { UnseenPart } from "../../src/core/model/source.ts";
import { type ReportOptions, reporters } from "../../src/reporters/index.ts";
import { empty, finding, options, sample } from "./support.ts";

const write = (form: string, report: Report, changes: Partial<ReportOptions> = {}): string => {
  const reporter = reporters.get(form);
  if (reporter === undefined) throw new Error(`there is no form ${form}`);
  return reporter(report, { ...options, ...changes });
};
const of = (...findings: Finding[]): Report => ({
  ...empty,
  findings,
  files: [...new Set(findings.map(({ location }) => location.file))].map((file) => ({
    file,
    resources: 1,
    passed: 1,
  })),
});
const inFile = (file: string, changes: Partial<Finding> = {}) =>
  finding({ location: { ...finding().location, file }, ...changes });
const textual = [...reporters.keys()];

/** Strings that an attacker may write into a template to forge or break a report. */
const NASTY = [
  "\u001B[2Jgone\u0007\u202Etxt\u0000",
  'FAIL\nok 1 - all good\r\n::error::no\n##vso[task.complete result=Succeeded;]done\n"quoted"',
  "100% %0A %25 ::set-output name=x::y",
  "# skip #TODO later",
  "<script>alert(1)</script><img src=x onerror=alert(1)> &amp; ]]> -->",
  "[link](https://example.org) ![i](http://x.example/i.png) @octocat #1 `code` ```` | a | b | **bold** _it_ $x$",
  "\uD800 half, 鍵 wide, ключ, مفتاح, 🔑",
  "x".repeat(100_000),
];
const unseenPart = (text: string): UnseenPart => ({
  kind: "macro",
  file: "b.json",
  subject: text,
  resource: text,
  message: text,
  remedy: text,
});
const nasty = (text: string): Report => ({
  ...of(
    inFile(text, {
      message: text,
      resource: text,
      statement: text,
      excerpt: { firstLine: 7, lines: text.split("\n") },
    }),
    inFile("b.json", { message: text, verdict: "unknown" }),
  ),
  exceptions: [inFile("b.json", { message: text, suppressed: { reason: text, by: "file" } })],
  problems: [{ file: text, message: text, remedy: text }],
  unseen: [unseenPart(text)],
  notices: [{ file: text, message: text }],
});

describe("every output format", () => {
  it("is valid for a report without files", () => {
    const outputs = Object.fromEntries(textual.map((form) => [form, write(form, empty)]));
    equal(outputs.stdout, "\n0 tests, 0 passed, 0 warnings, 0 failures, 0 exceptions\n");
    equal(outputs.json, "[]\n");
    equal(outputs.gitlab, "[]\n");
    equal(outputs.tap, "");
    equal(outputs.table, "");
    equal(outputs.junit, '<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n</testsuites>\n');
    equal(
      outputs.atlantis,
      "PASS - 0 resources in 0 files, 0 errors, 0 warnings and notes, 0 unknown, 0 exceptions\n",
    );
    ok(outputs.markdown?.includes("✅ Keywarden: 0 errors"));
  });

  for (const form of textual)
    it(`${form} writes no control character of the input and ends with a line break`, () => {
      for (const text of NASTY) {
        const output = write(form, nasty(text));
        ok(output.endsWith("\n"));
        ok(!/[\u0000-\u0008\u000B-\u001F\u007F-\u009F]/.test(output), `${form}: ${text.slice(0, 20)}`);
        ok(!/\u202E/.test(output), form);
      }
    });

  it("is deterministic", () => {
    for (const form of textual) equal(write(form, sample), write(form, structuredClone(sample)));
  });
});

describe("formats with one record per line", () => {
  it("stdout, tap, table, github, azuredevops and atlantis escape line breaks", () => {
    const plain = of(inFile("a"), inFile("b.json", { verdict: "unknown" }));
    const exceptions = [inFile("b.json", { suppressed: { reason: "r", by: "file" } })];
    for (const form of ["stdout", "tap", "table", "github", "azuredevops", "atlantis"]) {
      const lines = (report: Report) => write(form, { ...report, problems: [] }).split("\n").length;
      for (const text of NASTY)
        equal(lines(nasty(text)), lines({ ...plain, exceptions, unseen: [unseenPart("m")] }), form);
    }
  });

  it("tap has no skip or todo directive from the input", () => {
    const lines = write("tap", of(finding({ message: "Alias alias/a # TODO b #skip c #2 d" }))).split("\n");
    equal(lines[1], "not ok 1 - orders.json - main - Alias alias/a \\# TODO b \\#skip c #2 d");
  });
});

describe("github", () => {
  it("escapes the syntax of its commands", () => {
    const [group = "", error] = write(
      "github",
      of(inFile("a,b:c%.json", { message: "100%\n::error::x" })),
    ).split("\n");
    equal(error, "::error file=a%2Cb%3Ac%25.json,line=7,endLine=7,title=public_access::100%25%0A::error::x");
    equal(group, '::group::Testing "a,b:c%25.json" against 2 policies in namespace "main"');
  });

  it("starts every line with a string of the input with its own command", () => {
    for (const text of NASTY)
      for (const line of write("github", nasty(text)).trim().split("\n"))
        ok(/^::(group|error|warning|notice|endgroup)\b|^\d+ tests?,/.test(line), line);
  });

  it("hides files that passed and suppressed findings on request", () => {
    const report = {
      ...of(finding()),
      files: [...of(finding()).files, { file: "good.json", resources: 1, passed: 3 }],
    };
    ok(write("github", report).includes("good.json"));
    const hidden = write("github", report, { githubHidePassed: true });
    ok(!hidden.includes("good.json"));
    ok(hidden.endsWith("5 tests, 4 passed, 0 warnings, 1 failure, 0 exceptions\n"));
    ok(!write("github", sample, { suppressExceptions: true }).includes("suppressed:"));
  });
});

describe("azuredevops", () => {
  it("escapes the syntax of its commands", () => {
    const lines = write("azuredevops", of(inFile("a;b]c%.json", { message: "100%\n##vso[x]" }))).split("\n");
    equal(
      lines[2],
      "##vso[task.logissue type=error;sourcepath=a%3Bb%5Dc%AZP25.json;linenumber=7;columnnumber=20;code=public_access] file=a;b]c%AZP25.json --> 100%AZP25%0A# #vso[x]",
    );
  });

  it("contains no command from the input", () => {
    const file = "##vso[task.complete]##[error]x.json";
    for (const line of write("azuredevops", of(inFile(file, { verdict: "unknown" })))
      .trim()
      .split("\n"))
      ok(line.replace(/^##\[(section|group|endgroup)\]/, "").search(/##(vso)?\[/) === -1, line);
  });
});

describe("junit", () => {
  it("is valid XML for any input", () => {
    for (const text of NASTY) {
      const output = write("junit", nasty(text));
      const rest = output
        .replace(/^<\?xml.*\?>\n/, "")
        .replace(/<\/?(testsuites?|properties|property|testcase|failure|skipped)( [\w.]+="[^"<>]*")*>/g, "");
      ok(!/[<>"]/.test(rest), rest.slice(0, 200));
      ok(!/&(?!#\w+;)/.test(output));
    }
  });

  it("names a test by its file only on request", () => {
    const output = write("junit", of(finding()), { junitHideMessage: true });
    ok(output.includes('name="orders.json" time="0.000" file="orders.json" line="7"'));
  });
});

describe("markdown", () => {
  it("contains no markup, link, mention or reference from the input", () => {
    const output = write(
      "markdown",
      of(finding({ excerpt: undefined as never, message: NASTY[5] as string })),
    );
    const line = output.split("\n").find((text) => text.includes("octocat"));
    equal(
      line,
      "\\[link\\](https\\:<!-- -->//example.org) \\!\\[i\\](http\\:<!-- -->//x.example/i.png) \\@<!-- -->octocat \\#<!-- -->1 &#96;code&#96; &#96;&#96;&#96;&#96; \\| a \\| b \\| \\*\\*bold\\*\\* \\_it\\_ &#36;<!-- -->x&#36;",
    );
    ok(
      !write("markdown", nasty(NASTY[4] as string))
        .replace(/^```[^]*?^```/gm, "")
        .replace(/`[^`]*`/g, "")
        .includes("<script>"),
    );
  });

  it("has code fences that their content does not close", () => {
    const output = write("markdown", of(finding({ excerpt: { firstLine: 1, lines: ["````", "# out"] } })));
    ok(output.includes("`````\n````\n# out\n`````"));
  });

  it("stays below the limit of a comment, most severe findings first", () => {
    const many = Array.from({ length: 500 }, (_, i) =>
      finding({ level: i === 499 ? "error" : "note", message: `Number ${i}.` }),
    );
    const unknown = many.map((one) => ({ ...one, verdict: "unknown" as const }));
    const output = write("markdown", { ...of(...many, ...unknown), exceptions: many });
    ok(output.length < 65_536, String(output.length));
    ok(output.includes("Number 499."));
    ok(/_… and \d+ more findings\._/.test(output));
  });
});

describe("html", () => {
  it("contains no element, attribute or URL from the input", () => {
    for (const text of NASTY) {
      const output = write("html", nasty(text));
      ok(!/<(script|img|link|iframe)/i.test(output));
      ok(!/ on\w+="/.test(output));
    }
  });
});

describe("gitlab", () => {
  it("has a fingerprint for each finding, and a path from the root of the repository", () => {
    const issues = JSON.parse(write("gitlab", of(inFile("./a.json"), inFile("./a.json"), inFile("b.json"))));
    equal(new Set(issues.map(({ fingerprint }: { fingerprint: string }) => fingerprint)).size, 3);
    equal(issues[0].location.path, "a.json");
  });
});

describe("atlantis", () => {
  const warned = of(
    inFile("failover.yaml", {
      level: "warning",
      message: "alias/Failover is not retained. FAILURE",
      rule: "fail",
    }),
  );

  it("does not contain the word fail if the run passes", () => {
    fc.assert(
      fc.property(fc.constantFrom("fail", "FAIL", "Failed", "fAilures"), fc.string(), (word, rest) => {
        const message = `${rest}${word}${rest}`;
        const report = of(
          inFile(message, { level: "note", message }),
          finding({ verdict: "unknown", message }),
        );
        ok(!/fail/i.test(write("atlantis", report)));
      }),
    );
    ok(!/fail/i.test(write("atlantis", of(finding()), { passed: true })));
  });

  it("contains the word FAIL if the run does not pass", () => {
    const problems = sample.problems;
    for (const output of [
      write("atlantis", of(finding())),
      write("atlantis", { ...empty, problems }),
      write("atlantis", warned, { passed: false }),
    ]) {
      ok(/^FAIL - /m.test(output));
      ok(output.includes("fail"));
    }
  });
});

describe("stdout", () => {
  it("has the colors of conftest if colors are requested", () => {
    const lines = write("stdout", of(finding()), { color: true }).split("\n");
    ok(lines[0]?.startsWith("\u001B[31mFAIL\u001B[39m - orders.json - main - "));
    equal(lines[2], "\u001B[31m2 tests, 1 passed, 0 warnings, 1 failure, 0 exceptions\u001B[39m");
  });

  it("writes standard input and the namespace like conftest", () => {
    const [line = ""] = write("stdout", of(inFile("-", { message: "m" })), { namespace: "kms" }).split("\n");
    equal(line, "FAIL - - kms - m");
  });

  it("counts suppressed findings that it does not list", () => {
    const lines = write("stdout", sample, { suppressExceptions: true }).split("\n");
    deepEqual(
      lines.map((line) => line.slice(0, 4)),
      ["WARN", "WARN", "SKIP", "SKIP", "FAIL", "SKIP", "", "11 t", ""],
    );
    ok(lines[7]?.includes("2 exceptions"));
  });
});

describe("a run without findings whose input has parts that were not checked", () => {
  const incomplete: Report = { ...empty, unseen: sample.unseen };
  const cleanPass: [string, RegExp][] = [
    ["markdown", /✅/],
    ["html", /passed/],
    ["atlantis", /PASS|fail/i],
  ];
  for (const [format, pattern] of cleanPass)
    it(`does not look like a clean pass in ${format}`, () => {
      doesNotMatch(write(format, incomplete), pattern);
    });

  for (const format of textual)
    it(`names each part in ${format}`, () => {
      const output = write(format, incomplete);
      for (const { message } of incomplete.unseen) ok(output.includes(message), message);
    });
});

describe("table", () => {
  it("is aligned with wide and combining characters", () => {
    const report = of(inFile("鍵.json", { message: "e\u0301 🔑" }), inFile("key.json", { message: "plain" }));
    const [top = "", ...rows] = write("table", report).trimEnd().split("\n");
    const columns = (line: string) =>
      [...line].reduce((sum, c) => sum + (c === "\u0301" ? 0 : /[鍵🔑]/u.test(c) ? 2 : 1), 0);
    for (const row of rows) equal(columns(row), columns(top), row);
  });
});
