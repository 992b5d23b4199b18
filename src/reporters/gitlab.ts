import { visible } from "../core/model/escape.ts";
import { fingerprints, unseenFingerprints } from "../core/model/fingerprint.ts";
import type { OutputText } from "../core/model/output.ts";
import type { Finding, Report } from "../core/model/report.ts";
import { encodeJson } from "./encode.ts";
import { unseenMessage } from "./unseen.ts";

/** Renders a GitLab Code Quality report. The format has no suppressed findings and no problems. */
export function renderGitlab({ findings, exceptions, unseen }: Report): OutputText {
  const names = fingerprints([...findings, ...exceptions]);
  const issues = findings.map((finding) => ({
    description: visible(description(finding)),
    check_name: finding.rule,
    fingerprint: names.get(finding),
    severity: severity(finding),
    location: {
      path: pathOf(finding.location.file),
      lines: { begin: finding.location.line, end: finding.location.endLine },
    },
  }));
  const parts = unseenFingerprints(unseen);
  const unseenIssues = unseen.map((part) => ({
    description: visible(unseenMessage(part)),
    check_name: "unseen",
    fingerprint: parts.get(part),
    severity: "info",
    location: { path: pathOf(part.file), lines: { begin: part.line ?? 1 } },
  }));
  return encodeJson([...issues, ...unseenIssues], 2);
}

const description = ({ verdict, resource, message }: Finding): string =>
  `${resource}: ${verdict === "unknown" ? "unknown: " : ""}${message}`;

const severity = ({ verdict, level }: Finding): string =>
  verdict === "unknown" ? "info" : level === "error" ? "critical" : level === "warning" ? "major" : "minor";

/** Returns a relative path with slashes, as GitLab requires. */
const pathOf = (file: string): string => file.replaceAll("\\", "/").replace(/^(?:\.\/)+/, "");
