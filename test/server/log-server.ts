import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { after } from "node:test";
import { gunzipSync } from "node:zlib";
import type { Line } from "./telemetry-support.ts";

/** A request to the log server. */
export interface Upload {
  method?: string | undefined;
  path?: string | undefined;
  headers: IncomingHttpHeaders;
  /** Size of the request as sent, which the limits of servers apply to. */
  bytes: number;
  events: Line[];
}

/** A response, or how the server fails: it never responds, or it closes the connection. */
export type LogServerResponse =
  | number
  | { status: number; headers: { [name: string]: string } }
  | "hangs"
  | "closes";

/**
 * Starts a server that receives decision logs as OPA's documentation describes it
 * (https://www.openpolicyagent.org/docs/management-decision-logs): `POST /logs` with a gzip-compressed JSON array. `respond`
 * decides what it answers to each request, which are counted from 0.
 */
export async function logServer(respond: (upload: Upload, call: number) => LogServerResponse = () => 200) {
  const uploads: Upload[] = [];
  const accepted: Line[] = [];
  const receive = (request: IncomingMessage, response: ServerResponse, body: Buffer) => {
    const { method, url: path, headers } = request;
    const events: Line[] = JSON.parse(gunzipSync(body).toString());
    const upload = { method, path, headers, bytes: body.length, events };
    const answer = respond(upload, uploads.length);
    uploads.push(upload);
    if (answer === "hangs") return;
    if (answer === "closes") return void request.socket.destroy();
    const { status, headers: answerHeaders } =
      typeof answer === "number" ? { status: answer, headers: {} } : answer;
    if (status === 200) accepted.push(...events);
    response.writeHead(status, answerHeaders).end("{}");
  };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk) => chunks.push(chunk));
    request.on("end", () => receive(request, response, Buffer.concat(chunks)));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  server.unref();
  after(() => server.close().closeAllConnections());
  const { port } = server.address() as AddressInfo;
  return { uploads, accepted, url: `http://127.0.0.1:${port}/opa/` };
}
