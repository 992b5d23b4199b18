import type { Report } from "../core/model/report.ts";
import { count } from "./style.ts";

/** Numbers of findings, resources and files, for a summary. */
export interface ReportCounts {
  errors: number;
  warnings: number;
  notes: number;
  unknown: number;
  suppressed: number;
  resources: number;
  files: number;
  unread: number;
  /** Parts that were not checked. */
  unseen: number;
}

export function countsOf({ findings, exceptions, files, problems, unseen }: Report): ReportCounts {
  const failed = (level: string) => findings.filter((f) => f.verdict === "fail" && f.level === level).length;
  return {
    errors: failed("error"),
    warnings: failed("warning"),
    notes: failed("note"),
    unknown: findings.filter((f) => f.verdict === "unknown").length,
    suppressed: exceptions.length,
    resources: files.reduce((sum, file) => sum + file.resources, 0),
    files: files.length,
    unread: new Set(problems.map(({ file }) => file)).size,
    unseen: unseen.length,
  };
}

/** Returns `2 errors, 1 warning, 0 notes, 3 unknown`, and the numbers of suppressed findings and unseen parts, if any. */
export const countsText = ({ errors, warnings, notes, unknown, suppressed, unseen }: ReportCounts): string =>
  [
    count(errors, "error"),
    count(warnings, "warning"),
    count(notes, "note"),
    `${unknown} unknown`,
    ...(suppressed === 0 ? [] : [`${suppressed} suppressed`]),
    ...(unseen === 0 ? [] : [unseenCount(unseen)]),
  ].join(", ");

export const unseenCount = (unseen: number): string => `${count(unseen, "part")} not checked`;
