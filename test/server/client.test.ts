import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { test } from "node:test";
import { clientOf, clientOfAddress } from "../../src/hosts/server/client.ts";
import { ClientBudget } from "../../src/hosts/server/client-budget.ts";
import { limitConnections } from "../../src/hosts/server/connections.ts";
import { recordRejections } from "../../src/hosts/server/rejection.ts";
import { until } from "../until.ts";

interface Sent {
  authorization?: string;
  certificate?: { subject?: string; subjectAltName?: string; serialNumber?: string };
}

const credentials = { tokens: [], allowUnauthenticated: false };
const nameOf = ({ authorization, certificate }: Sent, verified = true, address = "10.0.0.1"): string =>
  clientOf(
    {
      headers: { authorization },
      socket: { getPeerX509Certificate: () => certificate },
    } as never as IncomingMessage,
    address,
    // A server requests certificates only if it has authorities.
    verified ? { ...credentials, ...(certificate === undefined ? {} : { authorities: [] }) } : undefined,
  );

const cert = (serialNumber: string) => ({
  subject: "CN=ci",
  subjectAltName: "DNS:ci.example.com",
  serialNumber,
});

for (const [what, first, second, same] of [
  ["a token", { authorization: "Bearer one" }, { authorization: "bearer  one" }, true],
  ["different tokens", { authorization: "Bearer one" }, { authorization: "Bearer two" }, false],
  ["a certificate and its renewal", { certificate: cert("01") }, { certificate: cert("02") }, true],
  [
    "certificates of different clients",
    { certificate: cert("01") },
    { certificate: { subject: "CN=b" } },
    false,
  ],
] as const)
  test(`a client is the same for any address: ${what}`, () => {
    assert.equal(nameOf(first, true, "10.0.0.1") === nameOf(second, true, "10.0.0.2"), same);
  });

test("a client without verified credentials is its address, whatever token it invents", () => {
  const name = nameOf({ authorization: "Bearer one" }, false);
  assert.equal(name, nameOf({ authorization: "Bearer two" }, false));
  assert.notEqual(name, nameOf({}, false, "10.0.0.2"));
});

for (const [address, name] of [
  ["10.0.0.1", "address 10.0.0.1"],
  ["2001:db8:1:2:3:4:5:6", "address 2001:db8:1:2"],
  ["2001:db8:1:2::6", "address 2001:db8:1:2"],
  ["2001:db8::1:0:0:6", "address 2001:db8:0:0"],
  ["::1", "address 0:0:0:0"],
  ["", "address "],
] as const)
  test(`the client with the address "${address}" is "${name}"`, () => {
    assert.equal(clientOfAddress(address), name);
  });

test("a client leaves a quarter of a budget to others, who leave something to the next one", () => {
  const budget = new ClientBudget(64);
  const most = (client: string) => {
    let amount = 0;
    while (budget.reserve(client, 1)) amount += 1;
    return amount;
  };
  assert.deepEqual(["a", "b", "c", "d", "a"].map(most), [48, 12, 3, 0, 0]);
  budget.release("a", 48);
  assert.equal(most("d"), 36);
});

test("an address that opens too many connections does not keep others from connecting", async (t) => {
  const server = createServer();
  let refused = 0;
  const open = limitConnections(server, () => (refused += 1), 16);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const sockets = Array.from({ length: 20 }, () =>
    connect({ port, host: "127.0.0.1" }).on("error", () => {}),
  );
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  await until(() => open() + refused === 20);
  assert.deepEqual([open(), refused], [12, 8]);
  sockets.push(connect({ port, host: "127.0.0.1", localAddress: "127.0.0.2" }));
  await until(() => open() === 13);
});

test("a connection that Node.js refuses is counted once", async (t) => {
  const server = createServer();
  const events: string[] = [];
  const telemetry = { recordRequest: () => {}, count: (event: string) => events.push(event) };
  limitConnections(server, () => telemetry.count("connection_dropped"));
  recordRejections(server, telemetry);
  server.maxConnections = 1;
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const sockets = [connect(port, "127.0.0.1")];
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  await once(server, "connection");
  sockets.push(connect(port, "127.0.0.1").on("error", () => {}));
  await until(() => events.length > 0);
  assert.deepEqual(events, ["connection_dropped"]);
});
