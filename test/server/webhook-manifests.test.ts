import assert from "node:assert/strict";
import { test } from "node:test";
import type { ValidatingWebhookConfiguration } from "kubernetes-types/admissionregistration/v1.d.ts";
import type { Deployment } from "kubernetes-types/apps/v1.d.ts";
import { controllerOf } from "../../src/core/formats/kubernetes/kinds.ts";
import { admissionProtocol } from "../../src/gate/protocols/admission.ts";
import { externalDataProtocol } from "../../src/gate/protocols/external-data.ts";
import type { Manifest } from "./kubernetes-types.ts";
import { container, gatekeeper, server, the } from "./manifest-support.ts";
import { read } from "./support.ts";

interface RuleWithResources {
  apiGroups?: string[];
  resources?: string[];
}

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
const knownKinds = groups.map((group) => ({
  group,
  kinds: kinds.filter((kind) => controllerOf(`${group}/v1`, kind) !== undefined),
}));

test("these tests cover every group and kind of the reader", () => {
  const source = read("src/core/formats/kubernetes/kinds.ts");
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
    knownKinds.map(({ group, kinds }) => ({ group, resources: kinds.map(plural).sort() })),
  );
});

test("the webhook excludes no namespace, and cannot block what it depends on", () => {
  const { webhooks = [] } = the<ValidatingWebhookConfiguration>("ValidatingWebhookConfiguration");
  for (const { namespaceSelector, objectSelector, rules = [] } of webhooks) {
    assert.deepEqual([namespaceSelector, objectSelector], [undefined, undefined]);
    const matched = rules.flatMap(({ apiGroups = [] }: RuleWithResources) => apiGroups);
    const required = server.map(({ apiVersion }) => apiVersion.split("/").at(-2) ?? "");
    assert.ok(required.includes("apps"));
    for (const group of required) assert.ok(!matched.includes(group) && !matched.includes("*"), group);
  }
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
    knownKinds.map(({ group, kinds }) => ({ group, kinds: [...kinds].sort() })),
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
