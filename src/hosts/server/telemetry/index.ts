import { type Appender, appendTo } from "../../../node/append.ts";
import type { LogLevel } from "../../../session/server-options.ts";
import { type DecisionLogLabels, decisionLine } from "./decision.ts";
import { errorCode } from "./error-code.ts";
import { createLogger } from "./log.ts";
import { createMetrics, type LogName, type Metrics } from "./metrics.ts";
import { createLogQueue, type LogQueue, type LogQueueOptions, type LogSink, streamSink } from "./queue.ts";
import type { AnsweredRequest, Telemetry } from "./types.ts";
import { serverSink } from "./upload.ts";

export interface TelemetryOptions {
  level: LogLevel;
  /** Destination of the decision log: a path, `-` for standard output, or the URL of a server. */
  decisionLog?: string;
  /** Returns the bearer token for that server. */
  decisionLogToken?: () => string;
  labels: DecisionLogLabels;
  /** Default: the streams of the process. */
  stdout?: NodeJS.WritableStream;
  stderr?: NodeJS.WritableStream;
  fetch?: typeof fetch;
  /** Pause after the first failed write. */
  retryDelayMs?: number;
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
    stderr = process.stderr,
    maxBufferBytes = 16 * 1024 * 1024,
    retryDelayMs = 1000,
  } = options;
  const metrics = createMetrics(labels.version);
  const createQueue = (
    sink: LogSink,
    name: LogName,
    callbacks: Omit<LogQueueOptions, "maxBytes" | "retryDelayMs">,
  ) =>
    createLogQueue(sink, {
      maxBytes: maxBufferBytes,
      retryDelayMs,
      onFailure(error, repeated) {
        metrics.logFailed(name);
        callbacks.onFailure(error, repeated);
      },
      onRecovery: callbacks.onRecovery,
      onDrop(lines, repeated) {
        metrics.linesDropped(name, lines);
        callbacks.onDrop(lines, repeated);
      },
    });
  // A failure to write to standard error can only be reported by the metric.
  const serverLines = createQueue(streamSink(stderr), "server", {
    onFailure() {},
    onRecovery() {},
    onDrop() {},
  });
  const log = createLogger((line) => serverLines.push(line), level);
  const destination = decisionLogDestination(options, metrics);
  const decisions: LogQueue | undefined =
    destination &&
    createQueue(destination.sink, "decisions", {
      // Logs a persistent failure only once. The metrics count every failure.
      onFailure(error, repeated) {
        if (!repeated)
          log.error(
            { decision_log: destination.name, reason: errorCode(error) },
            "Cannot write the decision log; decisions continue and are buffered in memory",
          );
      },
      onDrop(lines, repeated) {
        if (!repeated)
          log.error(
            { decision_log: destination.name, lost: lines },
            "Decisions are missing from the decision log",
          );
      },
      onRecovery: () => log.info({ decision_log: destination.name }, "The decision log can be written again"),
    });
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
    reopenLogs: () => destination?.file?.reopen(),
    async close() {
      await decisions?.close(CLOSE_TIMEOUT_MS);
      await serverLines.close(CLOSE_TIMEOUT_MS);
    },
  };
}

/** Returns the log fields of a request. They never include the query, the headers or the body. */
const requestFields = ({ request, protocol, status, seconds, clientAddress, decision }: AnsweredRequest) => ({
  id: request.id,
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
});

interface LogDestination {
  /** Name in the server log, without secrets. */
  name: string;
  sink: LogSink;
  /** Only for files, which can be reopened. */
  file?: Appender;
}

function decisionLogDestination(options: TelemetryOptions, metrics: Metrics): LogDestination | undefined {
  const { decisionLog, decisionLogToken: token, stdout = process.stdout, fetch } = options;
  if (decisionLog === undefined) return undefined;
  if (decisionLog === "-") return { name: "standard output", sink: streamSink(stdout) };
  if (/^https?:\/\//i.test(decisionLog)) {
    const { origin } = parseDecisionLogUrl(decisionLog);
    const onDrop = (lines: number) => metrics.linesDropped("decisions", lines);
    return { name: origin, sink: serverSink({ url: decisionLog, token, fetch, onDrop }) };
  }
  const file = appendTo(decisionLog);
  const { append: send, close } = file;
  return { name: decisionLog, sink: { maxBatchBytes: 256 * 1024, lingerMs: 0, send, close }, file };
}

function parseDecisionLogUrl(text: string): URL {
  const urlError = (reason: string) => new Error(`The decision log URL ${reason}`);
  if (!URL.canParse(text)) throw urlError("is not a URL");
  const url = new URL(text);
  if (url.username !== "" || url.password !== "")
    throw urlError("must not contain a password, because it is visible to other processes");
  if (url.search !== "" || url.hash !== "")
    throw urlError("must not have a query or fragment. Use the base URL");
  return url;
}
