import { plainLine } from "../core/model/escape.ts";
import type { OutputText } from "../core/model/output.ts";
import type { Finding, Report } from "../core/model/report.ts";
import { exceptionMessage, fileResults, totalsLine } from "./checks.ts";
import { encodeText } from "./encode.ts";
import type { ReportOptions } from "./reporter.ts";
import { type Style, styles } from "./style.ts";
import { unseenMessage } from "./unseen.ts";

/** Renders conftest's `-o stdout` format: one line for each result, and the totals. */
export function renderStdout(
  report: Report,
  { color, namespace, suppressExceptions }: ReportOptions,
): OutputText {
  const style = styles(color);
  const all = fileResults(report);
  const lines = all.flatMap(({ file, skipped, unseen, warnings, failures, exceptions }) => {
    const results = (label: string, paint: Style, findings: Finding[], message = messageOf) =>
      findings.map((f) => `${paint(label)} ${resultPrefix(file, namespace)} ${plainLine(message(f))}`);
    return [
      ...results("WARN", style.yellow, warnings),
      ...results("FAIL", style.red, failures),
      ...(suppressExceptions === true ? [] : results("EXCP", style.cyan, exceptions, exceptionMessage)),
      ...results("SKIP", style.blue, skipped),
      ...unseen.map(
        (part) => `${style.blue("SKIP")} ${resultPrefix(file, namespace)} ${plainLine(unseenMessage(part))}`,
      ),
    ];
  });
  const hasResults = (kind: "failures" | "warnings" | "exceptions" | "unseen") =>
    all.some((check) => check[kind].length > 0);
  const paint = hasResults("failures")
    ? style.red
    : hasResults("warnings")
      ? style.yellow
      : hasResults("exceptions")
        ? style.cyan
        : hasResults("unseen")
          ? style.blue
          : style.green;
  return encodeText([...lines, "", paint(totalsLine(all)), ""].join("\n"), color);
}

const messageOf = ({ message }: Finding): string => message;

/** Returns the start of a result line. Like conftest, it has no second dash for standard input, whose name is a dash. */
export const resultPrefix = (file: string, namespace: string): string =>
  `${file === "-" ? "-" : `- ${plainLine(file)}`} - ${namespace} -`;
