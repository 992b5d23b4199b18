/**
 * OPA's REST API, as far as it asks for decisions, over the document `data.keywarden`:
 * https://www.openpolicyagent.org/docs/rest-api#data-api
 */
import type { Decide, Decision } from "../../decide.ts";
import { retryAfter, statusOf } from "../../failure.ts";
import type { Answer, Failure, Protocol, Request } from "../../protocol.ts";
import { decided, givenBy, toldOf, undecided, wrong } from "../inputs.ts";
import { failure, json, malformed, missingInput, type Wanted, wantedBy } from "./answer.ts";
import { at, documentsOf, isNumber } from "./documents.ts";
import { type Input, inputAsked, inputIn, inputOf } from "./input.ts";

const data = /^\/v([01])\/+data(?:\/(.*))?$/s;

export const opa: Protocol = {
  name: "opa",
  answers: (method, path) => data.test(path) || (method === "POST" && path === "/"),
  answer,
  failed,
};

function answer(request: Request, decide: Decide): Answer {
  const { method, path } = request;
  const [, version, rest = ""] = data.exec(path) ?? [];
  // What OPA says as long as nobody sets `default_decision`.
  if (version === undefined) return undefinedDocument("data.system.main");
  const methods = version === "0" ? ["POST"] : ["GET", "POST"];
  if (!methods.includes(method)) return { status: 405, headers: { allow: methods.join(", ") }, body: "" };
  const moved = redirected(request);
  if (moved !== undefined) return moved;
  const parts = partsOf(rest);
  if (parts === undefined)
    return { status: 400, headers: { "content-type": "text/plain" }, body: "400 Bad Request" };
  return version === "0" ? bare(request, rest, parts, decide) : wrapped(request, rest, parts, decide);
}

/** As OPA's router does. */
function redirected({ path, query }: Request): Answer | undefined {
  // Bytes of the request that a header must not have are escaped.
  const escaped = (text: string) =>
    text.replace(/[^\x21-\x7e]/g, (c) => `%${c.charCodeAt(0).toString(16).padStart(2, "0")}`);
  const to = (status: number, location: string) => ({
    status,
    headers: { location: escaped(location) },
    body: "",
  });
  const single = path.replace(/\/{2,}/g, "/");
  if (single !== path) return to(307, query === "" ? single : `${single}?${query}`);
  return path.endsWith("/") ? to(301, path.slice(0, -1)) : undefined;
}

function partsOf(path: string): string[] | undefined {
  try {
    return path === "" ? [] : path.split("/").map(decodeURIComponent);
  } catch {
    return undefined;
  }
}

/** `/v1/data/…`. */
function wrapped(request: Request, path: string, parts: string[], decide: Decide): Answer {
  const started = process.hrtime.bigint();
  const query = new URLSearchParams(request.query);
  const isGet = request.method === "GET";
  const input = isGet ? inputAsked(query) : inputIn(request);
  const parsed = process.hrtime.bigint();
  if (isMalformed(input)) return malformed(isGet ? "parameter" : "body", input.malformed);
  const { result, decision } = resultAt(parts, input, decide);
  const evaluated = process.hrtime.bigint();
  const wanted = wantedBy(query);
  const body = {
    decision_id: request.id,
    ...(wanted.provenance ? { provenance: provenance(decide) } : {}),
    // The rules are compiled, and keep no trace.
    ...(wanted.explain ? { explanation: [] } : {}),
    ...(wanted.metrics ? { metrics: metrics(started, parsed, evaluated) } : {}),
    ...(result === undefined ? {} : { result }),
    ...(input === "missing" && !isGet ? { warning: missingInput } : {}),
  };
  return told(200, body, wanted, path, result, decision);
}

/** `/v0/data/…`: the body is the input, and the answer the result. */
function bare(request: Request, path: string, parts: string[], decide: Decide): Answer {
  const wanted = wantedBy(new URLSearchParams(request.query));
  const input = inputOf(request);
  if (isMalformed(input)) return malformed("unexpected parse error for input: body", input.malformed);
  const { result, decision } = resultAt(parts, input, decide);
  if (result === undefined) return undefinedDocument(`data${parts.map(reference).join("")}`);
  return told(200, result, wanted, path, result, decision);
}

const isMalformed = (input: Input): input is { malformed: string } =>
  typeof input === "object" && "malformed" in input;

/** Nothing is decided where the path leads elsewhere. */
function resultAt(
  parts: string[],
  input: Exclude<Input, { malformed: string }>,
  decide: Decide,
): { result?: unknown; decision?: Decision } {
  if (parts.length > 0 && parts[0] !== "keywarden") return {};
  const decision =
    input === "missing"
      ? undecided(wrong("The request has no input.", 'Send {"input": …}.'), decide)
      : decided(givenBy(input.value, input.text), decide);
  return { result: at(parts, documentsOf(decision, decide)), decision };
}

function told(
  status: number,
  body: unknown,
  { pretty }: Wanted,
  path: string,
  result: unknown,
  made?: Decision,
): Answer {
  const answered = json(status, body, pretty);
  return made === undefined ? answered : { ...answered, decision: toldOf(made, path, result) };
}

const provenance = ({ version, revision }: Decide) => ({
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

/** A part of a path as Rego writes it. */
const reference = (part: string): string => {
  if (isNumber(part)) return `[${Number(part)}]`;
  return /^[A-Za-z_]\w*$/.test(part) ? `.${part}` : `[${JSON.stringify(part)}]`;
};

const undefinedDocument = (path: string): Answer =>
  failure(404, "undefined_document", `document missing: ${path}`);

/** An error is an error in either fail mode: a client of OPA's takes no verdict from one. */
function failed(_: Request, why: Failure): Answer {
  const status = statusOf[why.kind];
  const code = status === 429 ? "too_many_requests" : status < 500 ? "invalid_parameter" : "internal_error";
  const { headers, ...rest } = failure(status, code, why.message);
  return { ...rest, headers: { ...headers, ...retryAfter(why) } };
}
