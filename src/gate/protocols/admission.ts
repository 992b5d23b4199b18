import type { FailMode } from "../../session/server-options.ts";
import type { Decide, Outcome } from "../decide.ts";
import { retryAfter as retryHeader } from "../failure.ts";
import { utf8 } from "../media.ts";
import { cut } from "../messages.ts";
import type { Answer, Failure, Protocol, Request } from "../protocol.ts";
import { type Head, headOf } from "./kubernetes/head.ts";
import { reviewIn } from "./kubernetes/review.ts";
import { judgeReview, type Verdict } from "./kubernetes/verdict.ts";
import { clean, denialOf, unchecked, undecided, warningsOf } from "./kubernetes/words.ts";

export const ADMISSION = "/kubernetes/admission";

/** Kubernetes' validating webhooks: AdmissionReview v1, and v1beta1, which has the same response. */
export const admission: Protocol = {
  name: "kubernetes-admission",
  answers: (method, path) => method === "POST" && path === ADMISSION,
  answer,
  failed,
};

/** https://kubernetes.io/docs/reference/kubernetes-api/ - AdmissionResponse, as far as a webhook that changes nothing has one. */
interface Response {
  uid: string;
  allowed: boolean;
  status?: Status;
  warnings?: string[];
  /** The API server puts the webhook's name before each key. */
  auditAnnotations?: { [key: string]: string };
}

interface Status {
  code: number;
  /** The API server's words for the code; kubectl prints them. */
  reason: string;
  message: string;
  /** With it the API server answers with Retry-After, and client-go tries again. */
  details?: { retryAfterSeconds: number };
}

function answer({ id, body }: Request, decide: Decide): Answer {
  const text = utf8(body) ?? "";
  const head = headOf(text);
  if (!isReview(head)) return plain(400, notOurs(head));
  const review = reviewIn(text);
  const about = { revision: decide.revision, "decision-id": id };
  if (typeof review === "string")
    return answered(head, unreadable(head.uid, review, decide.mode), about, "undecided");
  const verdict = judgeReview(review, decide);
  const warnings = warningsOf(verdict);
  const response: Response = {
    uid: head.uid,
    allowed: verdict.allowed,
    ...(verdict.allowed ? {} : { status: forbidden(denialOf(review.resource, verdict, review)) }),
    ...(warnings.length === 0 ? {} : { warnings }),
  };
  return answered(head, response, { ...about, ...annotationsOf(verdict) }, verdict.outcome, verdict.document);
}

type ReviewHead = Required<Head>;

const isReview = (head: Head): head is ReviewHead =>
  /^admission\.k8s\.io\/v1(beta1)?$/.test(head.apiVersion ?? "") &&
  head.kind === "AdmissionReview" &&
  (head.uid ?? "") !== "";

const notOurs = ({ apiVersion, kind, uid }: Head): string => {
  const wanted = "An AdmissionReview of admission.k8s.io/v1 in JSON is wanted";
  if (apiVersion === undefined || kind === undefined)
    return `${wanted}: this body has no apiVersion and kind.`;
  if (kind === "AdmissionReview" && apiVersion.startsWith("admission.k8s.io/v1") && !uid)
    return `${wanted}: this one has no request.uid.`;
  return cut(clean(`${wanted}, and not ${apiVersion} ${kind}.`), 300);
};

function unreadable(uid: string, message: string, mode: FailMode): Response {
  const problem = { message, remedy: "The API server writes reviews itself: see what stands between." };
  return mode === "open"
    ? { uid, allowed: true, warnings: [cut(unchecked(problem), 256)] }
    : { uid, allowed: false, status: forbidden(undecided("The object", [problem])) };
}

const forbidden = (message: string): Status => ({ code: 403, reason: "Forbidden", message });

/** Keys without a `/`, values of a bounded length. */
function annotationsOf({ outcome, reasons, known, remarks, suppressed, harmless }: Verdict) {
  const rules = (list: { rule: string }[]) => cut([...new Set(list.map(({ rule }) => rule))].join(","), 1000);
  const all: { [key: string]: string } = {
    outcome,
    rules: rules(reasons),
    known: rules(known),
    remarks: rules(remarks),
    suppressed: rules(suppressed),
    unjudged: harmless ?? "",
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== ""));
}

function answered(
  { apiVersion }: ReviewHead,
  response: Response,
  auditAnnotations: { [key: string]: string },
  outcome: Outcome,
  input?: unknown,
): Answer {
  const whole = { ...response, auditAnnotations };
  return {
    status: 200,
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ apiVersion, kind: "AdmissionReview", response: whole }),
    decision: {
      path: "kubernetes/admission",
      outcome,
      result: whole,
      ...(input === undefined ? {} : { input }),
    },
  };
}

const plain = (status: number, message: string, headers: Answer["headers"] = {}): Answer => ({
  status,
  headers: { "content-type": "text/plain; charset=utf-8", ...headers },
  body: `${message}\n`,
});

const failures: { [kind in Failure["kind"]]: { code: number; reason: string } } = {
  timeout: { code: 504, reason: "Timeout" },
  crashed: { code: 500, reason: "InternalError" },
  internal: { code: 500, reason: "InternalError" },
  overloaded: { code: 429, reason: "TooManyRequests" },
  stopping: { code: 503, reason: "ServiceUnavailable" },
  "too-large": { code: 413, reason: "RequestEntityTooLarge" },
  unreadable: { code: 400, reason: "BadRequest" },
};

/** Without a uid there can be no verdict: then the webhook's failurePolicy decides. */
function failed({ body }: Request, failure: Failure, mode: FailMode): Answer {
  const { kind, message, retryAfter } = failure;
  const { code, reason } = failures[kind];
  const head = headOf(new TextDecoder().decode(body));
  if (!isReview(head)) return plain(code, message, retryHeader(failure));
  const { uid } = head;
  const details = retryAfter === undefined ? {} : { details: { retryAfterSeconds: Math.ceil(retryAfter) } };
  const said = `Keywarden could not decide, and what cannot be decided is denied: ${message}`;
  const response: Response =
    mode === "open"
      ? { uid, allowed: true, warnings: [cut(clean(unchecked({ message })), 256)] }
      : { uid, allowed: false, status: { code, reason, message: cut(clean(said), 1000), ...details } };
  return answered(head, response, { outcome: "undecided", failure: kind }, "undecided");
}
