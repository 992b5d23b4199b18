/** Telemetry with a decision log, and decisions for it. */
import { Writable } from "node:stream";
import type { DecisionLogOptions } from "../../src/hosts/server/telemetry/decision-log.ts";
import { createTelemetry, type TelemetryOptions } from "../../src/hosts/server/telemetry/index.ts";
import type { AnsweredRequest } from "../../src/hosts/server/telemetry/types.ts";

/** A line of the decision log. */
export interface Line {
  [field: string]: unknown;
  decision_id: string;
  input?: unknown;
  result?: unknown;
  erased?: string[];
  masked?: string[];
}

/** Creates telemetry with a decision log, and collects the server log. */
export function telling(
  destination: string,
  { token, headers, ...settings }: Partial<TelemetryOptions & Omit<DecisionLogOptions, "destination">> = {},
) {
  const said: { level: string; msg: string; reason?: string; lost?: number; decisions?: number }[] = [];
  const stderr = new Writable({
    write(chunk, _, done) {
      for (const line of String(chunk).split("\n").filter(Boolean)) said.push(JSON.parse(line));
      done();
    },
  });
  const telemetry = createTelemetry({
    level: "error",
    labels: { id: "server-1", version: "1.2.3" },
    stderr,
    retryDelayMs: 5,
    uploadLingerMs: 20,
    decisionLog: {
      destination,
      ...(token === undefined ? {} : { token }),
      ...(headers === undefined ? {} : { headers }),
    },
    ...settings,
  });
  telemetry.setRevision("r1");
  const metric = async (name: string) =>
    Number(
      (await telemetry.metrics()).text
        .split("\n")
        .find((line) => line.startsWith(`${name} `))
        ?.split(" ")
        .at(-1),
    );
  return { telemetry, said, metric };
}

let count = 0;
/** Returns a request with a decision, each with its own ID. */
export const decided = (more: Partial<AnsweredRequest["decision"]> = {}): AnsweredRequest => ({
  protocol: "opa",
  request: { id: `decision-${++count}`, method: "POST", path: "/v1/data/keywarden/deny", query: "a=b" },
  status: 200,
  clientAddress: "10.0.0.7:4711",
  received: new Date("2026-11-25T10:00:00.123Z"),
  seconds: 0.0015,
  decision: { path: "keywarden/deny", outcome: "denied", result: ["no"], input: { keys: [] }, ...more },
});
