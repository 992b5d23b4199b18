import assert from "node:assert/strict";
import { test } from "node:test";
import { FairQueue } from "../../src/hosts/server/fair-queue.ts";
import type { QueuedRequest } from "../../src/hosts/server/worker-slot.ts";

/** A request whose protocol is its name, such as `a1` for the first request of client `a`. */
const named = (name: string): QueuedRequest =>
  ({ client: name.slice(0, 1), protocol: name }) as unknown as QueuedRequest;

/** Queues requests, and returns the order in which one worker decides them. `cost`: milliseconds of a client's request. */
function orderOf(queue: FairQueue, arrivals: string, cost: { [client: string]: number } = {}): string {
  for (const name of arrivals.split(" ")) queue.push(named(name));
  const order: string[] = [];
  for (let next = queue.next(); next !== undefined; next = queue.next()) {
    order.push(next.protocol);
    queue.finished(next, cost[next.client] ?? 1);
  }
  return order.join(" ");
}

for (const [what, arrivals, cost, order] of [
  ["one client keeps its order", "a1 a2 a3", {}, "a1 a2 a3"],
  ["clients take turns", "a1 a2 a3 b1 b2 c1", {}, "a1 b1 c1 a2 b2 a3"],
  [
    "an expensive client waits until others have used as much",
    "a1 a2 b1 b2 b3",
    { a: 5000 },
    "a1 b1 b2 b3 a2",
  ],
  ["a client that uses less time gets more turns", "a1 a2 a3 b1 b2 b3", { a: 2 }, "a1 b1 b2 a2 b3 a3"],
] as const)
  test(`the order of decisions: ${what}`, () => {
    assert.equal(orderOf(new FairQueue(), arrivals, cost), order);
  });

test("the next worker goes to the client with the fewest running requests", () => {
  const queue = new FairQueue();
  for (const name of ["a1", "a2", "b1", "b2"]) queue.push(named(name));
  const started = Array.from({ length: 4 }, () => queue.next()?.protocol);
  assert.deepEqual(started, ["a1", "b1", "a2", "b2"]);
});

test("a client that sends one expensive request after the other does not start from zero each time", () => {
  const queue = new FairQueue();
  for (const name of ["a1", "b1", "b2", "b3"]) queue.push(named(name));
  const expensive = queue.next() as QueuedRequest;
  queue.finished(expensive, 5000);
  assert.equal(orderOf(queue, "a2", { a: 5000 }), "b1 b2 b3 a2");
});

test("an idle client saves up no time", () => {
  const queue = new FairQueue();
  const work = Array.from({ length: 10 }, (_, i) => `a${i}`).join(" ");
  queue.push(named("b1"));
  queue.finished(queue.next() as QueuedRequest, 1);
  orderOf(queue, work);
  assert.equal(orderOf(queue, "a1 a2 b1 b2 b3"), "a1 b1 a2 b2 b3");
});

for (const [what, waiting, client, displaced] of [
  ["a client with fewer requests displaces the newest of the client with the most", "a1 a2 b1 a3", "c", "a3"],
  ["the client with the most requests displaces nothing", "a1 a2 b1", "a", undefined],
  ["nobody displaces a request to get the same number", "a1 b1", "c", undefined],
] as const)
  test(`a full queue: ${what}`, () => {
    const queue = new FairQueue();
    for (const name of waiting.split(" ")) queue.push(named(name));
    assert.equal(queue.displacedBy(client)?.protocol, displaced);
  });

test("requests that run count as requests of a client, but are not displaced", () => {
  const queue = new FairQueue();
  for (const name of ["a1", "a2"]) queue.push(named(name));
  queue.next();
  assert.equal(queue.displacedBy("b")?.protocol, "a2");
  queue.next();
  assert.equal(queue.displacedBy("b"), undefined);
});

test("a client without requests is forgotten, so that many clients do not use memory", () => {
  const queue = new FairQueue();
  for (let i = 0; i < 1000; i++) {
    const request = { ...named("x"), client: `client ${i}` };
    queue.push(request);
    if (i % 2 === 0) queue.remove(request);
    else queue.finished(queue.next() as QueuedRequest, i);
  }
  assert.equal((queue as unknown as { clients: Map<string, unknown> }).clients.size, 0);
});
