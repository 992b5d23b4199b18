import { visible } from "../core/model/escape.ts";
import type { OutputText } from "../core/model/output.ts";
import type { Finding, Report } from "../core/model/report.ts";
import { exceptionMessage, fileResults, testCount, totalsLine } from "./checks.ts";
import { type CommandLine, encodeCommands } from "./encode.ts";
import type { ReportOptions } from "./reporter.ts";
import { unseenMessage } from "./unseen.ts";

/**
 * Renders conftest's `-o github` format: workflow commands, which GitHub shows as annotations. GitHub shows at most ten
 * errors, ten warnings and ten notices of a step, so notes do not displace warnings.
 */
export function renderGithub(report: Report, options: ReportOptions): OutputText {
  const { namespace, githubHidePassed, suppressExceptions } = options;
  const all = fileResults(report);
  const lines = all.flatMap((check): CommandLine[] => {
    const { file, successes, skipped, unseen, warnings, failures, exceptions } = check;
    if (githubHidePassed === true && testCount(check) === successes) return [];
    return [
      {
        command: "::group::",
        text: data(
          `Testing ${JSON.stringify(file)} against ${testCount(check)} policies in namespace "${namespace}"`,
        ),
      },
      ...failures.map((f) => annotation("error", f, f.message)),
      ...warnings.map((f) => annotation(f.level === "note" ? "notice" : "warning", f, f.message)),
      ...(suppressExceptions === true
        ? []
        : exceptions.map((f) => annotation("notice", f, exceptionMessage(f)))),
      ...skipped.map((f) => annotation("notice", f, `Test was skipped: ${f.message}`)),
      ...unseen.map((part) => {
        const line = part.line === undefined ? "" : `,line=${part.line}`;
        const text = `${property(part.file)}${line},title=unseen::${data(unseenMessage(part))}`;
        return { command: "::warning file=", text };
      }),
      {
        command: "::notice file=",
        text: `${property(file)},line=1::Number of successful checks: ${successes}`,
      },
      { command: "::endgroup::", text: "" },
    ];
  });
  return encodeCommands([...lines, { text: totalsLine(all) }]);
}

function annotation(command: string, { location, rule }: Finding, message: string): CommandLine {
  const { file, line, endLine } = location;
  return {
    command: `::${command} file=`,
    text: `${property(file)},line=${line},endLine=${endLine},title=${property(rule)}::${data(message)}`,
  };
}

const data = (text: string): string =>
  visible(text).replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");

const property = (text: string): string => data(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
