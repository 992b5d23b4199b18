import type { Document } from "../core/model/document.ts";
import { type TargetOptions, withTarget } from "../core/model/format.ts";
import type { Finding, Report } from "../core/model/report.ts";
import type { CheckInput, CheckOptions, NormalizedInputs } from "../core/options.ts";
import { evaluateRules, normalizeInputs } from "../core/pipeline.ts";
import type { FailMode } from "../session/server-options.ts";

/** `undecided`: an input could not be read, or Keywarden failed. */
export type Outcome = "allowed" | "denied" | "undecided";

export interface Decision {
  /** Whether the change may go on. Of what is undecided it is so in the fail mode `open` alone. */
  allowed: boolean;
  outcome: Outcome;
  /** The findings that deny. */
  reasons: Finding[];
  report: Report;
  /** What the rules saw. */
  document: Document;
}

/** The one way from texts to a decision. Synchronous; never throws for what stands in an input. */
export interface Decide {
  /** `place` is what the request itself knows about the account and the Region. */
  (inputs: Iterable<CheckInput>, place?: TargetOptions): Decision;
  /** Of a document that is normalized already, and has the shape of one. */
  document(document: Document): Decision;
  /** What a report comes to: of one of which findings were taken out. */
  verdict(report: Report): Pick<Decision, "allowed" | "outcome" | "reasons">;
  readonly mode: FailMode;
  /** Of the rules. */
  readonly revision: string;
  /** Of Keywarden. */
  readonly version: string;
}

export interface DecideOptions extends Pick<Decide, "mode" | "revision" | "version"> {
  check: CheckOptions;
  failOnWarn: boolean;
  /** Findings deny nothing. */
  noFail: boolean;
}

export function decider({ check, failOnWarn, noFail, ...about }: DecideOptions): Decide {
  const decided = (normalized: NormalizedInputs): Decision => {
    const report = evaluateRules(normalized, check);
    return { ...verdict(report), report, document: normalized.document };
  };
  const verdict = (report: Report) => {
    const reasons = report.findings.filter(denies);
    const outcome = outcomeOf(report, reasons);
    const allowed = outcome === "allowed" || (outcome === "undecided" && about.mode === "open");
    return { allowed, outcome, reasons };
  };
  const denies = ({ verdict, level }: Finding) =>
    !noFail && verdict === "fail" && (level === "error" || (failOnWarn && level === "warning"));
  // What is certainly wrong stays so, whatever else could not be read.
  const outcomeOf = ({ problems }: Report, reasons: Finding[]): Outcome => {
    if (reasons.length > 0) return "denied";
    return problems.length > 0 ? "undecided" : "allowed";
  };
  return Object.assign(
    (inputs: Iterable<CheckInput>, place: TargetOptions = {}) =>
      decided(normalizeInputs(inputs, withTarget(check, place))),
    { document: (document: Document) => decided({ ...nothingRead, document }), verdict, ...about },
  );
}

const nothingRead = {
  problems: [],
  notices: [],
  parsed: new Map(),
  readPaths: new Set<string>(),
  acknowledged: [],
  isRequested: () => true,
};
