import type { Document } from "../../../core/model/document.ts";
import type { Finding } from "../../../core/model/report.ts";
import type { Problem } from "../../../core/model/source.ts";
import type { Decide, Decision, Outcome } from "../../decide.ts";
import { type Field, fieldOf } from "./field.ts";
import { alike, asBefore, harmless, isMoved, type Review } from "./review.ts";

export interface Verdict {
  allowed: boolean;
  outcome: Outcome;
  /** The findings that deny. */
  reasons: Finding[];
  /** The findings that an update finds and leaves as they are; without it they would deny. */
  known: Finding[];
  /** What else was found. */
  remarks: Finding[];
  suppressed: Finding[];
  problems: Problem[];
  /** Why nothing was judged. */
  harmless?: string;
  document?: Document;
}

/**
 * Whether an object may be stored or deleted. An update answers for what it brings, as with the validation of custom
 * resources (https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#validation-ratcheting):
 * otherwise the controller of a key that is older than the rules could write neither finalizers nor annotations, and
 * nobody could put right one fault at a time.
 */
export function judgeReview(review: Review, decide: Decide): Verdict {
  const why = harmless(review);
  if (why !== undefined) return { ...nothing, allowed: true, outcome: "allowed", harmless: why };
  const decision = decide([{ path: review.path, text: review.text, named: true }]);
  const isUpdate = review.operation === "UPDATE" && decision.outcome === "denied";
  return verdictOf(decision, decide, isUpdate ? knownTo(review, decision, decide) : []);
}

const nothing = { reasons: [], known: [], remarks: [], suppressed: [], problems: [] };

export function verdictOf({ report, document }: Decision, decide: Decide, known: Finding[] = []): Verdict {
  const findings = report.findings.filter((one) => !known.includes(one));
  const { allowed, outcome, reasons } = decide.verdict({ ...report, findings });
  return {
    allowed,
    outcome,
    reasons,
    known,
    remarks: findings.filter((one) => !reasons.includes(one)),
    suppressed: report.exceptions,
    problems: report.problems,
    document,
  };
}

/** The reasons that stood against the object before the update, in fields that it does not touch. */
function knownTo(review: Review, { reasons }: Decision, decide: Decide): Finding[] {
  const text = asBefore(review);
  if (review.oldObject === null || text === undefined || isMoved(review)) return [];
  const before = decide([{ path: review.path, text, named: true }]);
  return reasons.filter((finding) => {
    const { path } = fieldOf(finding.location.pointer, review);
    return (
      before.reasons.some((old) => says(old, finding)) &&
      alike(concerned(review.object, path), concerned(review.oldObject, path))
    );
  });
}

const says = (a: Finding, b: Finding): boolean =>
  a.rule === b.rule && a.statement === b.statement && a.message === b.message;

/** What stands at a field; of the object as a whole, its spec. */
const concerned = (object: unknown, path: Field["path"]): unknown =>
  (path.length === 0 ? ["spec"] : path).reduce<unknown>(
    (value, key) =>
      typeof value === "object" && value !== null && Object.hasOwn(value, key)
        ? (value as { [key: string]: unknown })[key]
        : undefined,
    object,
  );
