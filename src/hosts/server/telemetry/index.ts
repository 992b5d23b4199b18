import type { LogLevel } from "../../../session/server-options.ts";
import { type DecisionLogLabels, decisionLine } from "./decision.ts";
import { createDecisionLog, type DecisionLogOptions } from "./decision-log.ts";
import { createLogger } from "./log.ts";
import { createMetrics } from "./metrics.ts";
import { createLogQueue, streamSink } from "./queue.ts";
import type { AnsweredRequest, Telemetry } from "./types.ts";

export interface TelemetryOptions {
  level: LogLevel;
  decisionLog?: DecisionLogOptions;
  labels: DecisionLogLabels;
  /** Names of the protocols that decide. */
  protocols?: readonly string[];
  /** Default: the streams of the process. */
  stdout?: NodeJS.WritableStream;
  stderr?: NodeJS.WritableStream;
  fetch?: typeof fetch;
  /** Pause after the first failed write. */
  retryDelayMs?: number;
  /** Time after which an upload of decisions fails. */
  uploadTimeoutMs?: number;
  /** Time that a decision waits for others, to be uploaded with them. */
  uploadLingerMs?: number;
  /** Time between two messages about missing decisions. */
  reportIntervalMs?: number;
  /** Maximum size of waiting lines, for each log. */
  maxBufferBytes?: number;
}

/** Time to write the remaining lines of each log on shutdown. */
const CLOSE_TIMEOUT_MS = 5000;
/** Orchestrators call these endpoints continually, so their requests have the level `debug`. */
const PROBE_PROTOCOLS = new Set(["health", "metrics"]);
/** No endpoint has a longer path. */
const MAX_LOGGED_PATH_CHARACTERS = 256;
const MAX_LOGGED_METHOD_CHARACTERS = 16;

/** Throws an Error if the URL of the decision log cannot be used. */
export function createTelemetry(options: TelemetryOptions): Telemetry {
  const {
    level,
    labels,
    decisionLog,
    stdout = process.stdout,
    stderr = process.stderr,
    maxBufferBytes: maxBytes = 16 * 1024 * 1024,
    retryDelayMs = 1000,
    reportIntervalMs = 60_000,
    fetch,
    uploadTimeoutMs,
    uploadLingerMs,
  } = options;
  const metrics = createMetrics(labels.version, options.protocols);
  // A failure to write to standard error can only be reported by the metrics.
  const serverLines = createLogQueue(streamSink(stderr), {
    maxBytes,
    retryDelayMs,
    onFailure: () => metrics.logFailed("server"),
    onRecovery() {},
    onDrop: (lines) => metrics.linesDropped("server", lines),
  });
  const log = createLogger((line) => serverLines.push(line), level);
  const settings = {
    stdout,
    retryDelayMs,
    maxBytes,
    fetch,
    uploadTimeoutMs,
    uploadLingerMs,
    reportIntervalMs,
  };
  const decisions =
    decisionLog === undefined ? undefined : createDecisionLog(decisionLog, settings, metrics, log);
  let rulesRevision = "";

  return {
    log,
    recordRequest(answered) {
      metrics.recordRequest(answered);
      const line = decisions && decisionLine(answered, labels, rulesRevision);
      if (line !== undefined) decisions?.push(line);
      log[PROBE_PROTOCOLS.has(answered.protocol) ? "debug" : "info"](
        requestFields(answered),
        "Request answered",
      );
    },
    count: metrics.countEvent,
    setGaugeReader: metrics.setGaugeReader,
    setRevision(revision) {
      rulesRevision = revision;
      metrics.setRevision(revision);
    },
    setBundleTime: metrics.setBundleTime,
    setCertificateExpiry: metrics.setCertificateExpiry,
    metrics: metrics.text,
    reopenLogs: () => decisions?.reopen(),
    async close() {
      await decisions?.close(CLOSE_TIMEOUT_MS);
      await serverLines.close(CLOSE_TIMEOUT_MS);
    },
  };
}

/** Returns the log fields of a request. They never include the query, the headers or the body. */
const requestFields = ({
  request,
  protocol,
  status,
  seconds,
  clientAddress,
  correlation,
  decision,
  reason = decision?.error?.message ?? decision?.reason,
}: AnsweredRequest) => ({
  id: request.id,
  ...correlation,
  protocol,
  method: request.method.slice(0, MAX_LOGGED_METHOD_CHARACTERS),
  path:
    request.path.length > MAX_LOGGED_PATH_CHARACTERS
      ? `${request.path.slice(0, MAX_LOGGED_PATH_CHARACTERS)}…`
      : request.path,
  status,
  seconds: Number(seconds.toFixed(6)),
  ...(decision === undefined ? {} : { outcome: decision.outcome }),
  client: clientAddress,
  ...(decision?.error === undefined ? {} : { failure: decision.error.code }),
  ...(reason === undefined ? {} : { reason }),
});
