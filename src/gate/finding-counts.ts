import type { Finding } from "../core/model/report.ts";
import type { FindingCount } from "./protocol.ts";

/** Returns the numbers of failures for the metrics. Unknown verdicts are not failures. */
export function findingCounts(findings: Finding[]): FindingCount[] {
  const counts = new Map<string, FindingCount>();
  for (const { rule, level, verdict } of findings) {
    if (verdict !== "fail") continue;
    const key = `${rule} ${level}`;
    const entry = counts.get(key);
    if (entry === undefined) counts.set(key, { rule, level, count: 1 });
    else entry.count++;
  }
  return [...counts.values()];
}
