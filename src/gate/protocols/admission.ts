import { plainLine } from "../../core/model/escape.ts";
import { encodeJson, encodeText } from "../../reporters/encode.ts";
import type { FailMode } from "../../session/server-options.ts";
import type { Decider, DecisionOutcome } from "../decision.ts";
import { failedDecision, retryAfterHeader } from "../failure.ts";
import { findingCounts } from "../finding-counts.ts";
import { utf8ToString } from "../media.ts";
import { truncateText, undecidedReason } from "../messages.ts";
import type {
  FindingCount,
  Protocol,
  ProtocolRequest,
  ProtocolResponse,
  RequestFailure,
} from "../protocol.ts";
import { decideReview, type ReviewDecision, reportedFindings } from "./kubernetes/decision.ts";
import { type ReviewHeader, scanReviewHeader } from "./kubernetes/header.ts";
import {
  denialMessage,
  notCheckedWarning,
  reviewWarnings,
  undecidedReviewMessage,
} from "./kubernetes/messages.ts";
import { parseReview } from "./kubernetes/review.ts";

export const ADMISSION_PATH = "/kubernetes/admission";
/** Name of the decision in the decision log. */
const DECISION_PATH = "kubernetes/admission";

/** Validating admission webhooks of Kubernetes: AdmissionReview v1, and v1beta1, which has the same response. */
export const admissionProtocol: Protocol = {
  name: "kubernetes-admission",
  matches: (method, path) => method === "POST" && path === ADMISSION_PATH,
  handle,
  handleFailure,
};

/** The AdmissionResponse of a validating webhook: https://kubernetes.io/docs/reference/kubernetes-api/ */
interface AdmissionResponse {
  uid: string;
  allowed: boolean;
  status?: AdmissionStatus;
  warnings?: string[];
  /** The API server prefixes each key with the name of the webhook. */
  auditAnnotations?: { [key: string]: string };
}

interface AdmissionStatus {
  code: number;
  /** A reason of Kubernetes' metav1.Status, which kubectl prints. */
  reason: string;
  message: string;
  /** Makes the API server send a Retry-After header, so that client-go retries. */
  details?: { retryAfterSeconds: number };
}

function handle({ id, body }: ProtocolRequest, decide: Decider): ProtocolResponse {
  const text = utf8ToString(body) ?? "";
  const header = scanReviewHeader(text);
  if (!isCompleteHeader(header)) return textResponse(400, unsupportedBody(header));
  const review = parseReview(text);
  const identity = { revision: decide.revision, "decision-id": id };
  if (typeof review === "string")
    return reviewResponse(
      header,
      unreadableReview(header.uid, review, decide.failMode),
      identity,
      "undecided",
      undefined,
      [],
      undecidedReason({ outcome: "undecided" }),
    );
  const decision = decideReview(review, decide);
  const warnings = reviewWarnings(decision);
  const response: AdmissionResponse = {
    uid: header.uid,
    allowed: decision.allowed,
    ...(decision.allowed ? {} : { status: forbidden(denialMessage(review.resource, decision, review)) }),
    ...(warnings.length === 0 ? {} : { warnings }),
  };
  const annotations = { ...identity, ...auditAnnotations(decision) };
  return reviewResponse(
    header,
    response,
    annotations,
    decision.outcome,
    decision.document,
    findingCounts(reportedFindings(decision)),
    undecidedReason(decision),
  );
}

type CompleteHeader = Required<ReviewHeader>;

const isCompleteHeader = (header: ReviewHeader): header is CompleteHeader =>
  /^admission\.k8s\.io\/v1(beta1)?$/.test(header.apiVersion ?? "") &&
  header.kind === "AdmissionReview" &&
  (header.uid ?? "") !== "";

const unsupportedBody = ({ apiVersion, kind, uid }: ReviewHeader): string => {
  const expected = "The body must be an AdmissionReview of admission.k8s.io/v1 in JSON";
  if (apiVersion === undefined || kind === undefined)
    return `${expected}, but it has no apiVersion and kind.`;
  if (kind === "AdmissionReview" && apiVersion.startsWith("admission.k8s.io/v1") && !uid)
    return `${expected}, but it has no request.uid.`;
  return truncateText(plainLine(`${expected}, but it is ${apiVersion} ${kind}.`), 300);
};

function unreadableReview(uid: string, message: string, failMode: FailMode): AdmissionResponse {
  const problem = {
    message,
    remedy: "Check for proxies between the API server and Keywarden that change the request.",
  };
  return failMode === "open"
    ? { uid, allowed: true, warnings: [truncateText(notCheckedWarning(problem), 256)] }
    : { uid, allowed: false, status: forbidden(undecidedReviewMessage("the object", [problem])) };
}

const forbidden = (message: string): AdmissionStatus => ({ code: 403, reason: "Forbidden", message });

/** Audit annotations: keys have no `/`, and values have a limited length. */
function auditAnnotations({
  outcome,
  denyingFindings,
  preexistingFindings,
  otherFindings,
  suppressed,
  skipReason,
}: ReviewDecision) {
  const rulesOf = (findings: { rule: string }[]) =>
    truncateText([...new Set(findings.map(({ rule }) => rule))].join(","), 1000);
  const all: { [key: string]: string } = {
    outcome,
    rules: rulesOf(denyingFindings),
    preexisting: rulesOf(preexistingFindings),
    other: rulesOf(otherFindings),
    suppressed: rulesOf(suppressed),
    "skip-reason": skipReason ?? "",
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== ""));
}

function reviewResponse(
  { apiVersion }: CompleteHeader,
  response: AdmissionResponse,
  auditAnnotations: { [key: string]: string },
  outcome: DecisionOutcome,
  input?: unknown,
  findings: FindingCount[] = [],
  reason?: string,
): ProtocolResponse {
  const result = { ...response, auditAnnotations };
  return {
    status: 200,
    headers: { "content-type": "application/json" },
    body: encodeJson({ apiVersion, kind: "AdmissionReview", response: result }),
    decision: {
      path: DECISION_PATH,
      outcome,
      result,
      ...(input === undefined ? {} : { input }),
      ...(reason === undefined ? {} : { reason }),
      findings,
    },
  };
}

const textResponse = (
  status: number,
  message: string,
  headers: ProtocolResponse["headers"] = {},
): ProtocolResponse => ({
  status,
  headers: { "content-type": "text/plain; charset=utf-8", ...headers },
  body: encodeText(`${message}\n`),
});

/** Status codes and reasons of Kubernetes' metav1.Status. */
const FAILURE_STATUS: { [kind in RequestFailure["kind"]]: { code: number; reason: string } } = {
  timeout: { code: 504, reason: "Timeout" },
  crashed: { code: 500, reason: "InternalError" },
  internal: { code: 500, reason: "InternalError" },
  overloaded: { code: 429, reason: "TooManyRequests" },
  stopping: { code: 503, reason: "ServiceUnavailable" },
  disconnected: { code: 400, reason: "BadRequest" },
  "too-large": { code: 413, reason: "RequestEntityTooLarge" },
  unreadable: { code: 400, reason: "BadRequest" },
};

/** Without a uid, no AdmissionResponse is possible, and the failurePolicy of the webhook applies. */
function handleFailure(
  { body }: ProtocolRequest,
  failure: RequestFailure,
  failMode: FailMode,
): ProtocolResponse {
  const { kind, message, retryAfterSeconds } = failure;
  const { code, reason } = FAILURE_STATUS[kind];
  const header = scanReviewHeader(new TextDecoder().decode(body));
  if (!isCompleteHeader(header))
    return {
      ...textResponse(code, message, retryAfterHeader(failure)),
      decision: failedDecision(DECISION_PATH),
    };
  const { uid } = header;
  const details =
    retryAfterSeconds === undefined ? {} : { details: { retryAfterSeconds: Math.ceil(retryAfterSeconds) } };
  const denial = `Keywarden could not decide and denies the request: ${message}`;
  const response: AdmissionResponse =
    failMode === "open"
      ? { uid, allowed: true, warnings: [truncateText(plainLine(notCheckedWarning({ message })), 256)] }
      : {
          uid,
          allowed: false,
          status: { code, reason, message: truncateText(plainLine(denial), 1000), ...details },
        };
  return reviewResponse(header, response, { outcome: "undecided", failure: kind }, "undecided");
}
