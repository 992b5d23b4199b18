import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { request as ask, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { load } from "js-yaml";
import { exampleNames, exampleSettings } from "../../../scripts/examples.ts";
import { moduleRevision } from "../../../src/core/engine/revision.ts";
import { loadTerraform } from "../../../src/core/formats/terraform-source/evaluator/terraform.ts";
import { normalizeInputs } from "../../../src/core/pipeline.ts";
import { ackKey, crossplaneKey, engine, openPolicy, rules } from "../../server/support.ts";
import { until } from "../../until.ts";

const root = new URL("../../..", import.meta.url).pathname;
const read = (path: string) => readFileSync(join(root, path));
const opa = join(root, ".cache/bin/opa");
const built = { skip: existsSync(opa) ? false : "opa is not built: make tools" };
const folder = mkdtempSync(join(tmpdir(), "keywarden-fleet-"));
const running: ChildProcess[] = [];
after(() => {
  for (const child of running) child.kill();
  rmSync(folder, { recursive: true });
});

type Opa = (method: string, path: string, body?: unknown) => Promise<{ status: number; body: unknown }>;

/** Starts an OPA server and waits until it has loaded its bundles. */
async function started(...args: string[]): Promise<Opa> {
  const socketPath = join(folder, `${running.length}.sock`);
  const child = spawn(
    opa,
    ["run", "--server", "--addr", `unix://${socketPath}`, "--log-level", "error", ...args],
    {
      cwd: root,
      stdio: ["ignore", "ignore", "pipe"],
    },
  );
  running.push(child);
  let said = "";
  child.stderr.on("data", (data) => {
    said += data;
  });
  const call: Opa = (method, path, body) =>
    new Promise((resolve, reject) => {
      const sent = ask(
        { socketPath, method, path, headers: { "content-type": "application/json" } },
        (response) => {
          const parts: Buffer[] = [];
          response.on("data", (part) => parts.push(part));
          response.on("end", () => {
            const text = Buffer.concat(parts).toString();
            resolve({ status: response.statusCode ?? 0, body: text === "" ? undefined : JSON.parse(text) });
          });
        },
      );
      sent.on("error", reject);
      sent.end(body === undefined ? undefined : JSON.stringify(body));
    });
  await until(() => {
    assert.equal(child.exitCode, null, said);
    return call("GET", "/health?bundles").then(
      ({ status }) => status === 200,
      () => false,
    );
  });
  return call;
}

const terraform = loadTerraform(() => read("bundles/terraform.wasm"));

interface Example {
  path: string;
  text: string;
}

/** The examples of all rules in every format, and Kubernetes objects, for which rules have no examples. */
const examples: { rule: string; inputs: Example[] }[] = [
  ...rules.map(({ id }) => ({
    rule: id,
    inputs: exampleNames(id).map((name) => {
      const path = `policies/kms/rules/${id}/examples/${name}`;
      return { path, text: read(path).toString() };
    }),
  })),
  {
    rule: "none",
    inputs: [ackKey({ policy: openPolicy }), crossplaneKey({ policy: openPolicy })].map((object, i) => ({
      path: `keys/${i}.json`,
      text: JSON.stringify(object),
    })),
  },
];

/** Returns the findings as sorted strings with sorted keys: OPA returns sets in no stable order. */
const sorted = (findings: unknown): string[] =>
  (findings as object[]).map((finding) => JSON.stringify(inOrder(finding))).sort();

const inOrder = (value: unknown): unknown =>
  Array.isArray(value)
    ? value.map(inOrder)
    : typeof value === "object" && value !== null
      ? Object.fromEntries(
          Object.entries(value)
            .sort(([a], [b]) => (a < b ? -1 : 1))
            .map(([key, one]) => [key, inOrder(one)]),
        )
      : value;

test("OPA with the bundle reports the same findings as the server, for every example", built, async () => {
  const call = await started("--bundle", "bundles/bundle.tar.gz");
  const formats = new Map<string, number>();
  let found = 0;
  for (const { rule, inputs } of examples) {
    const settings = exampleSettings(rule);
    assert.equal((await call("PUT", "/v1/data/keywarden", { settings })).status, 204);
    for (const input of inputs) {
      const { document, problems } = normalizeInputs([{ ...input, named: true }], { terraform });
      assert.deepEqual(problems, [], input.path);
      const own = engine.evaluate(document, settings);
      const { body } = await call("POST", "/v1/data/kms/main/findings", { input: document });
      assert.deepEqual(sorted((body as { result: unknown }).result), sorted(own), input.path);
      const denied = await call("POST", "/v1/data/main/deny", { input: document });
      assert.deepEqual(
        (denied.body as { result: { rule: string }[] }).result.map((one) => one.rule).sort(),
        own
          .filter(({ verdict, level }) => verdict === "fail" && level === "error")
          .map((one) => one.rule)
          .sort(),
        input.path,
      );
      const format = /\.(\w+)\.\w+$/.exec(input.path)?.[1] ?? "kubernetes";
      formats.set(format, (formats.get(format) ?? 0) + 1);
      found += own.length;
    }
  }
  assert.deepEqual([...formats.keys()].sort(), [
    "changeset",
    "cloudformation",
    "kubernetes",
    "plan",
    "policy",
    "source",
  ]);
  assert.ok(found > 500, `${found} findings in ${[...formats.values()].join(" + ")} examples`);
});

test("OPA fetches the bundle with the documented config, and knows its revision", built, async () => {
  const asked: (string | undefined)[] = [];
  const server = createServer(({ url }, response) => {
    asked.push(url);
    response.setHeader("content-type", "application/gzip");
    response.end(read("bundles/bundle.tar.gz"));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  after(() => server.close());
  const page = read("docs/server/fleet.md").toString();
  const config = load(/```yaml\n(# opa\.yaml.*?)```/s.exec(page)?.[1] ?? "") as {
    services: { bundles: { url: string } };
    bundles: { keywarden: { resource: string } };
    persistence_directory: string;
  };
  config.services.bundles.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  config.persistence_directory = join(folder, "kept");
  writeFileSync(join(folder, "opa.json"), JSON.stringify(config));
  const call = await started("--config-file", join(folder, "opa.json"));
  const { body } = await call("GET", "/v1/data/system/bundles/keywarden/manifest/revision");
  assert.deepEqual(body, { result: moduleRevision(read("bundles/policy.wasm")) });
  assert.deepEqual([...new Set(asked)], [`/${config.bundles.keywarden.resource}`]);
});
