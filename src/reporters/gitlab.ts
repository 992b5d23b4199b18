import { fingerprints } from "../core/model/fingerprint.ts";
import type { Finding, Report } from "../core/model/report.ts";
import { visible } from "./style.ts";

/** Renders a GitLab Code Quality report. The format has no suppressed findings and no problems. */
export function renderGitlab({ findings, exceptions }: Report): string {
  const names = fingerprints([...findings, ...exceptions]);
  const issues = findings.map((finding) => ({
    description: visible(description(finding)),
    check_name: finding.rule,
    fingerprint: names.get(finding),
    severity: severity(finding),
    location: {
      path: finding.location.file.replaceAll("\\", "/").replace(/^(?:\.\/)+/, ""),
      lines: { begin: finding.location.line, end: finding.location.endLine },
    },
  }));
  return `${JSON.stringify(issues, null, 2)}\n`;
}

const description = ({ verdict, resource, message }: Finding): string =>
  `${resource}: ${verdict === "unknown" ? "unknown: " : ""}${message}`;

const severity = ({ verdict, level }: Finding): string =>
  verdict === "unknown" ? "info" : level === "error" ? "critical" : level === "warning" ? "major" : "minor";
