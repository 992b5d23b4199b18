import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { messageOf } from "../../core/model/message.ts";
import {
  clientLimitReached,
  failureStatus,
  retryAfterHeader,
  tooManyRequests,
  withFailure,
} from "../../gate/failure.ts";
import { problemResponse } from "../../gate/problem-details.ts";
import type { Protocol, ProtocolRequest, ProtocolResponse, RequestFailure } from "../../gate/protocol.ts";
import { protocols } from "../../gate/protocols/index.ts";
import type { FailMode } from "../../session/server-options.ts";
import { authenticationError } from "./authentication.ts";
import { BodyReservation, readBody } from "./body.ts";
import { clientOf } from "./client.ts";
import { clientAddress } from "./client-address.ts";
import type { ServerContext } from "./context.ts";
import { correlationOf } from "./correlation.ts";
import { operationsHandler } from "./operations.ts";
import type { PoolRequestOptions, WorkerPool } from "./pool.ts";
import { openRequest } from "./rejection.ts";
import { sendResponse } from "./response.ts";

interface RequestHandler {
  /** Name in metrics and logs. */
  name: string;
  usesPool?: true;
  handle(request: ProtocolRequest, client: string, signal: AbortSignal): Promise<ProtocolResponse>;
  handleFailure(request: ProtocolRequest, failure: RequestFailure): ProtocolResponse;
}

/** Handles one request. Never rejects. */
export async function respond(
  context: ServerContext,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const received = new Date();
  const started = performance.now();
  const disconnected = new AbortController();
  outgoing.once("close", () => {
    if (!outgoing.writableFinished) disconnected.abort();
  });
  const open = openRequest(incoming.socket, outgoing);
  const request = toProtocolRequest(incoming);
  const correlation = correlationOf(request);
  let protocol = "http";
  let fail = (failure: RequestFailure) => failureResponse(failure);
  let response: ProtocolResponse;
  try {
    const handler = lacksHost(incoming) ? missingHost : handlerFor(context, request);
    if ("status" in handler) response = handler;
    else {
      protocol = handler.name;
      fail = (failure) => handler.handleFailure(request, failure);
      response = await handleRequest(context, handler, request, incoming, disconnected.signal);
    }
  } catch (error) {
    if (disconnected.signal.aborted || open.rejectedWith !== undefined)
      response = problemResponse(400, "The client disconnected.");
    else {
      context.telemetry.log.error({ id: request.id, reason: messageOf(error) }, "Request failed");
      response = fail({ kind: "internal", message: "Keywarden failed with an internal error." });
    }
  }
  const { decision, refusal } = response;
  const { request_id: requestId } = correlation;
  const headers = { ...(requestId === undefined ? {} : { "x-request-id": requestId }), ...response.headers };
  const isSent = await sendResponse(
    incoming,
    outgoing,
    { ...response, headers },
    { closing: context.stopping },
  );
  context.telemetry.recordRequest({
    protocol,
    request,
    status: isSent ? response.status : (open.rejectedWith ?? failureStatus.disconnected),
    clientAddress: clientAddress(incoming, context.trustedProxies),
    correlation,
    received,
    seconds: (performance.now() - started) / 1000,
    ...(decision === undefined ? {} : { decision }),
    ...(refusal === undefined ? {} : { reason: refusal }),
  });
}

/** https://www.rfc-editor.org/rfc/rfc9112#section-3.2-6 */
const lacksHost = ({ httpVersion, headers }: IncomingMessage): boolean =>
  httpVersion === "1.1" && headers.host === undefined;

const missingHost = problemResponse(400, "The request has no Host header.");

/** Returns the request without its body, which is read after authentication. */
function toProtocolRequest({ method = "", url = "", headers }: IncomingMessage): ProtocolRequest {
  const queryStart = url.indexOf("?");
  return {
    id: randomUUID(),
    method,
    path: queryStart < 0 ? url : url.slice(0, queryStart),
    query: queryStart < 0 ? "" : url.slice(queryStart + 1),
    headers: Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(", ") : value]),
    ),
    body: EMPTY_BODY,
  };
}

const EMPTY_BODY = new Uint8Array(0);

/** Returns the handler of a request, or an error response. */
function handlerFor(
  context: ServerContext,
  { method, path }: ProtocolRequest,
): RequestHandler | ProtocolResponse {
  const operations = operationsHandler(context, method, path);
  if (operations !== undefined) return operations;
  const { runTask, pool, failMode } = context;
  if (path === "/run-task" && runTask !== undefined) {
    const handleFailure = (_: ProtocolRequest, failure: RequestFailure) => failureResponse(failure);
    return { name: "run-task", handle: async (request) => runTask.handle(request), handleFailure };
  }
  const protocol = protocols.find((candidate) => candidate.matches(method, path));
  if (protocol === undefined) return problemResponse(404, `Not found: ${method} ${path.slice(0, 200)}.`);
  return {
    name: protocol.name,
    usesPool: true,
    handle: (request, client, signal) => runInPool(pool, protocol, failMode, request, { client, signal }),
    handleFailure: (request, failure) => protocolFailureResponse(protocol, request, failure, failMode),
  };
}

/** Returns the response of a protocol from a worker, or the protocol's response to a failure. */
export async function runInPool(
  pool: WorkerPool,
  protocol: Protocol,
  failMode: FailMode,
  request: ProtocolRequest,
  options: PoolRequestOptions,
): Promise<ProtocolResponse> {
  const result = await pool.run(protocol.name, request, options);
  return "kind" in result ? protocolFailureResponse(protocol, request, result, failMode) : result;
}

function protocolFailureResponse(
  protocol: Protocol,
  request: ProtocolRequest,
  failure: RequestFailure,
  failMode: FailMode,
): ProtocolResponse {
  const response = withFailure(protocol.handleFailure(request, failure, failMode), failure);
  return { ...response, headers: { ...retryAfterHeader(failure), ...response.headers } };
}

async function handleRequest(
  context: ServerContext,
  handler: RequestHandler,
  request: ProtocolRequest,
  incoming: IncomingMessage,
  signal: AbortSignal,
): Promise<ProtocolResponse> {
  const credentials = needsCredentials(context, handler, request) ? context.credentials : undefined;
  const error = credentials === undefined ? undefined : authenticationError(incoming, credentials);
  if (error !== undefined) {
    context.telemetry.count("request_refused");
    return { ...problemResponse(401, error, { "www-authenticate": "Bearer" }), refusal: error };
  }
  const client = clientOf(incoming, clientAddress(incoming, context.trustedProxies), credentials);
  if (!handler.usesPool) return handleBody(context, handler, request, incoming, client, signal);
  const { concurrency, telemetry, pool } = context;
  // Rejects before the body is read, because the bodies of waiting requests use memory.
  if (!pool.accepts(client)) return handler.handleFailure(request, tooManyRequests);
  if (!concurrency.acquire(client)) {
    telemetry.count("concurrency_limited");
    return handler.handleFailure(request, clientLimitReached(concurrency.maximum));
  }
  try {
    return await handleBody(context, handler, request, incoming, client, signal);
  } finally {
    concurrency.release(client);
  }
}

async function handleBody(
  { bodyBudget, maxBodyBytes }: ServerContext,
  handler: RequestHandler,
  request: ProtocolRequest,
  incoming: IncomingMessage,
  client: string,
  signal: AbortSignal,
): Promise<ProtocolResponse> {
  const reservation = new BodyReservation(bodyBudget, client);
  try {
    const body = await readBody(incoming, maxBodyBytes, reservation);
    if ("kind" in body) return handler.handleFailure({ ...request, body: body.start ?? EMPTY_BODY }, body);
    return await handler.handle({ ...request, body }, client, signal);
  } finally {
    reservation.release();
  }
}

/** Health checks return no confidential data, and a run task is authenticated by its signature. */
const needsCredentials = (
  { anonymous }: ServerContext,
  { name }: RequestHandler,
  { path }: ProtocolRequest,
): boolean => name !== "health" && name !== "run-task" && !anonymous.has(path);

const failureResponse = (failure: RequestFailure): ProtocolResponse =>
  problemResponse(failureStatus[failure.kind], failure.message, retryAfterHeader(failure));
