/** Entry point of a worker thread. It decides one request at a time, with the config from its start. */

import { parentPort, workerData } from "node:worker_threads";
import { messageOf } from "../../core/model/message.ts";
import { assetsWithBundle, configuredDecider } from "../../gate/configured-decider.ts";
import { protocolNamed } from "../../gate/protocols/index.ts";
import { type DataFile, readData } from "../../node/data.ts";
import { packageFiles } from "../../node/package.ts";
import type { Io } from "../../session/host-io.ts";
import { createInvocation, type Invocation } from "../../session/invocation.ts";
import type { WorkerMemory } from "./memory.ts";
import type { WorkerMessage, WorkerStart, WorkerTask } from "./worker-messages.ts";

const port = parentPort as NonNullable<typeof parentPort>;
const post = (message: WorkerMessage) => port.postMessage(message);
const { explicitFlags, cwd, failMode, requireContent, bundle, wasmPages } = workerData as WorkerStart &
  Pick<WorkerMemory, "wasmPages">;

const io: Io = {
  stdout: () => {},
  stderr: () => {},
  env: {},
  cwd,
  longRunning: true,
  pages: wasmPages,
  asset: assetsWithBundle(packageFiles(import.meta.url), bundle),
};
const invocation = createInvocation("serve", { arguments: [], explicitFlags, notices: [], io });
const deciderOf =
  typeof invocation === "string"
    ? invocation
    : configuredDecider(invocation, { failMode, requireContent }, bundle);
if (typeof invocation === "string" || typeof deciderOf === "string") {
  post({ startError: String(deciderOf) });
  port.close();
} else {
  port.on("message", ({ taskId, protocol, request }: WorkerTask) => {
    try {
      post({ taskId, response: protocolNamed(protocol).handle(request, deciderOf(protocol)) });
    } catch (error) {
      const message = `Keywarden failed with an internal error: ${messageOf(error)}`;
      post({ taskId, failure: { kind: "internal", message } });
    }
  });
  post({ ready: { revision: deciderOf("check").revision, files: configFiles(invocation) } });
}

/** Returns the paths of all files that the config consists of. */
function configFiles({ loaded: { layers, config }, flags }: Invocation): string[] {
  const pathOf = (data: DataFile): string => ("source" in data ? data.source.path : data.file);
  return [
    ...layers.filter(({ kind }) => kind === "file").map(({ file }) => file),
    ...config.suppressions,
    ...(flags.baseline === undefined ? [] : [flags.baseline]),
    ...(flags.data ?? []).flatMap((path) => [path, ...readData(path).map(pathOf)]),
  ];
}
