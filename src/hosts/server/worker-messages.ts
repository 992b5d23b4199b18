import type { ProtocolRequest, ProtocolResponse, RequestFailure } from "../../gate/protocol.ts";
import type { RuleBundle } from "../../gate/rule-bundle.ts";
import type { ServerOptions, ServerStart } from "../../session/server-options.ts";

/** The arguments of a worker. */
export interface WorkerStart extends ServerStart, Pick<ServerOptions, "failMode" | "requireContent"> {
  /** Replaces the rules of the package. */
  bundle?: RuleBundle;
}

/** A request to a worker. */
export interface WorkerTask {
  taskId: number;
  /** Name of the protocol. */
  protocol: string;
  request: ProtocolRequest;
}

/** A message from a worker: it is ready, it cannot start, or a task is complete. */
export type WorkerMessage =
  | { ready: WorkerReady }
  | { startError: string }
  | { taskId: number; response: ProtocolResponse }
  | { taskId: number; failure: RequestFailure };

export interface WorkerReady {
  /** Revision of the rules. */
  revision: string;
  /** The files of the config. If one of them changes, the workers have to be replaced. */
  files: string[];
}
