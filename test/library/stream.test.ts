import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  baselineOf,
  type CheckProgress,
  createChecker,
  type Finding,
  type Source,
} from "../../src/hosts/library/index.ts";
import { examples, isCode, source } from "./support.ts";

const checker = createChecker();
const all = examples();

async function streamed(sources: Iterable<Source> | AsyncIterable<Source>) {
  const stream = checker.stream(sources);
  const findings: Finding[] = [];
  for await (const finding of stream) findings.push(finding);
  return { findings, report: await stream.report() };
}

test("a stream gives what a check gives, in the same order: all examples at once", async () => {
  const report = checker.check(all);
  assert.ok(report.findings.length > 200, String(report.findings.length));
  const got = await streamed(all);
  assert.deepEqual(got.findings, report.findings);
  assert.deepEqual(got.report, report);
});

test("a stream gives what a check gives: some examples, in any order", async () => {
  const some = fc.shuffledSubarray(all, { minLength: 0, maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(some, async (sources) => {
      const report = checker.check(sources);
      assert.deepEqual(await streamed(sources), { findings: report.findings, report });
    }),
    { numRuns: 20 },
  );
});

test("a stream gives what a check gives: with a baseline, suppressions and levels by file", async () => {
  const known = checker.check(all.filter((_, index) => index % 2 === 0));
  const other = createChecker({
    baseline: { path: "baseline.json", text: baselineOf(known) },
    suppressions: [
      { path: "s.yaml", text: "- { rule: alias_missing, files: ['**/*.json'], reason: a test }\n" },
    ],
    config: {
      overrides: [{ files: "key_*/**", levels: { key_disabled: "off", rotation_disabled: "error" } }],
    },
  });
  const report = other.check(all);
  const ways = new Set(report.exceptions.map(({ suppressed }) => suppressed?.by));
  assert.ok(ways.has("baseline") && ways.has("file") && report.findings.length > 50);
  const stream = other.stream(all);
  const findings: Finding[] = [];
  for await (const finding of stream) findings.push(finding);
  assert.deepEqual(findings, report.findings);
  assert.deepEqual(await stream.report(), report);
});

const many = (count: number): Source[] =>
  Array.from({ length: count }, (_, n) => source(`stack${String(n).padStart(4, "0")}.json`));

test("findings come before all batches are evaluated, in their order", async () => {
  const sources = many(1000).reverse();
  const seen: CheckProgress[] = [];
  const stream = checker.stream(sources, { onProgress: (progress) => seen.push(progress) });
  const first = await stream.next();
  const { phase, done, total } = seen.at(-1) as CheckProgress;
  assert.equal(phase, "evaluate");
  assert.ok(done < total, `${done} of ${total}`);
  assert.equal((first.value as Finding).location.file, "stack0000.json");
  assert.deepEqual((await stream.report()).findings, checker.check(sources).findings);
});

test("sources may come one by one; the next is asked for when the one before is taken", async () => {
  let [given, open] = [0, 0];
  async function* slow() {
    for (const one of many(5)) {
      assert.equal(open++, 0);
      await new Promise((resolve) => setImmediate(resolve));
      open--;
      given++;
      yield one;
    }
  }
  const stream = checker.stream(slow());
  assert.equal(given, 0, "nothing is read before something is asked for");
  assert.deepEqual(await stream.report(), checker.check(many(5)));
});

test("nothing is done ahead of who asks", async () => {
  let steps = 0;
  const stream = checker.stream(many(600), { onProgress: () => steps++ });
  await stream.next();
  const before = steps;
  for (let i = 0; i < 5; i++) await new Promise((resolve) => setImmediate(resolve));
  assert.equal(steps, before);
});

test("others get their turn while a stream is at work", async () => {
  let turns = 0;
  let ended = false;
  const turn = () => {
    turns++;
    if (!ended) setImmediate(turn);
  };
  setImmediate(turn);
  await checker.stream(many(2000)).report();
  ended = true;
  assert.ok(turns > 3, String(turns));
});

test("progress: every source is read, then every batch is evaluated", async () => {
  for (const run of [
    async (onProgress: (progress: CheckProgress) => void) => void checker.check(all, { onProgress }),
    async (onProgress: (progress: CheckProgress) => void) =>
      void (await checker.stream(all, { onProgress }).report()),
  ]) {
    const seen: CheckProgress[] = [];
    await run((progress) => seen.push(progress));
    for (const phase of ["read", "evaluate"] as const) {
      const own = seen.filter((one) => one.phase === phase);
      assert.ok(own.every(({ done, total }, i) => done <= total && done >= (own[i - 1]?.done ?? 0)));
      assert.equal(own.at(-1)?.done, own.at(-1)?.total);
    }
    assert.equal(seen[0]?.total, all.length);
  }
});

const because = new Error("enough");

test("aborted: a check that has not begun, or is at work", () => {
  const sources = many(3);
  assert.throws(() => checker.check(sources, { signal: AbortSignal.abort(because) }), isCode("aborted"));
  const control = new AbortController();
  const seen: number[] = [];
  const onProgress = ({ done }: CheckProgress) => {
    seen.push(done);
    if (done === 2) control.abort(because);
  };
  assert.throws(
    () => checker.check(sources, { signal: control.signal, onProgress }),
    (error) => isCode("aborted")(error) && (error as Error).cause === because,
  );
  assert.deepEqual(seen, [1, 2]);
});

test("aborted: a stream, at work or while it waits for sources that never come", async () => {
  const control = new AbortController();
  const stream = checker.stream(many(600), { signal: control.signal });
  await stream.next();
  control.abort(because);
  await assert.rejects(async () => {
    for await (const _ of stream);
  }, isCode("aborted"));
  await assert.rejects(stream.report(), isCode("aborted"));

  const waiting = new AbortController();
  let closed = false;
  const never: AsyncIterable<Source> = {
    [Symbol.asyncIterator]: () => ({
      next: () => new Promise(() => {}),
      return: async () => {
        closed = true;
        return { done: true, value: undefined };
      },
    }),
  };
  setImmediate(() => waiting.abort(because));
  await assert.rejects(
    checker.stream(never, { signal: waiting.signal }).report(),
    (error) => isCode("aborted")(error) && (error as Error).cause === because,
  );
  assert.ok(closed);
});

test("a stream that was closed early has no report: half of one would look like a pass", async () => {
  const stream = checker.stream(many(3));
  for await (const _ of stream) break;
  await assert.rejects(stream.report(), isCode("aborted", /closed before its end/));
});

test("what the sources throw is thrown", async () => {
  async function* broken() {
    yield source();
    throw because;
  }
  await assert.rejects(checker.stream(broken()).report(), because);
});

test("invalid-source and invalid-option: a stream that cannot be", async () => {
  await assert.rejects(checker.stream([{ path: "a" }] as never).report(), isCode("invalid-source"));
  assert.throws(() => checker.stream([], { signal: "stop" } as never), isCode("invalid-option"));
  assert.throws(
    () => checker.check([], { onprogress() {} } as never),
    isCode("invalid-option", /onProgress/),
  );
});
