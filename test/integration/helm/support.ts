import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { loadAll } from "js-yaml";
import type { Manifest } from "../../server/kubernetes-types.ts";
import { root } from "../support.ts";

export const helm = join(root, ".cache/helm/helm");
export const kustomize = join(root, ".cache/helm/kustomize");
export const chart = join(root, "deploy/helm/keywarden");
export const read = (path: string): string => readFileSync(join(root, path), "utf8");
export const objectsIn = (text: string): Manifest[] =>
  (loadAll(text) as (Manifest | null)[]).filter((one) => one !== null);

export interface Values {
  [name: string]: unknown;
}

/** Runs `helm template` with values. */
export const template = (values: Values, release = "keywarden", folder = chart) =>
  spawnSync(
    helm,
    ["template", release, folder, "--namespace", "keywarden", "--kube-version", "1.34.0", "--values", "-"],
    { input: JSON.stringify(values), encoding: "utf8" },
  );

/** Returns the objects that the chart creates. */
export function rendered(values: Values = {}, release = "keywarden"): Manifest[] {
  const { status, stdout, stderr } = template(values, release);
  assert.equal(status, 0, stderr);
  return objectsIn(stdout);
}

interface Pod {
  spec: {
    template: {
      spec: {
        containers: { args: string[]; image: string; env?: unknown }[];
        terminationGracePeriodSeconds: number;
      };
    };
  };
}

export const podOf = (values: Values) => {
  const deployment = rendered(values).find(({ kind }) => kind === "Deployment") as
    | (Manifest & Pod)
    | undefined;
  assert.ok(deployment);
  const { containers, terminationGracePeriodSeconds } = deployment.spec.template.spec;
  return { ...containers[0], args: containers[0]?.args ?? [], terminationGracePeriodSeconds };
};

/** Sets most values, so that every branch of the templates renders something. */
export const full: Values = {
  image: { repository: "registry.example.com/keywarden", digest: `sha256:${"0".repeat(64)}` },
  imagePullSecrets: [{ name: "registry" }],
  fullnameOverride: "gate",
  config: { preset: "strict", levels: { alias_missing: "off" }, accounts: { "team-a/**": "111122223333" } },
  server: { workers: 4, queue: 100_000, bundle: "https://bundles.example.com/b", "log-level": "warn" },
  files: {
    "token-file": { secret: "tokens", key: "tokens.txt" },
    "bundle-key": { configMap: "bundle", key: "bundle.pub" },
  },
  env: [{ name: "NODE_EXTRA_CA_CERTS", value: "/etc/ssl/own-ca.pem" }],
  volumes: [{ name: "state", emptyDir: {} }],
  volumeMounts: [{ name: "state", mountPath: "/var/lib/keywarden" }],
  tls: { issuerRef: { name: "own", kind: "ClusterIssuer" } },
  webhook: { failurePolicy: "Ignore", operations: ["CREATE", "UPDATE"] },
  service: { type: "LoadBalancer", annotations: { team: "security" } },
  autoscaling: { enabled: false },
  replicas: 3,
  networkPolicy: { from: [{ ipBlock: { cidr: "10.0.0.0/8" } }], to: [{ ipBlock: { cidr: "10.1.0.0/16" } }] },
  podAnnotations: { "example.com/team": "security" },
  nodeSelector: { "kubernetes.io/arch": "arm64" },
  tolerations: [{ key: "gate", operator: "Exists" }],
  priorityClassName: "high",
  monitoring: {
    serviceMonitor: {
      enabled: true,
      labels: { release: "prometheus" },
      token: { name: "scraper", key: "token" },
    },
    prometheusRule: { enabled: true, labels: { release: "prometheus" } },
    dashboard: { enabled: true },
  },
};
