import type { OutputText } from "../core/model/output.ts";
import type { Finding, Report } from "../core/model/report.ts";
import type { UnseenPart } from "../core/model/source.ts";
import { fileResults } from "./checks.ts";
import { encodeJson } from "./encode.ts";
import type { ReportOptions } from "./reporter.ts";
import { unseenMessage } from "./unseen.ts";

/** Renders conftest's `-o json` format: one element for each file. Empty lists are omitted. */
export function renderJson(
  report: Report,
  { namespace }: Pick<ReportOptions, "namespace"> = { namespace: "main" },
): OutputText {
  const results = (findings: Finding[]) => findings.map((finding) => jsonResult(finding, report.dataVersion));
  const list = (name: string, entries: object[]) => (entries.length === 0 ? {} : { [name]: entries });
  const files = fileResults(report).map(
    ({ file, successes, skipped, unseen, warnings, failures, exceptions }) => ({
      filename: file,
      namespace,
      successes,
      ...list("skipped", [
        ...results(skipped),
        ...unseen.map((part) => unseenResult(part, report.dataVersion)),
      ]),
      ...list("warnings", results(warnings)),
      ...list("failures", results(failures)),
      ...list("exceptions", results(exceptions)),
    }),
  );
  return encodeJson(files, "\t");
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

/** Returns a part that was not checked as a result in conftest's `-o json` format. It has no rule. */
export function unseenResult(unseen: UnseenPart, dataVersion: string) {
  const { kind, message: _, remedy, ...part } = unseen;
  const { file, line } = part;
  return {
    msg: unseenMessage(unseen),
    loc: { file, ...(line === undefined ? {} : { line }) },
    metadata: { unseen: kind, ...part, remediation: remedy, dataVersion },
  };
}
