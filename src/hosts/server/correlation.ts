import type { ProtocolRequest } from "../../gate/protocol.ts";
import { mayContainSecret } from "./telemetry/redact.ts";
import type { Correlation } from "./telemetry/types.ts";

/** `VERSION-TRACE_ID-PARENT_ID-FLAGS`. Only versions after 00 may have further parts. */
const TRACEPARENT = /^(?!ff)([0-9a-f]{2})-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-[0-9a-f]{2}(-.*)?$/;
const REQUEST_ID = /^[\w.:/+=@-]{1,128}$/;

/**
 * Returns the IDs that connect a request with the traces and logs of its client: those of `traceparent`
 * (https://www.w3.org/TR/trace-context/) and `X-Request-Id`. Ignores a header that is not valid, as the specification
 * requires for `traceparent`.
 */
export function correlationOf({ headers }: Pick<ProtocolRequest, "headers">): Correlation {
  const { traceparent = "", "x-request-id": requestId = "" } = headers;
  const [, version, traceId, spanId, more] = TRACEPARENT.exec(traceparent) ?? [];
  const isTraced = version === "00" ? more === undefined : version !== undefined;
  return {
    ...(isTraced ? { trace_id: traceId as string, span_id: spanId as string } : {}),
    ...(REQUEST_ID.test(requestId) && !mayContainSecret(requestId) ? { request_id: requestId } : {}),
  };
}
