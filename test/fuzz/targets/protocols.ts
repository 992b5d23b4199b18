/** The protocols of the server, in this process: an HTTP server that decides without workers. */
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { type AddressInfo, connect } from "node:net";
import type { ProtocolRequest, ProtocolResponse } from "../../../src/gate/protocol.ts";
import { protocolNamed, protocols } from "../../../src/gate/protocols/index.ts";
import { ClientBudget } from "../../../src/hosts/server/client-budget.ts";
import { ConcurrencyLimit } from "../../../src/hosts/server/concurrency-limit.ts";
import type { ServerContext } from "../../../src/hosts/server/context.ts";
import { respond } from "../../../src/hosts/server/http.ts";
import { drawHole } from "../../laws/hole-law.ts";
import type { Random } from "../../laws/random.ts";
import { decideBy } from "../../server/support.ts";
import { bytesOf, expect, type Target, textOf } from "../harness/target.ts";
import { twisted } from "../twists.ts";
import { words } from "../words.ts";
import { httpRequest, json, requests } from "./requests.ts";

const decide = decideBy();
const MAX_BODY_BYTES = 1024 * 1024;

/** Responses that the protocols gave since the last request, to check them before they are sent. */
const answered: ProtocolResponse[] = [];
const errors: string[] = [];

const ignore = (): void => {};
const telemetry = {
  log: {
    debug: ignore,
    info: ignore,
    warn: ignore,
    error: (fields: object) => void errors.push(JSON.stringify(fields)),
  },
  recordRequest: ignore,
  count: ignore,
  metrics: async () => ({ contentType: "text/plain", text: "" }),
};
const pool = {
  accepts: () => true,
  workers: 1,
  async run(name: string, request: ProtocolRequest): Promise<ProtocolResponse> {
    const response = protocolNamed(name).handle(request, decide);
    answered.push(response);
    return response;
  },
};
const context = {
  pool,
  telemetry,
  failMode: "closed",
  maxBodyBytes: MAX_BODY_BYTES,
  bodyBudget: new ClientBudget(64 * MAX_BODY_BYTES),
  concurrency: new ConcurrencyLimit(Number.POSITIVE_INFINITY),
  anonymous: new Set(),
  credentials: { allowUnauthenticated: true },
  version: "0.0.0",
  revision: "1",
  stopping: false,
} as unknown as ServerContext;

let server: Server | undefined;

async function portOf(): Promise<number> {
  if (server === undefined) {
    server = createServer((request, response) => void respond(context, request, response));
    server.listen(0, "127.0.0.1").unref();
    await once(server, "listening");
  }
  return (server.address() as AddressInfo).port;
}

/** Sends bytes on a connection of their own, and returns everything that the server sends until it closes. */
async function exchange(bytes: Uint8Array): Promise<string> {
  const socket = connect(await portOf(), "127.0.0.1");
  let received = "";
  socket.on("data", (chunk) => {
    received += chunk.toString("latin1");
  });
  socket.on("error", ignore);
  socket.end(bytes);
  await once(socket, "close");
  return received;
}

const statuses: ReadonlySet<number> = new Set([
  ...[200, 301, 307, 400, 401, 404, 405, 408, 411, 413, 414, 415, 417, 422, 429, 431, 503, 504],
]);

export const httpTarget: Target = {
  name: "http",
  dictionary: [
    ...words.kubernetes,
    ...[
      "POST ",
      "GET ",
      "HEAD ",
      " HTTP/1.1\r\n",
      "Content-Length: ",
      "Transfer-Encoding: chunked\r\n",
      "\r\n\r\n",
    ],
    ...[
      "Content-Type: multipart/form-data; boundary=X\r\n",
      "--X\r\n",
      "--X--\r\n",
      "Content-Encoding: gzip\r\n",
    ],
    ...[
      "Expect: 100-continue\r\n",
      "/check",
      "/v1/data/keywarden",
      "/v0/data/",
      "?pretty",
      "%00",
      "%ff",
      "../",
      "//",
    ],
    ...[
      "/kubernetes/admission",
      "/gatekeeper/external-data",
      "/health",
      "/ready",
      "/metrics",
      "filename=",
      "name=",
    ],
  ],
  seeds: () => requests().map(httpRequest),
  generate: (random) => {
    const [path, type, body] = random.pick(requests());
    const { files } = drawHole(random);
    const text = random.pick([body, random.pick(Object.values(files))]);
    return httpRequest([path, type, twisted(text, random, words.kubernetes)]);
  },
  async check(input, thorough) {
    answered.length = 0;
    errors.length = 0;
    const received = await exchange(input);
    for (const response of answered) checkResponse(response);
    expect(errors.length === 0, "the server logs an error", () => errors.join("\n"));
    for (const [, status] of received.matchAll(/^HTTP\/1\.1 (\d{3})/gm))
      expect(status === "100" || statuses.has(Number(status)), `the status is ${status}`, () => received);
    expect(context.bodyBudget.remaining === 64 * MAX_BODY_BYTES, "a request keeps memory reserved");
    if (!thorough) return;
    const health = await exchange(bytesOf("GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"));
    expect(health.startsWith("HTTP/1.1 200"), "the server no longer answers", () => health);
  },
};

/** A response is well-formed, and nothing that was not decided is allowed. */
export function checkResponse({ status, headers, body, decision }: ProtocolResponse): void {
  expect(statuses.has(status), `the status is ${status}`, () => body);
  for (const [name, value] of Object.entries(headers))
    expect(
      /^[a-z-]+: [\t\x20-\x7e]*$/.test(`${name}: ${value}`),
      "a header has unsafe characters",
      () => value,
    );
  if (/json$/.test(headers["content-type"] ?? "")) JSON.parse(body);
  expect(!/internal error/.test(body), "a response has an internal error", () => body);
  if (decision !== undefined && decision.outcome !== "undecided") return;
  expect(!/"allow(ed)?":\s*true/.test(body), "an undecided request is allowed", () => body);
  expect(decision?.result !== true, "an undecided request has the result true");
}

/** The protocols without HTTP, which mutations of bytes reach deeper. The first line is the path and the content type. */
export const protocolTarget: Target = {
  name: "protocols",
  dictionary: [
    ...words.kubernetes,
    "input",
    "files",
    "path",
    "text",
    "request",
    "object",
    "oldObject",
    "keys",
    "operation",
  ],
  seeds: () => requests().map(([path, type, body]) => bytesOf(`${path} ${type}\n${body}`)),
  generate(random: Random) {
    const [path, type, body] = random.pick(requests());
    const { files } = drawHole(random);
    const input = JSON.stringify({
      input: { files: Object.entries(files).map(([name, text]) => ({ path: name, text })) },
    });
    const text = twisted(random.chance(0.3) ? input : body, random, words.kubernetes);
    return bytesOf(`${path} ${type}\n${text}`);
  },
  check(input) {
    const end = input.indexOf(10);
    const [, target = "", type = json] =
      /^(\S*) ?(.*)$/.exec(textOf(input.subarray(0, Math.max(end, 0)))) ?? [];
    const [path = "", query = ""] = target.split("?");
    const request: ProtocolRequest = {
      ...{ id: "00000000-0000-4000-8000-000000000000", method: "POST", path, query },
      headers: { "content-type": type },
      body: input.subarray(end + 1),
    };
    for (const protocol of protocols.filter(({ matches }) => matches("POST", path))) {
      checkResponse(protocol.handle(request, decide));
      for (const kind of ["unreadable", "timeout", "too-large"] as const)
        checkResponse(protocol.handleFailure(request, { kind, message: "x" }, "closed"));
    }
  },
};
