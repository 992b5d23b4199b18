import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { messageOf } from "../../core/model/message.ts";
import { retryAfter, statusOf, tooMany } from "../../gate/failure.ts";
import { problemAnswer } from "../../gate/problem-answer.ts";
import type { Answer, Failure, Protocol, Request } from "../../gate/protocol.ts";
import { protocols } from "../../gate/protocols/index.ts";
import type { FailMode } from "../../session/server-options.ts";
import { refusalOf } from "./authentication.ts";
import { bodyOf, Share } from "./body.ts";
import type { ServerContext } from "./context.ts";
import { operation } from "./operations.ts";
import type { Pool } from "./pool.ts";

/** What is done with a request, and what it is called in metrics. */
interface Handler {
  name: string;
  /** It takes a thread of the pool. */
  pooled?: true;
  answer(request: Request, signal: AbortSignal): Promise<Answer>;
  failed(request: Request, failure: Failure): Answer;
}

/** Answers one request. Never rejects. */
export async function respond(
  context: ServerContext,
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const received = new Date();
  const begun = performance.now();
  const gone = new AbortController();
  response.once("close", () => {
    if (!response.writableFinished) gone.abort();
  });
  const request = requestOf(incoming);
  let name = "http";
  let answer: Answer;
  try {
    const handler = handlerOf(context, request);
    if ("status" in handler) answer = handler;
    else {
      name = handler.name;
      answer = await handled(context, handler, request, incoming, gone.signal);
    }
  } catch (error) {
    if (gone.signal.aborted) answer = problemAnswer(400, "The client went away.");
    else {
      context.telemetry.log.error({ id: request.id, reason: messageOf(error) }, "A request failed.");
      answer = problemAnswer(500, "Keywarden failed with an internal error.");
    }
  }
  await send(context, incoming, response, answer);
  const { decision, status } = answer;
  context.telemetry.answered({
    protocol: name,
    request,
    status,
    from: incoming.socket.remoteAddress ?? "",
    received,
    seconds: (performance.now() - begun) / 1000,
    ...(decision === undefined ? {} : { decision }),
  });
}

function requestOf({ method = "", url = "", headers }: IncomingMessage): Request {
  const end = url.indexOf("?");
  return {
    id: randomUUID(),
    method,
    path: end < 0 ? url : url.slice(0, end),
    query: end < 0 ? "" : url.slice(end + 1),
    headers: Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(", ") : value]),
    ),
    body: nothing,
  };
}

const nothing = new Uint8Array(0);

/** Who answers a request, or what is wrong with it already. */
function handlerOf(context: ServerContext, { method, path }: Request): Handler | Answer {
  const own = operation(context, method, path);
  if (own !== undefined) return own;
  const { runTask, pool, mode } = context;
  if (path === "/run-task" && runTask !== undefined) {
    const failed = (_: Request, failure: Failure) => failureAnswer(failure);
    return { name: "run-task", answer: async (request) => runTask.handle(request), failed };
  }
  const protocol = protocols.find((one) => one.answers(method, path));
  if (protocol === undefined) return problemAnswer(404, `Nothing is at ${method} ${path.slice(0, 200)}.`);
  return {
    name: protocol.name,
    pooled: true,
    answer: (request, signal) => askFor(pool, protocol, mode, request, { signal }),
    failed: (request, failure) => failedAs(protocol, request, failure, mode),
  };
}

/** A protocol's answer by a thread of the pool, also where that fails. */
export async function askFor(
  pool: Pool,
  protocol: Protocol,
  mode: FailMode,
  request: Request,
  how: { signal?: AbortSignal; timeout?: number },
): Promise<Answer> {
  const result = await pool.ask(protocol.name, request, how);
  return "kind" in result ? failedAs(protocol, request, result, mode) : result;
}

function failedAs(protocol: Protocol, request: Request, failure: Failure, mode: FailMode): Answer {
  const answer = protocol.failed(request, failure, mode);
  return { ...answer, headers: { ...retryAfter(failure), ...answer.headers } };
}

async function handled(
  context: ServerContext,
  handler: Handler,
  request: Request,
  incoming: IncomingMessage,
  signal: AbortSignal,
): Promise<Answer> {
  const refused = isOpen(context, handler, request) ? undefined : refusalOf(incoming, context.credentials);
  if (refused !== undefined) {
    context.telemetry.count("request_refused");
    return problemAnswer(401, refused, { "www-authenticate": "Bearer" });
  }
  // Before the body is read: those that wait cost memory.
  if (handler.pooled && context.pool.full) return handler.failed(request, tooMany);
  const share = new Share(context.bodyBudget);
  try {
    const body = await bodyOf(incoming, context.maxBody, share);
    if ("kind" in body) return handler.failed(request, body);
    return await handler.answer({ ...request, body }, signal);
  } finally {
    share.leave();
  }
}

/** Probes tell nothing, and a run task has a signature. */
const isOpen = ({ anonymous }: ServerContext, { name }: Handler, { path }: Request): boolean =>
  name === "health" || name === "run-task" || anonymous.has(path);

/** What is answered in no protocol's form. */
const failureAnswer = (failure: Failure): Answer =>
  problemAnswer(statusOf[failure.kind], failure.message, retryAfter(failure));

/** Smaller answers grow when they are compressed, or nearly. */
const WORTH_COMPRESSING = 1400;

async function send(
  context: ServerContext,
  incoming: IncomingMessage,
  response: ServerResponse,
  { status, headers, body }: Answer,
): Promise<void> {
  if (response.destroyed || response.headersSent) return;
  let bytes: Buffer = Buffer.from(body);
  const all: { [name: string]: string | number } = { "cache-control": "no-store", ...headers };
  if (bytes.length > WORTH_COMPRESSING && takesGzip(incoming.headers["accept-encoding"])) {
    bytes = await promisify<Buffer, Buffer>(gzip)(bytes);
    all["content-encoding"] = "gzip";
    all.vary = "accept-encoding";
  }
  all["content-length"] = bytes.length;
  // What is not read of a body would be taken for the next request; and whoever is told to go elsewhere goes.
  if (!incoming.complete || context.stopping) all.connection = "close";
  response.writeHead(status, all);
  response.end(bytes);
}

const takesGzip = (accepted = ""): boolean =>
  String(accepted)
    .split(",")
    .some((one) => /^\s*(gzip|\*)\s*(;\s*q=(?!0(\.0*)?\s*$)|$)/i.test(one));
