import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { load } from "js-yaml";
import { authority } from "./certificates.ts";
import { alertRules, evaluate, type Sample, samplesOf, withPrometheus } from "./prometheus.ts";
import { ask, scratch, serve } from "./served.ts";
import { openPolicy, root } from "./support.ts";

const read = (path: string) => readFileSync(join(root, path), "utf8");
const manifest = <T>(path: string) => load(read(path)) as T;

interface ServiceMonitor {
  metadata: { namespace: string };
  spec: {
    selector: { matchLabels: { [label: string]: string } };
    endpoints: {
      port: string;
      path: string;
      tlsConfig: { serverName: string; ca: { secret: { name: string } } };
    }[];
  };
}

interface Service {
  metadata: { namespace: string; labels: { [label: string]: string } };
  spec: { ports: { name: string }[] };
}

interface Kustomization {
  resources: string[];
  configMapGenerator: { files: string[] }[];
}

interface Panel {
  id: number;
  type: string;
  title: string;
  description?: string;
  datasource?: { uid: string };
  gridPos: { x: number; y: number; w: number; h: number };
  targets?: { expr: string; datasource: { uid: string } }[];
}

interface Dashboard {
  uid: string;
  title: string;
  schemaVersion: number;
  panels: Panel[];
  templating: { list: { name: string; type: string; definition?: string }[] };
}

const dashboard = JSON.parse(read("deploy/monitoring/grafana-dashboard.json")) as Dashboard;
const variables = dashboard.templating.list;
const dashboardExpressions = dashboard.panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));

const pages = readdirSync(join(root, "docs/server/alerts")).map((name) => ({
  name,
  text: read(`docs/server/alerts/${name}`),
}));
const pageExpressions = pages.flatMap(({ text }) =>
  [...text.matchAll(/^```promql\n([\s\S]*?)^```$/gm)].flatMap(([, block = ""]) => block.trim().split("\n")),
);

/** Returns the metrics of a server with rules, TLS, a client CA and a bundle server. */
async function allSamples(): Promise<Sample[]> {
  const cwd = scratch();
  const { ca, sign } = authority(cwd, "own");
  const { cert, key } = sign("server");
  writeFileSync(join(cwd, "tls.pem"), cert);
  writeFileSync(join(cwd, "tls.key"), key);
  const tls = ["--tls-cert", "tls.pem", "--tls-key", "tls.key", "--client-ca", "own.pem"];
  const [deciding, waiting] = await Promise.all([
    serve([...tls, "--anonymous", "/metrics", "--anonymous", "/check"], { cwd }),
    serve(["--bundle", "http://127.0.0.1:1/bundle.tar.gz"]),
  ]);
  const options = { agent: false, ca };
  assert.equal(
    (await ask(`${deciding.url}/check?path=policy.json`, { ...options, body: openPolicy })).status,
    200,
  );
  const [one, other] = await Promise.all([samplesOf(deciding.url, options), samplesOf(waiting.url)]);
  return [...(one ?? []), ...(other ?? [])];
}

/** Labels that Prometheus adds to each sample. */
const targetLabels = { namespace: "keywarden", job: "keywarden", instance: "server-1" };

test(
  "every metric, label and label value in the alerts, their pages and the dashboard exists",
  withPrometheus,
  async () => {
    const samples = [...(await allSamples()), { name: "up", labels: {}, value: 1 }];
    const expressions = [...dashboardExpressions, ...pageExpressions].map((expression) =>
      expression.replace(/\$(namespace|job|instance)\b/g, ".*").replaceAll("$__rate_interval", "5m"),
    );
    assert.ok(pageExpressions.length > 5);
    for (const { metric, matchers } of evaluate({ expressions }).selectors) {
      const named = samples.filter(({ name }) => name === metric);
      assert.ok(named.length > 0, `the metric ${metric} does not exist`);
      for (const { label, operator, value } of matchers) {
        const values = named.map(({ labels }) => ({ ...targetLabels, ...labels })[label]);
        assert.ok(
          values.some((one) => one !== undefined),
          `${metric} has no label ${label}`,
        );
        // A server that is not at fault has no response with an error status.
        if (label === "code" || operator.startsWith("!")) continue;
        const pattern = operator === "=" ? undefined : new RegExp(`^(?:${value})$`);
        assert.ok(
          values.some((one) => one !== undefined && (pattern?.test(one) ?? one === value)),
          `${metric} has no label ${label}${operator}"${value}": ${values}`,
        );
        // Each alternative in a regular expression is a value.
        for (const part of /^[\w|]+$/.test(value) && pattern !== undefined ? value.split("|") : [])
          assert.ok(values.includes(part), `${metric} has no label ${label}="${part}"`);
      }
    }
  },
);

test("Grafana can import the dashboard", () => {
  assert.equal(dashboard.uid, "keywarden");
  assert.ok(dashboard.schemaVersion >= 36);
  assert.deepEqual(
    variables.map(({ name, type }) => [name, type]),
    [
      ["datasource", "datasource"],
      ["namespace", "query"],
      ["job", "query"],
      ["instance", "query"],
    ],
  );
  const ids = dashboard.panels.map(({ id }) => id);
  assert.equal(new Set(ids).size, ids.length);
  for (const { type, title, description, datasource, targets = [] } of dashboard.panels) {
    if (type === "row") continue;
    assert.ok(description, `${title} has a description`);
    assert.ok(targets.length > 0, title);
    for (const source of [datasource, ...targets.map(({ datasource }) => datasource)])
      assert.equal(source?.uid, "${datasource}", title);
  }
  const used = new Set(
    [...JSON.stringify(dashboard).matchAll(/\$\{?([a-z_]\w*)/gi)].map(([, name = ""]) => name),
  );
  assert.deepEqual(
    [...used].filter((name) => !name.startsWith("__")).sort(),
    variables.map(({ name }) => name).sort(),
  );
});

test("the panels of the dashboard do not overlap, and fit into 24 columns", () => {
  const cells = new Map<string, string>();
  for (const { title, gridPos } of dashboard.panels) {
    assert.ok(gridPos.x >= 0 && gridPos.x + gridPos.w <= 24, title);
    for (let x = gridPos.x; x < gridPos.x + gridPos.w; x++)
      for (let y = gridPos.y; y < gridPos.y + gridPos.h; y++) {
        assert.equal(cells.get(`${x},${y}`), undefined, `${title} overlaps another panel`);
        cells.set(`${x},${y}`, title);
      }
  }
});

test("the ServiceMonitor selects the Service, its port and a name in the certificate", () => {
  const { spec, metadata } = manifest<ServiceMonitor>("deploy/monitoring/servicemonitor.yaml");
  const service = manifest<Service>("deploy/kubernetes/service.yaml");
  assert.equal(metadata.namespace, service.metadata.namespace);
  for (const [label, value] of Object.entries(spec.selector.matchLabels))
    assert.equal(service.metadata.labels[label], value);
  const [endpoint] = spec.endpoints;
  assert.ok(endpoint);
  assert.ok(service.spec.ports.some(({ name }) => name === endpoint.port));
  const certificates = read("deploy/kubernetes/certificate.yaml");
  assert.ok(certificates.includes(`- ${endpoint.tlsConfig.serverName}\n`));
  assert.ok(certificates.includes(`secretName: ${endpoint.tlsConfig.ca.secret.name}\n`));
  assert.ok(read("deploy/kubernetes/deployment.yaml").includes(`--anonymous=${endpoint.path}\n`));
});

test("deploy/monitoring: the kustomization contains all files", () => {
  const { resources, configMapGenerator } = manifest<Kustomization>("deploy/monitoring/kustomization.yaml");
  const generated = configMapGenerator.flatMap(({ files }) => files.map((file) => file.split("=")[1]));
  assert.deepEqual(
    ["kustomization.yaml", ...resources, ...generated].sort(),
    readdirSync(join(root, "deploy/monitoring")).sort(),
  );
});

test("every alert has a page, every page an alert, and the list in operations.md has all of them", () => {
  const operations = read("docs/server/operations.md");
  const listed = [...operations.matchAll(/^\| \[(Keywarden\w+)\]\(alerts\/([\w-]+\.md)\) \|/gm)];
  assert.deepEqual(
    listed.map(([, alert, name]) => [alert, name]),
    alertRules.map(({ alert, annotations }) => [alert, annotations["runbook_url"]?.split("/").at(-1)]),
  );
  assert.deepEqual(
    pages.map(({ name, text }) => [/^# (\w+)\n/.exec(text)?.[1], name]).sort(),
    listed.map(([, alert, name]) => [alert, name]).sort(),
  );
  for (const { name, text } of pages)
    assert.deepEqual(
      [...text.matchAll(/^## (.+)$/gm)].map(([, heading]) => heading),
      ["Impact", "Diagnosis", "Mitigation", "When to ignore"],
      name,
    );
});

test("every log line that a page quotes exists", () => {
  const sources = readdirSync(join(root, "src/hosts/server"), { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".ts"))
    .map((path) => read(`src/hosts/server/${path}`));
  const quoted = [...pages.map(({ text }) => text), read("docs/server/operations.md")].flatMap((text) =>
    // Log lines start with a capital letter and have several words, other than headers and commands.
    [...text.matchAll(/`([A-Z][a-z]+ [a-z][^`]*)`/g)].map(([, line = ""]) => line),
  );
  assert.ok(quoted.length > 10);
  for (const line of quoted) {
    const fixed = line.replace(/:? …$|401|404| status \d+$/g, "");
    assert.ok(
      sources.some((source) => source.includes(fixed)),
      `no server logs ${line}`,
    );
  }
});
