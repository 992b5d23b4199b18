import type { Document } from "../../../core/model/document.ts";
import type { Finding, Notice } from "../../../core/model/report.ts";
import type { Problem } from "../../../core/model/source.ts";
import { fileResults } from "../../../reporters/checks.ts";
import { jsonResult } from "../../../reporters/json.ts";
import type { Decide, Decision, Outcome } from "../../decide.ts";

/** conftest's result object. */
type Result = ReturnType<typeof jsonResult> | Refusal;

/** A problem in its shape. */
interface Refusal {
  msg: string;
  loc: { file: string; line?: number };
  metadata: Omit<Problem, "message">;
}

/** What stands below `data.keywarden`. */
export interface Documents {
  allow: boolean;
  /** What stands against the change. Empty where it is allowed, and only there. */
  deny: Result[];
  warn: Result[];
  skipped: Result[];
  exceptions: Result[];
  problems: Problem[];
  notices: Notice[];
  outcome: Outcome;
  revision: string;
  /** By its own name alone. */
  document?: Document;
}

/**
 * Whoever asks for `deny` alone must not take silence for a pass: where the change is denied by warnings, or because
 * something could not be read, they stand there too; and what denies nothing stands in `warn`.
 */
export function documentsOf({ allowed, outcome, report, document }: Decision, decide: Decide): Documents {
  const { problems, notices } = report;
  const of = fileResults(report);
  const results = (findings: Finding[]) => findings.map((finding) => jsonResult(finding, report.dataVersion));
  const failures = of.flatMap((check) => check.failures);
  const warnings = of.flatMap((check) => check.warnings);
  const byWarnings = outcome === "denied" && failures.length === 0;
  const against = byWarnings ? warnings.filter(({ level }) => level === "warning") : failures;
  const rest = byWarnings ? warnings.filter(({ level }) => level !== "warning") : warnings;
  return {
    allow: allowed,
    deny: allowed ? [] : [...problems.map(refusal), ...results(against)],
    warn: results(allowed ? [...failures, ...rest] : rest),
    skipped: results(of.flatMap((check) => check.skipped)),
    exceptions: results(of.flatMap((check) => check.exceptions)),
    problems,
    notices,
    outcome,
    revision: decide.revision,
    document,
  };
}

const refusal = ({ message, ...problem }: Problem): Refusal => ({
  msg: `${message} ${problem.remedy}`,
  loc: { file: problem.file, ...(problem.line === undefined ? {} : { line: problem.line }) },
  metadata: problem,
});

/** The value at a path below `data`, of which the first part is `keywarden`; undefined where there is none. */
export function at(path: string[], { document, ...all }: Documents): unknown {
  const [, name] = path;
  const keywarden = name === undefined ? all : { ...all, document };
  return path.reduce<unknown>(childOf, { keywarden });
}

/** What OPA takes for the position in a list, and never for a key. */
export const isNumber = (part: string): boolean => /^[+-]?\d+$/.test(part);

function childOf(value: unknown, part: string): unknown {
  if (Array.isArray(value)) return /^\d+$/.test(part) ? value[Number(part)] : undefined;
  const isKey = typeof value === "object" && value !== null && !isNumber(part);
  return isKey && Object.hasOwn(value, part) ? (value as { [key: string]: unknown })[part] : undefined;
}
