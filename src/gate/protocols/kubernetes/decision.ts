import type { Document } from "../../../core/model/document.ts";
import { isSuppressionName } from "../../../core/model/inline-suppression.ts";
import { asMap, type JsonMap } from "../../../core/model/json.ts";
import type { OpenQuestion } from "../../../core/model/open-questions.ts";
import type { Finding, Report } from "../../../core/model/report.ts";
import type { UnseenPart } from "../../../core/model/source.ts";
import { type Decider, type DecisionOutcome, type PolicyDecision, withReport } from "../../decision.ts";
import { withoutRelatedKey } from "../../related-key.ts";
import { withProblem, withRequiredContent } from "../../required-content.ts";
import { type ObjectField, objectField } from "./field.ts";
import {
  type AdmissionReviewRequest,
  deepEqual,
  isBeingDeleted,
  reviewOfDeletion,
  reviewOfOldObject,
  skipReason,
  targetsOtherKey,
} from "./review.ts";

export interface ReviewDecision {
  allowed: boolean;
  outcome: DecisionOutcome;
  denyingFindings: Finding[];
  /** Findings in fields that an update does not change. On a new object they would deny. */
  preexistingFindings: Finding[];
  /** Findings that neither deny nor would deny a new object. */
  otherFindings: Finding[];
  suppressed: Finding[];
  /** Why the decision is open. */
  openQuestions: OpenQuestion[];
  unseen: UnseenPart[];
  /** One sentence for each suppression in the object that has no effect, for example because a rule is misspelled. */
  ineffectiveSuppressions: string[];
  /** Why the rules were not evaluated. */
  skipReason?: string;
  document?: Document;
}

/**
 * Decides whether an object may be stored or deleted. An update is denied only for findings that it introduces, like
 * the validation of custom resources
 * (https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#validation-ratcheting).
 * Otherwise, the controller of an existing key could not write finalizers or annotations after a rule is added, and
 * nobody could fix one of several findings at a time.
 */
export function decideReview(review: AdmissionReviewRequest, decide: Decider): ReviewDecision {
  const reason = skipReason(review);
  if (reason !== undefined) return { ...noFindings, allowed: true, outcome: "allowed", skipReason: reason };
  if (review.operation === "UPDATE" && isBeingDeleted(review)) return decideRetention(review, decide);
  const decision = decideObject(review, decide);
  const isDeniedUpdate = review.operation === "UPDATE" && decision.outcome === "denied";
  const reviewed = reviewDecision(
    decision,
    decide,
    isDeniedUpdate ? preexistingIn(review, decision, decide) : [],
  );
  const { ineffectiveSuppressions } = reviewed;
  return {
    ...reviewed,
    ineffectiveSuppressions: [...ineffectiveSuppressions, ...misspelledAnnotations(review.object)],
  };
}

/**
 * Decides on an update of an object that is being deleted. Its controller applies no update anymore, but still reads
 * whether to delete the key too. The update is denied if Keywarden would deny the deletion of the new object, but not
 * that of the old one.
 */
function decideRetention(review: AdmissionReviewRequest, decide: Decider): ReviewDecision {
  const deletionOf = (object: JsonMap | null) =>
    decideObject({ path: review.path, text: reviewOfDeletion(review, object) ?? review.text }, decide);
  const decision = deletionOf(review.object);
  if (decision.outcome !== "denied") return reviewDecision(decision, decide);
  const { denyingFindings } = deletionOf(review.oldObject);
  const preexisting = decision.denyingFindings.filter((finding) =>
    denyingFindings.some((oldFinding) => isSameFinding(oldFinding, finding)),
  );
  return reviewDecision(decision, decide, preexisting);
}

/** Returns the decision about an object or an AdmissionReview. */
export function decideObject(
  { path, text }: Pick<AdmissionReviewRequest, "path" | "text">,
  decide: Decider,
): PolicyDecision {
  const alone = decide([{ path, text, named: true, nameOnly: true }]);
  const report = withoutRelatedKey(alone.report);
  const decision = alone.outcome === "undecided" ? withReport(alone, report, decide) : { ...alone, report };
  // Fields of another format would hide the object, because the first format that detects a value reads it.
  return [...decision.formats].some((format) => format !== "kubernetes")
    ? withProblem(decision, { file: path, ...otherFormat }, decide)
    : withRequiredContent(decision, path, decide);
}

const otherFormat = {
  message: "The object has fields at its root that make it a template, a plan or a policy.",
  remedy: "Remove all fields except apiVersion, kind, metadata, spec and status.",
};

const noFindings = {
  denyingFindings: [],
  preexistingFindings: [],
  otherFindings: [],
  suppressed: [],
  openQuestions: [],
  unseen: [],
  ineffectiveSuppressions: [],
};

export const reportedFindings = ({
  denyingFindings,
  preexistingFindings,
  otherFindings,
}: ReviewDecision): Finding[] => [...denyingFindings, ...preexistingFindings, ...otherFindings];

export function reviewDecision(
  decision: PolicyDecision,
  decide: Decider,
  preexistingFindings: Finding[] = [],
): ReviewDecision {
  const { report, document } = decision;
  const findings = report.findings.filter((finding) => !preexistingFindings.includes(finding));
  const { allowed, outcome, denyingFindings, openQuestions } =
    preexistingFindings.length === 0 ? decision : decide.conclude({ ...report, findings });
  return {
    allowed,
    outcome,
    denyingFindings,
    preexistingFindings,
    otherFindings: findings.filter((finding) => !denyingFindings.includes(finding)),
    suppressed: report.exceptions,
    openQuestions,
    unseen: report.unseen,
    ineffectiveSuppressions: ineffectiveSuppressionsIn(report),
    document,
  };
}

/** Notices about config files concern every request, and those about objects without KMS content concern none. */
const ineffectiveSuppressionsIn = ({ notices, files }: Report): string[] =>
  notices.filter((notice) => files.some(({ file }) => file === notice.file)).map(({ message }) => message);

const misspelledAnnotations = (object: JsonMap | null): string[] =>
  Object.keys(asMap(asMap(object?.metadata).annotations))
    .filter((name) => /^keywarden\b/i.test(name) && !isSuppressionName(name))
    .map((name) => `The annotation ${name} has no effect. Suppressions are in keywarden.dev/ignore.`);

/** Returns the denying findings that the old object also has, in fields that the update does not change. */
function preexistingIn(
  review: AdmissionReviewRequest,
  { denyingFindings }: PolicyDecision,
  decide: Decider,
): Finding[] {
  const text = reviewOfOldObject(review);
  if (review.oldObject === null || text === undefined || targetsOtherKey(review)) return [];
  const before = decideObject({ path: review.path, text }, decide);
  return denyingFindings.filter((finding) => {
    const { path } = objectField(finding.location.pointer, review);
    return (
      before.denyingFindings.some((oldFinding) => isSameFinding(oldFinding, finding)) &&
      deepEqual(valueAt(review.object, path), valueAt(review.oldObject, path))
    );
  });
}

const isSameFinding = (a: Finding, b: Finding): boolean =>
  a.rule === b.rule && a.statement === b.statement && a.message === b.message;

/** Returns the value of a field; the spec if the path is empty. */
const valueAt = (object: unknown, path: ObjectField["path"]): unknown =>
  (path.length === 0 ? ["spec"] : path).reduce<unknown>(
    (value, key) =>
      typeof value === "object" && value !== null && Object.hasOwn(value, key)
        ? (value as { [key: string]: unknown })[key]
        : undefined,
    object,
  );
