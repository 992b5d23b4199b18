import type { Finding, Report } from "../core/model/report.ts";
import { checks, exceptionMessage, totals } from "./checks.ts";
import type { ReportOptions } from "./reporter.ts";
import { oneLine, type Style, styles } from "./style.ts";

/** conftest's `-o stdout`, for what reads it in CI: a line for each result, and the totals. */
export function stdout(report: Report, { color, namespace, suppressExceptions }: ReportOptions): string {
  const style = styles(color);
  const all = checks(report);
  const lines = all.flatMap(({ file, skipped, warnings, failures, exceptions }) => {
    const results = (word: string, paint: Style, findings: Finding[], message = messageOf) =>
      findings.map((f) => `${paint(word)} ${place(file, namespace)} ${oneLine(message(f))}`);
    return [
      ...results("WARN", style.yellow, warnings),
      ...results("FAIL", style.red, failures),
      ...(suppressExceptions === true ? [] : results("EXCP", style.cyan, exceptions, exceptionMessage)),
      ...results("SKIP", style.blue, skipped),
    ];
  });
  const some = (of: "failures" | "warnings" | "exceptions") => all.some((check) => check[of].length > 0);
  const paint = some("failures")
    ? style.red
    : some("warnings")
      ? style.yellow
      : some("exceptions")
        ? style.cyan
        : style.green;
  return [...lines, "", paint(totals(all)), ""].join("\n");
}

const messageOf = ({ message }: Finding): string => message;

/** conftest writes no second dash where the file is standard input, whose name is one. */
export const place = (file: string, namespace: string): string =>
  `${file === "-" ? "-" : `- ${oneLine(file)}`} - ${namespace} -`;
