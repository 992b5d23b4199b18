import type { BlockList } from "node:net";
import type { FailMode } from "../../session/server-options.ts";
import type { Credentials } from "./authentication.ts";
import type { ClientBudget } from "./client-budget.ts";
import type { ConcurrencyLimit } from "./concurrency-limit.ts";
import type { WorkerPool } from "./pool.ts";
import type { RunTaskHandler } from "./run-task/index.ts";
import type { Telemetry } from "./telemetry/types.ts";

/** Everything that a request handler needs. */
export interface ServerContext {
  pool: WorkerPool;
  telemetry: Telemetry;
  failMode: FailMode;
  maxBodyBytes: number;
  /** In bytes, for the bodies of all requests in progress. */
  bodyBudget: ClientBudget;
  concurrency: ConcurrencyLimit;
  /** Paths that need no credentials. */
  anonymous: ReadonlySet<string>;
  credentials: Credentials;
  runTask?: RunTaskHandler;
  /** Proxies whose X-Forwarded-For header contains the client's address. */
  trustedProxies?: BlockList;
  version: string;
  /** Revision of the rules in use; absent until they are loaded. */
  revision?: string;
  stopping: boolean;
}
