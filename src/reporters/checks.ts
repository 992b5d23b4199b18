import type { Finding, Report } from "../core/model/report.ts";
import type { UnseenPart } from "../core/model/source.ts";
import { count } from "./style.ts";

/** The results of a file, in conftest's terms. */
export interface FileResult {
  file: string;
  /** Number of rules without a finding in the file. */
  successes: number;
  /** Unknown verdicts. */
  skipped: Finding[];
  /** Parts that were not checked. conftest has no term for them; they count as skipped tests. */
  unseen: UnseenPart[];
  /** Failures of level warning and note. */
  warnings: Finding[];
  /** Failures of level error. */
  failures: Finding[];
  exceptions: Finding[];
}

/** Returns the report in conftest's terms: one result for each file, sorted by path. */
export function fileResults({ files, findings, exceptions, unseen }: Report): FileResult[] {
  const byFile = new Map<string, FileResult>();
  const resultFor = (file: string): FileResult => {
    const existing = byFile.get(file);
    if (existing !== undefined) return existing;
    const result = {
      file,
      successes: 0,
      skipped: [],
      unseen: [],
      warnings: [],
      failures: [],
      exceptions: [],
    };
    byFile.set(file, result);
    return result;
  };
  for (const { file, passed } of files) resultFor(file).successes = passed;
  for (const finding of findings) {
    const result = resultFor(finding.location.file);
    if (finding.verdict === "unknown") result.skipped.push(finding);
    else if (finding.level === "error") result.failures.push(finding);
    else result.warnings.push(finding);
  }
  for (const finding of exceptions) resultFor(finding.location.file).exceptions.push(finding);
  for (const part of unseen) resultFor(part.file).unseen.push(part);
  return [...byFile.values()].sort((a, b) => (a.file < b.file ? -1 : 1));
}

/** Returns the number of tests that conftest would count. */
export const testCount = (check: FileResult): number =>
  check.successes +
  skippedCount(check) +
  check.warnings.length +
  check.failures.length +
  check.exceptions.length;

/** Returns the number of skipped tests: unknown verdicts and parts that were not checked. */
export const skippedCount = ({ skipped, unseen }: FileResult): number => skipped.length + unseen.length;

/** Returns conftest's last line. Skipped tests are counted if there are any, as in `conftest verify`. */
export function totalsLine(all: FileResult[]): string {
  const sum = (numberOf: (check: FileResult) => number) =>
    all.reduce((total, check) => total + numberOf(check), 0);
  const skipped = sum(skippedCount);
  return [
    count(sum(testCount), "test"),
    `${sum((check) => check.successes)} passed`,
    count(
      sum((check) => check.warnings.length),
      "warning",
    ),
    count(
      sum((check) => check.failures.length),
      "failure",
    ),
    count(
      sum((check) => check.exceptions.length),
      "exception",
    ),
    ...(skipped === 0 ? [] : [`${skipped} skipped`]),
  ].join(", ");
}

/** Returns the message of a suppressed finding, with the reason for its suppression. */
export const exceptionMessage = ({ message, suppressed }: Finding): string =>
  suppressed === undefined ? message : `${message} (suppressed: ${suppressed.reason})`;
