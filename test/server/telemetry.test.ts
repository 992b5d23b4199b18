import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Writable } from "node:stream";
import { test } from "node:test";
import { build } from "esbuild";
import { createTelemetry, type TelemetryOptions } from "../../src/hosts/server/telemetry/index.ts";
import type { AnsweredRequest } from "../../src/hosts/server/telemetry/types.ts";
import { ioProblem } from "../../src/node/problems.ts";
import { until } from "../until.ts";
import { root, scratch } from "./bundle-support.ts";

/** Creates a stream that keeps its input. */
function kept() {
  const chunks: string[] = [];
  const stream = new Writable({
    write(chunk, _, done) {
      chunks.push(String(chunk));
      done();
    },
  });
  return { stream, text: () => chunks.join(""), lines: () => chunks.join("").split("\n").filter(Boolean) };
}

function telling(settings: Partial<TelemetryOptions> = {}) {
  const stderr = kept();
  const telemetry = createTelemetry({
    level: "debug",
    labels: { id: "server-1", version: "1.2.3" },
    stderr: stderr.stream,
    ...settings,
  });
  const told = async () => {
    await telemetry.close();
    return stderr.lines().map((line) => JSON.parse(line));
  };
  return { telemetry, told, text: stderr.text };
}

const answered = (more: Partial<AnsweredRequest> = {}): AnsweredRequest => ({
  protocol: "opa",
  request: {
    id: "0d3d9527-5a1a-453c-81bf-a52d412a2ffc",
    method: "POST",
    path: "/v1/data/keywarden/deny",
    query: "",
  },
  status: 200,
  clientAddress: "10.0.0.7",
  received: new Date("2026-11-25T10:00:00.123Z"),
  seconds: 0.0015,
  decision: { path: "keywarden/deny", outcome: "denied", result: ["no"] },
  ...more,
});

test("each request is a line of JSON with the client, the request and the outcome", async () => {
  const { telemetry, told } = telling();
  telemetry.recordRequest(answered());
  const [{ time, ...line }, ...more] = await told();
  assert.deepEqual(more, []);
  assert.equal(new Date(time).toISOString(), time);
  assert.deepEqual(line, {
    level: "info",
    id: "0d3d9527-5a1a-453c-81bf-a52d412a2ffc",
    protocol: "opa",
    method: "POST",
    path: "/v1/data/keywarden/deny",
    status: 200,
    seconds: 0.0015,
    outcome: "denied",
    client: "10.0.0.7",
    msg: "Request answered",
  });
});

test("health checks and metrics are logged at the level debug, and lower levels than the configured one are not logged", async () => {
  const { telemetry, told } = telling({ level: "info" });
  const { decision: _, ...probe } = answered({ protocol: "health" });
  telemetry.recordRequest(probe);
  telemetry.recordRequest({ ...probe, protocol: "metrics" });
  telemetry.recordRequest({ ...probe, protocol: "none", status: 404 });
  telemetry.log.debug({}, "not told");
  telemetry.log.warn({ file: "a" }, "told");
  assert.deepEqual(
    (await told()).map(({ level, status, msg }) => [level, status, msg]),
    [
      ["info", 404, "Request answered"],
      ["warn", undefined, "told"],
    ],
  );
});

const SECRET = "hunter2hunter2";
const JWT = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhZG1pbiJ9.c2lnbmF0dXJl";
const secrets: [string, { [name: string]: unknown }, string, string][] = [
  ["authorization", { headers: { authorization: `Bearer ${SECRET}`, accept: "a/b" } }, "", SECRET],
  ["Proxy-Authorization", { "Proxy-Authorization": `Basic ${SECRET}` }, "", SECRET],
  ["cookies", { headers: { cookie: `a=${SECRET}`, "set-cookie": [SECRET] } }, "", SECRET],
  ["access_token", { body: { access_token: SECRET } }, "", SECRET],
  ["accessToken", { accessToken: SECRET }, "", SECRET],
  ["signatures of run tasks", { "x-tfc-task-signature": SECRET }, "", SECRET],
  ["a bearer token in a text", {}, `sent Bearer ${SECRET}`, SECRET],
  ["a token in a field of another name", { value: JWT }, "", JWT],
  [
    "presigned URLs",
    { url: `https://b.s3.amazonaws.com/k?X-Amz-Credential=c&X-Amz-Signature=${SECRET}` },
    "",
    "X-Amz",
  ],
  ["passwords in URLs", {}, `cannot reach https://me:${SECRET}@example.com/a`, SECRET],
  ["passwords in texts", { error: new Error(`password=${SECRET}`) }, "", SECRET],
  ["keys of AWS", { text: "AKIAIOSFODNN7EXAMPLE" }, "", "IOSFODNN"],
  ["tokens of HCP Terraform", {}, `abcDEF.atlasv1.${"x".repeat(60)}`, "atlasv1"],
  ["private keys", { pem: `-----BEGIN EC PRIVATE KEY-----\n${SECRET}\n-----END` }, "", SECRET],
];
for (const [what, fields, message, secret] of secrets)
  test(`${what} never appear in the log, at any level`, async () => {
    const { telemetry, told, text } = telling();
    for (const level of ["debug", "info", "warn", "error"] as const) telemetry.log[level](fields, message);
    assert.equal((await told()).length, 4);
    assert.ok(!text().includes(secret), text());
    assert.match(text(), /\[redacted\]/);
  });

test("values that are not secret are logged unchanged", async () => {
  const { telemetry, told } = telling();
  const fields = {
    arn: "arn:aws:secretsmanager:us-east-1:111122223333:secret:prod/db-AbCdEf",
    url: "https://registry.example.com/a",
    policy: "kms:EncryptionContext:token",
    list: [1, null, true],
  };
  telemetry.log.info({ ...fields, error: new RangeError("too long") }, "Read");
  const [{ level: _, time: __, ...line }] = await told();
  assert.deepEqual(line, { ...fields, error: { message: "too long" }, msg: "Read" });
});

for (const code of [
  "ENOENT",
  "ENOTDIR",
  "EACCES",
  "EPERM",
  "ELOOP",
  "ENAMETOOLONG",
  "ENXIO",
  "EMFILE",
  "EIO",
])
  for (const path of ["/run/secrets/token", "secrets/api-key", "secret", "password"])
    test(`the reason why ${path} cannot be read is logged: ${code}`, async () => {
      const { telemetry, told } = telling();
      const { message, remedy } = ioProblem(path, Object.assign(new Error(code), { code }));
      const reason = `cannot read: ${path}: ${message} ${remedy}`;
      const error = `${code}: operation failed, open '${path}'`;
      telemetry.log.error({ reason, file: path, error }, error);
      const [{ level: _, time: __, ...line }] = await told();
      assert.deepEqual(line, { reason, file: path, error, msg: error });
    });

test("the query of a request is not logged", async () => {
  const { telemetry, told, text } = telling();
  telemetry.recordRequest(answered({ request: { ...answered().request, query: `input=${SECRET}` } }));
  await told();
  assert.ok(!text().includes(SECRET));
});

test("a client cannot forge a log line with control characters, field names or long paths", async () => {
  const { telemetry, told, text } = telling();
  const path = `/a\n{"level":"error"}\r\n\u2028\u001b[31m${"x".repeat(10_000)}`;
  telemetry.recordRequest(answered({ request: { ...answered().request, path, method: "X".repeat(1000) } }));
  telemetry.log.info({ level: "error", time: "never", msg: "forged" }, "said");
  const [first, second, ...more] = await told();
  assert.deepEqual(more, []);
  assert.ok(first.path.startsWith('/a\n{"level"'));
  assert.ok(text().length < 2000);
  assert.ok(!/[\u0000-\u0009\u000b-\u001f]/.test(text()));
  assert.deepEqual([second.level, second.msg], ["info", "said"]);
  assert.notEqual(second.time, "never");
});

test("there are OPA's metrics and Keywarden's own", async () => {
  const { telemetry } = telling();
  telemetry.setRevision("old");
  telemetry.setRevision("abc");
  telemetry.setGaugeReader(() => ({ requests_waiting: 3, requests_running: 2, workers: 4, connections: 9 }));
  telemetry.recordRequest(answered());
  telemetry.recordRequest(answered({ decision: { path: "p", outcome: "allowed", result: true } }));
  telemetry.count("reloaded");
  const { contentType, text } = await telemetry.metrics();
  assert.match(contentType, /^text\/plain; version=0\.0\.4/);
  const lines = text.split("\n");
  for (const line of [
    "# TYPE http_request_duration_seconds histogram",
    'http_request_duration_seconds_bucket{le="0.0025",code="200",handler="opa",method="post"} 2',
    'http_request_duration_seconds_count{code="200",handler="opa",method="post"} 2',
    'keywarden_decisions_total{protocol="opa",outcome="denied"} 1',
    'keywarden_decisions_total{protocol="opa",outcome="allowed"} 1',
    'keywarden_events_total{event="reloaded"} 1',
    'keywarden_events_total{event="worker_crashed"} 0',
    'keywarden_policy_info{revision="abc",version="1.2.3"} 1',
    "keywarden_requests_waiting 3",
    "keywarden_requests_running 2",
    "keywarden_workers 4",
    "keywarden_connections 9",
    "keywarden_decision_log_dropped_total 0",
    'keywarden_log_failures_total{log="decisions"} 0',
    "# TYPE nodejs_eventloop_lag_seconds gauge",
    "# TYPE process_resident_memory_bytes gauge",
  ])
    assert.ok(lines.includes(line), `${line}\n${text}`);
  assert.ok(!text.includes('revision="old"'));
  // Without a bundle server, an alert on the age of the bundle must not fire.
  assert.doesNotMatch(text, /^keywarden_bundle_/m);
  await telemetry.close();
});

test("the decisions of each protocol exist from the start, so that rate() sees the first one", async () => {
  const protocols = ["kubernetes-admission", "run-task"];
  const { telemetry } = telling({ protocols });
  const { text } = await telemetry.metrics();
  for (const protocol of protocols)
    assert.match(
      text,
      new RegExp(`^keywarden_decisions_total\\{protocol="${protocol}",outcome="undecided"\\} 0$`, "m"),
    );
  await telemetry.close();
});

test("clients cannot create an unbounded number of labels", async () => {
  const { telemetry } = telling({ level: "error" });
  const once = async () =>
    (await telemetry.metrics()).text.split("\n").filter((line) => /^(http_|keywarden_)/.test(line)).length;
  telemetry.recordRequest(answered({ request: { ...answered().request, method: "BREW" } }));
  const before = await once();
  for (let i = 0; i < 100; i++)
    telemetry.recordRequest(
      answered({
        request: { id: `${i}`, method: `M${i}`, path: `/${i}`, query: `${i}` },
        clientAddress: `${i}`,
      }),
    );
  assert.equal(await once(), before);
  await telemetry.close();
});

test("two servers in one process have separate metrics", async () => {
  const [one, other] = [telling(), telling()];
  one.telemetry.recordRequest(answered());
  const requests = "http_request_duration_seconds_count{";
  assert.ok((await one.telemetry.metrics()).text.includes(requests));
  assert.ok(!(await other.telemetry.metrics()).text.includes(requests));
  await Promise.all([one.told(), other.told()]);
});

test("a broken standard error does not end the server, and is counted", async () => {
  const broken = new Writable({
    write(_, __, done) {
      done(Object.assign(new Error("write EPIPE"), { code: "EPIPE" }));
    },
  });
  const { telemetry } = telling({ stderr: broken, retryDelayMs: 1 });
  telemetry.recordRequest(answered());
  const text = async () => (await telemetry.metrics()).text;
  await until(async () => /keywarden_log_failures_total\{log="server"\} [1-9]/.test(await text()));
  await telemetry.close();
  assert.match(await text(), /keywarden_log_dropped_total [1-9]/);
});

test("an unread standard error costs neither memory nor time", async () => {
  const stuck = new Writable({ write() {} });
  const { telemetry } = telling({ stderr: stuck, maxBufferBytes: 10_000 });
  for (let i = 0; i < 2000; i++) {
    telemetry.recordRequest(answered());
    if (i % 100 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  const dropped = /keywarden_log_dropped_total (\d+)/.exec((await telemetry.metrics()).text)?.[1];
  assert.ok(Number(dropped) > 1900, dropped);
  assert.ok(stuck.writableLength < 20_000, `${stuck.writableLength}`);
});

test("logging works when it is bundled into one file: without workers or modules that are loaded at run time", async () => {
  const folder = scratch();
  const outfile = join(folder, "bundled.mjs");
  const contents = `
    import { createTelemetry } from "./src/hosts/server/telemetry/index.ts";
    const telemetry = createTelemetry({ level: "info", labels: { id: "a", version: "1" } });
    telemetry.setRevision("r");
    telemetry.log.info({ authorization: "x" }, "started");
    const { text } = await telemetry.metrics();
    await telemetry.close();
    console.log(text.includes("keywarden_policy_info"));
  `;
  await build({
    stdin: { contents, resolveDir: root, loader: "ts" },
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    logLevel: "error",
    banner: {
      js: 'import { createRequire as requireFrom } from "node:module"; const require = requireFrom(import.meta.url);',
    },
  });
  const { status, stdout, stderr } = spawnSync(process.execPath, [outfile], {
    cwd: folder,
    encoding: "utf8",
  });
  assert.equal(status, 0, stderr);
  assert.equal(stdout, "true\n");
  const { level, msg, authorization } = JSON.parse(stderr);
  assert.deepEqual([level, msg, authorization], ["info", "started", "[redacted]"]);
});

test("docs/server/operations.md lists exactly the metrics that exist", async () => {
  const { telemetry } = telling();
  telemetry.setGaugeReader(() => ({ requests_waiting: 0, requests_running: 0, workers: 0, connections: 0 }));
  const { text } = await telemetry.metrics();
  await telemetry.close();
  const own = [...text.matchAll(/^# TYPE (\S+)/gm)]
    .map(([, name]) => name)
    .filter((name) => !/^(process|nodejs)_/.test(name ?? ""));
  const page = readFileSync(join(root, "docs/server/operations.md"), "utf8");
  const told = [...page.matchAll(/^\| `((?:http|keywarden)_[a-z_]+)` \|/gm)].map(([, name]) => name);
  assert.deepEqual(told.sort(), own.sort());
});
