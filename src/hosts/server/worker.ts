/** The entry of a worker thread: judges one request after the other, by what was configured when it started. */

import { parentPort, workerData } from "node:worker_threads";
import { messageOf } from "../../core/model/message.ts";
import { assetsWith, deciderFor } from "../../gate/decider.ts";
import { protocolNamed } from "../../gate/protocols/index.ts";
import { type DataFile, readData } from "../../node/data.ts";
import { packageFiles } from "../../node/package.ts";
import type { Io } from "../../session/host-io.ts";
import { createInvocation, type Invocation } from "../../session/invocation.ts";
import type { ThreadMemory } from "./memory.ts";
import type { FromWorker, Task, WorkerStart } from "./messages.ts";

const port = parentPort as NonNullable<typeof parentPort>;
const tell = (message: FromWorker) => port.postMessage(message);
const { explicitFlags, cwd, mode, policy, pages } = workerData as WorkerStart & Pick<ThreadMemory, "pages">;

const io: Io = {
  stdout: () => {},
  stderr: () => {},
  env: {},
  cwd,
  longRunning: true,
  pages,
  asset: assetsWith(packageFiles(import.meta.url), policy),
};
const call = createInvocation("serve", { arguments: [], explicitFlags, notices: [], io });
const decide = typeof call === "string" ? call : deciderFor(call, mode, policy);
if (typeof call === "string" || typeof decide === "string") {
  tell({ refused: String(decide) });
  port.close();
} else {
  port.on("message", ({ task, protocol, request }: Task) => {
    try {
      tell({ task, answer: protocolNamed(protocol).answer(request, decide) });
    } catch (error) {
      const message = `Keywarden failed with an internal error: ${messageOf(error)}`;
      tell({ task, failure: { kind: "internal", message } });
    }
  });
  tell({ ready: { revision: decide.revision, files: filesOf(call) } });
}

/** What the configuration consists of. */
function filesOf({ loaded: { layers, config }, flags }: Invocation): string[] {
  const fileOf = (data: DataFile): string => ("source" in data ? data.source.path : data.file);
  return [
    ...layers.filter(({ kind }) => kind === "file").map(({ file }) => file),
    ...config.suppressions,
    ...(flags.baseline === undefined ? [] : [flags.baseline]),
    ...(flags.data ?? []).flatMap((path) => [path, ...readData(path).map(fileOf)]),
  ];
}
