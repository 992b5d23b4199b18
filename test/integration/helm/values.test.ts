import assert from "node:assert/strict";
import { cpSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { load } from "js-yaml";
import { flags } from "../../../src/session/flags/flags.ts";
import { hasType, type Manifest, typeErrors } from "../../server/kubernetes-types.ts";
import { scratch } from "../support.ts";
import { chart, full, objectsIn, podOf, read, rendered, template, type Values } from "./support.ts";

/** Returns the error message of values that the chart rejects. */
function rejected(values: Values): string {
  const { status, stderr } = template(values);
  assert.equal(status, 1, JSON.stringify(values));
  return stderr;
}

test("flags and files are arguments of keywarden serve", () => {
  const { args, image } = podOf(full);
  assert.deepEqual(args.slice(5), [
    "--anonymous=/kubernetes/admission",
    "--anonymous=/metrics",
    "--bundle=https://bundles.example.com/b",
    "--decision-timeout=5s",
    "--log-level=warn",
    "--queue=100000",
    "--require-content=all",
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
  ["a duration without a unit", { server: { "decision-timeout": 3 } }, /'\/server\/decision-timeout'/],
  ["a unit of a duration", { server: { "shutdown-delay": "1h" } }, /'\/server\/shutdown-delay'/],
  ["a unit of a size", { server: { "max-body": "8GB" } }, /'\/server\/max-body'/],
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
