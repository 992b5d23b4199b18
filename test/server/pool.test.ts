import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import type { ProtocolRequest, ProtocolResponse, RequestFailure } from "../../src/gate/protocol.ts";
import { WorkerPool } from "../../src/hosts/server/pool.ts";
import type { ServerEvent, Telemetry } from "../../src/hosts/server/telemetry/types.ts";
import type { WorkerStart } from "../../src/hosts/server/worker-messages.ts";

const entry = new URL("pool-worker.mjs", import.meta.url);
const memory = { heapMiB: 256, wasmPages: 1024 };

const DECISION_TIMEOUT = 5000;

/**
 * Creates a pool of threads that do what the path says, and collects the events it counts. Time stands still, however
 * slow the machine is: a test that needs a timeout calls `pass`.
 */
async function poolOf(t: TestContext, { workers = 1, queue = 10 } = {}) {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const counted: ServerEvent[] = [];
  const log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
  const telemetry = { log, count: (event: ServerEvent) => counted.push(event) } as unknown as Telemetry;
  const pool = new WorkerPool(
    { workers, maxQueued: queue, timeoutMs: DECISION_TIMEOUT, memory, entry },
    telemetry,
  );
  t.after(() => pool.stop());
  await pool.use(named("first"));
  const pass = (milliseconds = DECISION_TIMEOUT) => t.mock.timers.tick(milliseconds);
  return { pool, counted, pass };
}

const named = (cwd: string): WorkerStart => ({
  explicitFlags: {},
  cwd,
  failMode: "closed",
  requireContent: [],
});

const asking = (path: string, text = ""): ProtocolRequest => ({
  id: "1",
  method: "POST",
  path,
  query: "",
  headers: {},
  body: Buffer.from(text),
});

/** Returns the body of an answer, or the kind of a failure. */
const outcomeOf = (result: ProtocolResponse | RequestFailure): string =>
  "kind" in result ? result.kind : result.body;

test("each of many concurrent requests gets its own answer", async (t) => {
  const { pool } = await poolOf(t, { workers: 2, queue: 100 });
  const texts = Array.from({ length: 100 }, (_, i) => `text ${i}`);
  const answers = await Promise.all(texts.map((text) => pool.run("any", asking("/answer", text))));
  assert.deepEqual(answers.map(outcomeOf), texts);
});

for (const [path, kind, event] of [
  ["/throw", "crashed", "worker_crashed"],
  ["/exit", "crashed", "worker_crashed"],
  ["/memory", "crashed", "worker_crashed"],
  ["/loop", "timeout", "worker_stopped"],
] as const)
  test(`${path}: a request that breaks its worker fails, and the requests behind it are answered`, async (t) => {
    const { pool, counted, pass } = await poolOf(t);
    const bad = pool.run("any", asking(path));
    const behind = [pool.run("any", asking("/answer", "a")), pool.run("any", asking("/answer", "b"))];
    if (kind === "timeout") pass();
    assert.equal(outcomeOf(await bad), kind);
    assert.deepEqual((await Promise.all(behind)).map(outcomeOf), ["a", "b"]);
    assert.deepEqual(counted, [event]);
    assert.equal(pool.workers, 1);
  });

test("a request that finds all workers busy and the queue full is rejected at once, with a time to retry", async (t) => {
  const { pool, pass } = await poolOf(t, { queue: 1 });
  const results = ["/loop", "/answer", "/answer"].map((path) => pool.run("any", asking(path, "x")));
  const last = (await results[2]) as RequestFailure;
  assert.deepEqual([last.kind, last.retryAfterSeconds], ["overloaded", 1]);
  pass();
  assert.deepEqual((await Promise.all(results)).map(outcomeOf), ["timeout", "x", "overloaded"]);
});

test("a client with many requests gives up a place in a full queue, but not twice for the same client", async (t) => {
  const { pool, counted, pass } = await poolOf(t, { queue: 2 });
  const run = (client: string, path: string, text = "") => pool.run("any", asking(path, text), { client });
  const busy = [run("busy", "/loop"), run("busy", "/answer", "first"), run("busy", "/answer", "second")];
  assert.equal(pool.accepts("busy"), false);
  assert.equal(pool.accepts("other"), true);
  const other = run("other", "/answer", "other");
  assert.equal(outcomeOf(await (busy[2] as (typeof busy)[0])), "overloaded");
  assert.deepEqual(counted, ["concurrency_limited"]);
  assert.equal(outcomeOf(await run("other", "/answer")), "overloaded");
  pass();
  assert.deepEqual((await Promise.all([...busy, other])).map(outcomeOf), [
    "timeout",
    "first",
    "overloaded",
    "other",
  ]);
});

test("when a decision is stopped, a worker that is ready decides the next request at once", async (t) => {
  const { pool, pass } = await poolOf(t);
  const stopped = pool.run("any", asking("/loop"));
  const next = pool.run("any", asking("/answer", "next"));
  assert.equal(pool.workers, 1, "the spare worker does not count");
  pass();
  assert.deepEqual([pool.queued, pool.running], [0, 1]);
  assert.deepEqual([await stopped, await next].map(outcomeOf), ["timeout", "next"]);
});

test("decisions with a long timeout leave a worker for the others", async (t) => {
  const { pool, pass } = await poolOf(t, { workers: 2 });
  const long = { client: "run-task", timeoutMs: 2 * DECISION_TIMEOUT };
  const running = [pool.run("any", asking("/loop"), long), pool.run("any", asking("/answer", "later"), long)];
  assert.deepEqual([pool.running, pool.queued], [1, 1]);
  assert.equal(outcomeOf(await pool.run("any", asking("/answer", "now"))), "now");
  pass(2 * DECISION_TIMEOUT);
  assert.deepEqual((await Promise.all(running)).map(outcomeOf), ["timeout", "later"]);
});

test("a request waits in the queue for at most twice its timeout", async (t) => {
  const { pool, pass } = await poolOf(t);
  const running = pool.run("any", asking("/loop"));
  const queued = pool.run("any", asking("/answer"), { timeoutMs: 50 });
  pass(99);
  assert.equal(pool.queued, 1);
  pass(1);
  const waiting = (await queued) as RequestFailure;
  assert.deepEqual([waiting.kind, waiting.retryAfterSeconds, pool.running], ["overloaded", 1, 1]);
  pass();
  assert.equal(outcomeOf(await running), "timeout");
});

test("a request whose client disconnects leaves the queue", async (t) => {
  const { pool, pass } = await poolOf(t);
  const client = new AbortController();
  const running = pool.run("any", asking("/loop"));
  const waiting = pool.run("any", asking("/exit"), { signal: client.signal });
  client.abort();
  pass();
  assert.deepEqual([outcomeOf(await waiting), outcomeOf(await running)], ["disconnected", "timeout"]);
  assert.equal(outcomeOf(await pool.run("any", asking("/answer", "still here"))), "still here");
});

test("new workers take over without losing a request", async (t) => {
  const { pool } = await poolOf(t, { workers: 2 });
  const names: string[] = [];
  let done = false;
  const ask = async () => {
    names.push(outcomeOf(await pool.run("any", asking("/name"))));
  };
  const clients = Array.from({ length: 4 }, async () => {
    while (!done) await ask();
  });
  for (const name of ["second", "third"]) assert.equal((await pool.use(named(name))).revision, name);
  done = true;
  await Promise.all(clients);
  await ask();
  assert.deepEqual(
    names.filter((name) => !["first", "second", "third"].includes(name)),
    [],
  );
  assert.equal(names.at(-1), "third");
});

test("workers that cannot start change nothing", async (t) => {
  const { pool } = await poolOf(t);
  await assert.rejects(pool.use(named("wrong")), /the configuration is wrong/);
  assert.equal(outcomeOf(await pool.run("any", asking("/name"))), "first");
});

test("a pool that stops answers the running and the queued requests", async (t) => {
  const { pool } = await poolOf(t);
  const asked = ["/loop", "/answer"].map((path) => pool.run("any", asking(path)));
  await pool.stop();
  assert.deepEqual((await Promise.all(asked)).map(outcomeOf), ["stopping", "stopping"]);
  assert.equal(outcomeOf(await pool.run("any", asking("/answer"))), "stopping");
});

test("a pool without rules decides nothing", async () => {
  const telemetry = { count: () => {} } as unknown as Telemetry;
  const pool = new WorkerPool(
    { workers: 1, maxQueued: 1, timeoutMs: DECISION_TIMEOUT, memory, entry },
    telemetry,
  );
  assert.equal(outcomeOf(await pool.run("any", asking("/answer"))), "overloaded");
});
