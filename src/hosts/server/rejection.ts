import { randomUUID } from "node:crypto";
import { type Server, type ServerResponse, STATUS_CODES } from "node:http";
import type { Socket } from "node:net";
import { peerAddress } from "./client-address.ts";
import type { Telemetry } from "./telemetry/types.ts";

/** A request that is not answered yet. */
interface OpenRequest {
  outgoing: ServerResponse;
  /** Status with which the HTTP parser rejected the rest of the request. */
  rejectedWith?: number;
}

const openRequests = new WeakMap<Socket, OpenRequest>();

/** Registers a request until `outgoing` is closed, so that a rejected body counts as this request and not as another. */
export function openRequest(socket: Socket, outgoing: ServerResponse): OpenRequest {
  const request = { outgoing };
  openRequests.set(socket, request);
  outgoing.once("close", () => {
    if (openRequests.get(socket) === request) openRequests.delete(socket);
  });
  return request;
}

/** Records the requests for which Node.js calls no request listener. */
export function recordRejections(server: Server, telemetry: Pick<Telemetry, "recordRequest">): void {
  server.on("clientError", (error, socket) => rejectRequest(telemetry, error, socket as Socket));
}

/**
 * Responds to a request that the HTTP parser rejects, as Node.js does by default, and records it.
 * https://nodejs.org/api/http.html#event-clienterror
 */
function rejectRequest(
  telemetry: Pick<Telemetry, "recordRequest">,
  error: NodeJS.ErrnoException,
  socket: Socket,
): void {
  const open = openRequests.get(socket);
  const hasLeft = open !== undefined && error.code === "HPE_INVALID_EOF_STATE";
  const status = hasLeft ? undefined : statusOf(error.code ?? "");
  if (status === undefined || !socket.writable || open?.outgoing.headersSent) return void socket.destroy();
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`,
    () => socket.destroy(),
  );
  if (open === undefined)
    telemetry.recordRequest({
      protocol: "http",
      request: { id: randomUUID(), method: "", path: "", query: "" },
      status,
      clientAddress: peerAddress(socket),
      received: new Date(),
      seconds: 0,
      reason: `The HTTP parser rejected the request: ${error.code}`,
    });
  else open.rejectedWith = status;
}

/** Returns the status that Node.js uses; undefined if the connection failed. */
function statusOf(code: string): number | undefined {
  if (Object.hasOwn(STATUS, code)) return STATUS[code];
  return code.startsWith("HPE_") ? 400 : undefined;
}

const STATUS: { [code: string]: number } = {
  ERR_HTTP_REQUEST_TIMEOUT: 408,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
  HPE_HEADER_OVERFLOW: 431,
};
