import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { load } from "js-yaml";
import type { Deployment } from "kubernetes-types/apps/v1.d.ts";
import type { Container } from "kubernetes-types/core/v1.d.ts";
import { admissionProtocol } from "../../src/gate/protocols/admission.ts";
import { loadConfigFile } from "../../src/session/config/index.ts";
import { flags } from "../../src/session/flags/flags.ts";
import { scratch } from "./bundle-support.ts";
import { hasType, type Manifest, typeErrors } from "./kubernetes-types.ts";
import { container, egress, gatekeeper, type ManifestFile, server, the } from "./manifest-support.ts";
import { read, rules } from "./support.ts";

const withoutFile = ({ file: _, ...manifest }: ManifestFile): Manifest => manifest;

test("every manifest is valid for the Kubernetes API", () => {
  const typed = [...server, ...egress].map(withoutFile).filter(hasType);
  assert.deepEqual(
    server.filter((manifest) => !hasType(manifest)).map(({ apiVersion, kind }) => `${apiVersion} ${kind}`),
    ["Issuer", "Certificate", "Issuer", "Certificate"].map((kind) => `cert-manager.io/v1 ${kind}`),
  );
  assert.deepEqual(typeErrors(typed), []);
  const service = withoutFile(the("Service")) as Manifest & { spec: object };
  const misspelled = { ...service, spec: { ...service.spec, prots: [] } };
  assert.match(typeErrors([misspelled]).join(), /prots.* does not exist in type 'ServiceSpec'/);
});

for (const [folder, manifests] of [
  ["deploy/kubernetes", server],
  ["deploy/gatekeeper", gatekeeper],
  ["deploy/components/egress", egress],
] as const)
  test(`${folder}: the kustomization lists all files`, () => {
    const { resources } = load(read(`${folder}/kustomization.yaml`)) as {
      resources: string[];
    };
    assert.deepEqual([...resources].sort(), [...new Set(manifests.map(({ file }) => file))].sort());
  });

test("every namespaced object is in the namespace of Keywarden", () => {
  const clusters = ["Namespace", "ValidatingWebhookConfiguration"];
  for (const { kind, metadata } of [...server, ...egress])
    assert.equal(metadata.namespace, clusters.includes(kind) ? undefined : "keywarden", kind);
});

function argumentsOf({ args = [] }: Container): [name: string, value: string][] {
  const [verb, ...flags] = args;
  assert.equal(verb, "serve");
  return flags.map((arg) => {
    const [, name = "", value = ""] = /^--([\w-]+)=(.+)$/.exec(arg) ?? assert.fail(arg);
    return [name, value];
  });
}

test("the deployment uses existing flags and request paths", () => {
  for (const [name, value] of argumentsOf(container())) {
    assert.ok(Object.hasOwn(flags, name), name);
    if (name === "anonymous")
      assert.ok(admissionProtocol.matches("POST", value) || value === "/metrics", value);
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
  const cwd = scratch();
  for (const one of [text, plain]) {
    writeFileSync(join(cwd, file), one);
    const { problems } = loadConfigFile({ cwd, file, rules });
    assert.deepEqual(problems, []);
  }
  assert.equal((load(text) as { [key: string]: unknown })["fail-on-unknown"], true);
});

/** Returns the value of a constant in milliseconds. */
const millisecondsOf = (path: string, name: string): number =>
  Number(new RegExp(`^const ${name} = ([\\d_]+);`, "m").exec(read(path))?.[1]?.replaceAll("_", ""));

test("Kubernetes waits until the server has finished or reported every request and run task", () => {
  const values = Object.fromEntries(argumentsOf(container()));
  const secondsOf = (flag: "shutdown-delay" | "decision-timeout") =>
    Number.parseInt(values[flag] ?? flags[flag].default, 10);
  const writing = millisecondsOf("src/hosts/server/telemetry/index.ts", "CLOSE_TIMEOUT_MS");
  const milliseconds = [
    secondsOf("shutdown-delay") * 1000,
    secondsOf("decision-timeout") * 1000,
    millisecondsOf("src/hosts/server/decision-server.ts", "SHUTDOWN_TIMEOUT_MS"),
    millisecondsOf("src/hosts/server/run-task/index.ts", "FINAL_RESULT_TIMEOUT_MS"),
    // The decision log, then the server log.
    2 * writing,
  ];
  const total = milliseconds.reduce((sum, one) => sum + one) / 1000;
  const period = the<Deployment>("Deployment").spec?.template.spec?.terminationGracePeriodSeconds ?? 0;
  assert.ok(period > total, `${period} > ${total}`);
});

interface Policy {
  spec: {
    policyTypes: string[];
    ingress?: { from?: unknown; ports: { port: number }[] }[];
    egress?: { to?: unknown; ports: { port: number; protocol: string }[] }[];
  };
}

test("the network policy opens one port and no outgoing connection, unless the component for egress is used", () => {
  const { spec } = the<Policy>("NetworkPolicy");
  assert.deepEqual([...spec.policyTypes].sort(), ["Egress", "Ingress"]);
  assert.deepEqual(
    spec.ingress?.map(({ from, ports }) => [from, ports.map(({ port }) => port)]),
    [[undefined, [container().ports?.[0]?.containerPort]]],
  );
  assert.deepEqual(spec.egress, []);
  const opened = the<Policy>("NetworkPolicy", "keywarden-egress", egress).spec;
  assert.deepEqual(opened.policyTypes, ["Egress"]);
  assert.deepEqual(
    opened.egress?.map(({ ports }) => ports.map(({ port, protocol }) => `${port}/${protocol}`)),
    [["53/UDP", "53/TCP"], ["443/TCP"]],
  );
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
  const kinds = ["Service", "PodDisruptionBudget", "NetworkPolicy", "Deployment"];
  const selecting = server.filter(({ kind }) => kinds.includes(kind));
  assert.equal(selecting.length, kinds.length);
  for (const { kind, spec } of [...selecting, ...egress])
    assert.ok(JSON.stringify(spec).includes(JSON.stringify(labels)), kind);
});
