import type { FailMode } from "../../session/server-options.ts";
import type { Credentials } from "./authentication.ts";
import type { Pool } from "./pool.ts";
import type { RunTask } from "./run-task/index.ts";
import type { Telemetry } from "./telemetry.ts";

/** Everything that a request handler needs. */
export interface ServerContext {
  pool: Pool;
  telemetry: Telemetry;
  mode: FailMode;
  /** Largest request body in bytes. */
  maxBody: number;
  /** Bytes that all request bodies in progress may still take together. */
  bodyBudget: { left: number };
  /** Paths that need no credentials. */
  anonymous: ReadonlySet<string>;
  credentials: Credentials;
  runTask?: RunTask;
  version: string;
  /** Revision of the rules in use; absent until they are loaded. */
  revision?: string;
  stopping: boolean;
}
