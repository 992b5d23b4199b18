import assert from "node:assert/strict";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { test } from "node:test";
import { until } from "../until.ts";
import { built, bundleServer, keys, signedBundle, unsignedBundle } from "./bundle-support.ts";
import { authority } from "./certificates.ts";
import { samplesOf } from "./prometheus.ts";
import { ask, refused, type Served, scratch, serveInTest } from "./served.ts";
import { endlessTemplate, goodPolicy, openPolicy, root } from "./support.ts";

const check = (url: string, body: string, options: object = {}) =>
  ask(`${url}/check?path=policy.json`, { body, agent: false, ...options });

/** The server still allows what is good, and denies what is not. */
async function assertDeciding({ url }: Served, options: object = {}): Promise<void> {
  for (const [policy, allowed] of [
    [goodPolicy, true],
    [openPolicy, false],
  ] as const) {
    const { status, body } = await check(url, policy, options);
    assert.deepEqual([status, JSON.parse(body).allowed], [200, allowed]);
  }
}

async function metric({ url }: Served, name: string, labels: { [label: string]: string } = {}) {
  const samples = (await samplesOf(url)) ?? [];
  return samples
    .filter(
      (one) =>
        one.name === name && Object.entries(labels).every(([label, value]) => one.labels[label] === value),
    )
    .reduce((sum, { value }) => sum + value, 0);
}

const isReady = async ({ url }: Served) => (await ask(`${url}/ready`, { agent: false })).status === 200;
const loggedReason = ({ log }: Served, message: string) =>
  log().find(({ msg }) => msg === message)?.["reason"];

/** Tests of faults that raise no alert. The titles are the first column of the table in operations.md. */
const faults: {
  [fault: string]: (() => Promise<void>) | { skip: boolean | string; run: () => Promise<void> };
} = {
  "nobody reads standard error": async () => {
    const server = await serveInTest();
    server.process.stderr?.destroy();
    await until(async () => {
      await assertDeciding(server);
      return (await metric(server, "keywarden_log_failures_total", { log: "server" })) > 0;
    });
  },

  "a bundle is not valid, or not signed with the key": {
    ...built,
    run: async () => {
      const cwd = scratch();
      const key = keys("rsa");
      writeFileSync(join(cwd, "bundle.pub"), key.publicKey);
      const { url, state } = await bundleServer(signedBundle(key, "first", 1));
      const flags = ["--bundle", url, "--bundle-key", "bundle.pub", "--bundle-interval", "100ms"];
      const server = await serveInTest(flags, { cwd });
      await until(() => isReady(server));
      Object.assign(state, { bytes: signedBundle(keys("rsa"), "forged", 2), etag: '"forged"' });
      await server.said("Cannot use the bundle; the current rules stay in use");
      assert.ok((await metric(server, "keywarden_events_total", { event: "bundle_failed" })) > 0);
      await assertDeciding(server);
    },
  },

  "the bundle server is down when a server with `--state-dir` starts": {
    ...built,
    run: async () => {
      const cwd = scratch();
      mkdirSync(join(cwd, "state"));
      const { url, state } = await bundleServer(unsignedBundle("stored"));
      const flags = ["--bundle", url, "--bundle-interval", "100ms", "--state-dir", "state"];
      const first = await serveInTest(flags, { cwd });
      await until(() => isReady(first));
      // The bundle is stored before the end of the shutdown.
      await until(async () => (await metric(first, "keywarden_bundle_last_success_timestamp_seconds")) > 0);
      await first.end("SIGKILL");
      state.status = 503;
      const second = await serveInTest(flags, { cwd });
      await until(() => isReady(second));
      await second.said("Activated the stored bundle");
      await assertDeciding(second);
    },
  },

  "the state directory can't be written": {
    ...built,
    run: async () => {
      const cwd = scratch();
      mkdirSync(join(cwd, "state"));
      const { url, state } = await bundleServer(unsignedBundle("first"));
      const flags = ["--bundle", url, "--bundle-interval", "100ms", "--state-dir", "state"];
      const server = await serveInTest(flags, { cwd });
      await until(() => isReady(server));
      // The tests may run as root, for whom no directory is read-only.
      rmSync(join(cwd, "state"), { recursive: true });
      Object.assign(state, { bytes: unsignedBundle("newer"), etag: '"newer"' });
      await server.said("Cannot store the bundle in use");
      await until(async () => (await metric(server, "keywarden_policy_info", { revision: "newer" })) === 1);
      assert.ok((await metric(server, "keywarden_events_total", { event: "bundle_failed" })) > 0);
      await assertDeciding(server);
    },
  },

  "the config, a file that it names or an option is not valid at the start": async () => {
    const cwd = scratch();
    writeFileSync(join(cwd, "keywarden.config.yaml"), "levels: {no_such_rule: error}\n");
    const { code, stderr } = await refused([], cwd);
    assert.equal(code, 3);
    assert.match(stderr, /^keywarden\.config\.yaml:1:10: invalid config: .*no_such_rule/);
  },

  "the address is in use": async () => {
    const { url } = await serveInTest();
    const { code, stderr } = await refused(["--listen", new URL(url).host]);
    assert.equal(code, 3);
    assert.match(stderr, /Cannot listen on .*: the address is already in use/);
  },

  "the server certificate has expired": async () => {
    const cwd = scratch();
    const { ca, sign } = authority(cwd, "own");
    const { cert, key } = sign("server", { days: -1 });
    writeFileSync(join(cwd, "tls.pem"), cert);
    writeFileSync(join(cwd, "tls.key"), key);
    const server = await serveInTest(["--tls-cert", "tls.pem", "--tls-key", "tls.key"], { cwd });
    await until(() =>
      check(server.url, goodPolicy, { ca }).then(
        () => false,
        ({ code }) => code === "CERT_HAS_EXPIRED",
      ),
    );
    // Node.js clients can skip the verification.
    await assertDeciding(server, { rejectUnauthorized: false });
  },

  "a decision needs more memory than its worker has": async () => {
    const cwd = scratch();
    writeFileSync(
      join(cwd, "memory.mjs"),
      'import os from "node:os"; import { syncBuiltinESMExports } from "node:module";' +
        "os.totalmem = () => 300 * 2 ** 20; syncBuiltinESMExports();",
    );
    const server = await serveInTest(["--workers", "1", "--max-body", "64MiB"], {
      cwd,
      env: { NODE_OPTIONS: `--import ${join(cwd, "memory.mjs")}` },
    });
    const tags = Array.from({ length: 600_000 }, (_, i) => ({ Key: `k${i}`, Value: "v" }));
    const template = { Resources: { Key: { Type: "AWS::KMS::Key", Properties: { Tags: tags } } } };
    const { status, body } = await check(server.url, JSON.stringify(template));
    assert.deepEqual([status, JSON.parse(body).detail], [500, "The worker crashed during the decision."]);
    await server.said("A worker failed");
    assert.equal(await metric(server, "keywarden_events_total", { event: "worker_crashed" }), 1);
    await assertDeciding(server);
  },

  "a request body is too large": async () => {
    const server = await serveInTest(["--max-body", "1KiB"]);
    assert.equal((await check(server.url, goodPolicy.padEnd(2000))).status, 413);
    assert.equal(await metric(server, "http_request_duration_seconds_count", { code: "413" }), 1);
    await assertDeciding(server);
  },

  "a client disconnects before the response": async () => {
    const server = await serveInTest(["--workers", "1"]);
    check(server.url, endlessTemplate).catch(() => "the server is killed below");
    await until(async () => (await metric(server, "keywarden_requests_running")) === 1);
    const socket = connect(Number(new URL(server.url).port), "127.0.0.1");
    socket.write(
      `POST /check HTTP/1.1\r\nhost: x\r\ncontent-length: ${goodPolicy.length}\r\n\r\n${goodPolicy}`,
    );
    await until(async () => (await metric(server, "keywarden_requests_waiting")) === 1);
    socket.destroy();
    await until(async () => (await metric(server, "keywarden_requests_waiting")) === 0);
    await server.end("SIGKILL");
  },

  "a host name can't be resolved": async () => {
    const server = await serveInTest(["--decision-log", "https://logs.invalid/opa"]);
    await assertDeciding(server);
    await server.said("Cannot write the decision log");
    assert.match(
      String(
        loggedReason(server, "Cannot write the decision log; decisions continue and are buffered in memory"),
      ),
      /ENOTFOUND|EAI_AGAIN/,
    );
  },

  "the clock is wrong": async () => {
    const cwd = scratch();
    const lastDay = new Date(Date.now() + 365 * 86_400_000).toISOString().slice(0, 10);
    writeFileSync(join(cwd, "keywarden.config.yaml"), "suppressions: ignore.yaml\n");
    writeFileSync(
      join(cwd, "ignore.yaml"),
      `- rule: public_access\n  reason: test key\n  until: ${lastDay}\n`,
    );
    writeFileSync(
      join(cwd, "clock.mjs"),
      "const now = Date.now; const Real = Date; Date.now = () => now() + 10 * 365 * 86_400_000;" +
        "globalThis.Date = class extends Real { constructor(...a) { super(...(a.length ? a : [Real.now()])); } };",
    );
    const right = await serveInTest([], { cwd });
    const ahead = await serveInTest([], { cwd, env: { NODE_OPTIONS: `--import ${join(cwd, "clock.mjs")}` } });
    const allowed = async ({ url }: Served) => JSON.parse((await check(url, openPolicy)).body).allowed;
    assert.deepEqual([await allowed(right), await allowed(ahead)], [true, false]);
  },

  SIGTERM: async () => {
    const server = await serveInTest(["--shutdown-delay", "10m"]);
    const ended = server.end("SIGTERM");
    await until(async () => !(await isReady(server)));
    await assertDeciding(server);
    // Ctrl+C ends the delay.
    server.process.kill("SIGINT");
    assert.equal(await ended, 130);
  },
};

for (const [fault, found] of Object.entries(faults))
  if (typeof found === "function") test(`fault: ${fault}`, found);
  else test(`fault: ${fault}`, { skip: found.skip }, found.run);

/** Faults that other files test. */
const elsewhere: { [fault: string]: string } = {
  "the plan of a run task can't be downloaded": "run-task.test.ts",
  "HCP Terraform rejects the result of a run task": "run-task.test.ts",
  "more than 4,096 connections": "client.test.ts",
  SIGHUP: "serve.test.ts",
};

test("every fault in operations.md is caused in a test", () => {
  const page = readFileSync(`${root}docs/server/operations.md`, "utf8");
  const [section = ""] = page.slice(page.indexOf("\n## Faults\n") + 1).split("\n## ");
  const [, , ...rows] = section.split("\n").filter((line) => line.startsWith("|"));
  const alertTests = readFileSync(`${root}test/server/alerts.test.ts`, "utf8");
  const untested = rows
    .map((row) => row.split("|").map((cell) => cell.trim()))
    .filter(([, fault = "", , , notice = ""]) => {
      if (fault in faults || fault in elsewhere) return false;
      const alerts = [...notice.matchAll(/\[(Keywarden\w+)\]/g)].map(([, alert]) => alert);
      return alerts.length === 0 || !alerts.every((alert) => alertTests.includes(`"${alert}"`));
    });
  assert.deepEqual(untested, []);
  const listed = new Set(rows.map((row) => row.split("|")[1]?.trim()));
  assert.deepEqual(
    [...Object.keys(faults), ...Object.keys(elsewhere)].filter((fault) => !listed.has(fault)),
    [],
  );
});
