import assert from "node:assert/strict";
import { after, test } from "node:test";
import type { ProtocolRequest, ProtocolResponse, RequestFailure } from "../../src/gate/protocol.ts";
import { WorkerPool } from "../../src/hosts/server/pool.ts";
import type { ServerEvent, Telemetry } from "../../src/hosts/server/telemetry/types.ts";
import type { WorkerStart } from "../../src/hosts/server/worker-messages.ts";

const entry = new URL("pool-worker.mjs", import.meta.url);
const memory = { heapMiB: 256, wasmPages: 1024 };

/** A pool of threads that do what the path says, and what it counted. */
async function poolOf({ workers = 1, queue = 10, timeout = 5000 } = {}) {
  const counted: ServerEvent[] = [];
  const log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
  const telemetry = { log, count: (event: ServerEvent) => counted.push(event) } as unknown as Telemetry;
  const pool = new WorkerPool({ workers, maxQueued: queue, timeoutMs: timeout, memory, entry }, telemetry);
  after(() => pool.stop());
  await pool.use(named("first"));
  return { pool, counted };
}

const named = (cwd: string): WorkerStart => ({ flagValues: {}, cwd, failMode: "closed" });

const asking = (path: string, text = ""): ProtocolRequest => ({
  id: "1",
  method: "POST",
  path,
  query: "",
  headers: {},
  body: Buffer.from(text),
});

const said = (result: ProtocolResponse | RequestFailure): string =>
  "kind" in result ? result.kind : result.body;

test("answers come to those who asked, however many ask at once", async () => {
  const { pool } = await poolOf({ workers: 2, queue: 100 });
  const texts = Array.from({ length: 100 }, (_, i) => `text ${i}`);
  const answers = await Promise.all(texts.map((text) => pool.run("any", asking("/answer", text))));
  assert.deepEqual(answers.map(said), texts);
});

for (const [path, kind, event] of [
  ["/throw", "crashed", "worker_crashed"],
  ["/exit", "crashed", "worker_crashed"],
  ["/memory", "crashed", "worker_crashed"],
  ["/loop", "timeout", "worker_stopped"],
] as const)
  test(`a request that makes its worker ${path.slice(1)} fails, and no other does`, async () => {
    const { pool, counted } = await poolOf({ timeout: path === "/loop" ? 300 : 60_000 });
    const bad = pool.run("any", asking(path));
    const behind = [pool.run("any", asking("/answer", "a")), pool.run("any", asking("/answer", "b"))];
    assert.equal(said(await bad), kind);
    assert.deepEqual((await Promise.all(behind)).map(said), ["a", "b"]);
    assert.deepEqual(counted, [event]);
    assert.equal(pool.workers, 1);
  });

test("what finds all threads at work and the queue full is sent away at once, and may come again", async () => {
  const { pool } = await poolOf({ queue: 1, timeout: 500 });
  const results = ["/loop", "/answer", "/answer"].map((path) => pool.run("any", asking(path, "x")));
  const last = (await results[2]) as RequestFailure;
  assert.deepEqual([last.kind, last.retryAfterSeconds], ["overloaded", 1]);
  assert.deepEqual((await Promise.all(results)).map(said), ["timeout", "x", "overloaded"]);
});

test("nobody waits for ever", async () => {
  const { pool } = await poolOf({ timeout: 1000 });
  const running = pool.run("any", asking("/loop"));
  const waiting = (await pool.run("any", asking("/answer"), { timeoutMs: 50 })) as RequestFailure;
  assert.deepEqual([waiting.kind, waiting.retryAfterSeconds, pool.running], ["overloaded", 1, 1]);
  assert.equal(said(await running), "timeout");
});

test("nobody waits in the queue who went away", async () => {
  const { pool } = await poolOf({ timeout: 300 });
  const gone = new AbortController();
  const running = pool.run("any", asking("/loop"));
  const waiting = pool.run("any", asking("/exit"), { signal: gone.signal });
  gone.abort();
  assert.deepEqual([said(await waiting), said(await running)], ["stopping", "timeout"]);
  assert.equal(said(await pool.run("any", asking("/answer", "still here"))), "still here");
});

test("new threads take over without losing a request", async () => {
  const { pool } = await poolOf({ workers: 2, queue: 1000 });
  const answers: Promise<ProtocolResponse | RequestFailure>[] = [];
  const ask = () => answers.push(pool.run("any", asking("/name")));
  const asks = setInterval(ask, 1);
  for (const name of ["second", "third"]) assert.equal((await pool.use(named(name))).revision, name);
  clearInterval(asks);
  ask();
  const names = (await Promise.all(answers)).map(said);
  assert.deepEqual(
    [...new Set(names)].filter((name) => !["first", "second", "third"].includes(name)),
    [],
  );
  assert.equal(names.at(-1), "third");
});

test("threads that cannot start change nothing", async () => {
  const { pool } = await poolOf();
  await assert.rejects(pool.use(named("wrong")), /the configuration is wrong/);
  assert.equal(said(await pool.run("any", asking("/name"))), "first");
});

test("a pool that stops says so to those who wait", async () => {
  const { pool } = await poolOf({ timeout: 60_000 });
  const asked = ["/loop", "/answer"].map((path) => pool.run("any", asking(path)));
  await pool.stop();
  assert.deepEqual((await Promise.all(asked)).map(said), ["stopping", "stopping"]);
  assert.equal(said(await pool.run("any", asking("/answer"))), "stopping");
});

test("before the rules are there nothing is decided", async () => {
  const telemetry = { count: () => {} } as unknown as Telemetry;
  const pool = new WorkerPool({ workers: 1, maxQueued: 1, timeoutMs: 1000, memory, entry }, telemetry);
  assert.equal(said(await pool.run("any", asking("/answer"))), "overloaded");
});
