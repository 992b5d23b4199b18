import assert from "node:assert/strict";
import type { ValidatingWebhookConfiguration } from "kubernetes-types/admissionregistration/v1.d.ts";
import { authority } from "../server/certificates.ts";
import { deployedServer } from "../server/deployed.ts";
import { the } from "../server/manifest-support.ts";
import { type Served, scratch, serve } from "../server/served.ts";
import { ackKey, openPolicy } from "../server/support.ts";
import { until } from "../until.ts";
import type { Api, KubernetesObject } from "./api.ts";
import { type Cluster, startCluster } from "./cluster.ts";
import { keyKindDefinition, keyKinds } from "./crds.ts";
import { type Relay, startRelay } from "./relay.ts";

/** The name that the API server expects in the certificate of the service. */
const SERVICE_NAME = "keywarden.keywarden.svc";

/** The names in the gate's certificate, for the API server and for the relay. */
export const GATE_NAMES = `DNS:${SERVICE_NAME},IP:127.0.0.1`;

export interface GateCluster extends Cluster {
  gate: Served;
  relay: Relay;
  /** A port where the gate answers without the relay. */
  gatePort: number;
  /** The authority of the gate's certificate. */
  authority: ReturnType<typeof authority>;
  /** Installs the webhook as shipped, and waits until the API server calls it. */
  installWebhook(changes?: WebhookChanges): Promise<void>;
  /** Makes the API server call another port, as a Service leads to other pods. */
  pointWebhook(port: number): Promise<void>;
  removeWebhook(): Promise<void>;
}

export const portOf = ({ url }: Served): number => Number(new URL(url).port);

export interface WebhookChanges {
  caBundle?: Buffer;
  port?: number;
  timeoutSeconds?: number;
}

interface DefinitionSpec {
  group: string;
  names: { plural: string };
  versions: { name: string; served: boolean }[];
}

const WEBHOOK = {
  apiVersion: "admissionregistration.k8s.io/v1",
  kind: "ValidatingWebhookConfiguration",
  metadata: { name: "keywarden" },
};

/** Starts a control plane and the gate as deploy/kubernetes starts it. The gate's service leads to a relay. */
export async function startGateCluster(args: string[] = []): Promise<GateCluster> {
  const folder = scratch();
  const gateCa = authority(folder, "gate");
  const deployed = deployedServer(gateCa.sign("keywarden", { names: GATE_NAMES }));
  const [cluster, gate] = await Promise.all([
    startCluster(),
    serve([...deployed.args, ...args], { cwd: deployed.cwd }),
  ]);
  const relay = await startRelay(
    { url: gate.url, ca: gateCa.ca },
    gateCa.sign("relay", { names: `DNS:${SERVICE_NAME}` }),
  );
  const { api } = cluster;
  await installDefinitions(api, keyKinds.map(keyKindDefinition));
  for (const name of ["team-a", "keywarden"])
    await created(api, { apiVersion: "v1", kind: "Namespace", metadata: { name } });
  // The API server calls the webhook by its service's name, and no network leads to the address of a real service.
  await created(api, {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: "keywarden", namespace: "keywarden" },
    spec: { type: "ExternalName", externalName: "127.0.0.1" },
  });
  return {
    ...cluster,
    gate,
    relay,
    gatePort: portOf(gate),
    authority: gateCa,
    installWebhook: async (changes = {}) => {
      await installWebhook(api, { caBundle: gateCa.ca, port: relay.port, timeoutSeconds: 30, ...changes });
      relay.exchanges.length = 0;
    },
    pointWebhook: (port) => pointWebhook(api, port),
    removeWebhook: () => removeWebhook(api),
    end: async () => {
      await cluster.end();
      await relay.end();
      await gate.end("SIGKILL");
    },
  };
}

/** Returns an object of deploy/kubernetes, without the name of its file. */
export function shipped<T = KubernetesObject>(kind: string): T {
  const { file: _, ...object } = the<KubernetesObject & { file: string }>(kind);
  return object as T;
}

export async function created(api: Api, object: KubernetesObject): Promise<void> {
  const { status, body } = await api.create(object, "?fieldValidation=Strict");
  assert.equal(status, 201, `${object.kind} ${object.metadata.name}: ${body.message}`);
}

/** Creates definitions, and waits until the API server serves their kinds. */
export async function installDefinitions(api: Api, definitions: KubernetesObject[]): Promise<void> {
  for (const definition of definitions) await created(api, definition);
  for (const { spec } of definitions) {
    const { group, names, versions } = spec as DefinitionSpec;
    for (const { name, served } of versions)
      if (served)
        await until(
          async () => (await api.request("GET", `/apis/${group}/${name}/${names.plural}`)).status === 200,
        );
  }
}

/**
 * As cert-manager does, adds the certificate authority. Also changes the port, and gives a busy machine more time than
 * the ten seconds that are shipped.
 */
async function installWebhook(
  api: Api,
  { caBundle = Buffer.of(), port = 443, timeoutSeconds = 10 }: WebhookChanges,
): Promise<void> {
  const configuration = structuredClone(shipped<ValidatingWebhookConfiguration>(WEBHOOK.kind));
  for (const webhook of configuration.webhooks ?? []) {
    assert.ok(webhook.clientConfig.service !== undefined);
    webhook.clientConfig.caBundle = caBundle.toString("base64");
    webhook.clientConfig.service.port = port;
    webhook.timeoutSeconds = timeoutSeconds;
  }
  await created(api, configuration as unknown as KubernetesObject);
  await until(async () => (await probe(api)) !== 201);
}

async function pointWebhook(api: Api, port: number): Promise<void> {
  const patch = [{ op: "replace", path: "/webhooks/0/clientConfig/service/port", value: port }];
  const path = await api.path(WEBHOOK);
  const { status, body } = await api.request("PATCH", path, patch, "application/json-patch+json");
  assert.equal(status, 200, body.message);
}

async function removeWebhook(api: Api): Promise<void> {
  assert.equal((await api.delete(WEBHOOK)).status, 200);
  await until(async () => (await probe(api)) === 201);
}

/** Returns the status of a dry run that the webhook denies. */
const probe = async (api: Api): Promise<number> =>
  (await api.create(ackKey({ policy: openPolicy }, { name: "probe" }), "?dryRun=All")).status;
