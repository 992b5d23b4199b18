import { mustBeKnown } from "../core/model/open-questions.ts";
import type { Report } from "../core/model/report.ts";

/**
 * Rules that compare an alias, grant or replica with its key. A request about one resource does not contain the key. AWS
 * KMS makes the same checks when the resource is created and rejects it, so an unknown verdict is safe there.
 */
const CHECKED_BY_KMS = ["alias_region", "grant_operations_unfit", "replica_primary"];

/**
 * Returns the report about a single resource. What only its key can tell need not be known, unless `failOnUnknown` lists the
 * rule.
 */
export function withoutRelatedKey(report: Report): Report {
  if (report.failOnUnknown !== true) return report;
  const open = report.findings.filter((finding) => mustBeKnown(finding, true)).map(({ rule }) => rule);
  return { ...report, failOnUnknown: open.filter((rule) => !CHECKED_BY_KMS.includes(rule)) };
}
