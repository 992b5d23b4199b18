import { type Appender, appendTo } from "../../../node/append.ts";
import { createCountReport } from "./count-report.ts";
import { withoutContent } from "./decision.ts";
import { errorCode } from "./error-code.ts";
import type { Metrics } from "./metrics.ts";
import { createLogQueue, type DropReason, type LogQueue, type LogSink, streamSink } from "./queue.ts";
import type { Logger } from "./types.ts";
import { serverSink } from "./upload.ts";

export interface DecisionLogOptions {
  /** A path, `-` for standard output, or the URL of a server. */
  destination: string;
  /** Returns the bearer token for the server. */
  token?: () => string;
  /** Headers for the server. */
  headers?: { [name: string]: string };
}

/** How lines are written, apart from their destination. */
export interface DecisionLogSettings {
  stdout: NodeJS.WritableStream;
  retryDelayMs: number;
  maxBytes: number;
  /** Default: that of Node.js. */
  fetch?: typeof fetch | undefined;
  uploadTimeoutMs?: number | undefined;
  uploadLingerMs?: number | undefined;
  /** Time between two messages about missing decisions. */
  reportIntervalMs: number;
}

export interface DecisionLog extends LogQueue {
  /** Creates a new file if the old one was moved. */
  reopen(): void;
}

/** Creates a decision log. Throws an Error if the URL of the server cannot be used. */
export function createDecisionLog(
  options: DecisionLogOptions,
  settings: DecisionLogSettings,
  metrics: Metrics,
  log: Logger,
): DecisionLog {
  const { retryDelayMs, maxBytes, reportIntervalMs } = settings;
  const isServer = /^https?:\/\//i.test(options.destination);
  const decision_log = isServer ? originOf(options.destination) : NAMES[options.destination];
  const fields = { decision_log: decision_log ?? options.destination };
  const drops = createCountReport<DropReason>(
    (lost, reason) => log.error({ ...fields, lost, reason }, "Decisions are missing from the decision log"),
    reportIntervalMs,
  );
  const shortened = createCountReport(
    (decisions, reason) =>
      log.warn({ ...fields, decisions, reason }, "Decisions are logged without their input and result"),
    reportIntervalMs,
  );
  const onDrop = (lines: number, reason: DropReason) => {
    metrics.linesDropped("decisions", lines);
    drops.add(lines, reason);
  };
  const { sink, file } = isServer
    ? {
        sink: serverSink({
          url: options.destination,
          token: options.token,
          headers: options.headers,
          fetch: settings.fetch,
          timeoutMs: settings.uploadTimeoutMs,
          lingerMs: settings.uploadLingerMs,
          shorten: withoutContent,
          onShorten: () => shortened.add(1, "the log server rejects them as too large"),
          onDrop: () => onDrop(1, "the log server rejects them as too large"),
        }),
      }
    : localSink(options.destination, settings.stdout);
  let lastFailure: string | undefined;
  const queue = createLogQueue(sink, {
    maxBytes,
    retryDelayMs,
    onDrop,
    // Logs a persistent failure only once. The metric counts every failure.
    onFailure(error) {
      metrics.logFailed("decisions");
      const reason = errorCode(error);
      if (reason === lastFailure) return;
      lastFailure = reason;
      log.error(
        { ...fields, reason },
        "Cannot write the decision log; decisions continue and are buffered in memory",
      );
    },
    onRecovery() {
      lastFailure = undefined;
      log.info(fields, "The decision log can be written again");
    },
  });
  return {
    push: queue.push,
    reopen: () => file?.reopen(),
    async close(deadlineMs) {
      await queue.close(deadlineMs);
      drops.flush();
      shortened.flush();
    },
  };
}

const NAMES: { [destination: string]: string } = { "-": "standard output" };

function localSink(path: string, stdout: NodeJS.WritableStream): { sink: LogSink; file?: Appender } {
  if (path === "-") return { sink: streamSink(stdout) };
  const file = appendTo(path);
  let last: { lines: Buffer[]; chunk: Buffer } | undefined;
  const sink: LogSink = {
    maxBatchBytes: 256 * 1024,
    lingerMs: 0,
    send(lines) {
      // After a failure, the file continues a chunk that it has already written in part.
      if (last?.lines !== lines) last = { lines, chunk: Buffer.concat(lines) };
      return file.append(last.chunk);
    },
    close: file.close,
  };
  return { sink, file };
}

/** Returns the origin of a server's URL, which appears in the server log. */
function originOf(text: string): string {
  const urlError = (reason: string) => new Error(`The decision log URL ${reason}`);
  if (!URL.canParse(text)) throw urlError("is not a URL");
  const url = new URL(text);
  if (url.username !== "" || url.password !== "")
    throw urlError("must not contain a password, because it is visible to other processes");
  if (url.search !== "" || url.hash !== "")
    throw urlError("must not have a query or fragment. Use the base URL");
  return url.origin;
}
