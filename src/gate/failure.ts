import type { DecisionRecord, RequestFailure } from "./protocol.ts";

/** HTTP status of a request without a decision, for protocols that do not define one. */
export const failureStatus: { readonly [kind in RequestFailure["kind"]]: number } = {
  unreadable: 400,
  "too-large": 413,
  overloaded: 429,
  crashed: 500,
  internal: 500,
  stopping: 503,
  timeout: 503,
};

/** https://www.rfc-editor.org/rfc/rfc9110#field.retry-after */
export const retryAfterHeader = ({ retryAfterSeconds }: RequestFailure): { [name: string]: string } =>
  retryAfterSeconds === undefined ? {} : { "retry-after": String(Math.ceil(retryAfterSeconds)) };

/** Returns the record of a request that was not decided, and whose answer contains no verdict. */
export const failedDecision = (path: string, { kind, message }: RequestFailure): DecisionRecord => ({
  path,
  outcome: "undecided",
  error: { code: kind, message },
});

/** All workers are busy, and the queue or the memory for request bodies is full. */
export const tooManyRequests: RequestFailure = {
  kind: "overloaded",
  message: "Too many requests are waiting for a decision.",
  retryAfterSeconds: 1,
};
