import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { after, test } from "node:test";
import { recordRejections } from "../../src/hosts/server/rejection.ts";
import type { AnsweredRequest } from "../../src/hosts/server/telemetry/types.ts";
import { until } from "../until.ts";

/** Starts a server with short timeouts that never answers a request. */
async function silentServer(): Promise<{
  server: Server;
  port: number;
  recorded: AnsweredRequest[];
}> {
  const recorded: AnsweredRequest[] = [];
  const server = createServer(
    { headersTimeout: 50, requestTimeout: 50, connectionsCheckingInterval: 10 },
    () => {},
  );
  recordRejections(server, { recordRequest: (answered) => recorded.push(answered) });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  server.unref();
  after(() => server.close().closeAllConnections());
  return { server, port: (server.address() as AddressInfo).port, recorded };
}

test("a client that does not send its headers in time gets 408, which is recorded", async () => {
  const { port, recorded } = await silentServer();
  const socket = connect(port, "127.0.0.1");
  let received = "";
  socket.on("data", (chunk) => (received += chunk));
  socket.write("GET / HTTP/1.1\r\nhost:");
  await until(() => received.startsWith("HTTP/1.1 408 Request Timeout\r\nconnection: close\r\n"));
  const [{ protocol, status, clientAddress, reason } = assert.fail("nothing is recorded"), ...more] =
    recorded;
  assert.deepEqual(
    [protocol, status, clientAddress, reason, more],
    ["http", 408, "127.0.0.1", "The HTTP parser rejected the request: ERR_HTTP_REQUEST_TIMEOUT", []],
  );
});

test("a connection that breaks is no request", async () => {
  const { server, port, recorded } = await silentServer();
  const closed = new Promise<void>((resolve) =>
    server.on("connection", (socket) => socket.on("close", () => resolve())),
  );
  const socket = connect(port, "127.0.0.1", () => socket.resetAndDestroy());
  await closed;
  assert.deepEqual(recorded, []);
});
