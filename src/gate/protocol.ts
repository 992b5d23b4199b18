import type { FailMode } from "../session/server-options.ts";
import type { Decide, Outcome } from "./decide.ts";

/** A request as a protocol sees it: read whole, inflated, and within the limits. */
export interface Request {
  /** Of the decision, a UUID. */
  id: string;
  method: string;
  /** Percent-encoded, as it came, without the query. */
  path: string;
  /** What follows the question mark, as it came. */
  query: string;
  /** Names in lower case. */
  headers: { [name: string]: string | undefined };
  body: Uint8Array;
}

/** What is answered, before compression. */
export interface Answer {
  status: number;
  /** Names in lower case. */
  headers: { [name: string]: string };
  body: string;
  /** Absent where nothing was decided. */
  decision?: Decided;
}

/** What the decision log and the metrics tell about a decision. */
export interface Decided {
  /** What was asked for, as the protocol says it: `keywarden/deny`. */
  path: string;
  outcome: Outcome;
  /** What the protocol answered, without the input. */
  result: unknown;
  /** The normalized document, which holds only what concerns KMS and no secrets. Absent where nothing could be read. */
  input?: unknown;
}

/** Why a request gets no decision. */
export interface Failure {
  kind: "timeout" | "crashed" | "overloaded" | "too-large" | "unreadable" | "stopping" | "internal";
  /** One sentence for people. */
  message: string;
  /** Seconds after which it may be tried again, where it may. */
  retryAfter?: number;
}

/** One way in which pipelines ask. Stateless, synchronous, and without access to disk or network. */
export interface Protocol {
  name: string;
  /** Whether it answers a request: the method and path of one. */
  answers(method: string, path: string): boolean;
  /** Runs in a worker. Never throws for what stands in a request. */
  answer(request: Request, decide: Decide): Answer;
  /**
   * What is answered where a worker gave none; runs outside of it. `request.body` is empty where it was not read. A
   * protocol whose answers carry a verdict allows in the fail mode `open` alone, and says so in its words.
   */
  failed(request: Request, failure: Failure, mode: FailMode): Answer;
}
