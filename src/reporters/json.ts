import type { Finding, Report } from "../core/model/report.ts";
import { fileResults } from "./checks.ts";
import type { ReportOptions } from "./reporter.ts";

/** Renders conftest's `-o json` format: one element for each file. Empty lists are omitted. */
export function renderJson(
  report: Report,
  { namespace }: Pick<ReportOptions, "namespace"> = { namespace: "main" },
): string {
  const list = (name: string, findings: Finding[]) =>
    findings.length === 0
      ? {}
      : { [name]: findings.map((finding) => jsonResult(finding, report.dataVersion)) };
  const results = fileResults(report).map(({ file, successes, skipped, warnings, failures, exceptions }) => ({
    filename: file,
    namespace,
    successes,
    ...list("skipped", skipped),
    ...list("warnings", warnings),
    ...list("failures", failures),
    ...list("exceptions", exceptions),
  }));
  return `${JSON.stringify(results, null, "\t")}\n`;
}

/** Returns a finding as a result in conftest's `-o json` format. */
export function jsonResult(finding: Finding, dataVersion: string) {
  const { file, line, column, endLine, endColumn, pointer } = finding.location;
  return {
    msg: finding.message,
    loc: { file, line },
    metadata: {
      rule: finding.rule,
      level: finding.level,
      verdict: finding.verdict,
      resource: finding.resource,
      file,
      line,
      column,
      endLine,
      endColumn,
      pointer,
      ...(finding.statement === undefined ? {} : { statement: finding.statement }),
      remediation: finding.remediation,
      url: finding.url,
      dataVersion,
      ...(finding.suppressed === undefined ? {} : { suppressed: finding.suppressed }),
    },
  };
}
