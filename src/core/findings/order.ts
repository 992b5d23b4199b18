import type { Finding } from "../model/report.ts";

/** Compares findings by file, line, column and rule. */
export const compareFindings = (
  { location: a, rule: x }: Finding,
  { location: b, rule: y }: Finding,
): number => compare(a.file, b.file) || a.line - b.line || a.column - b.column || compare(x, y);

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
