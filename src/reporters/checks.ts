import type { Finding, Report } from "../core/model/report.ts";
import { count } from "./style.ts";

/** What conftest says of a file. */
export interface Check {
  file: string;
  /** The rules that have nothing to say about the file. */
  successes: number;
  /** Unknown verdicts. */
  skipped: Finding[];
  /** Failures of level warning and note. */
  warnings: Finding[];
  /** Failures of level error. */
  failures: Finding[];
  exceptions: Finding[];
}

/** The report in conftest's terms: the files in order, and of each what passed, is skipped, warned of, and failed. */
export function checks({ files, findings, exceptions }: Report): Check[] {
  const byFile = new Map<string, Check>();
  const of = (file: string): Check => {
    const known = byFile.get(file);
    if (known !== undefined) return known;
    const check = { file, successes: 0, skipped: [], warnings: [], failures: [], exceptions: [] };
    byFile.set(file, check);
    return check;
  };
  for (const { file, passed } of files) of(file).successes = passed;
  for (const finding of findings) {
    const check = of(finding.location.file);
    if (finding.verdict === "unknown") check.skipped.push(finding);
    else if (finding.level === "error") check.failures.push(finding);
    else check.warnings.push(finding);
  }
  for (const finding of exceptions) of(finding.location.file).exceptions.push(finding);
  return [...byFile.values()].sort((a, b) => (a.file < b.file ? -1 : 1));
}

/** How many tests conftest would count. */
export const testsOf = ({ successes, ...lists }: Check): number =>
  successes + lists.skipped.length + lists.warnings.length + lists.failures.length + lists.exceptions.length;

/** conftest's last line; where something is skipped, that is told as `conftest verify` does. */
export function totals(all: Check[]): string {
  const sum = (of: (check: Check) => number) => all.reduce((total, check) => total + of(check), 0);
  const skipped = sum((check) => check.skipped.length);
  return [
    count(sum(testsOf), "test"),
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

/** Of an exception: what was found, and why it does not count. */
export const exceptionMessage = ({ message, suppressed }: Finding): string =>
  suppressed === undefined ? message : `${message} (suppressed: ${suppressed.reason})`;
