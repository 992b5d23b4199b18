import assert from "node:assert/strict";
import { after, beforeEach, test } from "node:test";
import { ackKey, crossplaneKey, everyone, goodPolicy, openPolicy, ownPolicy } from "../server/support.ts";
import type { ApiResponse, KubernetesObject } from "./api.ts";
import { keyKinds } from "./crds.ts";
import { record } from "./recorder.ts";
import { created, startGateCluster } from "./setup.ts";

const cluster = await startGateCluster();
const { api, relay } = cluster;
after(() => cluster.end());

type Fields = { [field: string]: unknown };

/** Returns a key that no rule of level error fails. */
const key = (name: string, fields: Fields = {}, metadata: Fields = {}): KubernetesObject =>
  ackKey({ policy: goodPolicy, ...fields }, { name, ...metadata });
const openKey = (name: string, fields: Fields = {}, metadata: Fields = {}): KubernetesObject =>
  key(name, { policy: openPolicy, ...fields }, metadata);

const retained = { annotations: { "services.k8s.aws/deletion-policy": "retain" } };
const held = { finalizers: ["finalizers.kms.services.k8s.aws/Key"] };

// These keys exist before the webhook.
for (const old of [
  openKey("old"),
  openKey("old-labeled"),
  openKey("old-status"),
  openKey("old-held", {}, { ...retained, finalizers: [...held.finalizers, "other.example/Key"] }),
])
  await created(api, old);
await cluster.installWebhook();

beforeEach(() => {
  relay.exchanges.length = 0;
});

function allowed(response: ApiResponse, status = 200): void {
  assert.equal(response.status, status, response.body.message);
}

function denied({ status, body }: ApiResponse, message: RegExp): void {
  assert.equal(status, 403, body.message);
  assert.equal(body.reason, "Forbidden");
  assert.match(body.message ?? "", /^admission webhook "keys\.keywarden\.dev" denied the request: /);
  assert.match(body.message ?? "", message);
}

const exists = async (object: KubernetesObject): Promise<boolean> => (await api.get(object)).status === 200;
const publicAccess =
  /violates a Keywarden rule: public_access\n- public_access at \.spec\.policy, statement "All": /;

test("a good key is created", async () => {
  allowed(await api.create(key("good")), 201);
  await record(relay, "create-good-key");
});

test("a key that everyone can use is not created, and the client gets the reason", async () => {
  const open = openKey("open");
  denied(await api.create(open), publicAccess);
  assert.equal(await exists(open), false);
  await record(relay, "create-open-key");
});

test("findings that don't deny are warnings", async () => {
  const { warnings, ...response } = await api.create(key("warned", { enableKeyRotation: false }));
  allowed(response as ApiResponse, 201);
  assert.match(warnings.join("\n"), /^rotation_disabled: /m);
  await record(relay, "create-key-with-warning");
});

test("the client gets every warning, also those with other characters than ASCII", async () => {
  const named = (i: number) => ({ ...everyone(`Grants ${i} "é€⟨"`), Principal: { AWS: `{{ p${i} }}` } });
  const policy = ownPolicy(...Array.from({ length: 60 }, (_, i) => named(i)));
  const { warnings } = await api.create(key("many", { policy }));
  const { response } = JSON.parse(relay.exchanges.at(-1)?.response ?? "");
  assert.ok(response.warnings.length > 20, String(response.warnings.length));
  assert.deepEqual(warnings, response.warnings);
});

test("a dry run gets the same result, and stores nothing", async () => {
  const dry = key("dry");
  denied(await api.create(openKey("dry"), "?dryRun=All"), publicAccess);
  allowed(await api.create(dry, "?dryRun=All"), 201);
  assert.equal(await exists(dry), false);
  await record(relay, "create-dry-run");
});

test("a key in the gate's own namespace is checked too", async () => {
  denied(await api.create(openKey("own", {}, { namespace: "keywarden" })), /public_access/);
});

test("a key with a generated name is checked", async () => {
  const generated = { ...openKey(""), metadata: { generateName: "orders-", namespace: "team-a" } };
  denied(await api.create(generated), /Key\/team-a\/orders-/);
  await record(relay, "create-generated-name");
});

test("an object that server-side apply creates or changes is checked", async () => {
  denied(await api.apply(openKey("applied")), publicAccess);
  allowed(await api.apply(key("applied")), 201);
  denied(await api.apply(openKey("applied")), publicAccess);
  allowed(await api.apply(key("applied", { description: "changed" })));
  await record(relay, "apply-change");
});

test("an update that opens a key is denied", async () => {
  const closed = key("closed");
  allowed(await api.create(closed), 201);
  denied(await api.mergePatch(closed, { spec: { policy: openPolicy } }), publicAccess);
  await record(relay, "update-opens-key");
});

test("an update of an open key that is older than the rules is allowed with a warning, and a fix is too", async () => {
  const old = openKey("old");
  const { warnings, ...response } = await api.mergePatch(old, { spec: { description: "changed" } });
  allowed(response as ApiResponse);
  assert.match(warnings.join("\n"), /public_access \(not changed by this update\)/);
  await record(relay, "update-old-key");
  allowed(await api.mergePatch(old, { spec: { policy: goodPolicy } }));
});

test("a change to metadata only is allowed", async () => {
  const old = openKey("old-labeled");
  allowed(await api.mergePatch(old, { metadata: held }));
  assert.equal(relay.exchanges.length, 1);
  await record(relay, "update-metadata");
  allowed(await api.mergePatch(old, { metadata: { finalizers: [] } }));
});

test("the API server doesn't ask about the status", async () => {
  const old = openKey("old-status");
  const status = { ackResourceMetadata: { arn: "arn:aws:kms:eu-central-1:111122223333:key/1" } };
  const response = await api.mergePatch(old, { status }, "/status");
  allowed(response);
  assert.deepEqual(response.body["status"], status);
  assert.equal(relay.exchanges.length, 0);
});

test("a change to annotations through the status has no effect", async () => {
  const open = openKey("old-status");
  const annotations = { "keywarden.dev/ignore": "public_access -- not reviewed" };
  allowed(await api.mergePatch(open, { metadata: { annotations }, status: {} }, "/status"));
  assert.equal((await api.get(open)).body.metadata?.["annotations"], undefined);
});

test("a deletion that deletes the key in AWS is denied, and one that retains it is allowed", async () => {
  const doomed = key("doomed");
  allowed(await api.create(doomed), 201);
  denied(await api.delete(doomed), /key_deletion/);
  assert.equal(await exists(doomed), true);
  await record(relay, "delete-key");
  allowed(await api.mergePatch(doomed, { metadata: retained }));
  allowed(await api.delete(doomed));
  assert.equal(await exists(doomed), false);
});

test("the deletion of a collection is decided for each object", async () => {
  const [first, second] = [
    key("one", {}, { labels: { batch: "1" } }),
    key("two", {}, { labels: { batch: "1" } }),
  ];
  allowed(await api.create(first), 201);
  allowed(await api.create(second), 201);
  const path = await api.path(first, true);
  denied(await api.request("DELETE", `${path}?labelSelector=batch%3D1`), /key_deletion/);
  assert.deepEqual([await exists(first), await exists(second)], [true, true]);
});

test("the API server doesn't ask about the finalizers of an object that is being deleted", async () => {
  const object = openKey("old-held");
  allowed(await api.delete(object));
  relay.exchanges.length = 0;
  assert.ok((await api.get(object)).body.metadata?.["deletionTimestamp"]);
  allowed(await api.mergePatch(object, { metadata: held }));
  allowed(await api.mergePatch(object, { metadata: { finalizers: [] } }));
  assert.equal(await exists(object), false);
  assert.equal(relay.exchanges.length, 0);
});

test("the finalizers of a large object can be removed: the match condition stays below the API server's cost limit", async () => {
  const large = key("large", { description: "x".repeat(1_300_000) }, { ...held, ...retained });
  allowed(await api.create(large), 201);
  allowed(await api.delete(large));
  relay.exchanges.length = 0;
  allowed(await api.mergePatch(large, { metadata: { finalizers: [] } }));
  assert.equal(await exists(large), false);
  assert.equal(relay.exchanges.length, 0);
});

test("the API server asks about other changes to an object that is being deleted", async () => {
  const object = key("held", {}, { ...held, ...retained });
  allowed(await api.create(object), 201);
  allowed(await api.delete(object));
  relay.exchanges.length = 0;
  const changes = [
    { metadata: { annotations: { note: "changed" } } },
    { metadata: { annotations: { note: null } } },
    { metadata: { labels: { team: "a" } } },
    { metadata: { labels: null } },
    { spec: { description: "changed" } },
    { spec: { description: 7 } },
    { spec: { description: { nested: [true, 1.5, "text"] } } },
  ];
  for (const change of changes) allowed(await api.mergePatch(object, change));
  assert.equal(relay.exchanges.length, changes.length);
  denied(await api.mergePatch(object, { metadata: { annotations: null } }), /key_deletion/);
  await record(relay, "update-deleted-key");
  allowed(await api.mergePatch(object, { status: { conditions: [] } }, "/status"));
  allowed(await api.mergePatch(object, { metadata: { finalizers: [] } }));
  assert.equal(await exists(object), false);
});

test("a suppression is an annotation, and an update that removes it is denied", async () => {
  const annotations = { "keywarden.dev/ignore": "public_access -- a sandbox without data" };
  const suppressed = openKey("suppressed", {}, { annotations });
  allowed(await api.create(suppressed), 201);
  await record(relay, "create-suppressed");
  denied(await api.mergePatch(suppressed, { metadata: { annotations: null } }), publicAccess);
  allowed(await api.mergePatch(suppressed, { spec: { policy: goodPolicy } }));
});

test("a key whose policy depends on an unknown value is undecided, which denies", async () => {
  const undecided = /Keywarden could not check Key\/team-a\/unknown and denies the request/;
  denied(await api.create(key("unknown", { policy: "{{ policy }}" })), undecided);
  const policy = goodPolicy.replace("arn:aws:iam::111122223333:root", "{{ principal }}");
  denied(await api.create(key("unknown", { policy })), undecided);
  await record(relay, "create-undecided");
});

test("an alias and a grant are created, although their key is another object", async () => {
  const keyRef = { from: { name: "good" } };
  const grant = { keyRef, granteePrincipal: "arn:aws:iam::111122223333:role/app", operations: ["Decrypt"] };
  for (const [kind, spec] of [
    ["Alias", { name: "alias/good", targetKeyRef: keyRef }],
    ["Grant", { ...grant, constraints: { encryptionContextEquals: { tenant: "a" } } }],
  ] as [string, object][]) {
    allowed(await api.create({ ...key("good"), kind, spec } as KubernetesObject), 201);
    await record(relay, `create-${kind.toLowerCase()}`);
  }
  denied(
    await api.create({
      ...key("wide"),
      kind: "Grant",
      spec: { ...grant, granteePrincipal: "*" },
    } as KubernetesObject),
    /grant_wildcard_principal/,
  );
});

test("a cluster-scoped key of Crossplane is checked, in each version that the API server serves", async () => {
  for (const version of ["v1beta1", "v1beta2"]) {
    const open = { ...crossplaneKey({ policy: openPolicy }), apiVersion: `kms.aws.upbound.io/${version}` };
    denied(await api.create(open), /^.*: Key\/orders violates a Keywarden rule: public_access\n/);
  }
  await record(relay, "create-crossplane-key");
});

for (const { group, kind, versions, namespaced } of keyKinds)
  test(`the API server asks about ${kind} of ${group}`, async () => {
    const metadata = { name: "any", ...(namespaced ? { namespace: "team-a" } : {}) };
    await api.create({ apiVersion: `${group}/${versions[0]}`, kind, metadata, spec: {} }, "?dryRun=All");
    assert.equal(relay.exchanges.length, 1);
  });

test("the API server sends nothing about other objects", async () => {
  const metadata = { name: "private", namespace: "team-a" };
  const secret = { apiVersion: "v1", kind: "Secret", metadata, stringData: { password: "hunter2" } };
  allowed(await api.create(secret), 201);
  allowed(await api.mergePatch(secret, { stringData: { password: "hunter3" } }));
  allowed(await api.delete(secret));
  allowed(await api.create({ apiVersion: "v1", kind: "ConfigMap", metadata, data: {} }), 201);
  assert.equal(relay.exchanges.length, 0);
});

test("the audit log has the annotations of a decision", async () => {
  denied(await api.create(openKey("audited")), publicAccess);
  const annotations = cluster
    .auditEvents()
    .findLast(({ verb, responseStatus }) => verb === "create" && responseStatus?.code === 403)?.annotations;
  assert.equal(annotations?.["keys.keywarden.dev/outcome"], "denied");
  assert.equal(annotations?.["keys.keywarden.dev/rules"], "public_access");
  assert.match(annotations?.["keys.keywarden.dev/decision-id"] ?? "", /^[\da-f-]{36}$/);
});
