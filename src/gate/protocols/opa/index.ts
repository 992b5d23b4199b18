/**
 * The part of OPA's REST API that returns decisions, for the document `data.keywarden`:
 * https://www.openpolicyagent.org/docs/rest-api#data-api
 */
import { encodeText } from "../../../reporters/encode.ts";
import type { Decider, PolicyDecision } from "../../decision.ts";
import { failedDecision, failureStatus, retryAfterHeader } from "../../failure.ts";
import type { Protocol, ProtocolRequest, ProtocolResponse, RequestFailure } from "../../protocol.ts";
import {
  decideInput,
  decisionRecord,
  inputFromJson,
  inputProblem,
  undecidedDecision,
} from "../decision-input.ts";
import { documentAt, isArrayIndex, opaDocuments } from "./documents.ts";
import { inputFromBody, inputFromEnvelope, inputFromQuery, type OpaInput } from "./input.ts";
import {
  errorResponse,
  jsonResponse,
  MISSING_INPUT_WARNING,
  malformedInput,
  parseQueryOptions,
  type QueryOptions,
} from "./response.ts";

const DATA_PATH = /^\/v([01])\/+data(?:\/(.*))?$/s;

export const opaProtocol: Protocol = {
  name: "opa",
  matches: (method, path) => DATA_PATH.test(path) || (method === "POST" && path === "/"),
  handle,
  handleFailure,
};

function handle(request: ProtocolRequest, decide: Decider): ProtocolResponse {
  const { method, path } = request;
  const [, version, documentPath = ""] = DATA_PATH.exec(path) ?? [];
  // OPA's response to POST / unless `default_decision` is configured.
  if (version === undefined) return undefinedDocument("data.system.main");
  const methods = version === "0" ? ["POST"] : ["GET", "POST"];
  if (!methods.includes(method))
    return { status: 405, headers: { allow: methods.join(", ") }, body: encodeText("") };
  const redirect = redirectResponse(request);
  if (redirect !== undefined) return redirect;
  const segments = decodeSegments(documentPath);
  if (segments === undefined)
    return { status: 400, headers: { "content-type": "text/plain" }, body: encodeText("400 Bad Request") };
  return version === "0"
    ? handleV0(request, documentPath, segments, decide)
    : handleV1(request, documentPath, segments, decide);
}

/** Redirects paths with repeated or trailing slashes as OPA's router does. */
function redirectResponse({ path, query }: ProtocolRequest): ProtocolResponse | undefined {
  // A Location header must not contain control characters or non-ASCII bytes.
  const escape = (text: string) =>
    text.replace(/[^\x21-\x7e]/g, (c) => `%${c.charCodeAt(0).toString(16).padStart(2, "0")}`);
  const redirectTo = (status: number, location: string) => ({
    status,
    headers: { location: escape(location) },
    body: encodeText(""),
  });
  const collapsed = path.replace(/\/{2,}/g, "/");
  if (collapsed !== path) return redirectTo(307, query === "" ? collapsed : `${collapsed}?${query}`);
  return path.endsWith("/") ? redirectTo(301, path.slice(0, -1)) : undefined;
}

function decodeSegments(path: string): string[] | undefined {
  try {
    return path === "" ? [] : path.split("/").map(decodeURIComponent);
  } catch {
    return undefined;
  }
}

/** `/v1/data/…`: the input and the result are in envelopes. */
function handleV1(
  request: ProtocolRequest,
  path: string,
  segments: string[],
  decide: Decider,
): ProtocolResponse {
  const started = process.hrtime.bigint();
  const query = new URLSearchParams(request.query);
  const isGet = request.method === "GET";
  const input = isGet ? inputFromQuery(query) : inputFromEnvelope(request);
  const parsed = process.hrtime.bigint();
  if (isMalformed(input)) return malformedInput(isGet ? "parameter" : "body", input.malformed);
  const { result, decision } = resultAt(segments, input, decide);
  const evaluated = process.hrtime.bigint();
  const options = parseQueryOptions(query);
  const body = {
    decision_id: request.id,
    ...(options.provenance ? { provenance: provenance(decide) } : {}),
    // The rules are compiled to WebAssembly, which has no trace.
    ...(options.explain ? { explanation: [] } : {}),
    ...(options.metrics ? { metrics: metrics(started, parsed, evaluated) } : {}),
    ...(result === undefined ? {} : { result }),
    ...(input === "missing" && !isGet ? { warning: MISSING_INPUT_WARNING } : {}),
  };
  return resultResponse(body, options, path, result, decision);
}

/** `/v0/data/…`: the body is the input, and the response is the result. */
function handleV0(
  request: ProtocolRequest,
  path: string,
  segments: string[],
  decide: Decider,
): ProtocolResponse {
  const options = parseQueryOptions(new URLSearchParams(request.query));
  const input = inputFromBody(request);
  if (isMalformed(input)) return malformedInput("unexpected parse error for input: body", input.malformed);
  const { result, decision } = resultAt(segments, input, decide);
  if (result === undefined) return undefinedDocument(`data${segments.map(toReference).join("")}`);
  return resultResponse(result, options, path, result, decision);
}

const isMalformed = (input: OpaInput): input is { malformed: string } =>
  typeof input === "object" && "malformed" in input;

/** Returns the result at a path, with the decision unless the path is outside of `data.keywarden`. */
function resultAt(
  segments: string[],
  input: Exclude<OpaInput, { malformed: string }>,
  decide: Decider,
): { result?: unknown; decision?: PolicyDecision } {
  if (segments.length > 0 && segments[0] !== "keywarden") return {};
  const decision =
    input === "missing"
      ? undecidedDecision(inputProblem("The request has no input.", 'Send {"input": …}.'), decide)
      : decideInput(inputFromJson(input.value, input.text), decide);
  return { result: documentAt(segments, opaDocuments(decision, decide)), decision };
}

function resultResponse(
  body: unknown,
  { pretty }: QueryOptions,
  path: string,
  result: unknown,
  decision?: PolicyDecision,
): ProtocolResponse {
  const response = jsonResponse(200, body, pretty);
  return decision === undefined
    ? response
    : { ...response, decision: decisionRecord(decision, path, result) };
}

const provenance = ({ version, revision }: Decider) => ({
  version,
  build_commit: "",
  build_timestamp: "",
  build_hostname: "",
  bundles: { keywarden: { revision } },
});

const metrics = (started: bigint, parsed: bigint, evaluated: bigint) => ({
  timer_rego_input_parse_ns: Number(parsed - started),
  timer_rego_query_eval_ns: Number(evaluated - parsed),
  timer_server_handler_ns: Number(evaluated - started),
});

/** Returns a path segment in the notation of a Rego reference. */
const toReference = (segment: string): string => {
  if (isArrayIndex(segment)) return `[${Number(segment)}]`;
  return /^[A-Za-z_]\w*$/.test(segment) ? `.${segment}` : `[${JSON.stringify(segment)}]`;
};

const undefinedDocument = (path: string): ProtocolResponse =>
  errorResponse(404, "undefined_document", `document missing: ${path}`);

/** Returns an error in both fail modes, because clients of OPA do not take a decision from an error. */
function handleFailure({ method, path }: ProtocolRequest, requestFailure: RequestFailure): ProtocolResponse {
  const status = failureStatus[requestFailure.kind];
  const code = status === 429 ? "too_many_requests" : status < 500 ? "invalid_parameter" : "internal_error";
  const { headers, ...response } = errorResponse(status, code, requestFailure.message);
  const [dataPath, , documentPath = ""] = DATA_PATH.exec(path) ?? [];
  const isDecision =
    dataPath !== undefined && /^(GET|POST)$/.test(method) && /^(keywarden(\/|$)|$)/.test(documentPath);
  return {
    ...response,
    headers: { ...headers, ...retryAfterHeader(requestFailure) },
    ...(isDecision ? { decision: failedDecision(documentPath) } : {}),
  };
}
