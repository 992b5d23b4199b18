import { Counter, collectDefaultMetrics, Histogram, Gauge as PrometheusGauge, Registry } from "prom-client";
import { failureStatus } from "../../../gate/failure.ts";
import type { AnsweredRequest, BundleEvent, CertificateName, GaugeName, ServerEvent } from "./types.ts";

/** In seconds. */
const DURATION_BUCKETS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const KNOWN_METHODS = new Set(["get", "head", "post", "put", "patch", "delete", "options"]);

const outcomes = ["allowed", "denied", "undecided", "empty"];

const events: ServerEvent[] = [
  "worker_crashed",
  "worker_stopped",
  "request_refused",
  "connection_dropped",
  "reload_failed",
  "reloaded",
  "bundle_failed",
  "bundle_rollback_refused",
  "concurrency_limited",
];

const gauges: { [gauge in GaugeName]: string } = {
  requests_waiting: "Requests that are waiting for a worker.",
  requests_running: "Requests that a worker is evaluating.",
  workers: "Workers that are ready or busy.",
  connections: "Open connections.",
};

export type LogName = "decisions" | "server";

/** Counters, histograms and gauges of one server. */
export interface Metrics {
  recordRequest(answered: AnsweredRequest): void;
  countEvent(event: ServerEvent): void;
  setGaugeReader(read: () => { [gauge in GaugeName]: number }): void;
  setRevision(revision: string): void;
  setBundleTime(event: BundleEvent, time: Date): void;
  setCertificateExpiry(certificate: CertificateName, time: Date): void;
  /** Counts a failed attempt to write to a log. */
  logFailed(log: LogName): void;
  linesDropped(log: LogName, lines: number): void;
  text(): Promise<{ contentType: string; text: string }>;
}

/**
 * Creates the metrics of one server. Labels have bounded values: they never contain client input. `protocols` are the
 * names of those that decide.
 */
export function createMetrics(version: string, protocols: readonly string[] = []): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });

  const duration = new Histogram({
    name: "http_request_duration_seconds",
    help: "Duration of HTTP requests.",
    labelNames: ["code", "handler", "method"],
    buckets: DURATION_BUCKETS,
    registers,
  });
  const decisions = new Counter({
    name: "keywarden_decisions_total",
    help: "Decisions by protocol and outcome: allowed, denied, undecided or empty.",
    labelNames: ["protocol", "outcome"],
    registers,
  });
  const requestFailures = new Counter({
    name: "keywarden_request_failures_total",
    help: "Requests that were not decided because of a failure, by protocol and reason.",
    labelNames: ["protocol", "reason"],
    registers,
  });
  const findings = new Counter({
    name: "keywarden_findings_total",
    help: "Findings with the verdict fail, by rule and level.",
    labelNames: ["rule", "level"],
    registers,
  });
  const eventCounter = new Counter({
    name: "keywarden_events_total",
    help: "Events other than requests.",
    labelNames: ["event"],
    registers,
  });
  const info = new PrometheusGauge({
    name: "keywarden_policy_info",
    help: "Revision of the rules and version of Keywarden. Always 1.",
    labelNames: ["revision", "version"],
    registers,
  });
  const bundleTimes = {
    activated: new PrometheusGauge({
      name: "keywarden_bundle_activated_timestamp_seconds",
      help: "Time at which the bundle in use was activated; 0 before the first activation.",
      registers,
    }),
    last_success: new PrometheusGauge({
      name: "keywarden_bundle_last_success_timestamp_seconds",
      help: "Time at which the bundle server last confirmed the bundle in use, or sent a new one; 0 before the first time.",
      registers,
    }),
  };
  // A server without bundles must not trigger an alert on their age.
  for (const gauge of Object.values(bundleTimes)) gauge.remove();
  const certificateExpiry = new PrometheusGauge({
    name: "keywarden_certificate_expiry_timestamp_seconds",
    help: "Time at which the first certificate of a file expires.",
    labelNames: ["certificate"],
    registers,
  });
  const droppedDecisions = new Counter({
    name: "keywarden_decision_log_dropped_total",
    help: "Decisions that are missing from the decision log.",
    registers,
  });
  const failures = new Counter({
    name: "keywarden_log_failures_total",
    help: "Failed attempts to write to a log.",
    labelNames: ["log"],
    registers,
  });
  const droppedLines = new Counter({
    name: "keywarden_log_dropped_total",
    help: "Lines that are missing from the server log.",
    registers,
  });
  // rate() misses the first increment of a counter that did not exist before.
  for (const event of events) eventCounter.inc({ event }, 0);
  for (const log of ["decisions", "server"]) failures.inc({ log }, 0);
  for (const protocol of protocols) {
    for (const outcome of outcomes) decisions.inc({ protocol, outcome }, 0);
    for (const reason of Object.keys(failureStatus)) requestFailures.inc({ protocol, reason }, 0);
  }

  return {
    recordRequest({ protocol, request, status, seconds, decision }) {
      const method = request.method.toLowerCase();
      duration.observe(
        { code: String(status), handler: protocol, method: KNOWN_METHODS.has(method) ? method : "unknown" },
        seconds,
      );
      if (decision === undefined) return;
      const { outcome, error, findings: reported = [] } = decision;
      decisions.inc({ protocol, outcome });
      if (error !== undefined) requestFailures.inc({ protocol, reason: error.code });
      for (const { rule, level, count } of reported) findings.inc({ rule, level }, count);
    },
    countEvent: (event) => eventCounter.inc({ event }),
    setGaugeReader(read) {
      let snapshot: { [gauge in GaugeName]: number } | undefined;
      for (const [name, help] of Object.entries(gauges) as [GaugeName, string][]) {
        const gauge = new PrometheusGauge({
          name: `keywarden_${name}`,
          help,
          registers,
          collect: () => {
            // Reads all gauges of a scrape at the same time.
            if (snapshot === undefined) {
              snapshot = read();
              queueMicrotask(() => {
                snapshot = undefined;
              });
            }
            gauge.set(snapshot[name]);
          },
        });
      }
    },
    setRevision(revision) {
      info.reset();
      info.set({ revision, version }, 1);
    },
    setBundleTime: (event, time) => bundleTimes[event].set(time.getTime() / 1000),
    setCertificateExpiry: (certificate, time) =>
      certificateExpiry.set({ certificate }, time.getTime() / 1000),
    logFailed: (log) => failures.inc({ log }),
    linesDropped: (log, lines) => (log === "decisions" ? droppedDecisions : droppedLines).inc(lines),
    async text() {
      return { contentType: registry.contentType, text: await registry.metrics() };
    },
  };
}
