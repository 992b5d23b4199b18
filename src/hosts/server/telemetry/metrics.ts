import { Counter, collectDefaultMetrics, Gauge as Gauging, Histogram, Registry } from "prom-client";
import type { Answered, Event, Gauge } from "../telemetry.ts";

const BUCKETS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const METHODS = new Set(["get", "head", "post", "put", "patch", "delete", "options"]);

const events: Event[] = [
  "worker_crashed",
  "worker_stopped",
  "request_refused",
  "reload_failed",
  "reloaded",
  "bundle_failed",
];

const gauges: { [gauge in Gauge]: string } = {
  requests_waiting: "Requests that wait for a worker.",
  requests_running: "Requests that a worker judges.",
  workers: "Workers that are ready or busy.",
  connections: "Open connections.",
};

/** Which of the two logs. */
export type LogName = "decisions" | "server";

export interface Metrics {
  answered(answered: Answered): void;
  event(event: Event): void;
  watch(read: () => { [gauge in Gauge]: number }): void;
  revision(revision: string): void;
  logFailed(log: LogName): void;
  dropped(log: LogName, lines: number): void;
  text(): Promise<{ contentType: string; text: string }>;
}

/** The metrics of one server. Labels are bounded: names of protocols, never what a client sent. */
export function metricsOf(version: string): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });

  const duration = new Histogram({
    name: "http_request_duration_seconds",
    help: "How long requests took.",
    labelNames: ["code", "handler", "method"],
    buckets: BUCKETS,
    registers,
  });
  const decisions = new Counter({
    name: "keywarden_decisions_total",
    help: "Decisions by protocol and outcome: allowed, denied or undecided.",
    labelNames: ["protocol", "outcome"],
    registers,
  });
  const happened = new Counter({
    name: "keywarden_events_total",
    help: "What happened beside requests.",
    labelNames: ["event"],
    registers,
  });
  const info = new Gauging({
    name: "keywarden_policy_info",
    help: "The rules that decide: always 1.",
    labelNames: ["revision", "version"],
    registers,
  });
  const lost = new Counter({
    name: "keywarden_decision_log_dropped_total",
    help: "Decisions that were made and are missing from the decision log.",
    registers,
  });
  const failures = new Counter({
    name: "keywarden_log_failures_total",
    help: "Attempts to write a log that failed.",
    labelNames: ["log"],
    registers,
  });
  const lostLines = new Counter({
    name: "keywarden_log_dropped_total",
    help: "Lines that are missing from the server's log.",
    registers,
  });
  // A counter that is absent until it counts hides its first count from rate().
  for (const event of events) happened.inc({ event }, 0);
  for (const log of ["decisions", "server"]) failures.inc({ log }, 0);

  return {
    answered({ protocol, request, status, seconds, decision }) {
      const method = request.method.toLowerCase();
      duration.observe(
        { code: String(status), handler: protocol, method: METHODS.has(method) ? method : "unknown" },
        seconds,
      );
      if (decision !== undefined) decisions.inc({ protocol, outcome: decision.outcome });
    },
    event: (event) => happened.inc({ event }),
    watch(read) {
      let now: { [gauge in Gauge]: number } | undefined;
      for (const [name, help] of Object.entries(gauges) as [Gauge, string][]) {
        const gauge = new Gauging({
          name: `keywarden_${name}`,
          help: help,
          registers,
          collect: () => {
            // All of one scrape are of one moment.
            if (now === undefined) {
              now = read();
              queueMicrotask(() => {
                now = undefined;
              });
            }
            gauge.set(now[name]);
          },
        });
      }
    },
    revision(revision) {
      info.reset();
      info.set({ revision, version }, 1);
    },
    logFailed: (log) => failures.inc({ log }),
    dropped: (log, lines) => (log === "decisions" ? lost : lostLines).inc(lines),
    async text() {
      return { contentType: registry.contentType, text: await registry.metrics() };
    },
  };
}
