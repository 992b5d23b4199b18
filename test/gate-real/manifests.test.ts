import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { after, test } from "node:test";
import { load } from "js-yaml";
import type { Deployment } from "kubernetes-types/apps/v1.d.ts";
import { root } from "../server/support.ts";
import type { KubernetesObject } from "./api.ts";
import { startCluster } from "./cluster.ts";
import { publishedDefinitions } from "./definitions.ts";
import { programPath, runProgram } from "./program.ts";
import { created, installDefinitions, shipped } from "./setup.ts";

const cluster = await startCluster();
const { api, kubeconfig } = cluster;
after(() => cluster.end());
await installDefinitions(api, publishedDefinitions());

await created(api, shipped("Namespace"));
await created(api, shipped("ServiceAccount"));

async function kubectl(args: string[], input = ""): Promise<string> {
  const command = ["--kubeconfig", kubeconfig, ...args];
  const { status, stdout, stderr } = await runProgram(programPath("kubectl"), command, { input });
  assert.equal(status, 0, stdout + stderr);
  assert.equal(stderr, "");
  return stdout;
}

const apply = ["apply", "--server-side", "--dry-run=server", "--validate=strict"];

/** The directories with a kustomization.yaml of a kind. */
const kustomizations = (kind: string): string[] =>
  readdirSync(join(root, "deploy"), { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith("kustomization.yaml"))
    .filter(
      (path) => (load(readFileSync(join(root, "deploy", path), "utf8")) as { kind: string }).kind === kind,
    )
    .map((path) => join("deploy", dirname(path)));

for (const folder of kustomizations("Kustomization"))
  test(`the API server accepts every object of ${folder}`, async () => {
    const results = (await kubectl([...apply, "--kustomize", folder])).trim().split("\n");
    for (const line of results) assert.match(line, / serverside-applied \(server dry run\)$/);
    const { resources } = load(readFileSync(join(root, folder, "kustomization.yaml"), "utf8")) as {
      resources: string[];
    };
    assert.ok(results.length >= resources.length, results.join("\n"));
  });

// A component belongs to a kustomization, and kustomize reads only relative paths.
for (const component of kustomizations("Component"))
  test(`the API server accepts deploy/kubernetes with ${component}`, async () => {
    mkdirSync(join(root, ".cache"), { recursive: true });
    const folder = mkdtempSync(join(root, ".cache/kustomization-"));
    try {
      const [base, component_] = ["deploy/kubernetes", component].map((path) =>
        relative(folder, join(root, path)),
      );
      const kustomization = { resources: [base], components: [component_] };
      writeFileSync(join(folder, "kustomization.yaml"), JSON.stringify(kustomization));
      assert.match(await kubectl([...apply, "--kustomize", folder]), /serverside-applied/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

test("the API server would reject a field that a kind does not have", async () => {
  const service = shipped("Service");
  const misspelled = { ...service, spec: { ...(service["spec"] as object), prots: [] } };
  const { status, body } = await api.apply(misspelled, "&dryRun=All");
  assert.notEqual(status, 200);
  assert.match(body.message ?? "", /\.spec\.prots: field not declared in schema/);
});

test("the pods are admitted to the namespace, which enforces the restricted Pod Security Standard", async () => {
  const { template } = shipped<Deployment>("Deployment").spec ?? {};
  const pod = {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { ...template?.metadata, name: "keywarden-1", namespace: "keywarden" },
    spec: template?.spec,
  } as KubernetesObject;
  const admitted = await api.create(pod, "?dryRun=All&fieldValidation=Strict");
  assert.equal(admitted.status, 201, admitted.body.message);
  assert.deepEqual(admitted.warnings, []);
  const privileged = { ...pod, spec: { ...template?.spec, hostNetwork: true } };
  const refused = await api.create(privileged, "?dryRun=All");
  assert.equal(refused.status, 403, refused.body.message);
  assert.match(refused.body.message ?? "", /violates PodSecurity "restricted/);
});

const chart = "deploy/helm/keywarden";
const monitoring = ["serviceMonitor", "prometheusRule", "dashboard"].map(
  (part) => `monitoring.${part}.enabled=true`,
);

for (const [what, values] of [
  ["with its default values", []],
  [
    "with everything that is off by default",
    ["--set", ["server.decision-log=https://logs.example.com", ...monitoring].join()],
  ],
] as [string, string[]][])
  test(`the API server accepts every object of the Helm chart ${what}`, async () => {
    const args = [
      "template",
      "keywarden",
      chart,
      "--namespace",
      "keywarden",
      "--kube-version",
      "1.34.0",
      ...values,
    ];
    const { status, stdout, stderr } = await runProgram(join(root, ".cache/helm/helm"), args);
    assert.equal(status, 0, stderr);
    const results = await kubectl([...apply, "--namespace", "keywarden", "--filename", "-"], stdout);
    assert.match(results, /^deployment\.apps\/keywarden serverside-applied/m);
    assert.equal(/^servicemonitor/m.test(results), values.length > 0, results);
  });
