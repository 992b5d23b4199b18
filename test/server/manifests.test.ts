import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { load, loadAll } from "js-yaml";
import type { ValidatingWebhookConfiguration } from "kubernetes-types/admissionregistration/v1.d.ts";
import type { Deployment } from "kubernetes-types/apps/v1.d.ts";
import type { Container } from "kubernetes-types/core/v1.d.ts";
import { controllerOf } from "../../src/core/formats/kubernetes/kinds.ts";
import { admissionProtocol } from "../../src/gate/protocols/admission.ts";
import { externalDataProtocol } from "../../src/gate/protocols/external-data.ts";
import { loadConfigFile } from "../../src/session/config/index.ts";
import { flags } from "../../src/session/flags/flags.ts";
import { rules } from "./support.ts";

const root = new URL("../..", import.meta.url).pathname;

interface Manifest {
  file: string;
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace?: string; annotations?: { [name: string]: string } };
}

const manifestsIn = (folder: string): Manifest[] =>
  readdirSync(join(root, folder))
    .filter((file) => file !== "kustomization.yaml")
    .flatMap((file) =>
      (loadAll(readFileSync(join(root, folder, file), "utf8")) as Manifest[]).map((one) => ({
        ...one,
        file,
      })),
    );

const server = manifestsIn("deploy/kubernetes");
const gatekeeper = manifestsIn("deploy/gatekeeper");

function the<T>(kind: string, name = "keywarden", from = server): T {
  const [found, ...others] = from.filter((one) => one.kind === kind && one.metadata.name === name);
  assert.ok(found, `${kind}/${name}`);
  assert.deepEqual(others, []);
  return found as T;
}

/** Where `kubernetes-types` has a kind. Others are of cert-manager, which publishes no types. */
const typed: { [kind: string]: string } = {
  "v1 Namespace": "core/v1",
  "v1 ServiceAccount": "core/v1",
  "v1 ConfigMap": "core/v1",
  "v1 Service": "core/v1",
  "apps/v1 Deployment": "apps/v1",
  "autoscaling/v2 HorizontalPodAutoscaler": "autoscaling/v2",
  "policy/v1 PodDisruptionBudget": "policy/v1",
  "networking.k8s.io/v1 NetworkPolicy": "networking/v1",
  "admissionregistration.k8s.io/v1 ValidatingWebhookConfiguration": "admissionregistration/v1",
};

// In the project, where the types are found.
const folder = mkdtempSync(join(root, "node_modules/.manifests-"));
after(() => rmSync(folder, { recursive: true }));

interface RuleWithResources {
  apiGroups?: string[];
  resources?: string[];
}

/** The types lack two fields that the API has. */
const missing = `import "kubernetes-types/admissionregistration/v1";
declare module "kubernetes-types/admissionregistration/v1" {
  interface RuleWithOperations { resources?: string[]; scope?: string }
}`;

/** What TypeScript has against objects as literals: a field that does not exist, one that is missing, one of another type. */
function errorsOf(manifests: Manifest[]): string[] {
  for (const { file: _, ...manifest } of manifests) {
    const { apiVersion, kind, metadata } = manifest;
    const path = typed[`${apiVersion} ${kind}`];
    const text = `import type { ${kind} } from "kubernetes-types/${path}";\nexport const it: ${kind} = ${JSON.stringify(manifest)};\n`;
    writeFileSync(join(folder, `${kind}-${metadata.name}.ts`), text);
  }
  writeFileSync(join(folder, "missing.d.ts"), missing);
  const options = { strict: true, noEmit: true, module: "esnext", moduleResolution: "bundler", types: [] };
  writeFileSync(
    join(folder, "tsconfig.json"),
    JSON.stringify({ compilerOptions: options, include: ["*.ts"] }),
  );
  try {
    execFileSync(join(root, "node_modules/.bin/tsc"), ["-p", folder, "--pretty", "false"]);
    return [];
  } catch (error) {
    const { stdout } = error as { stdout: Buffer };
    return stdout
      .toString()
      .split("\n")
      .filter((line) => line.includes("error TS"));
  }
}

test("every manifest is valid for the Kubernetes API", () => {
  const known = server.filter(({ apiVersion, kind }) => typed[`${apiVersion} ${kind}`]);
  assert.deepEqual(
    server.filter((one) => !known.includes(one)).map(({ apiVersion, kind }) => `${apiVersion} ${kind}`),
    ["Issuer", "Certificate", "Issuer", "Certificate"].map((kind) => `cert-manager.io/v1 ${kind}`),
  );
  assert.deepEqual(errorsOf(known), []);
  const service = the<Manifest & { spec: object }>("Service");
  const misspelt = { ...service, spec: { ...service.spec, prots: [] } };
  assert.match(errorsOf([misspelt]).join(), /prots.* does not exist in type 'ServiceSpec'/);
});

for (const [folder, manifests] of [
  ["deploy/kubernetes", server],
  ["deploy/gatekeeper", gatekeeper],
] as const)
  test(`${folder}: the kustomization lists all files`, () => {
    const { resources } = load(readFileSync(join(root, folder, "kustomization.yaml"), "utf8")) as {
      resources: string[];
    };
    assert.deepEqual([...resources].sort(), [...new Set(manifests.map(({ file }) => file))].sort());
  });

test("every namespaced object is in the namespace of Keywarden", () => {
  const clusters = ["Namespace", "ValidatingWebhookConfiguration"];
  for (const { kind, metadata } of server)
    assert.equal(metadata.namespace, clusters.includes(kind) ? undefined : "keywarden", kind);
});

/** All kinds that the reader may know, by the names that CRDs give them. */
const kinds = ["Key", "ExternalKey", "ReplicaKey", "ReplicaExternalKey", "Alias", "Grant", "KeyPolicy"];
const plural = (kind: string) =>
  kind
    .toLowerCase()
    .replace(/(?<!e)y$/, "ie")
    .replace(/s$/, "se")
    .concat("s");
const groups = [
  "kms.services.k8s.aws",
  "kms.aws.upbound.io",
  "kms.aws.m.upbound.io",
  "kms.aws.crossplane.io",
];
const read = groups.map((group) => ({
  group,
  kinds: kinds.filter((kind) => controllerOf(`${group}/v1`, kind) !== undefined),
}));

test("these tests cover every group and kind of the reader", () => {
  const source = readFileSync(join(root, "src/core/formats/kubernetes/kinds.ts"), "utf8");
  assert.deepEqual(
    [...source.matchAll(/"(kms\.[\w.]+)":/g)].map(([, group]) => group).sort(),
    [...groups].sort(),
  );
  for (const [, kind = ""] of source.matchAll(/^ {4}([A-Z]\w+): \{/gm)) assert.ok(kinds.includes(kind), kind);
});

test("the webhook matches exactly the kinds of the reader, in all versions", () => {
  const { webhooks = [] } = the<ValidatingWebhookConfiguration>("ValidatingWebhookConfiguration");
  const asking = webhooks.flatMap((webhook) => webhook.rules ?? []);
  for (const { apiVersions, operations } of asking) {
    assert.deepEqual(apiVersions, ["*"]);
    assert.deepEqual(operations, ["CREATE", "UPDATE", "DELETE"]);
  }
  const asked = asking.flatMap(({ apiGroups = [], resources = [] }: RuleWithResources) =>
    apiGroups.map((group) => ({ group, resources: [...resources].sort() })),
  );
  assert.deepEqual(
    asked,
    read.map(({ group, kinds }) => ({ group, resources: kinds.map(plural).sort() })),
  );
});

test("Gatekeeper's constraint matches the same kinds", () => {
  const { spec } = the<{ spec: { match: { kinds: { apiGroups: string[]; kinds: string[] }[] } } }>(
    "Keywarden",
    "keywarden",
    gatekeeper,
  );
  const matched = spec.match.kinds.flatMap(({ apiGroups, kinds }) =>
    apiGroups.map((group) => ({ group, kinds: [...kinds].sort() })),
  );
  assert.deepEqual(
    matched,
    read.map(({ group, kinds }) => ({ group, kinds: [...kinds].sort() })),
  );
});

test("the webhook points to the server, and the certificate has its name", () => {
  const { webhooks = [], metadata } = the<ValidatingWebhookConfiguration>("ValidatingWebhookConfiguration");
  const [webhook] = webhooks;
  const service = webhook?.clientConfig.service;
  assert.ok(admissionProtocol.matches("POST", service?.path ?? ""));
  assert.deepEqual([webhook?.failurePolicy, webhook?.sideEffects], ["Fail", "None"]);
  const named = the<Manifest & { spec: { ports: { port: number; targetPort: string }[] } }>(
    "Service",
    service?.name,
  );
  const [port] = named.spec.ports;
  assert.equal(port?.port, service?.port);
  assert.equal(port?.targetPort, container().ports?.[0]?.name);
  const [namespace, name] = (metadata?.annotations?.["cert-manager.io/inject-ca-from"] ?? "").split("/");
  const { spec } = the<{ spec: { secretName: string; dnsNames: string[] } }>("Certificate", name);
  assert.equal(namespace, "keywarden");
  assert.ok(spec.dnsNames.includes(`${service?.name}.${service?.namespace}.svc`));
  const volumes = the<Deployment>("Deployment").spec?.template.spec?.volumes ?? [];
  assert.ok(volumes.some(({ secret }) => secret?.secretName === spec.secretName));
  const provider = new URL(the<{ spec: { url: string } }>("Provider", "keywarden", gatekeeper).spec.url);
  assert.ok(spec.dnsNames.includes(provider.hostname));
  assert.ok(externalDataProtocol.matches("POST", provider.pathname));
});

function container(): Container {
  const containers = the<Deployment>("Deployment").spec?.template.spec?.containers ?? [];
  assert.equal(containers.length, 1);
  return containers[0] as Container;
}

test("the deployment uses existing flags and request paths", () => {
  const [verb, ...args] = container().args ?? [];
  assert.equal(verb, "serve");
  for (const arg of args) {
    const [, name = "", value = ""] = /^--([\w-]+)=(.+)$/.exec(arg) ?? assert.fail(arg);
    assert.ok(Object.hasOwn(flags, name), name);
    if (name === "anonymous") assert.ok(admissionProtocol.matches("POST", value), value);
    if (name === "tls-cert" || name === "tls-key")
      assert.ok(
        container().volumeMounts?.some(({ mountPath }) => value.startsWith(`${mountPath}/`)),
        value,
      );
    if (name === "listen") assert.equal(value, `0.0.0.0:${container().ports?.[0]?.containerPort}`);
  }
});

test("the config in the ConfigMap is valid", () => {
  const { data } = the<{ data: { [file: string]: string } }>("ConfigMap");
  const [file = "", text = ""] = Object.entries(data)[0] ?? [];
  assert.ok(container().args?.includes(`--config-file=${file}`));
  const plain = text.replace(/^# (?=accounts|settings|overrides| )/gm, "");
  assert.notEqual(plain, text);
  for (const one of [text, plain]) {
    writeFileSync(join(folder, file), one);
    const { problems } = loadConfigFile({ cwd: folder, file, rules });
    assert.deepEqual(problems, []);
  }
});

test("the pod meets the restricted Pod Security Standard", () => {
  const pod = the<Deployment>("Deployment").spec?.template.spec;
  assert.equal(pod?.automountServiceAccountToken, false);
  assert.deepEqual(
    [pod?.securityContext?.runAsNonRoot, pod?.securityContext?.seccompProfile?.type],
    [true, "RuntimeDefault"],
  );
  assert.deepEqual(container().securityContext, {
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ["ALL"] },
  });
});

test("selectors select the pods", () => {
  const labels = the<Deployment>("Deployment").spec?.template.metadata?.labels;
  const selected = (kind: string) => JSON.stringify(the<{ spec: object }>(kind).spec);
  for (const kind of ["Service", "PodDisruptionBudget", "NetworkPolicy", "Deployment"])
    assert.ok(selected(kind).includes(JSON.stringify(labels)), kind);
});
