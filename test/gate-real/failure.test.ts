import assert from "node:assert/strict";
import { after, afterEach, test } from "node:test";
import { authority } from "../server/certificates.ts";
import { scratch } from "../server/served.ts";
import { ackKey, everyone, goodPolicy, openPolicy, ownPolicy } from "../server/support.ts";
import type { ApiResponse, KubernetesObject } from "./api.ts";
import { freePort } from "./program.ts";
import { startRelay } from "./relay.ts";
import { created, startGateCluster } from "./setup.ts";

const cluster = await startGateCluster();
const { api, relay } = cluster;
after(() => cluster.end());

const good = (name: string, fields: object = {}): KubernetesObject =>
  ackKey({ policy: goodPolicy, ...fields }, { name });
const held = ackKey(
  { policy: goodPolicy },
  {
    name: "held",
    finalizers: ["finalizers.kms.services.k8s.aws/Key"],
    annotations: { "services.k8s.aws/deletion-policy": "retain" },
  },
);
await created(api, good("old"));
await created(api, held);

afterEach(async () => {
  relay.hanging = false;
  relay.rejecting = 0;
  await cluster.removeWebhook();
});

const exists = async (object: KubernetesObject): Promise<boolean> => (await api.get(object)).status === 200;

/** The API server reports that it could not call the webhook. With failurePolicy Ignore, it would store the object. */
async function failed(response: ApiResponse, object: KubernetesObject, reason: RegExp): Promise<void> {
  const { status, body } = response;
  assert.equal(status, 500, body.message);
  assert.match(
    body.message ?? "",
    /^Internal error occurred: failed calling webhook "keys\.keywarden\.dev": /,
  );
  assert.match(body.message ?? "", reason);
  assert.equal(await exists(object), false);
}

test("while the gate is down, no key changes, and everything else does", async () => {
  await cluster.installWebhook({ port: await freePort() });
  const key = good("down");
  await failed(await api.create(key), key, /connection refused/);
  assert.equal((await api.mergePatch(good("old"), { metadata: { labels: { a: "b" } } })).status, 500);
  assert.equal((await api.delete(good("old"))).status, 500);
  for (const namespace of ["team-a", "keywarden"])
    await created(api, {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "other", namespace },
      data: {},
    });
});

test("while the gate is down, controllers finish the deletion of an object", async () => {
  await cluster.installWebhook();
  assert.equal((await api.delete(held)).status, 200);
  await cluster.removeWebhook();
  await cluster.installWebhook({ port: await freePort() });
  assert.equal((await api.mergePatch(held, { metadata: { finalizers: [] } })).status, 200);
  assert.equal(await exists(held), false);
});

test("if the gate doesn't answer in time, the key is not stored", async () => {
  await cluster.installWebhook({ timeoutSeconds: 1 });
  relay.hanging = true;
  const key = good("late");
  await failed(await api.create(key), key, /deadline exceeded|Timeout exceeded/);
});

test("the API server repeats a request that an overloaded gate rejects", async () => {
  await cluster.installWebhook();
  relay.rejecting = 2;
  assert.equal((await api.create(good("repeated"))).status, 201);
  assert.equal(relay.rejecting, 0);
});

test("while the gate rejects everything, the key is not stored", async () => {
  await cluster.installWebhook({ timeoutSeconds: 2 });
  relay.rejecting = Number.POSITIVE_INFINITY;
  const key = good("rejected");
  await failed(await api.create(key), key, /too many requests|deadline exceeded/i);
});

test("a gate with a certificate of another authority decides nothing", async () => {
  await cluster.installWebhook({ caBundle: authority(scratch(), "other").ca });
  const key = good("untrusted");
  await failed(await api.create(key), key, /certificate signed by unknown authority/);
  assert.equal(relay.exchanges.length, 0);
});

test("a gate whose certificate has another name decides nothing", async () => {
  const { authority, gate } = cluster;
  const misnamed = await startRelay({ url: gate.url, ca: authority.ca }, authority.sign("misnamed"));
  await cluster.installWebhook({ port: misnamed.port });
  const key = good("misnamed");
  await failed(await api.create(key), key, /keywarden\.keywarden\.svc/);
  await misnamed.end();
});

test("the API server calls the gate itself, without the relay, also if the response is compressed", async () => {
  await cluster.installWebhook({ port: cluster.gatePort });
  const policy = ownPolicy(...Array.from({ length: 50 }, (_, i) => everyone(`All${i}`)));
  const many = await api.create(ackKey({ policy }, { name: "direct" }));
  assert.equal(many.status, 403, many.body.message);
  assert.match(many.body.message ?? "", /statement "All9"[^]*… and \d+ more$/);
  const open = await api.create(ackKey({ policy: openPolicy }, { name: "direct" }));
  assert.equal(open.status, 403, open.body.message);
  assert.equal((await api.create(good("direct"))).status, 201);
});

/** The largest object that the API server accepts has 3 MB. In a review, each `<` has six bytes. */
const large = "<".repeat(2_500_000);

test("an object whose review is larger than the gate's maximum is denied", async () => {
  await cluster.installWebhook({ port: cluster.gatePort });
  const key = good("large", { description: large });
  const { status, body } = await api.create(key);
  assert.equal(status, 413, body.message);
  assert.match(
    body.message ?? "",
    /denied the request: Keywarden could not decide .*: The body is larger than/,
  );
  assert.equal(await exists(key), false);
});

test("an object that is nested too deeply is denied", async () => {
  await cluster.installWebhook();
  const nested = JSON.parse(`${'{"a":'.repeat(4000)}{}${"}".repeat(4000)}`);
  const key = good("nested", { nested });
  const { status, body } = await api.create(key);
  assert.equal(status, 403, body.message);
  assert.match(body.message ?? "", /Keywarden could not check Key\/team-a\/nested and denies the request/);
  assert.equal(await exists(key), false);
});
