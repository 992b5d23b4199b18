import type { Finding, Report } from "../core/model/report.ts";
import { exceptionMessage, fileResults, testCount, totalsLine } from "./checks.ts";
import type { ReportOptions } from "./reporter.ts";
import { visible } from "./style.ts";
import { unseenMessage } from "./unseen.ts";

/**
 * Renders conftest's `-o github` format: workflow commands, which GitHub shows as annotations. GitHub shows at most ten
 * errors, ten warnings and ten notices of a step, so notes do not displace warnings.
 */
export function renderGithub(report: Report, options: ReportOptions): string {
  const { namespace, githubHidePassed, suppressExceptions } = options;
  const all = fileResults(report);
  const lines = all.flatMap((check) => {
    const { file, successes, skipped, unseen, warnings, failures, exceptions } = check;
    if (githubHidePassed === true && testCount(check) === successes) return [];
    return [
      `::group::${data(`Testing ${JSON.stringify(file)} against ${testCount(check)} policies in namespace "${namespace}"`)}`,
      ...failures.map((f) => annotation("error", f, f.message)),
      ...warnings.map((f) => annotation(f.level === "note" ? "notice" : "warning", f, f.message)),
      ...(suppressExceptions === true
        ? []
        : exceptions.map((f) => annotation("notice", f, exceptionMessage(f)))),
      ...skipped.map((f) => annotation("notice", f, `Test was skipped: ${f.message}`)),
      ...unseen.map((part) => {
        const line = part.line === undefined ? "" : `,line=${part.line}`;
        return `::warning file=${property(part.file)}${line},title=unseen::${data(unseenMessage(part))}`;
      }),
      `::notice file=${property(file)},line=1::Number of successful checks: ${successes}`,
      "::endgroup::",
    ];
  });
  return `${[...lines, totalsLine(all)].join("\n")}\n`;
}

function annotation(command: string, { location, rule }: Finding, message: string): string {
  const { file, line, endLine } = location;
  return `::${command} file=${property(file)},line=${line},endLine=${endLine},title=${property(rule)}::${data(message)}`;
}

const data = (text: string): string =>
  visible(text).replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");

const property = (text: string): string => data(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
