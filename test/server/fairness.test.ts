import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { until } from "../until.ts";
import { type Answered, ask, metric, scratch, serve } from "./served.ts";
import { endlessTemplate, goodPolicy } from "./support.ts";

const BUSY = "token-of-the-busy-client";
const QUIET = "token-of-the-quiet-client";

/** Starts a server with one worker and two clients. */
async function serveTwo(t: TestContext, ...args: string[]) {
  const cwd = scratch();
  writeFileSync(join(cwd, "tokens"), `${BUSY}\n${QUIET}\n`);
  const { url, end } = await serve(["--token-file", "tokens", "--workers", "1", ...args], { cwd });
  t.after(() => end("SIGKILL"));
  const check = (token: string, body: string | Buffer) =>
    ask(`${url}/check?path=input.json`, { body, headers: { authorization: `Bearer ${token}` } });
  const valueOf = (series: string) => metric(url, series, { headers: { authorization: `Bearer ${QUIET}` } });
  const limited = () => valueOf('keywarden_events_total{event="concurrency_limited"}');
  return { url, check, valueOf, limited };
}

const statusOf = ({ status }: Answered): number => status;
/** For requests that end with the server. */
const ignore = (): void => {};

test("a client that fills the queue again and again does not keep another client from being served", async (t) => {
  const { check, valueOf } = await serveTwo(t, "--queue", "4", "--decision-timeout", "5s");
  const finished: string[] = [];
  // Each of these decisions costs the whole timeout, and is sent again as soon as it has failed.
  const sendAgain = async (): Promise<void> => {
    const { status } = await check(BUSY, endlessTemplate);
    if (status === 429) await sleep(20);
    else finished.push("busy");
    return sendAgain();
  };
  for (let i = 0; i < 8; i++) sendAgain().catch(ignore);
  await until(async () => (await valueOf("keywarden_requests_waiting")) === 4);
  const quiet = async () => {
    const answer = await check(QUIET, goodPolicy);
    finished.push("quiet");
    return answer;
  };
  const answers = await Promise.all([quiet(), quiet()]);
  assert.deepEqual(answers.map(statusOf), [200, 200]);
  const order = finished.slice(0, finished.lastIndexOf("quiet"));
  const between = order.slice(order.indexOf("quiet"));
  assert.ok(
    !between.includes("busy"),
    `the quiet client is served as soon as the worker is free: ${finished}`,
  );
});

test("with --max-concurrent, a client gets 429 for one request too many, and others do not", async (t) => {
  const { url, check, valueOf, limited } = await serveTwo(t, "--max-concurrent", "2");
  for (let i = 0; i < 2; i++) check(BUSY, endlessTemplate).catch(ignore);
  await until(async () => (await valueOf("keywarden_requests_waiting")) === 1);
  const refused = await check(BUSY, goodPolicy);
  assert.deepEqual([refused.status, refused.headers["retry-after"]], [429, "1"]);
  assert.match(refused.body, /This client already has 2 requests in progress\./);
  assert.equal(await limited(), 1);
  check(QUIET, goodPolicy).catch(ignore);
  await until(async () => (await valueOf("keywarden_requests_waiting")) === 2);
  assert.equal((await ask(`${url}/ready`)).status, 200);
});

test("a client with slow bodies leaves memory for the bodies of others", async (t) => {
  const { url, check } = await serveTwo(t, "--max-body", "16MiB");
  const size = 15 * 1024 * 1024;
  let refused = 0;
  // The last byte is missing. Together, the bodies are larger than the memory for all bodies.
  const sockets = Array.from({ length: 9 }, () => {
    const socket = connect(Number(new URL(url).port), "127.0.0.1").on("error", ignore);
    socket.once("data", (data) => {
      if (`${data}`.startsWith("HTTP/1.1 429 ")) refused += 1;
    });
    socket.write(
      `POST /check HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${BUSY}\r\ncontent-length: ${size}\r\n\r\n`,
    );
    socket.write(Buffer.alloc(size - 1, " "));
    return socket;
  });
  await until(() => refused >= 3);
  assert.equal((await check(BUSY, goodPolicy.padEnd(size))).status, 429);
  assert.equal((await check(QUIET, goodPolicy.padEnd(size))).status, 200);
  for (const socket of sockets) socket.destroy();
});
