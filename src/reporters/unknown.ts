import { addToGroup } from "../core/model/groups.ts";
import type { Finding } from "../core/model/report.ts";

/** Unknown verdicts, with those that have one reason in one group. */
export interface FoldedUnknown {
  /** By assumptions: findings that fail under them. */
  failsIf: { assumptions: string; findings: Finding[] }[];
  /** By cause: findings of several rules or resources that one missing value leaves unknown. */
  causes: { cause: string; findings: Finding[] }[];
  /** The other findings. Their messages name the causes. */
  single: Finding[];
}

export function foldUnknown(findings: Finding[]): FoldedUnknown {
  const failsIf = new Map<string, Finding[]>();
  const byCause = new Map<string, Finding[]>();
  for (const finding of findings) {
    if (finding.failsIf !== undefined) addToGroup(failsIf, finding.failsIf.join(" and "), finding);
    else for (const cause of new Set(finding.causes)) addToGroup(byCause, cause, finding);
  }
  const isShared = ({ causes = [] }: Finding) =>
    causes.some((cause) => (byCause.get(cause)?.length ?? 0) > 1);
  const causes = [...byCause].filter(([, group]) => group.some(isShared));
  return {
    failsIf: [...failsIf].map(([assumptions, group]) => ({ assumptions, findings: group })),
    causes: causes.map(([cause, group]) => ({ cause, findings: group })),
    single: findings.filter((finding) => finding.failsIf === undefined && !isShared(finding)),
  };
}

/** Returns the message of a finding that fails under assumptions, without them. */
export function messageWithoutAssumptions({ message, failsIf = [] }: Finding): string {
  const start = `If ${failsIf.join(" and ")}: `;
  return message.startsWith(start) ? message.slice(start.length) : message;
}

/** Returns the rules that a cause leaves unknown. */
export const rulesOf = (findings: Finding[]): string[] =>
  [...new Set(findings.map(({ rule }) => rule))].sort();

const MAX_RESOURCES = 5;

/** Returns the resources of findings with their first position, once each; many of them are counted. */
export function resourcesOf(findings: Finding[]): string[] {
  const places = new Map<string, string>();
  for (const { resource, location } of findings) {
    const name = JSON.stringify([location.file, resource]);
    if (!places.has(name)) places.set(name, `${resource} (${location.file}:${location.line})`);
  }
  const all = [...places.values()];
  return all.length <= MAX_RESOURCES
    ? all
    : [...all.slice(0, MAX_RESOURCES), `and ${all.length - MAX_RESOURCES} more`];
}
