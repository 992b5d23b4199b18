import type { Document } from "../core/model/document.ts";
import { type TargetOptions, withTarget } from "../core/model/format.ts";
import { type OpenQuestion, openQuestions } from "../core/model/open-questions.ts";
import { Redactor } from "../core/model/redactor.ts";
import type { Finding, Report } from "../core/model/report.ts";
import type { CheckInput, CheckOptions, NormalizedInputs } from "../core/options.ts";
import { evaluateRules, normalizeInputs } from "../core/pipeline.ts";
import type { FailMode } from "../session/server-options.ts";

/**
 * `undecided`: Keywarden failed, could not read an input, or cannot tell a verdict that must be known. `empty`: nothing in
 * the input is a template, plan, change set, policy, Kubernetes object or Terraform file, so there was nothing to check.
 */
export type DecisionOutcome = "allowed" | "denied" | "undecided" | "empty";

export interface PolicyDecision {
  /** True if the change may proceed. An undecided change may proceed only in fail mode `open`. */
  allowed: boolean;
  outcome: DecisionOutcome;
  denyingFindings: Finding[];
  /** Why the decision is open: unreadable inputs and, on request, unknown verdicts and parts that were not checked. */
  openQuestions: OpenQuestion[];
  /** Names of the formats that Keywarden recognized in the inputs. */
  formats: ReadonlySet<string>;
  /** Paths of the inputs in which Keywarden recognized nothing. */
  unrecognized: string[];
  report: Report;
  /** The document that the rules evaluated, without sensitive values. */
  document: Document;
  /** The document with sensitive values, for further decisions about it. Never shown or logged. */
  evaluated: EvaluatedDocument;
}

export type EvaluatedDocument = Pick<NormalizedInputs, "document" | "redactor">;

/** Decides about inputs, for every protocol. Synchronous; no content of an input makes it throw. */
export interface Decider {
  /** `target` is the account and Region that the request states. */
  (inputs: Iterable<CheckInput>, target?: TargetOptions): PolicyDecision;
  /** Decides about a document that is already normalized and valid. `redactor`: for its sensitive values. */
  decideDocument(document: Document, redactor?: Redactor): PolicyDecision;
  /** Returns the decision for a report, for example after some findings were removed from it. */
  conclude(report: Report): Pick<PolicyDecision, "allowed" | "outcome" | "denyingFindings" | "openQuestions">;
  readonly failMode: FailMode;
  /** An input with a file in which Keywarden recognizes nothing is undecided instead of empty or allowed. */
  readonly requireContent: boolean;
  /** Revision of the rules. */
  readonly revision: string;
  /** Version of Keywarden. */
  readonly version: string;
}

/** Returns a decision with another report. */
export const withReport = (decision: PolicyDecision, report: Report, decide: Decider): PolicyDecision => ({
  ...decision,
  ...decide.conclude(report),
  report,
});

export interface DeciderOptions
  extends Pick<Decider, "failMode" | "requireContent" | "revision" | "version"> {
  check: CheckOptions;
  /** Warnings deny too. */
  failOnWarn: boolean;
  /** Neither findings nor unchecked parts deny. */
  noFail: boolean;
}

export function createDecider({ check, failOnWarn, noFail, ...properties }: DeciderOptions): Decider {
  const decide = (normalized: NormalizedInputs): PolicyDecision => {
    const report = evaluateRules(normalized, check);
    const { document, redactor, formats, unrecognized } = normalized;
    const conclusion = conclude(report);
    const isEmpty = conclusion.outcome === "allowed" && formats.size === 0;
    return {
      ...conclusion,
      ...(isEmpty ? { outcome: "empty" } : {}),
      formats,
      unrecognized,
      report,
      document: redactor.value(document),
      evaluated: { document, redactor },
    };
  };
  const conclude = (report: Report) => {
    const denyingFindings = report.findings.filter(denies);
    const questions = noFail ? report.problems : openQuestions(report);
    const outcome = outcomeOf(questions, denyingFindings);
    const allowed = outcome === "allowed" || (outcome === "undecided" && properties.failMode === "open");
    return { allowed, outcome, denyingFindings, openQuestions: questions };
  };
  const denies = ({ verdict, level }: Finding) =>
    !noFail && verdict === "fail" && (level === "error" || (failOnWarn && level === "warning"));
  // A failure that is certain denies the change even if other inputs could not be read.
  const outcomeOf = (questions: OpenQuestion[], denyingFindings: Finding[]): DecisionOutcome => {
    if (denyingFindings.length > 0) return "denied";
    return questions.length > 0 ? "undecided" : "allowed";
  };
  return Object.assign(
    (inputs: Iterable<CheckInput>, target: TargetOptions = {}) =>
      decide(normalizeInputs(inputs, withTarget(check, target))),
    {
      decideDocument: (document: Document, redactor = new Redactor()) =>
        decide({ ...withoutSources, document, redactor }),
      conclude,
      ...properties,
    },
  );
}

const withoutSources = {
  problems: [],
  notices: [],
  parsed: new Map(),
  readPaths: new Set<string>(),
  acknowledged: [],
  isRequested: () => true,
  formats: new Set(["document"]),
  unrecognized: [],
};
