import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { messageOf } from "../model/message.ts";
import { type Credentials, refusalOf } from "./authentication.ts";
import { bodyOf, Share } from "./body.ts";
import { retryAfter, statusOf, tooMany } from "./failure.ts";
import { operation } from "./operations.ts";
import type { Pool } from "./pool.ts";
import { problemAnswer } from "./problem-answer.ts";
import type { Answer, FailMode, Failure, Protocol, Request } from "./protocol.ts";
import { protocols } from "./protocols/index.ts";
import type { RunTask } from "./run-task/index.ts";
import type { Telemetry } from "./telemetry.ts";

/** What requests are answered with. */
export interface Desk {
  pool: Pool;
  telemetry: Telemetry;
  mode: FailMode;
  /** Bytes. */
  maxBody: number;
  /** Bytes that bodies may still have together. */
  room: { left: number };
  /** Paths that need no credentials. */
  anonymous: ReadonlySet<string>;
  credentials: Credentials;
  runTask?: RunTask;
  version: string;
  /** Of the rules that decide; undefined before they are there. */
  revision?: string;
  stopping: boolean;
}

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
  desk: Desk,
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
    const handler = handlerOf(desk, request);
    if ("status" in handler) answer = handler;
    else {
      name = handler.name;
      answer = await handled(desk, handler, request, incoming, gone.signal);
    }
  } catch (error) {
    if (gone.signal.aborted) answer = problemAnswer(400, "The client went away.");
    else {
      desk.telemetry.log.error({ id: request.id, reason: messageOf(error) }, "A request failed.");
      answer = problemAnswer(500, "Keywarden failed with an internal error.");
    }
  }
  await send(desk, incoming, response, answer);
  const { decision, status } = answer;
  desk.telemetry.answered({
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
function handlerOf(desk: Desk, { method, path }: Request): Handler | Answer {
  const own = operation(desk, method, path);
  if (own !== undefined) return own;
  const { runTask, pool, mode } = desk;
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
  desk: Desk,
  handler: Handler,
  request: Request,
  incoming: IncomingMessage,
  signal: AbortSignal,
): Promise<Answer> {
  const refused = isOpen(desk, handler, request) ? undefined : refusalOf(incoming, desk.credentials);
  if (refused !== undefined) {
    desk.telemetry.count("request_refused");
    return problemAnswer(401, refused, { "www-authenticate": "Bearer" });
  }
  // Before the body is read: those that wait cost memory.
  if (handler.pooled && desk.pool.full) return handler.failed(request, tooMany);
  const share = new Share(desk.room);
  try {
    const body = await bodyOf(incoming, desk.maxBody, share);
    if ("kind" in body) return handler.failed(request, body);
    return await handler.answer({ ...request, body }, signal);
  } finally {
    share.leave();
  }
}

/** Probes tell nothing, and a run task has a signature. */
const isOpen = ({ anonymous }: Desk, { name }: Handler, { path }: Request): boolean =>
  name === "health" || name === "run-task" || anonymous.has(path);

/** What is answered in no protocol's form. */
const failureAnswer = (failure: Failure): Answer =>
  problemAnswer(statusOf[failure.kind], failure.message, retryAfter(failure));

/** Smaller answers grow when they are compressed, or nearly. */
const WORTH_COMPRESSING = 1400;

async function send(
  desk: Desk,
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
  if (!incoming.complete || desk.stopping) all.connection = "close";
  response.writeHead(status, all);
  response.end(bytes);
}

const takesGzip = (accepted = ""): boolean =>
  String(accepted)
    .split(",")
    .some((one) => /^\s*(gzip|\*)\s*(;\s*q=(?!0(\.0*)?\s*$)|$)/i.test(one));
