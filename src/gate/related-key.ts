import { mustBeKnown } from "../core/model/open-questions.ts";
import type { Report } from "../core/model/report.ts";

/**
 * Rules that compare an alias, grant or replica with its key. A request about a single resource does not contain
 * the key. AWS KMS makes the same checks and rejects the resource, so an unknown verdict is safe.
 */
const CHECKED_BY_KMS = ["alias_region", "grant_operations_unfit", "replica_primary"];

/**
 * Returns a report about a single resource. Verdicts that depend only on its key may be unknown in it, unless
 * `failOnUnknown` lists their rules.
 */
export function withoutRelatedKey(report: Report): Report {
  if (report.failOnUnknown !== true) return report;
  const open = report.findings.filter((finding) => mustBeKnown(finding, true)).map(({ rule }) => rule);
  return { ...report, failOnUnknown: open.filter((rule) => !CHECKED_BY_KMS.includes(rule)) };
}
