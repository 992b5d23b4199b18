import type { Answer } from "../../protocol.ts";

/** What a query asks for beside the result. */
export interface Wanted {
  pretty: boolean;
  explain: boolean;
  metrics: boolean;
  provenance: boolean;
}

/** https://www.openpolicyagent.org/docs/rest-api#get-a-document: a parameter without a value is true. */
export function wantedBy(query: URLSearchParams): Wanted {
  const is = (name: string) => query.getAll(name).some((value) => /^(true)?$/i.test(value));
  const explain = query.getAll("explain").some((value) => /^(notes|fails|full|debug)$/.test(value));
  return {
    pretty: is("pretty"),
    explain,
    metrics: is("metrics") || is("instrument"),
    provenance: is("provenance"),
  };
}

export const json = (status: number, body: unknown, pretty: boolean): Answer => ({
  status,
  headers: { "content-type": "application/json" },
  body: `${JSON.stringify(body, null, pretty ? 2 : undefined)}\n`,
});

/** https://www.openpolicyagent.org/docs/rest-api#errors; OPA indents them always. */
export const failure = (status: number, code: Code, message: string): Answer =>
  json(status, { code, message }, true);

export type Code = "invalid_parameter" | "undefined_document" | "internal_error" | "too_many_requests";

export const malformed = (where: string, why: string): Answer =>
  failure(400, "invalid_parameter", `${where} contains malformed input document: ${why}`);

export const missingInput = {
  code: "api_usage_warning",
  message: "'input' key missing from the request",
} as const;
