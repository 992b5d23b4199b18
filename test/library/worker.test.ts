import assert from "node:assert/strict";
import { test } from "node:test";
import { Worker } from "node:worker_threads";
import { check, type Report } from "../../src/hosts/library/index.ts";
import { root, source } from "./support.ts";

/** Checks in a thread of its own, with the package as it is built. */
const program = `
  const { parentPort, workerData } = require("node:worker_threads");
  const { createChecker } = require(${JSON.stringify(`${root}dist/index.cjs`)});
  const checker = createChecker(workerData.options);
  let report;
  for (let i = 0; i < 5; i++) report = checker.check(workerData.sources);
  parentPort.postMessage(report);
`;

const inWorker = (options: object): Promise<Report> =>
  new Promise((resolve, reject) => {
    const worker = new Worker(program, { eval: true, workerData: { options, sources: [source()] } });
    worker.once("message", resolve);
    worker.once("error", reject);
  });

test("threads check side by side, each with its own settings", async () => {
  const all = [7, 30].map((minimum) => ({ settings: { short_deletion_window: { minimum } } }));
  const reports = await Promise.all(all.map(inWorker));
  assert.deepEqual(
    reports,
    all.map((options) => check([source()], options)),
  );
  assert.notDeepEqual(reports[0], reports[1]);
});
