import type { DecisionRecord, ProtocolResponse, RequestFailure } from "./protocol.ts";

/** HTTP status of a request without a decision, for protocols that do not define one. */
export const failureStatus: { readonly [kind in RequestFailure["kind"]]: number } = {
  unreadable: 400,
  "too-large": 413,
  overloaded: 429,
  // Never sent. nginx logs this status if the client disconnects before the response.
  disconnected: 499,
  crashed: 500,
  internal: 500,
  stopping: 503,
  timeout: 503,
};

/** https://www.rfc-editor.org/rfc/rfc9110#field.retry-after */
export const retryAfterHeader = ({ retryAfterSeconds }: RequestFailure): { [name: string]: string } =>
  retryAfterSeconds === undefined ? {} : { "retry-after": String(Math.ceil(retryAfterSeconds)) };

/** Returns the record of a request that was not decided, and whose answer contains no verdict. */
export const failedDecision = (path: string): DecisionRecord => ({ path, outcome: "undecided" });

/** Returns a response with the failure in the record of its decision, if it has one. */
export const withFailure = (
  response: ProtocolResponse,
  { kind, message }: RequestFailure,
): ProtocolResponse =>
  response.decision === undefined
    ? response
    : { ...response, decision: { ...response.decision, error: { code: kind, message } } };

/** Returns the failure of a client that already has the maximum number of requests in progress. */
export const clientLimitReached = (maximum: number): RequestFailure => ({
  kind: "overloaded",
  message: `This client already has ${maximum} ${maximum === 1 ? "request" : "requests"} in progress.`,
  retryAfterSeconds: 1,
});

/** All workers are busy, and the queue or the memory for request bodies is full. */
export const tooManyRequests: RequestFailure = {
  kind: "overloaded",
  message: "Too many requests are waiting for a decision.",
  retryAfterSeconds: 1,
};
