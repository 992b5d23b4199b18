import { once } from "node:events";
import { createServer } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import type { Certificate } from "../server/certificates.ts";
import { ask } from "../server/served.ts";

/** A request of a Kubernetes component, and the gate's response. */
export interface Exchange {
  method: string;
  /** Path and query. */
  target: string;
  headers: { [name: string]: string | string[] | undefined };
  body: string;
  status: number;
  response: string;
}

/** Passes requests to the gate, and keeps the exchanges. */
export interface Relay {
  port: number;
  exchanges: Exchange[];
  /** Whether requests get no response. */
  hanging: boolean;
  /** Number of requests that get the response of an overloaded gate. */
  rejecting: number;
  end(): Promise<void>;
}

/** Headers that belong to the connection with the relay, which reads no compressed responses. */
export const CONNECTION_HEADERS = /^(host|connection|transfer-encoding|accept-encoding)$/;

export async function startRelay(
  gate: { url: string; ca: Buffer },
  certificate: Certificate,
): Promise<Relay> {
  const sockets = new Set<Socket>();
  const server = createServer(certificate, async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    if (relay.hanging) return;
    if (relay.rejecting > 0) {
      relay.rejecting--;
      response.writeHead(429, { "content-type": "text/plain", "retry-after": "1" });
      response.end("Too many requests are waiting for a decision.\n");
      return;
    }
    const { method = "", url: target = "", headers } = request;
    const body = Buffer.concat(chunks);
    try {
      const answer = await ask(gate.url + target, {
        method,
        body,
        ca: gate.ca,
        headers: Object.fromEntries(
          Object.entries(headers).filter(([name]) => !CONNECTION_HEADERS.test(name)),
        ),
      });
      const { status, body: text } = answer;
      relay.exchanges.push({ method, target, headers, body: body.toString(), status, response: text });
      response.writeHead(status, { "content-type": answer.headers["content-type"] });
      response.end(text);
    } catch {
      // As if there were no relay: the gate didn't answer.
      request.socket.destroy();
    }
  });
  server.on("secureConnection", (socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const relay: Relay = {
    port: (server.address() as AddressInfo).port,
    exchanges: [],
    hanging: false,
    rejecting: 0,
    end: async () => {
      server.close();
      for (const socket of sockets) socket.destroy();
      if (server.listening) await once(server, "close");
    },
  };
  return relay;
}
