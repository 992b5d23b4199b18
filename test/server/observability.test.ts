import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { test } from "node:test";
import { until } from "../until.ts";
import { logServer } from "./log-server.ts";
import { ask, metric, refused, type Served, scratch, serve } from "./served.ts";
import {
  ackKey,
  admissionReview,
  endlessTemplate,
  everyone,
  goodPolicy,
  openPolicy,
  ownPolicy,
} from "./support.ts";

const TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
const SPAN = "00f067aa0ba902b7";

const review = (policy: string) => JSON.stringify(admissionReview("CREATE", { object: ackKey({ policy }) }));

const providerRequest = (policy: string) =>
  JSON.stringify({
    apiVersion: "externaldata.gatekeeper.sh/v1beta1",
    kind: "ProviderRequest",
    request: { keys: [JSON.stringify(ackKey({ policy }))] },
  });

/** How each protocol sends a key policy. */
const protocols: {
  [protocol: string]: { path: string; body: (policy: string) => string; decision: string };
} = {
  check: { path: "/check?path=policy.json", body: (policy) => policy, decision: "check" },
  opa: {
    path: "/v1/data/keywarden/allow",
    body: (policy) => `{"input":${policy}}`,
    decision: "keywarden/allow",
  },
  "kubernetes-admission": { path: "/kubernetes/admission", body: review, decision: "kubernetes/admission" },
  "gatekeeper-external-data": {
    path: "/gatekeeper/external-data",
    body: providerRequest,
    decision: "gatekeeper/external-data",
  },
};

/** A policy whose decision takes far longer than a millisecond. */
const slowPolicy = ownPolicy(...Array<object>(1000).fill(everyone("All")));

const send = ({ url }: Served, protocol: string, policy: string) => {
  const { path, body } = protocols[protocol] as (typeof protocols)[string];
  return ask(url + path, { body: body(policy) });
};

const undecided = (protocol: string) =>
  `keywarden_decisions_total{protocol="${protocol}",outcome="undecided"}`;

const failed = (protocol: string, reason: string) =>
  `keywarden_request_failures_total{protocol="${protocol}",reason="${reason}"}`;

const decisionsOf = (server: Served) =>
  server
    .stdout()
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line));

test("a decision that times out is undecided in metrics, decision log and server log, for every protocol", async () => {
  const server = await serve(["--workers", "1", "--decision-timeout", "1ms", "--decision-log", "-"]);
  for (const [index, protocol] of Object.keys(protocols).entries()) {
    // A stopped worker is replaced first.
    await until(async () => (await metric(server.url, "keywarden_workers")) === 1);
    const { status } = await send(server, protocol, slowPolicy);
    assert.equal(await metric(server.url, undecided(protocol)), 1, protocol);
    await until(() => decisionsOf(server).length === index + 1);
    const { path, custom, result, error } = decisionsOf(server)[index];
    assert.equal(path, protocols[protocol]?.decision);
    assert.deepEqual(custom, { protocol, outcome: "undecided", status });
    const message = "The decision took longer than 0.001 s and was stopped.";
    assert.deepEqual(error, { code: "timeout", message });
    const ofProtocol = () => server.log().findLast((one) => one["protocol"] === protocol);
    await until(() => ofProtocol() !== undefined);
    const line = ofProtocol();
    assert.deepEqual([line?.["failure"], line?.["reason"]], ["timeout", message]);
    assert.equal(await metric(server.url, failed(protocol, "timeout")), 1);
    // An error of HTTP contains no verdict.
    if (status === 503) assert.equal(result, undefined);
    else assert.match(JSON.stringify(result), /took longer/);
  }
  await server.end("SIGKILL");
});

test("the server log has the reason of an undecided request, without text of the input", async () => {
  const server = await serve(["--require-content", "all", "--fail-on-unknown"]);
  const unknownPrincipal = { ...everyone("All"), Principal: { AWS: { Ref: "Partner" } } };
  const template = JSON.stringify({
    Parameters: { Partner: { Type: "String" } },
    Resources: {
      Orders: {
        Type: "AWS::KMS::Key",
        Properties: { KeyPolicy: JSON.parse(ownPolicy(unknownPrincipal)), EnableKeyRotation: true },
      },
    },
  });
  const notRead = /^The input, or a part of it, could not be checked\. /;
  for (const [path, body, reason] of [
    ["/check", template, /^The verdict of [a-z_]+(, [a-z_]+)* is unknown\. /],
    ["/check", "Orders:", notRead],
    ["/v1/data/keywarden/allow", '{"input": {"Orders": 1}}', notRead],
    ["/gatekeeper/external-data", '{"Orders": 1}', notRead],
  ] as const) {
    const { length } = server.log();
    await ask(server.url + path, { body });
    await until(() => server.log().length > length);
    const line = server.log().at(-1);
    assert.deepEqual([line?.["path"], line?.["outcome"], line?.["failure"]], [path, "undecided", undefined]);
    assert.match(String(line?.["reason"]), reason);
    assert.doesNotMatch(JSON.stringify(line), /Orders|Partner/);
  }
  await server.end();
});

test("the server log says why credentials are refused, and does not contain them", async () => {
  const cwd = scratch();
  writeFileSync(join(cwd, "tokens"), "a-token-of-the-pipeline\n");
  const server = await serve(["--token-file", "tokens"], { cwd });
  for (const [headers, reason] of [
    [{}, /^A bearer token is required/],
    [{ authorization: "Bearer another-token-of-someone" }, /^The bearer token is not valid\.$/],
  ] as const) {
    const { length } = server.log();
    await ask(`${server.url}/check`, { body: goodPolicy, headers });
    await until(() => server.log().length > length);
    const line = server.log().at(-1);
    assert.equal(line?.["status"], 401);
    assert.match(String(line?.["reason"]), reason);
    assert.doesNotMatch(JSON.stringify(line), /another-token/);
  }
  await server.end();
});

test("a request that the full queue refuses is undecided, and a 429 of its protocol", async () => {
  const server = await serve(["--workers", "1", "--queue", "0", "--decision-log", "-"]);
  send(server, "check", endlessTemplate).catch(() => "the server is killed below");
  await until(async () => (await metric(server.url, "keywarden_requests_running")) === 1);
  for (const protocol of Object.keys(protocols)) {
    const { status } = await send(server, protocol, goodPolicy);
    assert.equal(await metric(server.url, undecided(protocol)), 1, protocol);
    assert.equal(await metric(server.url, failed(protocol, "overloaded")), 1, protocol);
    assert.equal(
      await metric(
        server.url,
        `http_request_duration_seconds_count{code="${status}",handler="${protocol}",method="post"}`,
      ),
      1,
    );
  }
  await until(() => decisionsOf(server).length === 4);
  assert.deepEqual(
    decisionsOf(server).map(({ custom }) => [custom.protocol, custom.status]),
    [
      ["check", 429],
      ["opa", 429],
      ["kubernetes-admission", 429],
      ["gatekeeper-external-data", 200],
    ],
  );
  await server.end("SIGKILL");
});

test("requests that are for no decision, or not authenticated, are no decisions", async () => {
  const folder = scratch();
  writeFileSync(join(folder, "tokens"), "a-token-of-the-pipeline\n");
  const server = await serve(["--token-file", "tokens", "--anonymous", "/metrics", "--decision-log", "-"], {
    cwd: folder,
  });
  assert.equal((await send(server, "check", openPolicy)).status, 401);
  assert.equal((await ask(`${server.url}/nothing`)).status, 404);
  const { body } = await ask(`${server.url}/metrics`);
  assert.doesNotMatch(body, /keywarden_(decisions|request_failures)_total\{.*\} [1-9]/);
  assert.match(body, /http_request_duration_seconds_count\{code="401",handler="check",method="post"\} 1/);
  assert.match(body, /http_request_duration_seconds_count\{code="404",handler="http",method="get"\} 1/);
  await server.end();
  assert.deepEqual(decisionsOf(server), []);
});

test("failures are counted by rule and level, at the level that the config sets", async () => {
  const folder = scratch();
  writeFileSync(join(folder, "keywarden.config.yaml"), "levels:\n  public_access: warning\n");
  const [standard, custom] = [await serve(), await serve([], { cwd: folder })];
  for (const protocol of Object.keys(protocols)) await send(standard, protocol, openPolicy);
  await send(custom, "check", openPolicy);
  const series = (level: string) => `keywarden_findings_total{rule="public_access",level="${level}"}`;
  assert.equal(await metric(standard.url, series("error")), 4);
  assert.equal(await metric(standard.url, series("warning")), undefined);
  assert.equal(await metric(custom.url, series("warning")), 1);
  await Promise.all([standard.end(), custom.end()]);
});

const headers = {
  traceparent: `00-${TRACE}-${SPAN}-01`,
  tracestate: "vendor=opaque",
  "x-request-id": "pipeline-42",
  "x-forwarded-for": "198.51.100.1, 203.0.113.9",
};

test("the logs have the trace, the request ID, and the client that a trusted proxy reports", async () => {
  const server = await serve(["--trusted-proxies", "127.0.0.0/8", "--decision-log", "-"]);
  const answer = await ask(`${server.url}/check?path=p.json`, { body: goodPolicy, headers });
  assert.equal(answer.headers["x-request-id"], "pipeline-42");
  await until(() => decisionsOf(server).length === 1);
  const { trace_id, span_id, requested_by, custom } = decisionsOf(server)[0];
  assert.deepEqual(
    [trace_id, span_id, requested_by, custom.request_id],
    [TRACE, SPAN, "203.0.113.9", "pipeline-42"],
  );
  await server.said("Request answered");
  const line = server.log().find(({ msg }) => msg === "Request answered");
  assert.deepEqual(
    [line?.["trace_id"], line?.["span_id"], line?.["request_id"], line?.["client"]],
    [TRACE, SPAN, "pipeline-42", "203.0.113.9"],
  );
  assert.doesNotMatch(JSON.stringify([line, decisionsOf(server)]), /opaque|198\.51/);
  await server.end();
});

test("without trusted proxies, a client cannot choose its address", async () => {
  const folder = scratch();
  const server = await serve(["--trusted-proxies", "10.0.0.0/8", "--decision-log", "decisions.log"], {
    cwd: folder,
  });
  const other = await serve(["--decision-log", "other.log"], { cwd: folder });
  const forged = ["203.0.113.9", "127.0.0.1, 10.0.0.1", "10.0.0.1", "::1", "x"];
  for (const { url } of [server, other])
    for (const address of forged)
      await ask(`${url}/check?path=p.json`, { body: goodPolicy, headers: { "x-forwarded-for": address } });
  await Promise.all([server.end(), other.end()]);
  for (const name of ["decisions.log", "other.log"]) {
    const lines = readFileSync(join(folder, name), "utf8").trim().split("\n");
    assert.deepEqual(
      lines.map((line) => JSON.parse(line).requested_by),
      forged.map(() => "127.0.0.1"),
    );
  }
  assert.doesNotMatch(JSON.stringify([server.log(), other.log()]), /203\.0\.113|10\.0\.0\.1/);
});

test("invalid IDs are neither logged nor returned", async () => {
  const server = await serve(["--decision-log", "-"]);
  const answer = await ask(`${server.url}/check?path=p.json`, {
    body: goodPolicy,
    headers: { traceparent: `00-${"0".repeat(32)}-${SPAN}-01`, "x-request-id": "two words" },
  });
  assert.equal(answer.headers["x-request-id"], undefined);
  await until(() => decisionsOf(server).length === 1);
  assert.doesNotMatch(JSON.stringify([decisionsOf(server), server.log()]), /trace_id|two words/);
  await server.end();
});

/** Sends bytes on a connection of its own, and returns what the server answers before it closes the connection. */
const raw = ({ url }: Served, text: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(url).port), "127.0.0.1");
    let received = "";
    socket.on("data", (chunk) => (received += chunk));
    socket.on("close", () => resolve(received));
    socket.on("error", reject);
    socket.write(text);
  });

test("requests that the HTTP parser rejects are in the metrics and the log", async () => {
  const server = await serve();
  const cases: [what: string, text: string, status: number, handler: string, method: string][] = [
    ["no request line", "hello\r\n\r\n", 400, "http", "unknown"],
    ["no host", "GET /health HTTP/1.1\r\nconnection: close\r\n\r\n", 400, "http", "get"],
    [
      "headers that are too large",
      `GET / HTTP/1.1\r\nx: ${"a".repeat(20_000)}\r\n\r\n`,
      431,
      "http",
      "unknown",
    ],
    [
      "a body that breaks off in a chunk",
      "POST /check HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\nno size\r\n",
      400,
      "check",
      "post",
    ],
  ];
  for (const [what, text, status, handler, method] of cases) {
    assert.match(await raw(server, text), new RegExp(`^HTTP/1\\.1 ${status} `), what);
    const series = `http_request_duration_seconds_count{code="${status}",handler="${handler}",method="${method}"}`;
    await until(async () => (await metric(server.url, series)) === 1);
  }
  await server.said("HPE_HEADER_OVERFLOW");
  assert.equal(server.log().filter(({ msg }) => msg === "Request failed").length, 0);
  await server.end();
});

test("a client that disconnects gets no response: its request has the status 499", async () => {
  const server = await serve();
  const socket = connect(Number(new URL(server.url).port), "127.0.0.1");
  socket.write("POST /check HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\nhalf");
  await until(async () => ((await metric(server.url, "keywarden_connections")) ?? 0) >= 2);
  socket.destroy();
  const series = 'http_request_duration_seconds_count{code="499",handler="check",method="post"}';
  await until(async () => (await metric(server.url, series)) === 1);
  await server.end();
});

test("the token for the log server comes from a file and may be rotated; headers come from the config", async () => {
  const logs = await logServer(({ headers }) => (headers.authorization === "Bearer second" ? 200 : 401));
  const folder = scratch();
  writeFileSync(join(folder, "log-token"), "first\n");
  writeFileSync(
    join(folder, "keywarden.config.yaml"),
    "decision-log-token-file: log-token\ndecision-log-header:\n  X-Scope-OrgID: payments\n",
  );
  const server = await serve(["--decision-log", logs.url], { cwd: folder });
  await send(server, "check", goodPolicy);
  await server.said("the server rejects the credentials (status 401)");
  writeFileSync(join(folder, "log-token"), "second\n");
  await until(() => logs.accepted.length === 1);
  const { headers: sent } = logs.uploads.at(-1) ?? {};
  assert.deepEqual([sent?.authorization, sent?.["x-scope-orgid"]], ["Bearer second", "payments"]);
  assert.doesNotMatch(JSON.stringify(server.log()), /Bearer|"first"|"second"|payments/);
  await server.end();
});

for (const [content, reason] of [
  [undefined, /"log-token": The file or directory does not exist/],
  ["", /"log-token": The file is empty/],
  ["two\nlines", /"log-token": The file does not contain exactly one token/],
] as const)
  test(`a token file with ${JSON.stringify(content)} prevents the start`, async () => {
    const folder = scratch();
    if (content !== undefined) writeFileSync(join(folder, "log-token"), content);
    const args = ["--decision-log", "https://logs.example.com", "--decision-log-token-file", "log-token"];
    const { code, stderr } = await refused(args, folder);
    assert.equal(code, 3);
    assert.match(stderr, reason);
  });
