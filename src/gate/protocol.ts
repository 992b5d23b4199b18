import type { OutputText } from "../core/model/output.ts";
import type { Level } from "../core/model/report.ts";
import type { FailMode } from "../session/server-options.ts";
import type { Decider, DecisionOutcome } from "./decision.ts";

/** A request as a protocol receives it: complete, decompressed and within the limits. */
export interface ProtocolRequest {
  /** UUID of the decision. */
  id: string;
  method: string;
  /** Percent-encoded, as received, without the query. */
  path: string;
  /** The part after the question mark, as received. */
  query: string;
  /** Names in lower case. */
  headers: { [name: string]: string | undefined };
  body: Uint8Array;
}

/** A response before compression. */
export interface ProtocolResponse {
  status: number;
  /** Names in lower case. */
  headers: { [name: string]: string };
  body: OutputText;
  /** Absent if nothing was decided. */
  decision?: DecisionRecord;
  /** Why the request was refused, for the server log. Contains no text of the request. */
  refusal?: string;
}

/** The content of a decision for the decision log and the metrics. */
export interface DecisionRecord {
  /** Name of the decision in its protocol, such as `keywarden/deny`. */
  path: string;
  outcome: DecisionOutcome;
  /** The protocol's answer, without the input. Absent if the answer is an error. */
  result?: unknown;
  /** The normalized document, which has KMS content only and no secrets. Absent if no input could be read. */
  input?: unknown;
  /** The failure because of which the request was not decided. */
  error?: { code: RequestFailure["kind"]; message: string };
  /** Why the request is undecided without a failure. Contains no text of the input. */
  reason?: string;
  /** The failures that the decision reported. */
  findings?: FindingCount[];
}

/** The number of failures with the same rule and level. */
export interface FindingCount {
  /** ID of a rule in the rules that decided. */
  rule: string;
  level: Level;
  count: number;
}

/** A request that has no decision. */
export interface RequestFailure {
  kind:
    | "timeout"
    | "crashed"
    | "overloaded"
    | "too-large"
    | "unreadable"
    | "disconnected"
    | "stopping"
    | "internal";
  /** One sentence. */
  message: string;
  /** Absent if a retry does not help. */
  retryAfterSeconds?: number;
}

/** A protocol for requesting decisions. Stateless, synchronous, and without access to disk or network. */
export interface Protocol {
  name: string;
  /** Returns whether the protocol handles requests with a method and path. */
  matches(method: string, path: string): boolean;
  /** Runs in a worker. No content of a request makes it throw. */
  handle(request: ProtocolRequest, decide: Decider): ProtocolResponse;
  /**
   * Returns the response if a worker returned none; runs outside of the worker. `request.body` is empty if it was not
   * read. A protocol whose responses carry a verdict allows the request only in fail mode `open`, and says so.
   */
  handleFailure(request: ProtocolRequest, failure: RequestFailure, failMode: FailMode): ProtocolResponse;
}
