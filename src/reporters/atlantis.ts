import type { Finding, Report } from "../core/model/report.ts";
import { checks, exceptionMessage } from "./checks.ts";
import { hasPassed, type ReportOptions } from "./reporter.ts";
import { count, oneLine } from "./style.ts";

/**
 * For a custom policy check of Atlantis, which does not look at the exit code: it searches the output for "fail", later
 * versions for lines that start with FAIL and for a number of failures. So nothing may hold the word where the run ends
 * well, not even a name in a message, and all of it has to be there where it does not.
 */
export function atlantis(report: Report, options: ReportOptions): string {
  const passed = hasPassed(report, options);
  const all = checks(report);
  const line = (word: string, { location, rule, resource }: Finding, message: string) =>
    oneLine(`${word} - ${location.file}:${location.line} - ${rule} ${resource} - ${message}`);
  const failures = all.flatMap((check) => check.failures);
  const warnings = all.flatMap((check) => check.warnings);
  const skipped = all.flatMap((check) => check.skipped);
  const exceptions = all.flatMap((check) => check.exceptions);
  const lines = [
    ...report.problems.map(({ file, message }) => oneLine(`FAIL - ${file} - cannot be read: ${message}`)),
    ...failures.map((f) => line(passed ? "ERROR" : "FAIL", f, f.message)),
    ...warnings.map((f) => line(f.level === "note" ? "NOTE" : "WARN", f, f.message)),
    ...skipped.map((f) => line("UNKNOWN", f, f.message)),
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
  ];
  const text = [...lines, `${passed ? "PASS" : "FAIL"} - ${counts.join(", ")}`].join("\n");
  return `${passed ? text.replace(/fail/gi, harmless) : text}\n`;
}

/** Reads alike, and is not found: there is a word joiner inside. */
const harmless = (word: string): string => `${word.slice(0, 2)}\u2060${word.slice(2)}`;
