import type { Decided, Request } from "../../gate/protocol.ts";

type Log = (fields: { [name: string]: unknown }, message: string) => void;

/** Structured log on standard error. */
export interface Logger {
  debug: Log;
  info: Log;
  warn: Log;
  error: Log;
}

/** A request that was answered, decided or not. */
export interface Answered {
  protocol: string;
  request: Pick<Request, "id" | "method" | "path" | "query">;
  status: number;
  /** The address of the client. */
  from: string;
  received: Date;
  seconds: number;
  decision?: Decided;
}

/** What the server tells about itself. Nothing here throws, and a full disk stops no decision. */
export interface Telemetry {
  log: Logger;
  /** Metrics, the log, and the log of decisions. */
  answered(answered: Answered): void;
  /** Counts what happened beside requests. */
  count(event: Event): void;
  /** The registers are read when metrics are asked for. */
  watch(read: () => { [gauge in Gauge]: number }): void;
  /** Which rules decide from now on. */
  revision(revision: string): void;
  /** In Prometheus' text form. */
  metrics(): Promise<{ contentType: string; text: string }>;
  /** After the file of the decision log was moved away, the next decision makes a new one. */
  reopen(): void;
  /** Writes what is still to be written, in ten seconds at most. */
  close(): Promise<void>;
}

export type Event =
  | "worker_crashed"
  | "worker_stopped"
  | "request_refused"
  | "reload_failed"
  | "reloaded"
  | "bundle_failed";
export type Gauge = "requests_waiting" | "requests_running" | "workers" | "connections";
