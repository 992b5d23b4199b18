import { type Appender, appendTo } from "../../../node/append.ts";
import type { LogLevel } from "../../../session/server-options.ts";
import type { Answered, Telemetry } from "../telemetry.ts";
import { decisionLine, type Labels } from "./decision.ts";
import { loggerTo } from "./log.ts";
import { type LogName, type Metrics, metricsOf } from "./metrics.ts";
import { type Queue, type QueueOptions, queueTo, type Sink, toStream } from "./queue.ts";
import { errorCode } from "./reason.ts";
import { toServer } from "./upload.ts";

export interface TelemetrySettings {
  level: LogLevel;
  /** Where decisions are told: a path, `-` for standard output, or the URL of a server. Nowhere without it. */
  decisionLog?: string;
  /** The bearer token for that server. */
  decisionLogToken?: () => string;
  labels: Labels;
  /** Of the process, without them. */
  stdout?: NodeJS.WritableStream;
  stderr?: NodeJS.WritableStream;
  fetch?: typeof fetch;
  /** The first pause after a failed write, in milliseconds. */
  pause?: number;
  /** How many bytes of either log wait at most for a place that is slow or broken. */
  buffer?: number;
}

/** How long the logs may take to be written when the server stops, in milliseconds. */
const DEADLINE = 5000;
/** What is asked all the time, and decides nothing. */
const PROBES = new Set(["health", "metrics"]);
/** A path is told up to here; nothing that is served has a longer one. */
const LONGEST_PATH = 256;

/** Throws an Error where the decision log is a URL that cannot be used. */
export function telemetryOf(settings: TelemetrySettings): Telemetry {
  const { level, labels, stderr = process.stderr, buffer = 16 * 1024 * 1024, pause = 1000 } = settings;
  const metrics = metricsOf(labels.version);
  const queue = (sink: Sink, name: LogName, told: Omit<QueueOptions, "limit" | "pause">) =>
    queueTo(sink, {
      limit: buffer,
      pause,
      failed(error, again) {
        metrics.logFailed(name);
        told.failed(error, again);
      },
      recovered: told.recovered,
      dropped(lines, again) {
        metrics.dropped(name, lines);
        told.dropped(lines, again);
      },
    });
  // Where standard error fails, the metric alone can say so.
  const lines = queue(toStream(stderr), "server", { failed() {}, recovered() {}, dropped() {} });
  const log = loggerTo((line) => lines.push(line), level);
  const place = decisionPlace(settings, metrics);
  const decisions: Queue | undefined =
    place &&
    queue(place.sink, "decisions", {
      // What lasts is said once; the metrics count it each time.
      failed(error, again) {
        if (!again)
          log.error(
            { decision_log: place.name, reason: errorCode(error) },
            "The decision log cannot be written; decisions go on, and wait in memory to be logged",
          );
      },
      dropped(lines, again) {
        if (!again)
          log.error({ decision_log: place.name, lost: lines }, "Decisions are missing from the decision log");
      },
      recovered: () => log.info({ decision_log: place.name }, "The decision log is written again"),
    });
  let rules = "";

  return {
    log,
    answered(answered) {
      metrics.answered(answered);
      const line = decisions && decisionLine(answered, labels, rules);
      if (line !== undefined) decisions?.push(line);
      log[PROBES.has(answered.protocol) ? "debug" : "info"](access(answered), "Answered");
    },
    count: metrics.event,
    watch: metrics.watch,
    revision(revision) {
      rules = revision;
      metrics.revision(revision);
    },
    metrics: metrics.text,
    reopen: () => place?.file?.reopen(),
    async close() {
      await decisions?.close(DEADLINE);
      await lines.close(DEADLINE);
    },
  };
}

/** What the log tells of a request: who asked what, and what came of it. No query, no header, no body. */
const access = ({ request, protocol, status, seconds, from, decision }: Answered) => ({
  id: request.id,
  protocol,
  method: request.method.slice(0, 16),
  path: request.path.length > LONGEST_PATH ? `${request.path.slice(0, LONGEST_PATH)}…` : request.path,
  status,
  seconds: Number(seconds.toFixed(6)),
  ...(decision === undefined ? {} : { outcome: decision.outcome }),
  from,
});

interface Place {
  /** As a log may tell it. */
  name: string;
  sink: Sink;
  /** A file can be moved away. */
  file?: Appender;
}

function decisionPlace(settings: TelemetrySettings, metrics: Metrics): Place | undefined {
  const { decisionLog: to, decisionLogToken: token, stdout = process.stdout, fetch } = settings;
  if (to === undefined) return undefined;
  if (to === "-") return { name: "standard output", sink: toStream(stdout) };
  if (/^https?:\/\//i.test(to)) {
    const { origin } = usable(to);
    const dropped = (lines: number) => metrics.dropped("decisions", lines);
    return { name: origin, sink: toServer({ url: to, token, fetch, dropped }) };
  }
  const file = appendTo(to);
  const { append: send, close } = file;
  return { name: to, sink: { batch: 256 * 1024, gather: 0, send, close }, file };
}

function usable(text: string): URL {
  const refused = (why: string) => new Error(`The decision log's URL ${why}`);
  if (!URL.canParse(text)) throw refused("is no URL");
  const url = new URL(text);
  if (url.username !== "" || url.password !== "") throw refused("holds a password: URLs are seen by others");
  if (url.search !== "" || url.hash !== "")
    throw refused("ends in a query or a fragment: give its base alone");
  return url;
}
