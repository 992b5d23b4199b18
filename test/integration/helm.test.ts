import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { load, loadAll } from "js-yaml";
import { flags } from "../../src/session/flags/flags.ts";
import { hasType, type Manifest, typeErrors } from "../server/kubernetes-types.ts";
import { output, root, scratch } from "./support.ts";

const helm = join(root, ".cache/helm/helm");
const kustomize = join(root, ".cache/helm/kustomize");
const chart = join(root, "deploy/helm/keywarden");
const read = (path: string): string => readFileSync(join(root, path), "utf8");
const objectsIn = (text: string): Manifest[] =>
  (loadAll(text) as (Manifest | null)[]).filter((one) => one !== null);

interface Values {
  [name: string]: unknown;
}

/** Runs `helm template` with values. */
const template = (values: Values, release = "keywarden", folder = chart) =>
  spawnSync(
    helm,
    ["template", release, folder, "--namespace", "keywarden", "--kube-version", "1.34.0", "--values", "-"],
    { input: JSON.stringify(values), encoding: "utf8" },
  );

/** Returns the objects that the chart creates. */
function rendered(values: Values = {}, release = "keywarden"): Manifest[] {
  const { status, stdout, stderr } = template(values, release);
  assert.equal(status, 0, stderr);
  return objectsIn(stdout);
}

/** Returns the error message of values that the chart rejects. */
function rejected(values: Values): string {
  const { status, stderr } = template(values);
  assert.equal(status, 1, JSON.stringify(values));
  return stderr;
}

/** Returns objects in a stable order, without the labels that Helm adds, and with the content of config files. */
const comparable = (objects: Manifest[]) =>
  Object.fromEntries(
    objects.map(({ metadata: { labels: _, ...metadata }, ...object }) => {
      const { data } = object as { data?: { [file: string]: string } };
      const files = Object.entries(data ?? {}).map(([name, text]) => [name, load(text)]);
      const content = data === undefined ? {} : { data: Object.fromEntries(files) };
      return [`${object.kind}/${metadata.name}`, { ...object, ...content, metadata }];
    }),
  );

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

const podOf = (values: Values) => {
  const deployment = rendered(values).find(({ kind }) => kind === "Deployment") as
    | (Manifest & Pod)
    | undefined;
  assert.ok(deployment);
  const { containers, terminationGracePeriodSeconds } = deployment.spec.template.spec;
  return { ...containers[0], args: containers[0]?.args ?? [], terminationGracePeriodSeconds };
};

test("helm lint --strict finds no problem", () => {
  output(helm, ["lint", "--strict", "--kube-version", "1.34.0", chart], { cwd: root });
});

test("the default values create the objects of deploy/kubernetes, except the namespace", () => {
  const built = objectsIn(output(kustomize, ["build", "deploy/kubernetes"], { cwd: root }));
  assert.deepEqual(comparable(rendered()), comparable(built.filter(({ kind }) => kind !== "Namespace")));
});

test("a bundle server opens the same connections as deploy/components/egress", () => {
  const [component] = objectsIn(read("deploy/components/egress/networkpolicy.yaml"));
  const values = { server: { bundle: "https://bundles.example.com/keywarden-bundle.tar.gz" } };
  const egress = rendered(values).filter(({ metadata }) => metadata.name === "keywarden-egress");
  assert.deepEqual(comparable(egress), comparable([component as Manifest]));
});

for (const [what, values, ports] of [
  ["no server that Keywarden calls", {}, undefined],
  ["a decision log on standard output", { server: { "decision-log": "-" } }, undefined],
  ["a log server with a port", { server: { "decision-log": "https://logs.example.com:8443/opa" } }, [8443]],
  [
    "a bundle server and a log server",
    { server: { bundle: "https://a.example.com/b", "decision-log": "https://l.example.com:9000" } },
    [443, 9000],
  ],
  ["HCP Terraform", { files: { "run-task-key-file": { secret: "run-task", key: "hmac" } } }, [443]],
  [
    "Terraform Enterprise",
    {
      server: { "run-task-host": ["tfe.example.com:8443"] },
      files: { "run-task-key-file": { secret: "run-task", key: "hmac" } },
    },
    [8443],
  ],
] as const)
  test(`${what}: the network policy allows ${ports === undefined ? "no" : `port ${ports.join(" and ")} of`} outgoing connections`, () => {
    const policy = rendered(values).find(({ metadata }) => metadata.name === "keywarden-egress");
    const { egress } = (policy?.spec ?? {}) as { egress?: { ports: { port: number }[] }[] };
    assert.deepEqual(
      egress?.[1]?.ports.map(({ port }) => port),
      ports,
    );
  });

/** Sets most values, so that every branch of the templates renders something. */
const full: Values = {
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
};

for (const [what, values] of Object.entries<Values>({
  "default values": {},
  "most values set": full,
  "neither cert-manager nor webhook": { tls: { certManager: false }, webhook: { enabled: false } },
  "its own certificate": {
    tls: { certManager: false, secretName: "own", caBundle: "-----BEGIN CERTIFICATE-----\n" },
  },
}))
  test(`${what}: the objects are valid for the Kubernetes API, and their names differ`, () => {
    const objects = rendered(values, "release");
    assert.deepEqual(typeErrors(objects.filter(hasType)), []);
    const names = objects.map(({ kind, metadata }) => `${kind}/${metadata.name}`);
    assert.deepEqual(names, [...new Set(names)]);
    for (const { kind, metadata } of objects)
      assert.equal(metadata.namespace, kind === "ValidatingWebhookConfiguration" ? undefined : "keywarden");
  });

test("flags and files are arguments of keywarden serve", () => {
  const { args, image } = podOf(full);
  assert.deepEqual(args.slice(5), [
    "--anonymous=/kubernetes/admission",
    "--anonymous=/metrics",
    "--bundle=https://bundles.example.com/b",
    "--decision-timeout=5s",
    "--log-level=warn",
    "--queue=100000",
    "--workers=4",
    "--bundle-key=/etc/keywarden-files/bundle-key/bundle.pub",
    "--token-file=/etc/keywarden-files/token-file/tokens.txt",
  ]);
  assert.equal(image, `registry.example.com/keywarden@sha256:${"0".repeat(64)}`);
});

for (const [delay, timeout, seconds] of [
  [undefined, undefined, 60],
  ["30s", "8s", 88],
  ["1m", "500ms", 111],
  [null, "5s", 60],
] as const)
  test(`with a delay of ${delay} and a timeout of ${timeout}, Kubernetes waits ${seconds} s for a shutdown`, () => {
    const server = { "shutdown-delay": delay, "decision-timeout": timeout };
    assert.equal(podOf({ server }).terminationGracePeriodSeconds, seconds);
  });

const schema = JSON.parse(read("deploy/helm/keywarden/values.schema.json")) as {
  properties: { [name: string]: { properties: object } };
};
const valuesOf = (name: string): string[] => Object.keys(schema.properties[name]?.properties ?? {});

test("every flag of the server is a value of the chart, or set by it", () => {
  const known = [...valuesOf("server"), ...valuesOf("files"), "listen", "tls-cert", "tls-key"];
  const expected = Object.entries(flags).filter(([, { group }]) => group === "server");
  assert.deepEqual(known.sort(), expected.map(([name]) => name).sort());
  for (const name of known) assert.ok(!valuesOf("config").includes(name), name);
});

for (const [what, values, message] of [
  ["a flag", { server: { workrs: 2 } }, /'\/server'.*'workrs' not allowed/],
  [
    "a rule",
    { config: { levels: { public_acces: "note" } } },
    /'\/config\/levels'.*'public_acces' not allowed/,
  ],
  ["a setting", { config: { settings: { trust: { acounts: [] } } } }, /'acounts' not allowed/],
  ["a value of the chart", { netwrkPolicy: {} }, /'netwrkPolicy' not allowed/],
  ["a nested value of the chart", { webhook: { failurPolicy: "Fail" } }, /'failurPolicy' not allowed/],
  ["a mode", { server: { "fail-mode": "opne" } }, /'\/server\/fail-mode'/],
  ["a flag in config", { config: { workers: "2" } }, /'workers' not allowed/],
  ["a file flag in server", { server: { "token-file": "/tokens" } }, /'token-file' not allowed/],
  ["a flag that the chart sets", { server: { listen: ":80" } }, /'listen' not allowed/],
  ["a file without a source", { files: { "bundle-key": { key: "a" } } }, /'\/files\/bundle-key'/],
  ["an unquoted off", { config: { levels: { alias_missing: false } } }, /'\/config\/levels\/alias_missing'/],
  ["a digest", { image: { digest: "0123" } }, /'\/image\/digest'/],
] as const)
  test(`the schema rejects ${what} that does not exist`, () => {
    assert.match(rejected(values), message);
  });

test("the chart rejects values that would make the webhook useless", () => {
  for (const timeout of ["10s", "1m", "9001ms"])
    assert.match(
      rejected({ server: { "decision-timeout": timeout } }),
      /must be below webhook.timeoutSeconds/,
    );
  assert.match(rejected({ tls: { certManager: false } }), /Set tls.caBundle/);
});

/** Helm prints the notes only if it reaches a cluster, so a copy of the chart shows them in an object. */
function notes(values: Values): string {
  const copy = join(scratch(), "keywarden");
  cpSync(chart, copy, { recursive: true });
  const object = `kind: Notes
metadata: {name: notes}
text: |
  {{- include "keywarden/templates/NOTES.txt" . | nindent 2 }}
`;
  writeFileSync(join(copy, "templates/notes.yaml"), object);
  const { stdout, stderr } = template(values, "keywarden", copy);
  const found = objectsIn(stdout).find(({ kind }) => kind === "Notes") as
    | (Manifest & { text: string })
    | undefined;
  return found?.text ?? assert.fail(stderr);
}

for (const page of ["docs/server/kubernetes.md", "deploy/helm/keywarden/README.md"])
  test(`the values in ${page} are valid`, () => {
    const examples = [...read(page).matchAll(/^```yaml\n(# values\.yaml\n[\s\S]*?)^```/gm)];
    assert.ok(examples.length > 0);
    for (const [, text = ""] of examples) {
      const objects = rendered(load(text) as Values);
      assert.deepEqual(typeErrors(objects.filter(hasType)), []);
    }
  });

test("the notes after the installation name values that weaken the gate", () => {
  assert.doesNotMatch(notes({}), /WARNING/);
  for (const [values, name] of [
    [{ config: { "fail-on-unknown": false } }, "config.fail-on-unknown"],
    [{ server: { "fail-mode": "open" } }, "server.fail-mode"],
    [{ webhook: { failurePolicy: "Ignore" } }, "webhook.failurePolicy"],
  ] as const)
    assert.ok(notes(values).includes(`WARNING: ${name}`), name);
});

test("the chart, the image and the manifests have the version of the package", () => {
  const { version } = JSON.parse(read("package.json")) as { version: string };
  const about = load(read("deploy/helm/keywarden/Chart.yaml")) as { version: string; appVersion: string };
  assert.deepEqual([about.version, about.appVersion], [version, version]);
  assert.equal(podOf({}).image, `ghcr.io/keywarden/keywarden:${version}`);
});
