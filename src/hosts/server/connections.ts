import type { Server } from "node:http";
import { clientOfAddress } from "./client.ts";
import { peerAddress } from "./client-address.ts";
import { ClientBudget } from "./client-budget.ts";

const MAX_CONNECTIONS = 4096;

/** Closes connections of an address that has more than its share, and returns a function that counts the others. */
export function limitConnections(
  server: Server,
  onRefused: () => void,
  maximum = MAX_CONNECTIONS,
): () => number {
  const budget = new ClientBudget(maximum);
  let connections = 0;
  server.maxConnections = maximum;
  server.on("drop", onRefused);
  server.on("connection", (socket) => {
    const client = clientOfAddress(peerAddress(socket));
    if (!budget.reserve(client, 1)) {
      socket.destroy();
      onRefused();
      return;
    }
    connections += 1;
    socket.once("close", () => {
      connections -= 1;
      budget.release(client, 1);
    });
  });
  return () => connections;
}
