import { deepEqual, equal } from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import type { Report } from "../../src/core/model/report.ts";
import { reporters } from "../../src/reporters/index.ts";
import { empty, finding, options } from "./support.ts";

// Compares the output with that of conftest, for rules with the same messages.

const conftest = join(import.meta.dirname, "../../.cache/bin/conftest");
const policy = `package main
deny contains {"msg": "Everyone: \\"*\\" <&>", "_loc": {"file": "two keys.json", "line": 3}} if input.open
deny_root contains {"msg": "No root: a::b", "_loc": {"file": "two keys.json", "line": 7}} if input.open
warn contains {"msg": "No rotation, ünicode", "_loc": {"file": "two keys.json", "line": 5}} if input.open
violation_never contains {"msg": "never"} if input.never
`;
const at = (file: string, line: number) => ({
  location: { file, line, column: 1, endLine: line, endColumn: 2, pointer: "" },
});
const report: Report = {
  ...empty,
  findings: [
    finding({ ...at("two keys.json", 3), message: `Everyone: "*" <&>` }),
    finding({ ...at("two keys.json", 5), level: "warning", message: "No rotation, ünicode" }),
    finding({ ...at("two keys.json", 7), message: "No root: a::b" }),
  ],
  files: [
    { file: "closed.json", resources: 1, passed: 4 },
    { file: "two keys.json", resources: 1, passed: 1 },
  ],
};

describe("output of conftest", {
  skip: existsSync(conftest) ? false : "conftest is not built: make tools",
}, () => {
  const folder = mkdtempSync(join(tmpdir(), "keywarden-forms-"));
  after(() => rmSync(folder, { recursive: true }));
  mkdirSync(join(folder, "policy"));
  writeFileSync(join(folder, "policy/main.rego"), policy);
  writeFileSync(join(folder, "two keys.json"), '{"open": true}');
  writeFileSync(join(folder, "closed.json"), "{}");

  /** One file at a time: conftest reports several files in random order. */
  const theirs = (form: string, ...args: string[]): string =>
    spawnSync(conftest, ["test", "--no-color", "-o", form, ...args], { cwd: folder, encoding: "utf8" })
      .stdout;
  const ours = (form: string, file: string): string =>
    reporters.get(form)?.(
      {
        ...report,
        findings: report.findings.filter(({ location }) => location.file === file),
        files: report.files.filter((summary) => summary.file === file),
      },
      options,
    ) ?? "";

  for (const form of ["stdout", "tap", "table", "junit", "github", "azuredevops"])
    for (const { file } of report.files)
      it(`${form}, ${file}`, () => {
        const [expected, actual] = [theirs(form, file), ours(form, file)].map(withoutOwn);
        deepEqual(lines(actual), lines(expected));
      });

  it("json, except for metadata", () => {
    for (const { file } of report.files) {
      const [expected, actual] = [theirs("json", file), ours("json", file)].map((text) =>
        JSON.stringify(JSON.parse(text), (key, value) => (key === "metadata" ? undefined : value)),
      );
      equal(actual, expected);
    }
  });
});

/** Removes parts that only one of the two writes: the version, the rule, and locations. */
const withoutOwn = (text: string): string =>
  text
    .replace(/\t*<property name.*\n/, "")
    .replace(/ skipped="\d+"(?= time)/, "")
    .replace(/(time="0.000") file="[^"]*" line="\d+"/g, "$1")
    .replace(/type="\w*"/g, "")
    .replace(/&#39;|&apos;/g, "'")
    .replace(/&#60;|&lt;/g, "<")
    .replace(/&#62;|&gt;/g, ">")
    .replace(/&#38;|&amp;/g, "&")
    .replace(/,endLine=\d+,title=\w+::/g, "::")
    .replace(/;sourcepath=.*;code=\w+\]/g, "]");

const lines = (text = ""): string[] => text.split("\n");
