import type { Failure } from "./protocol.ts";

/** The HTTP status of a request that gets no decision, where the protocol has no words of its own for it. */
export const statusOf: { readonly [kind in Failure["kind"]]: number } = {
  unreadable: 400,
  "too-large": 413,
  overloaded: 429,
  crashed: 500,
  internal: 500,
  stopping: 503,
  timeout: 503,
};

/** When it may be tried again. https://www.rfc-editor.org/rfc/rfc9110#field.retry-after */
export const retryAfter = ({ retryAfter }: Failure): { [name: string]: string } =>
  retryAfter === undefined ? {} : { "retry-after": String(Math.ceil(retryAfter)) };

/** Of a request that finds every thread at work and the queue, or the memory for what waits, full. */
export const tooMany: Failure = {
  kind: "overloaded",
  message: "Too many requests wait for a decision.",
  retryAfter: 1,
};
