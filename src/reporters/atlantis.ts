import { plainLine } from "../core/model/escape.ts";
import type { OutputText } from "../core/model/output.ts";
import type { Finding, Report } from "../core/model/report.ts";
import { exceptionMessage, fileResults } from "./checks.ts";
import { encodeText } from "./encode.ts";
import { type ReportOptions, runResult } from "./reporter.ts";
import { count } from "./style.ts";
import { unseenCount } from "./summary.ts";
import { unseenPosition } from "./unseen.ts";

/**
 * Renders a report for a custom policy check of Atlantis, which ignores the exit code. It searches the output for "fail";
 * later versions search for lines that start with FAIL and for a number of failures. If the run passes, the output must
 * not contain the word at all, not even in a message. If it does not pass, all these markers are required.
 */
export function renderAtlantis(report: Report, options: ReportOptions): OutputText {
  const result = runResult(report, options);
  const passed = result !== "failed";
  const results = fileResults(report);
  const line = (label: string, { location, rule, resource }: Finding, message: string) =>
    commentLine(`${label} - ${location.file}:${location.line} - ${rule} ${resource} - ${message}`);
  const failures = results.flatMap((result) => result.failures);
  const warnings = results.flatMap((result) => result.warnings);
  const skipped = results.flatMap((result) => result.skipped);
  const exceptions = results.flatMap((result) => result.exceptions);
  const lines = [
    ...report.problems.map(({ file, message }) => commentLine(`FAIL - ${file} - cannot be read: ${message}`)),
    ...failures.map((f) => line(passed ? "ERROR" : "FAIL", f, f.message)),
    ...warnings.map((f) => line(f.level === "note" ? "NOTE" : "WARN", f, f.message)),
    ...skipped.map((f) => line("UNKNOWN", f, f.message)),
    ...report.unseen.map((part) =>
      commentLine(`UNSEEN - ${unseenPosition(part)} - ${part.message} ${part.remedy}`),
    ),
    ...(options.suppressExceptions === true
      ? []
      : exceptions.map((f) => line("EXCEPTION", f, exceptionMessage(f)))),
  ];
  const tested = report.files.reduce((sum, file) => sum + file.resources, 0);
  const counts = [
    `${count(tested, "resource")} in ${count(report.files.length, "file")}`,
    count(failures.length, passed ? "error" : "failure"),
    count(warnings.length, "warning or note", "warnings and notes"),
    `${skipped.length} unknown`,
    count(exceptions.length, "exception"),
    ...(report.unseen.length === 0 ? [] : [unseenCount(report.unseen.length)]),
  ];
  const output = [...lines, `${LABELS[result]} - ${counts.join(", ")}`].join("\n");
  return encodeText(`${passed ? output.replace(/(fa)(il)/gi, "$1·$2") : output}\n`);
}

const LABELS = { passed: "PASS", incomplete: "INCOMPLETE", failed: "FAIL" };

/**
 * Returns a line without markup. Atlantis shows the output as code in a comment on the pull request, but other readers
 * of the comment may not.
 */
const commentLine = (text: string): string =>
  plainLine(text)
    .replace(/<(?=[a-z!/?])(?!policy>)/gi, "< ")
    .replaceAll("](", "] (");
