import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { after, test } from "node:test";
import { recordRejections } from "../../src/hosts/server/rejection.ts";
import type { AnsweredRequest, Telemetry } from "../../src/hosts/server/telemetry/types.ts";
import { until } from "../until.ts";

/** Starts a server with short timeouts that never answers a request. */
async function silentServer(): Promise<{
  server: Server;
  port: number;
  recorded: AnsweredRequest[];
  events: string[];
}> {
  const recorded: AnsweredRequest[] = [];
  const events: string[] = [];
  const telemetry = {
    recordRequest: (answered: AnsweredRequest) => recorded.push(answered),
    count: (event: string) => events.push(event),
  } as unknown as Telemetry;
  const server = createServer(
    { headersTimeout: 50, requestTimeout: 50, connectionsCheckingInterval: 10 },
    () => {},
  );
  recordRejections(server, telemetry);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  server.unref();
  after(() => server.closeAllConnections());
  return { server, port: (server.address() as AddressInfo).port, recorded, events };
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

test("a connection beyond the limit is counted", async () => {
  const { server, port, events } = await silentServer();
  server.maxConnections = 1;
  const first = connect(port, "127.0.0.1");
  await new Promise((resolve) => server.once("connection", resolve));
  connect(port, "127.0.0.1").on("error", () => {});
  await until(() => events.includes("connection_dropped"));
  first.destroy();
});
