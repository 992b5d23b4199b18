import type { Finding, Report } from "../model/report.ts";

interface Result {
  msg: string;
  loc: { file: string; line: number };
  metadata: Record<string, string | number>;
}

/** An element of conftest's `-o json`; an empty list is left out. */
interface CheckResult {
  filename: string;
  namespace: string;
  successes: number;
  skipped?: Result[];
  warnings?: Result[];
  failures?: Result[];
}

/**
 * The report in conftest's JSON, one element for each file. Failures are those of level error, warnings those of
 * level warning and note, skipped are unknown verdicts.
 */
export function json(report: Report): string {
  const passed = new Map(report.files.map(({ file, passed }) => [file, passed]));
  const byFile = new Map<string, Finding[]>();
  for (const finding of report.findings) push(byFile, finding.location.file, finding);
  const files = [...new Set([...passed.keys(), ...byFile.keys()])].sort((a, b) => (a < b ? -1 : 1));
  const results = files.map((filename): CheckResult => {
    const findings = byFile.get(filename) ?? [];
    const failed = findings.filter((f) => f.verdict === "fail");
    const list = (name: string, of: Finding[]) =>
      of.length === 0 ? {} : { [name]: of.map((finding) => resultOf(finding, report.dataVersion)) };
    return {
      filename,
      namespace: "main",
      successes: passed.get(filename) ?? 0,
      ...list(
        "skipped",
        findings.filter((f) => f.verdict === "unknown"),
      ),
      ...list(
        "warnings",
        failed.filter((f) => f.level !== "error"),
      ),
      ...list(
        "failures",
        failed.filter((f) => f.level === "error"),
      ),
    };
  });
  return `${JSON.stringify(results, null, "\t")}\n`;
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const values = map.get(key);
  if (values === undefined) map.set(key, [value]);
  else values.push(value);
}

const resultOf = (finding: Finding, dataVersion: string): Result => {
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
    },
  };
};
