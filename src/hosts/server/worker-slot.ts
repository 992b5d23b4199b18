import { Worker } from "node:worker_threads";
import { messageOf } from "../../core/model/message.ts";
import type { ProtocolResponse, RequestFailure } from "../../gate/protocol.ts";
import type { WorkerMemory } from "./memory.ts";
import type { WorkerMessage, WorkerReady, WorkerStart, WorkerTask } from "./worker-messages.ts";

/** A request that waits for a worker, or that a worker is deciding. */
export interface QueuedRequest extends Omit<WorkerTask, "taskId"> {
  /** The client whose share of the workers the request uses. */
  client: string;
  timeoutMs: number;
  /** Ends the wait after the duration of two decisions that time out. */
  queueTimer: NodeJS.Timeout;
  settle: (result: ProtocolResponse | RequestFailure) => void;
}

/** A worker thread with the request that it is deciding. */
export interface WorkerSlot {
  worker: Worker;
  start: WorkerStart;
  current?: QueuedRequest;
  /** Time at which the worker got the request. */
  startedAt?: number;
  timer?: NodeJS.Timeout;
  /** The worker gets no further requests, because it has an old config or a decision that timed out. */
  retired?: boolean;
  ended?: boolean;
}

/** Loading the config and compiling the rules takes about 0.1 seconds. */
const START_TIMEOUT_MS = 30_000;

export interface WorkerOptions {
  memory: WorkerMemory;
  /** URL of the worker's entry point. */
  entry: URL;
}

export interface WorkerEvents {
  onResult(slot: WorkerSlot, result: ProtocolResponse | RequestFailure): void;
  onError(error: Error): void;
  /** Aborts the start. */
  signal: AbortSignal;
}

/** Starts a worker. Resolves when it is ready, and rejects with an Error if it cannot start. */
export function startWorker(
  start: WorkerStart,
  { entry, memory }: WorkerOptions,
  { onResult, onError, signal }: WorkerEvents,
): Promise<{ slot: WorkerSlot; ready: WorkerReady }> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(entry, {
      workerData: { ...start, wasmPages: memory.wasmPages },
      resourceLimits: { maxOldGenerationSizeMb: memory.heapMiB },
    });
    const slot: WorkerSlot = { worker, start };
    const timer = setTimeout(
      () => fail(`The worker did not start within ${START_TIMEOUT_MS / 1000} s.`),
      START_TIMEOUT_MS,
    );
    const abort = () => fail("The start was aborted.");
    const settled = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", abort);
    };
    signal.addEventListener("abort", abort);
    const fail = (reason: string) => {
      settled();
      void worker.terminate();
      reject(new Error(reason));
    };
    worker.on("message", (message: WorkerMessage) => {
      if ("ready" in message) {
        settled();
        resolve({ slot, ready: message.ready });
      } else if ("startError" in message) fail(message.startError);
      else onResult(slot, "response" in message ? message.response : message.failure);
    });
    worker.on("error", (error) => {
      onError(error);
      fail(messageOf(error));
    });
    worker.once("exit", () => {
      slot.ended = true;
      fail("The worker exited.");
    });
  });
}

/** Terminates a worker as soon as it has no request. */
export function retire(slot: WorkerSlot): void {
  slot.retired = true;
  if (slot.current === undefined) void slot.worker.terminate();
}

export const isIdle = ({ current, retired }: WorkerSlot): boolean =>
  current === undefined && retired !== true;
