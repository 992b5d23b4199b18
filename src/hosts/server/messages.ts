import type { Policy } from "../../gate/policy.ts";
import type { Answer, Failure, Request } from "../../gate/protocol.ts";
import type { FailMode, ServerStart } from "../../session/server-options.ts";

/** What a worker starts with. */
export interface WorkerStart extends ServerStart {
  mode: FailMode;
  /** In place of the package's own rules. */
  policy?: Policy;
}

export interface Task {
  task: number;
  /** Its name. */
  protocol: string;
  request: Request;
}

/** What a worker tells: that it is ready or cannot start, and what became of a task. */
export type FromWorker =
  | { ready: Ready }
  | { refused: string }
  | { task: number; answer: Answer }
  | { task: number; failure: Failure };

export interface Ready {
  revision: string;
  /** What the configuration consists of; when one of them changes, workers are to start anew. */
  files: string[];
}
