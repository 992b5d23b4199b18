import type { DecisionRecord, ProtocolRequest } from "../../../gate/protocol.ts";

type Log = (fields: { [name: string]: unknown }, message: string) => void;

/** Structured log on standard error. */
export interface Logger {
  debug: Log;
  info: Log;
  warn: Log;
  error: Log;
}

/** IDs of the client for a request, under their names in the logs. */
export interface Correlation {
  trace_id?: string;
  /** ID of the span in which the client sent the request. */
  span_id?: string;
  request_id?: string;
}

/** A request with its response, for metrics and logs. */
export interface AnsweredRequest {
  protocol: string;
  request: Pick<ProtocolRequest, "id" | "method" | "path" | "query">;
  status: number;
  clientAddress: string;
  correlation?: Correlation;
  received: Date;
  seconds: number;
  /** Absent if nothing was decided. */
  decision?: DecisionRecord;
  /** Why the request failed, for the server log. Default: the error of the decision. */
  reason?: string;
}

/** Metrics, server log and decision log. No method throws, and a failure to write never stops decisions. */
export interface Telemetry {
  log: Logger;
  /** Writes to metrics, server log and decision log. */
  recordRequest(answered: AnsweredRequest): void;
  /** Counts an event other than a request. */
  count(event: ServerEvent): void;
  /** Sets the function that returns the values of gauges for each scrape. */
  setGaugeReader(read: () => { [gauge in GaugeName]: number }): void;
  /** Sets the revision of the rules in use. */
  setRevision(revision: string): void;
  /** Sets when a bundle was activated, or when the bundle server last confirmed the bundle in use. */
  setBundleTime(event: BundleEvent, time: Date): void;
  /** Sets when the first certificate of a file expires. */
  setCertificateExpiry(certificate: CertificateName, time: Date): void;
  /** Returns the metrics in the Prometheus text format. */
  metrics(): Promise<{ contentType: string; text: string }>;
  /** Reopens the decision log file, for example after log rotation has moved it. */
  reopenLogs(): void;
  /** Writes the remaining lines. Resolves after ten seconds at the latest. */
  close(): Promise<void>;
}

export type ServerEvent =
  | "worker_crashed"
  | "worker_stopped"
  | "request_refused"
  | "connection_dropped"
  | "reload_failed"
  | "reloaded"
  | "bundle_failed"
  | "bundle_rollback_refused"
  | "concurrency_limited";
export type BundleEvent = "activated" | "last_success";
export type CertificateName = "server" | "client_ca";
export type GaugeName = "requests_waiting" | "requests_running" | "workers" | "connections";
