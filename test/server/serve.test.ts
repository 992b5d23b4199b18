import assert from "node:assert/strict";
import { once } from "node:events";
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { Agent } from "node:http";
import { connect } from "node:net";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { gunzipSync, gzipSync } from "node:zlib";
import { until } from "../until.ts";
import { type Answered, ask, refused, scratch, serve } from "./served.ts";
import { ackKey, admissionReview, endlessTemplate, REVIEW_UID } from "./support.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const version = JSON.parse(readFileSync(join(root, "package.json"), "utf8")).version;
const revision = /"revision":"(\w+)"/;

const open = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: "*", Action: "kms:*", Resource: "*" }],
});
const allow = "/v1/data/keywarden/allow";
const input = (policy: string) => JSON.stringify({ input: JSON.parse(policy) });

test("a server reports its health, its readiness and the revision of its rules", async () => {
  const { url, end } = await serve();
  assert.deepEqual(JSON.parse((await ask(`${url}/health`)).body), {});
  assert.equal((await ask(`${url}/health?bundles`)).status, 200);
  const ready = await ask(`${url}/ready`);
  assert.equal(ready.status, 200);
  assert.deepEqual(Object.keys(JSON.parse(ready.body)), ["status", "revision", "version"]);
  assert.equal(JSON.parse(ready.body).version, version);
  assert.match(ready.body, revision);
  const metrics = await ask(`${url}/metrics`);
  assert.match(metrics.body, /^http_request_duration_seconds_count\{.*handler="health"/m);
  assert.equal(await end(), 0);
});

test("request and response bodies may be compressed", async () => {
  const { url } = await serve();
  const answer = await ask(`${url}/check?path=policy.json&format=sarif`, {
    body: gzipSync(open),
    headers: { "content-encoding": "gzip", "accept-encoding": "gzip" },
  });
  assert.deepEqual([answer.status, answer.headers["content-encoding"]], [200, "gzip"]);
  const raw = await new Promise<Buffer>((resolve) => {
    const socket = connect(Number(new URL(url).port), "127.0.0.1");
    const chunks: Buffer[] = [];
    socket.on("data", (chunk) => chunks.push(chunk));
    socket.on("end", () => resolve(Buffer.concat(chunks)));
    socket.write(
      `POST /check?path=policy.json&format=sarif HTTP/1.1\r\nhost: x\r\nconnection: close\r\naccept-encoding: gzip\r\ncontent-length: ${open.length}\r\n\r\n${open}`,
    );
  });
  const body = gunzipSync(raw.subarray(raw.indexOf("\r\n\r\n") + 4));
  assert.equal(JSON.parse(body.toString()).version, "2.1.0");
});

test("a request that no protocol accepts gets a clear error", async () => {
  const { url } = await serve(["--max-body", "1KiB"]);
  const cases: [string, Parameters<typeof ask>[1], number, RegExp][] = [
    ["/", {}, 404, /Not found: GET \//],
    ["/run-task", { body: "{}" }, 404, /Not found: POST \/run-task/],
    ["/ready", { body: "{}" }, 405, /only accepts GET/],
    ["/check", { body: open.padEnd(2000) }, 413, /larger than 1024 bytes/],
    [
      "/check",
      { body: gzipSync(Buffer.alloc(1_000_000)), headers: { "content-encoding": "gzip" } },
      413,
      /1024/,
    ],
    ["/check", { body: open, headers: { "content-encoding": "br" } }, 400, /Content-Encoding br/],
    ["/check", { body: open, headers: { "content-encoding": "constructor" } }, 400, /constructor is not/],
    ["/check", { body: open, headers: { "content-encoding": "gzip" } }, 400, /not valid gzip/],
  ];
  for (const [path, options, status, detail] of cases) {
    const answer = await ask(url + path, options);
    assert.equal(answer.status, status, `${path} ${detail}`);
    assert.match(answer.body, detail);
  }
});

test("an AdmissionReview that is too large is denied, however it is sent, and the client can send all of it", async () => {
  const { url } = await serve(["--max-body", "1MiB"]);
  const name = "x".repeat(3 * 1024 * 1024);
  const review = JSON.stringify(admissionReview("CREATE", { object: ackKey({}, { name }) }));
  for (const headers of [{}, { "transfer-encoding": "chunked" }]) {
    const { status, body } = await ask(`${url}/kubernetes/admission`, { body: review, headers });
    assert.equal(status, 200, body);
    const { uid, allowed, status: reason } = JSON.parse(body).response;
    assert.deepEqual([uid, allowed, reason.code], [REVIEW_UID, false, 413]);
    assert.match(reason.message, /The body is larger than 1048576 bytes/);
  }
});

test("a server with tokens rejects other clients, except on anonymous paths", async () => {
  const folder = scratch();
  writeFileSync(join(folder, "tokens"), "a-token-of-the-pipeline\n");
  const { url, said } = await serve(["--token-file", "tokens", "--anonymous", "/kubernetes/admission"], {
    cwd: folder,
  });
  const with_ = (token: string) => ({ body: input(open), headers: { authorization: `Bearer ${token}` } });
  assert.equal((await ask(`${url}/health`)).status, 200);
  assert.equal((await ask(`${url}/metrics`)).status, 401);
  const without = await ask(url + allow, { body: input(open) });
  assert.deepEqual([without.status, without.headers["www-authenticate"]], [401, "Bearer"]);
  assert.equal((await ask(url + allow, with_("another-token-of-mine"))).status, 401);
  assert.equal(JSON.parse((await ask(url + allow, with_("a-token-of-the-pipeline"))).body).result, false);
  assert.notEqual((await ask(`${url}/kubernetes/admission`, { body: "{}" })).status, 401);
  // A file is replaced in one step, as Kubernetes and editors do. The server notices without a signal.
  writeFileSync(join(folder, "new"), "a-token-that-is-newer\n");
  renameSync(join(folder, "new"), join(folder, "tokens"));
  await said("Reloaded the token file");
  assert.equal((await ask(url + allow, with_("a-token-of-the-pipeline"))).status, 401);
  assert.equal((await ask(url + allow, with_("a-token-that-is-newer"))).status, 200);
});

test("a server on a public address answers only anonymous paths and probes without credentials", async () => {
  const { url } = await serve(["--listen", "0.0.0.0:0", "--anonymous", "/kubernetes/admission"]);
  const status = async (path: string, body?: string) =>
    (await ask(url + path, body === undefined ? {} : { body })).status;
  assert.equal(await status("/ready"), 200);
  assert.equal(await status("/kubernetes/admission", "{}"), 400);
  for (const path of ["/check", allow, "//kubernetes/admission", "/kubernetes/admission/"])
    assert.notEqual(await status(path, input(open)), 200);
  assert.deepEqual([await status(allow, input(open)), await status("/metrics")], [401, 401]);
});

test("probes and metrics are answered while every worker is busy and the queue is full", async () => {
  const { url, end } = await serve(["--workers", "1", "--queue", "1"]);
  const answers: Answered[] = [];
  for (let i = 0; i < 4; i++)
    ask(`${url}/check?path=slow.json`, { body: endlessTemplate }).then(
      (answer) => answers.push(answer),
      () => "the server is killed below",
    );
  await until(() => answers.length === 2);
  for (const { status, headers } of answers) assert.deepEqual([status, headers["retry-after"]], [429, "1"]);
  for (const path of ["/health", "/ready", "/metrics"])
    assert.equal((await ask(url + path)).status, 200, path);
  assert.equal(answers.length, 2, "the other two requests still wait");
  await end("SIGKILL");
});

test("the request bodies share a memory limit: a body beyond it is rejected, and accepted later", async () => {
  const { url } = await serve(["--max-body", "16MiB"]);
  const { port } = new URL(url);
  const size = 15 * 1024 * 1024;
  const sockets = Array.from({ length: 9 }, () => {
    const socket = connect(Number(port), "127.0.0.1");
    socket.write(`POST /check HTTP/1.1\r\nhost: x\r\ncontent-length: ${size}\r\n\r\n`);
    // The last byte is missing.
    socket.write(Buffer.alloc(size - 1, " "));
    return socket.on("error", () => {});
  });
  const away = await Promise.race(
    sockets.map(
      (socket) => new Promise<string>((resolve) => socket.once("data", (data) => resolve(`${data}`))),
    ),
  );
  assert.match(away, /^HTTP\/1.1 429 [\s\S]*retry-after: 1\r\n/i);
  for (const socket of sockets) socket.destroy();
  const later = () => ask(`${url}/check?path=x.json`, { body: `{${" ".repeat(size)}}` });
  await until(async () => (await later()).status === 200);
});

test("a server replaces the socket of a killed server, and no other file", async () => {
  const folder = scratch();
  const args = ["--listen", "unix:keywarden.sock"];
  const { end } = await serve(args, { cwd: folder });
  const second = await refused(args, folder);
  assert.deepEqual([second.code, /already in use/.test(second.stderr)], [3, true]);
  await end("SIGKILL");
  const { end: stop } = await serve(args, { cwd: folder });
  assert.equal(await stop("SIGINT"), 0);
  writeFileSync(join(folder, "keywarden.sock"), "a file of somebody");
  assert.equal((await refused(args, folder)).code, 3);
  assert.equal(readFileSync(join(folder, "keywarden.sock"), "utf8"), "a file of somebody");
});

test("a server that stops is not ready but still decides, and a second SIGTERM does not end it", async () => {
  const { url, said, process: server } = await serve(["--shutdown-delay", "10m"]);
  server.kill("SIGTERM");
  await said('"Stopping');
  server.kill("SIGTERM");
  assert.equal((await ask(`${url}/ready`)).status, 503);
  assert.equal((await ask(url + allow, { body: input(open) })).status, 200);
});

test("a second SIGTERM does not cut off a request that the first waits for", async () => {
  const { url, end, said, process: server } = await serve(["--shutdown-delay", "0s"]);
  const body = input(open);
  const { port } = new URL(url);
  const socket = connect(Number(port), "127.0.0.1").setEncoding("utf8");
  socket.write(
    `POST ${allow} HTTP/1.1\r\nhost: x\r\nexpect: 100-continue\r\ncontent-length: ${body.length}\r\n\r\n`,
  );
  assert.match(String(await once(socket, "data")), /^HTTP\/1.1 100 /);
  const ended = end();
  await said('"Stopping');
  server.kill("SIGTERM");
  socket.write(body);
  assert.match(String(await once(socket, "data")), /^HTTP\/1.1 200 /);
  assert.equal(await ended, 0);
});

test("a server applies a changed config, and keeps the old one if the new one is invalid", async () => {
  const folder = scratch();
  const config = (text: string) => {
    writeFileSync(join(folder, "new"), text);
    renameSync(join(folder, "new"), join(folder, "keywarden.config.yaml"));
  };
  config("levels: {}\n");
  const { url, said, look } = await serve([], { cwd: folder });
  const decision = async () => JSON.parse((await ask(url + allow, { body: input(open) })).body).result;
  assert.equal(await decision(), false);
  config("levels: { public_access: loud }\n");
  look();
  await said("the old config stays in use");
  assert.equal(await decision(), false);
  config("no-fail: true\n");
  look();
  await until(decision);
});

test("SIGTERM under load loses no request", async () => {
  // A load balancer gets this time to notice that the server is no longer ready.
  const { url, end } = await serve(["--shutdown-delay", "5s"]);
  const agent = new Agent({ keepAlive: true, maxSockets: 16 });
  const results: string[] = [];
  let left = 16;
  const client = async () => {
    for (let closing = false; !closing; ) {
      const { headers, body } = await ask(url + allow, { body: input(open), agent });
      results.push(String(JSON.parse(body).result));
      closing = headers["connection"] === "close";
    }
    left -= 1;
  };
  const clients = Promise.all(Array.from({ length: 16 }, client));
  await until(() => results.length > 50);
  assert.equal(left, 16);
  assert.equal(await end(), 0);
  await clients;
  assert.deepEqual([...new Set(results)], ["false"]);
});

test("slow and half-open clients do not block other clients", async () => {
  const { url } = await serve();
  const { port } = new URL(url);
  const sockets = Array.from({ length: 50 }, (_, i) => {
    const socket = connect(Number(port), "127.0.0.1");
    socket.on("error", () => {});
    socket.write(
      i % 2 === 0
        ? "POST /check HTTP/1.1\r\nhost: x\r\ncontent-le"
        : "POST /check HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{",
    );
    return socket;
  });
  assert.equal(JSON.parse((await ask(url + allow, { body: input(open) })).body).result, false);
  const connections = async () =>
    Number(/^keywarden_connections (\d+)$/m.exec((await ask(`${url}/metrics`)).body)?.[1]);
  assert.ok((await connections()) > 50);
  for (const socket of sockets) socket.destroy();
  assert.equal((await ask(`${url}/ready`)).status, 200);
});

for (const [what, args, message] of [
  ["a path", ["template.yaml"], /serve takes no arguments/],
  ["an address that everyone reaches", ["--listen", "0.0.0.0:0"], /can be reached from other machines/],
  [
    "a file of tokens that is not there",
    ["--token-file", "missing"],
    /Cannot use "missing": The file or directory does not exist/,
  ],
  ["certificates that are none", ["--tls-cert", "/dev/null", "--tls-key", "/dev/null"], /./],
  ["settings that are wrong", ["--data", "missing.yaml"], /missing.yaml/],
] as const)
  test(`a server does not start with ${what}`, async () => {
    const { code, stderr } = await refused([...args]);
    assert.equal(code, 3);
    assert.match(stderr, message);
    assert.doesNotMatch(stderr, /\n\s+at /);
  });
