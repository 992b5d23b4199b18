import { generateKeyPairSync } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { authority } from "../server/certificates.ts";
import { ask, scratch } from "../server/served.ts";
import { until } from "../until.ts";
import { Api } from "./api.ts";
import { freePort, startProgram } from "./program.ts";

const TOKEN = "token-of-the-administrator";

/** An event of the API server's audit log: https://kubernetes.io/docs/reference/config-api/apiserver-audit.v1/ */
export interface AuditEvent {
  verb: string;
  requestURI: string;
  responseStatus?: { code: number };
  annotations?: { [name: string]: string };
}

/** A Kubernetes control plane of etcd and kube-apiserver. It has no controllers and no nodes. */
export interface Cluster {
  api: Api;
  /** Location of a kubeconfig file for kubectl. */
  kubeconfig: string;
  auditEvents(): AuditEvent[];
  end(): Promise<void>;
}

export async function startCluster(): Promise<Cluster> {
  const folder = scratch();
  const [etcdPort, peerPort, port] = [await freePort(), await freePort(), await freePort()];
  const etcd = startProgram(
    "etcd",
    [
      "--data-dir=etcd",
      `--listen-client-urls=http://127.0.0.1:${etcdPort}`,
      `--advertise-client-urls=http://127.0.0.1:${etcdPort}`,
      `--listen-peer-urls=http://127.0.0.1:${peerPort}`,
      `--initial-advertise-peer-urls=http://127.0.0.1:${peerPort}`,
      `--initial-cluster=default=http://127.0.0.1:${peerPort}`,
      // The data is worthless after the test.
      "--unsafe-no-fsync",
    ],
    folder,
  );
  const ca = writeCredentials(folder);
  const server = startProgram(
    "kube-apiserver",
    [
      `--etcd-servers=http://127.0.0.1:${etcdPort}`,
      "--bind-address=127.0.0.1",
      "--advertise-address=127.0.0.1",
      `--secure-port=${port}`,
      "--tls-cert-file=server.pem",
      "--tls-private-key-file=server.key",
      "--token-auth-file=tokens.csv",
      "--authorization-mode=RBAC",
      "--service-account-issuer=https://kubernetes.default.svc",
      "--service-account-key-file=accounts.key",
      "--service-account-signing-key-file=accounts.key",
      "--service-cluster-ip-range=10.0.0.0/24",
      "--endpoint-reconciler-type=none",
      "--audit-policy-file=audit.yaml",
      "--audit-log-path=audit.log",
      "--audit-log-mode=blocking",
    ],
    folder,
  );
  const url = `https://127.0.0.1:${port}`;
  await until(async () => {
    etcd.assertRunning();
    server.assertRunning();
    const headers = { authorization: `Bearer ${TOKEN}` };
    const ready = await ask(`${url}/readyz`, { ca, headers, agent: false }).catch(() => undefined);
    return ready?.status === 200;
  });
  return {
    api: new Api(url, ca, TOKEN),
    kubeconfig: writeKubeconfig(folder, url, ca),
    auditEvents: () =>
      readFileSync(join(folder, "audit.log"), "utf8")
        .split("\n")
        .filter(Boolean)
        .map((line) => JSON.parse(line) as AuditEvent),
    end: async () => {
      await server.end();
      await etcd.end();
    },
  };
}

/** Writes the files that the API server's options name. Returns the certificate of its authority. */
function writeCredentials(folder: string): Buffer {
  const { ca, sign } = authority(folder, "cluster");
  const { cert, key } = sign("kube-apiserver");
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const files = {
    "server.pem": cert,
    "server.key": key,
    "accounts.key": privateKey.export({ type: "sec1", format: "pem" }),
    "tokens.csv": `${TOKEN},admin,admin,system:masters\n`,
    "audit.yaml": "apiVersion: audit.k8s.io/v1\nkind: Policy\nrules: [{level: Metadata}]\n",
  };
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  return ca;
}

function writeKubeconfig(folder: string, server: string, ca: Buffer): string {
  const path = join(folder, "kubeconfig");
  const config = {
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "test", cluster: { server, "certificate-authority-data": ca.toString("base64") } }],
    users: [{ name: "admin", user: { token: TOKEN } }],
    contexts: [{ name: "test", context: { cluster: "test", user: "admin" } }],
    "current-context": "test",
  };
  writeFileSync(path, JSON.stringify(config));
  return path;
}
