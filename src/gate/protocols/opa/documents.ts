import type { Document } from "../../../core/model/document.ts";
import type { Finding, Notice } from "../../../core/model/report.ts";
import type { Problem, UnseenPart } from "../../../core/model/source.ts";
import { fileResults } from "../../../reporters/checks.ts";
import { jsonResult, unseenResult } from "../../../reporters/json.ts";
import type { Decider, DecisionOutcome, PolicyDecision } from "../../decision.ts";

/** A result object of conftest. */
type OpaResult = ReturnType<typeof jsonResult> | ReturnType<typeof unseenResult> | ProblemResult;

/** A problem in the shape of a conftest result. */
interface ProblemResult {
  msg: string;
  loc: { file: string; line?: number };
  metadata: Omit<Problem, "message">;
}

/** The documents below `data.keywarden`. */
export interface OpaDocuments {
  allow: boolean;
  /** Empty if and only if the change is allowed. */
  deny: OpaResult[];
  warn: OpaResult[];
  skipped: OpaResult[];
  exceptions: OpaResult[];
  problems: Problem[];
  /** Parts of the input that were not checked. */
  unseen: UnseenPart[];
  notices: Notice[];
  outcome: DecisionOutcome;
  revision: string;
  /** Only included if it is requested by name. */
  document?: Document;
}

/**
 * Returns the documents of a decision. A client may read only `deny`, so an empty list must mean that the change is
 * allowed. Warnings and problems that deny are therefore in `deny`, and findings that do not deny are in `warn`.
 */
export function opaDocuments(
  { allowed, outcome, openQuestions, report, document }: PolicyDecision,
  decide: Decider,
): OpaDocuments {
  const { problems, unseen, notices } = report;
  const ruleChecks = fileResults(report);
  const results = (findings: Finding[]) => findings.map((finding) => jsonResult(finding, report.dataVersion));
  const failures = ruleChecks.flatMap((check) => check.failures);
  const warnings = ruleChecks.flatMap((check) => check.warnings);
  const isDeniedByWarnings = outcome === "denied" && failures.length === 0;
  const denying = isDeniedByWarnings ? warnings.filter(({ level }) => level === "warning") : failures;
  const others = isDeniedByWarnings ? warnings.filter(({ level }) => level !== "warning") : warnings;
  return {
    allow: allowed,
    deny: allowed ? [] : [...openQuestions.map(problemResult), ...results(denying)],
    warn: results(allowed ? [...failures, ...others] : others),
    skipped: [
      ...results(ruleChecks.flatMap((check) => check.skipped)),
      ...unseen.map((part) => unseenResult(part, report.dataVersion)),
    ],
    exceptions: results(ruleChecks.flatMap((check) => check.exceptions)),
    problems,
    unseen,
    notices,
    outcome,
    revision: decide.revision,
    document,
  };
}

const problemResult = ({ message, ...problem }: Problem): ProblemResult => ({
  msg: `${message} ${problem.remedy}`,
  loc: { file: problem.file, ...(problem.line === undefined ? {} : { line: problem.line }) },
  metadata: problem,
});

/** Returns the value at a path below `data`, which starts with `keywarden`; undefined if there is none. */
export function documentAt(path: string[], { document, ...documents }: OpaDocuments): unknown {
  const [, name] = path;
  const keywarden = name === undefined ? documents : { ...documents, document };
  return path.reduce<unknown>(childOf, { keywarden });
}

/** Returns whether OPA reads a path segment as an array index, and never as an object key. */
export const isArrayIndex = (segment: string): boolean => /^[+-]?\d+$/.test(segment);

function childOf(value: unknown, segment: string): unknown {
  if (Array.isArray(value)) return /^\d+$/.test(segment) ? value[Number(segment)] : undefined;
  const mayHaveKey = typeof value === "object" && value !== null && !isArrayIndex(segment);
  return mayHaveKey && Object.hasOwn(value, segment)
    ? (value as { [key: string]: unknown })[segment]
    : undefined;
}
