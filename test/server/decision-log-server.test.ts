import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { until } from "../until.ts";
import { built, opa, scratch } from "./bundle-support.ts";
import { type LogServerResponse, logServer, type Upload } from "./log-server.ts";
import { ask } from "./served.ts";
import { decided, telling } from "./telemetry-support.ts";

const idsOf = (lines: { decision_id: string }[]) => lines.map(({ decision_id }) => decision_id);
const dropped = "keywarden_decision_log_dropped_total";
/** Text that gzip cannot make much smaller. */
const noise = (characters: number) =>
  Array.from({ length: characters }, (_, i) => ((i * 7919 * (i % 31) + (i >> 3)) % 36).toString(36)).join("");

test("a log server receives the waiting lines when Keywarden stops: POST /logs, a gzipped array", async () => {
  const { uploads, url } = await logServer();
  const { telemetry, metric } = telling(url, { token: () => "s3cret" });
  const answers = [decided(), decided()];
  for (const answer of answers) telemetry.recordRequest(answer);
  await telemetry.close();
  assert.equal(uploads.length, 1);
  const { method, path, headers, events } = uploads[0] as Upload;
  assert.deepEqual(
    [method, path, headers.authorization, headers["content-type"], headers["content-encoding"]],
    ["POST", "/opa/logs", "Bearer s3cret", "application/json", "gzip"],
  );
  assert.deepEqual(
    idsOf(events),
    answers.map(({ request }) => request.id),
  );
  assert.equal(await metric(dropped), 0);
});

test("decisions are uploaded in batches while the server runs", async () => {
  const { uploads, accepted, url } = await logServer();
  const { telemetry } = telling(url);
  for (let i = 0; i < 30; i++) telemetry.recordRequest(decided({ input: { a: "x".repeat(100_000) } }));
  await until(() => accepted.length === 30);
  assert.ok(uploads.length >= 3 && uploads.length < 30, `${uploads.length}`);
  await telemetry.close();
});

test("configured headers are sent, but never instead of those that describe the body", async () => {
  const { uploads, url } = await logServer();
  const { telemetry } = telling(url, {
    headers: { "x-scope-orgid": "payments", authorization: "Splunk abc" },
  });
  telemetry.recordRequest(decided());
  await telemetry.close();
  const { headers } = uploads[0] as Upload;
  assert.deepEqual(
    [headers["x-scope-orgid"], headers.authorization, headers["content-type"]],
    ["payments", "Splunk abc", "application/json"],
  );
});

test("a rotated token is used for the next attempt, and decisions wait for it", async () => {
  const { accepted, url } = await logServer(({ headers }) =>
    headers.authorization === "Bearer new" ? 200 : 401,
  );
  let token = "old";
  const { telemetry, said } = telling(url, { token: () => token });
  telemetry.recordRequest(decided());
  await until(() => said.length === 1);
  assert.match(
    String(said[0]?.reason),
    /^the server rejects the credentials \(status 401\)\. Check --decision-log-token-file/,
  );
  token = "new";
  await until(() => accepted.length === 1);
  await telemetry.close();
});

test("a token that cannot be read keeps the decisions until it can", async () => {
  const { accepted, url } = await logServer();
  let isReadable = false;
  const token = () => {
    if (!isReadable) throw new Error('--decision-log-token-file: "/run/log-token" is empty');
    return "token";
  };
  const { telemetry, said } = telling(url, { token });
  telemetry.recordRequest(decided());
  await until(() => said.length === 1);
  assert.equal(said[0]?.reason, '--decision-log-token-file: "/run/log-token" is empty');
  isReadable = true;
  await until(() => accepted.length === 1);
  await telemetry.close();
});

const temporary: [string, LogServerResponse, string][] = [
  ["has an error", 500, "the server returned status 500"],
  ["is overloaded", { status: 503, headers: { "retry-after": "0" } }, "the server returned status 503"],
  ["limits the rate", { status: 429, headers: { "retry-after": "soon" } }, "the server returned status 429"],
  [
    "rejects the credentials",
    401,
    "the server rejects the credentials (status 401). Check --decision-log-token-file and --decision-log-header",
  ],
  [
    "forbids the upload",
    403,
    "the server rejects the credentials (status 403). Check --decision-log-token-file and --decision-log-header",
  ],
  [
    "redirects, to a URL with a secret",
    { status: 302, headers: { location: "https://logs.example.com/logs?signature=s3cr3t" } },
    "the server redirects to https://logs.example.com (status 302). Set --decision-log to the new URL",
  ],
  ["does not know the path", 404, "the server returned status 404"],
  ["closes the connection", "closes", "the server is unreachable: UND_ERR_SOCKET"],
  ["does not respond", "hangs", "the server is unreachable: TimeoutError"],
];
for (const [what, answer, reason] of temporary)
  test(`a log server that ${what} gets the same decisions again`, async () => {
    const { accepted, url } = await logServer((_, call) => (call < 2 ? answer : 200));
    const { telemetry, said, metric } = telling(url, {
      level: "info",
      uploadTimeoutMs: answer === "hangs" ? 100 : 60_000,
    });
    telemetry.recordRequest({ ...decided(), protocol: "health" });
    await until(() => accepted.length === 1);
    await until(() => said.length === 2);
    await telemetry.close();
    assert.deepEqual(
      said.map(({ level, reason }) => [level, reason]),
      [
        ["error", reason],
        ["info", undefined],
      ],
    );
    assert.deepEqual(
      [await metric(dropped), await metric('keywarden_log_failures_total{log="decisions"}')],
      [0, 2],
    );
  });

test("a new reason for failures is logged, a repeated one is not", async () => {
  const answers = [503, 503, 401, 401, 503];
  const { accepted, url } = await logServer((_, call) => answers[call] ?? 200);
  const { telemetry, said } = telling(url);
  telemetry.recordRequest(decided());
  await until(() => accepted.length === 1);
  await telemetry.close();
  assert.deepEqual(
    said.map(({ reason }) => /\d+/.exec(String(reason))?.[0]),
    ["503", "401", "503"],
  );
});

for (const [what, retryAfter] of [
  ["in seconds", "3600"],
  ["until a date", new Date(Date.now() + 3_600_000).toUTCString()],
] as const)
  test(`a server that asks for a pause ${what} gets no request before it ends, except on shutdown`, async () => {
    const { uploads, accepted, url } = await logServer((_, call) =>
      call === 0 ? { status: 503, headers: { "retry-after": retryAfter } } : 200,
    );
    const { telemetry, said } = telling(url, { retryDelayMs: 1 });
    telemetry.recordRequest(decided());
    await until(() => said.length === 1);
    // A retry after a millisecond would have arrived by now.
    await new Promise((resolve) => setTimeout(resolve, 200));
    assert.equal(uploads.length, 1);
    await telemetry.close();
    assert.equal(accepted.length, 1);
  });

test("a server that limits the size of requests gets each decision once, in smaller batches", async () => {
  const { uploads, accepted, url } = await logServer(({ bytes }) => (bytes > 2000 ? 413 : 200));
  const { telemetry, metric, said } = telling(url);
  const answers = Array.from({ length: 40 }, () => decided({ input: { a: noise(300) + Math.random() } }));
  for (const answer of answers) telemetry.recordRequest(answer);
  await telemetry.close();
  assert.deepEqual(
    idsOf(accepted),
    answers.map(({ request }) => request.id),
  );
  assert.ok(accepted.every(({ erased }) => erased === undefined));
  assert.ok(uploads.length < 40, `${uploads.length} requests`);
  assert.deepEqual([said, await metric(dropped)], [[], 0]);
});

test("after a failure, a batch that was accepted in part is not sent again", async () => {
  const { accepted, url } = await logServer(({ events }, call) => {
    if (events.length > 2) return 413;
    return call === 3 ? 503 : 200;
  });
  const { telemetry } = telling(url);
  const answers = Array.from({ length: 8 }, () => decided());
  for (const answer of answers) telemetry.recordRequest(answer);
  await until(() => accepted.length === 8);
  await telemetry.close();
  assert.deepEqual(
    idsOf(accepted),
    answers.map(({ request }) => request.id),
  );
});

test("a single decision that is too large is sent without its input and result", async () => {
  const { accepted, url } = await logServer(({ bytes }) => (bytes > 1000 ? 413 : 200));
  const { telemetry, metric, said } = telling(url, { level: "warn" });
  const secret = "password: hunter2hunter2";
  const answers = [decided(), decided({ input: { a: noise(5000), secret } }), decided()];
  for (const answer of answers) telemetry.recordRequest(answer);
  await telemetry.close();
  assert.deepEqual(
    accepted.map(({ decision_id, erased, masked, input, result }) => [
      decision_id,
      erased,
      masked,
      input,
      result,
    ]),
    answers.map(({ request }, i) =>
      i === 1
        ? [request.id, ["/input", "/result"], undefined, undefined, undefined]
        : [request.id, undefined, undefined, { keys: [] }, ["no"]],
    ),
  );
  assert.deepEqual(
    said.map(({ level, decisions, reason }) => [level, decisions, reason]),
    [["warn", 1, "the log server rejects them as too large"]],
  );
  assert.equal(await metric(dropped), 0);
});

test("a server that accepts no size at all loses decisions, which are counted and logged as a sum", async () => {
  const { accepted, url } = await logServer(() => 413);
  const { telemetry, metric, said } = telling(url);
  for (let i = 0; i < 20; i++) telemetry.recordRequest(decided());
  await telemetry.close();
  assert.equal(accepted.length, 0);
  assert.equal(await metric(dropped), 20);
  assert.ok(said.every(({ reason }) => reason === "the log server rejects them as too large"));
  assert.equal(
    said.reduce((sum, { lost = 0 }) => sum + lost, 0),
    20,
  );
  assert.equal(said.length, 2, "the first at once, the others together");
});

test("missing decisions are logged once per interval while the server runs", async () => {
  const { url } = await logServer(() => 413);
  const { telemetry, said } = telling(url, { reportIntervalMs: 50 });
  for (let i = 0; i < 20; i++) telemetry.recordRequest(decided());
  await until(() => said.reduce((sum, { lost = 0 }) => sum + lost, 0) === 20);
  await telemetry.close();
});

for (const [what, answer] of [
  ["does not respond", "hangs"],
  ["is not available", 503],
] as const)
  test(`the decisions that a server that ${what} did not confirm by the shutdown are counted as missing`, async () => {
    const { uploads, url } = await logServer(() => answer);
    const { telemetry, said, metric } = telling(url, { retryDelayMs: 60_000 });
    telemetry.recordRequest(decided());
    await until(() => uploads.length === 1);
    telemetry.recordRequest(decided());
    await telemetry.close();
    assert.equal(await metric(dropped), 2);
    assert.deepEqual(
      said.filter(({ lost }) => lost !== undefined).map(({ lost, reason }) => [lost, reason]),
      [[2, "the server stopped"]],
    );
  });

test("an unreachable log server does not keep Keywarden from stopping", async () => {
  const { telemetry, said, metric } = telling("http://127.0.0.1:9/");
  telemetry.recordRequest(decided());
  await telemetry.close();
  assert.deepEqual(
    said.map(({ msg }) => msg),
    [
      "Cannot write the decision log; decisions continue and are buffered in memory",
      "Decisions are missing from the decision log",
    ],
  );
  assert.equal(await metric(dropped), 1);
});

/** Starts OPA with a decision log. OPA puts trace IDs into it only if it also exports traces, which fails here. */
async function startOpa(logsUrl: string): Promise<string> {
  const folder = scratch();
  const config = {
    services: {
      logs: { url: logsUrl.replace(/\/$/, ""), credentials: { bearer: { token: "s3cret" } } },
    },
    decision_logs: { service: "logs", reporting: { min_delay_seconds: 1, max_delay_seconds: 1 } },
    distributed_tracing: { type: "grpc", address: "127.0.0.1:9", sample_percentage: 100 },
  };
  writeFileSync(join(folder, "config.json"), JSON.stringify(config));
  writeFileSync(join(folder, "data.json"), '{"keywarden":{"allow":true}}');
  const socket = join(folder, "opa.sock");
  const args = [
    "run",
    "-s",
    "--addr",
    `unix://${socket}`,
    "-c",
    "config.json",
    "--skip-version-check",
    "data.json",
  ];
  const child: ChildProcess = spawn(opa, args, { cwd: folder, stdio: "ignore" });
  after(() => child.kill());
  await until(() => existsSync(socket));
  return socket;
}

test(
  "a log server that receives decisions from OPA receives the same fields from Keywarden",
  built,
  async () => {
    const [fromOpa, fromKeywarden] = [await logServer(), await logServer()];
    const trace_id = "4bf92f3577b34da6a3ce929d0e0e4736";
    await ask("http://localhost/v1/data/keywarden/allow", {
      socketPath: await startOpa(fromOpa.url),
      headers: { traceparent: `00-${trace_id}-00f067aa0ba902b7-01` },
      body: '{"input":{"keys":[]}}',
    });
    const { telemetry } = telling(fromKeywarden.url, { token: () => "s3cret" });
    const correlation = { trace_id, span_id: "00f067aa0ba902b7", request_id: "pipeline-42" };
    telemetry.recordRequest({ ...decided({ path: "keywarden/allow", result: true }), correlation });
    await telemetry.close();
    await until(() => fromOpa.accepted.length === 1);
    const [theirs, ours] = [fromOpa, fromKeywarden].map(({ uploads }) => uploads[0] as Upload);
    const request = (upload: Upload | undefined) => [
      upload?.method,
      upload?.path,
      ...["authorization", "content-type", "content-encoding"].map((name) => upload?.headers[name]),
    ];
    assert.deepEqual(request(ours), request(theirs));
    const typesOf = (line: object | undefined) =>
      Object.fromEntries(Object.entries(line ?? {}).map(([name, value]) => [name, typeof value]));
    const { req_id: _, ...opaFields } = typesOf(theirs?.events[0]);
    const { custom: __, ...ourFields } = typesOf(ours?.events[0]);
    assert.deepEqual(ourFields, { ...opaFields, bundles: "object" });
    assert.equal(theirs?.events[0]?.["trace_id"], trace_id);
  },
);
