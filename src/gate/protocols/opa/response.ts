import { encodeJson } from "../../../reporters/encode.ts";
import type { ProtocolResponse } from "../../protocol.ts";

/** Query parameters that add to a response. */
export interface QueryOptions {
  pretty: boolean;
  explain: boolean;
  metrics: boolean;
  provenance: boolean;
}

/** https://www.openpolicyagent.org/docs/rest-api#get-a-document: a parameter without a value is true. */
export function parseQueryOptions(query: URLSearchParams): QueryOptions {
  const isTrue = (name: string) => query.getAll(name).some((value) => /^(true)?$/i.test(value));
  const explain = query.getAll("explain").some((value) => /^(notes|fails|full|debug)$/.test(value));
  return {
    pretty: isTrue("pretty"),
    explain,
    metrics: isTrue("metrics") || isTrue("instrument"),
    provenance: isTrue("provenance"),
  };
}

export const jsonResponse = (status: number, body: unknown, pretty: boolean): ProtocolResponse => ({
  status,
  headers: { "content-type": "application/json" },
  body: encodeJson(body, pretty ? 2 : undefined),
});

/** https://www.openpolicyagent.org/docs/rest-api#errors; OPA always indents errors. */
export const errorResponse = (status: number, code: ErrorCode, message: string): ProtocolResponse =>
  jsonResponse(status, { code, message }, true);

export type ErrorCode = "invalid_parameter" | "undefined_document" | "internal_error" | "too_many_requests";

/** Uses OPA's wording. `source` is the part of the request that contains the input. */
export const malformedInput = (source: string, reason: string): ProtocolResponse =>
  errorResponse(400, "invalid_parameter", `${source} contains malformed input document: ${reason}`);

/** Uses OPA's wording. */
export const MISSING_INPUT_WARNING = {
  code: "api_usage_warning",
  message: "'input' key missing from the request",
} as const;
