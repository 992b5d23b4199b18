import { visible } from "../core/model/escape.ts";
import type { OutputText } from "../core/model/output.ts";
import type { Finding, Report } from "../core/model/report.ts";
import { exceptionMessage, fileResults, testCount, totalsLine } from "./checks.ts";
import { type CommandLine, encodeCommands } from "./encode.ts";
import type { ReportOptions } from "./reporter.ts";
import { unseenMessage } from "./unseen.ts";

/** Renders conftest's `-o azuredevops` format: logging commands of Azure Pipelines, with a location. */
export function renderAzureDevOps(
  report: Report,
  { namespace, suppressExceptions }: ReportOptions,
): OutputText {
  const all = fileResults(report);
  const lines = all.flatMap((check): CommandLine[] => {
    const { file, successes, skipped, unseen, warnings, failures, exceptions } = check;
    return [
      {
        command: "##[section]",
        text: `Testing '${file}' against ${testCount(check)} policies in namespace '${namespace}'`,
      },
      { command: "##[group]", text: "See conftest results" },
      ...failures.map((f) => issue("error", f, f.message)),
      ...warnings.map((f) => issue("warning", f, f.message)),
      ...(suppressExceptions === true ? [] : exceptions.map((f) => issue("warning", f, exceptionMessage(f)))),
      ...skipped.map((f) => ({ text: `skipped file=${file} ${f.message}` })),
      ...unseen.map((part) => logIssue("warning", { ...part, code: "unseen" }, unseenMessage(part))),
      ...(successes > 0 ? [{ text: `success file=${file} ${successes}` }] : []),
      { command: "##[endgroup]", text: "" },
    ];
  });
  return encodeCommands([...lines, { text: totalsLine(all) }]);
}

const issue = (type: string, { rule, location }: Finding, message: string): CommandLine =>
  logIssue(type, { ...location, code: rule }, message);

interface Issue {
  file: string;
  line?: number;
  column?: number;
  code: string;
}

function logIssue(type: string, { file, line, column, code }: Issue, message: string): CommandLine {
  const properties = { type, sourcepath: file, linenumber: line, columnnumber: column, code };
  const list = Object.entries(properties).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${property(String(value))}`],
  );
  return {
    command: "##vso[task.logissue ",
    text: `${list.join(";")}] ${data(`file=${file} --> ${message}`)}`,
  };
}

const data = (text: string): string =>
  visible(text).replaceAll("%", "%AZP25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");

const property = (text: string): string => data(text).replaceAll("]", "%5D").replaceAll(";", "%3B");
