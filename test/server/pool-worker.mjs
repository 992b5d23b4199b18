/** A worker whose behavior is chosen by the path of the request. */
import { parentPort, workerData } from "node:worker_threads";

const actions = {
  "/answer": (body) => ({ status: 200, headers: {}, body }),
  "/name": () => ({ status: 200, headers: {}, body: workerData.cwd }),
  "/throw": () => {
    throw new Error("of the worker");
  },
  "/exit": () => process.exit(7),
  "/loop": () => {
    for (;;);
  },
  "/memory": () => {
    for (const all = []; ; ) all.push(new Array(1_000_000).fill(all.length));
  },
};

if (workerData.cwd === "wrong") parentPort.postMessage({ startError: "the configuration is wrong" });
else {
  parentPort.on("message", ({ taskId, request }) =>
    parentPort.postMessage({ taskId, response: actions[request.path](Buffer.from(request.body).toString()) }),
  );
  parentPort.postMessage({ ready: { revision: workerData.cwd, files: [] } });
}
