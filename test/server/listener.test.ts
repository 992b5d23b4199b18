import assert from "node:assert/strict";
import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { connect } from "node:net";
import { test } from "node:test";
import { closeGracefully, createListener, listen } from "../../src/hosts/server/listener.ts";

/** More than the buffers of the operating system hold. */
const RESPONSE_BYTES = 50_000_000;
const inAnHour = () => Date.now() + 3_600_000;

test("closing sends a response to a slow client completely, and ends idle connections", async () => {
  const unsent = new Set<ServerResponse>();
  const listener = createListener((request, response) => {
    unsent.add(response);
    response.once("close", () => unsent.delete(response));
    response.end(request.url === "/large" ? Buffer.alloc(RESPONSE_BYTES) : "small");
  }, undefined);
  const { port } = new URL(await listen(listener, { host: "127.0.0.1", port: 0 }, "http"));
  const get = async (path: string) => {
    const socket = connect(Number(port), "127.0.0.1");
    socket.write(`GET ${path} HTTP/1.1\r\nhost: x\r\n\r\n`);
    const [first] = await once(socket, "data");
    return { socket: socket.pause(), received: (first as Buffer).length };
  };
  const idle = await get("/small");
  const slow = await get("/large");
  const closed = closeGracefully(listener, unsent, inAnHour());
  slow.socket.on("data", ({ length }) => (slow.received += length));
  // Long enough for a server that closes at once to have done so.
  setTimeout(() => slow.socket.resume(), 100);
  await once(slow.socket, "close");
  assert.ok(slow.received > RESPONSE_BYTES);
  idle.socket.resume();
  await closed;
});
