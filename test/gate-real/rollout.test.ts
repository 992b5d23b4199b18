import assert from "node:assert/strict";
import { dirname, join } from "node:path";
import { after, test } from "node:test";
import { replace } from "../server/certificates.ts";
import { deployedServer } from "../server/deployed.ts";
import { serve } from "../server/served.ts";
import { ackKey, goodPolicy, openPolicy } from "../server/support.ts";
import { until } from "../until.ts";
import { GATE_NAMES, portOf, startGateCluster } from "./setup.ts";

const cluster = await startGateCluster();
const { api, authority } = cluster;
after(() => cluster.end());

const deployed = () => deployedServer(authority.sign("keywarden", { names: GATE_NAMES }));

/** Sends requests through the API server until `stop` is called, which returns each kind of response once. */
function startClients(): { sent: () => number; stop: () => Promise<Set<string>> } {
  const results = new Set<string>();
  let sent = 0;
  let stopped = false;
  const clients = [goodPolicy, openPolicy, goodPolicy, openPolicy].map(async (policy, i) => {
    while (!stopped) {
      const { status, body } = await api.create(ackKey({ policy }, { name: `client-${i}` }), "?dryRun=All");
      results.add(status === 201 ? "created" : (body.reason ?? String(body.message)));
      sent++;
    }
  });
  return {
    sent: () => sent,
    stop: async () => {
      stopped = true;
      await Promise.all(clients);
      return results;
    },
  };
}

async function afterMore(clients: { sent: () => number }, requests = 40): Promise<void> {
  const target = clients.sent() + requests;
  await until(() => clients.sent() >= target);
}

test("a new server takes over from one that stops, and no request fails", async () => {
  const [first, second] = [deployed(), deployed()];
  const old = await serve(first.args, { cwd: first.cwd });
  await cluster.installWebhook({ port: portOf(old) });
  const clients = startClients();
  await afterMore(clients);
  const next = await serve(second.args, { cwd: second.cwd });
  await cluster.pointWebhook(portOf(next));
  assert.equal(await old.end(), 0);
  await afterMore(clients);
  assert.deepEqual([...(await clients.stop())].sort(), ["Forbidden", "created"]);
  await cluster.removeWebhook();
  await next.end("SIGKILL");
});

test("a certificate is replaced while the API server sends requests, and no request fails", async () => {
  const { args, cwd } = deployed();
  const gate = await serve(args, { cwd });
  await cluster.installWebhook({ port: portOf(gate) });
  const clients = startClients();
  await afterMore(clients);
  const folder = dirname(args[args.indexOf("--tls-cert") + 1] ?? "");
  const renewed = authority.sign("renewed", { names: GATE_NAMES });
  replace(join(folder, "tls.key"), renewed.key);
  replace(join(folder, "tls.crt"), renewed.cert);
  gate.look();
  await gate.said("Reloaded");
  await afterMore(clients);
  assert.deepEqual([...(await clients.stop())].sort(), ["Forbidden", "created"]);
  await cluster.removeWebhook();
  await gate.end("SIGKILL");
});
