import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "js-yaml";
import { hasType, type Manifest, typeErrors } from "../../server/kubernetes-types.ts";
import { output, root } from "../support.ts";
import { chart, full, helm, kustomize, objectsIn, read, rendered, type Values } from "./support.ts";

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

/** The labels by which the chart tells its releases apart. */
const selectsRelease = {
  matchLabels: { "app.kubernetes.io/name": "keywarden", "app.kubernetes.io/instance": "keywarden" },
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
  [
    "Terraform Enterprise and its storage, as one string",
    {
      server: { "run-task-host": "tfe.example.com:8443, storage.example.com" },
      files: { "run-task-key-file": { secret: "run-task", key: "hmac" } },
    },
    [443, 8443],
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

test("the monitoring values create the objects of deploy/monitoring", () => {
  const enabled = { enabled: true };
  const values = { monitoring: { serviceMonitor: enabled, prometheusRule: enabled, dashboard: enabled } };
  const objects = comparable(rendered(values));
  const built = comparable(
    objectsIn(output(kustomize, ["build", "deploy/monitoring"], { cwd: root })).map((object) => {
      const { selector, ...spec } = (object.spec ?? {}) as { selector?: unknown };
      return selector === undefined ? object : { ...object, spec: { selector: selectsRelease, ...spec } };
    }),
  );
  for (const [name, object] of Object.entries(built)) assert.deepEqual(objects[name], object);
  assert.equal(Object.keys(built).length, 3);
});

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
