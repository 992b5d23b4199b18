import { messageOf } from "../../core/model/message.ts";
import { tooManyRequests } from "../../gate/failure.ts";
import type { ProtocolRequest, ProtocolResponse, RequestFailure } from "../../gate/protocol.ts";
import type { Telemetry } from "./telemetry/types.ts";
import type { WorkerReady, WorkerStart, WorkerTask } from "./worker-messages.ts";
import {
  isIdle,
  type QueuedRequest,
  retire,
  startWorker,
  type WorkerOptions,
  type WorkerSlot,
} from "./worker-slot.ts";

export interface PoolOptions extends WorkerOptions {
  workers: number;
  /** Maximum number of requests that wait for a worker. */
  maxQueued: number;
  /** Default timeout of a decision. */
  timeoutMs: number;
}

/** Pause before a worker that cannot start, or that keeps crashing, is started again. */
const RESTART_DELAY_MS = 1000;

/**
 * Worker threads that decide requests. A decision that exceeds its timeout costs its worker, which is replaced: a
 * synchronous evaluation cannot be interrupted in any other way.
 */
export class WorkerPool {
  private readonly options: PoolOptions;
  private readonly telemetry: Telemetry;
  private start: WorkerStart | undefined;
  private slots: WorkerSlot[] = [];
  private queue: QueuedRequest[] = [];
  private lastTaskId = 0;
  private stopped = false;

  constructor(options: PoolOptions, telemetry: Telemetry) {
    this.options = options;
    this.telemetry = telemetry;
  }

  get running(): number {
    return this.slots.filter(({ current }) => current !== undefined).length;
  }

  get queued(): number {
    return this.queue.length;
  }

  get workers(): number {
    return this.slots.filter(({ retired }) => retired !== true).length;
  }

  /** True if the pool would reject another request. */
  get full(): boolean {
    return this.queue.length >= this.options.maxQueued && !this.slots.some(isIdle);
  }

  /**
   * Starts workers with a config. When all are ready, they take over, and the old workers end after their current
   * request. Rejects with an Error if a worker cannot start; the old workers then stay.
   */
  async use(start: WorkerStart): Promise<WorkerReady> {
    const results = await Promise.allSettled(
      Array.from({ length: this.options.workers }, () => this.startWorker(start)),
    );
    const started = results.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
    const failed = results.find((result) => result.status === "rejected");
    if (failed !== undefined || this.stopped) {
      for (const { slot } of started) void slot.worker.terminate();
      throw failed?.reason ?? new Error(SERVER_STOPPING);
    }
    this.start = start;
    for (const slot of this.slots) retire(slot);
    for (const { slot } of started) this.addSlot(slot);
    return (started[0] as { ready: WorkerReady }).ready;
  }

  /**
   * Returns the response of a protocol, or a failure. Never rejects. `signal` aborts when the client has disconnected.
   */
  run(
    protocol: string,
    request: ProtocolRequest,
    { timeoutMs = this.options.timeoutMs, signal }: { timeoutMs?: number; signal?: AbortSignal } = {},
  ): Promise<ProtocolResponse | RequestFailure> {
    if (this.start === undefined)
      return Promise.resolve<RequestFailure>({
        kind: "overloaded",
        message: "The rules are not loaded yet.",
        retryAfterSeconds: 5,
      });
    if (this.stopped) return Promise.resolve(stopping);
    if (this.full) return Promise.resolve(tooManyRequests);
    return new Promise((settle) => {
      const queueTimer = setTimeout(() => this.dequeue(queued, tooManyRequests), 2 * timeoutMs);
      const queued: QueuedRequest = { protocol, request, timeoutMs, queueTimer, settle };
      signal?.addEventListener("abort", () => this.dequeue(queued, clientDisconnected), { once: true });
      this.queue.push(queued);
      this.assignQueued();
    });
  }

  /** Terminates all workers. Requests that are not decided yet fail. */
  async stop(): Promise<void> {
    this.stopped = true;
    for (const queued of [...this.queue]) this.dequeue(queued, stopping);
    await Promise.all(
      this.slots.map(async (slot) => {
        this.finish(slot, stopping);
        await slot.worker.terminate();
      }),
    );
  }

  private assignQueued(): void {
    for (const slot of this.slots) {
      if (this.queue.length === 0) return;
      if (isIdle(slot)) this.assign(slot, this.queue.shift() as QueuedRequest);
    }
  }

  private assign(slot: WorkerSlot, queued: QueuedRequest): void {
    clearTimeout(queued.queueTimer);
    slot.current = queued;
    this.lastTaskId += 1;
    const { protocol, request, timeoutMs } = queued;
    slot.worker.postMessage({ taskId: this.lastTaskId, protocol, request } satisfies WorkerTask);
    slot.timer = setTimeout(() => {
      this.telemetry.count("worker_stopped");
      const message = `The decision took longer than ${timeoutMs / 1000} s and was stopped.`;
      this.finish(slot, { kind: "timeout", message });
      retire(slot);
    }, timeoutMs);
  }

  private finish(slot: WorkerSlot, result: ProtocolResponse | RequestFailure): void {
    clearTimeout(slot.timer);
    const { current } = slot;
    delete slot.current;
    current?.settle(result);
  }

  /** Adds a worker that is ready. */
  private addSlot(slot: WorkerSlot): void {
    if (slot.ended) return void this.replaceWorker(slot.start);
    this.slots.push(slot);
    slot.worker.once("exit", () => {
      this.slots.splice(this.slots.indexOf(slot), 1);
      if (slot.current !== undefined) {
        this.telemetry.count("worker_crashed");
        this.finish(slot, { kind: "crashed", message: "The worker crashed during the decision." });
      }
      void this.replaceWorker(slot.start);
    });
    this.assignQueued();
  }

  /** Replaces a worker that ended, unless workers with another config have taken over. */
  private async replaceWorker(start: WorkerStart): Promise<void> {
    while (!this.stopped && this.start === start) {
      try {
        const { slot } = await this.startWorker(start);
        if (this.stopped || this.start !== start) void slot.worker.terminate();
        else this.addSlot(slot);
        return;
      } catch (error) {
        this.telemetry.log.error({ reason: messageOf(error) }, "Cannot start a worker");
        await new Promise((resolve) => setTimeout(resolve, RESTART_DELAY_MS));
      }
    }
  }

  /** Removes a request from the queue. Does nothing if a worker already has it. */
  private dequeue(queued: QueuedRequest, failure: RequestFailure): void {
    const index = this.queue.indexOf(queued);
    if (index < 0) return;
    clearTimeout(queued.queueTimer);
    this.queue.splice(index, 1);
    queued.settle(failure);
  }

  private startWorker(start: WorkerStart) {
    return startWorker(start, this.options, {
      onResult: (slot, result) => {
        this.finish(slot, result);
        if (slot.retired) void slot.worker.terminate();
        else this.assignQueued();
      },
      onError: (error) => this.telemetry.log.error({ reason: messageOf(error) }, "A worker failed"),
    });
  }
}

const SERVER_STOPPING = "The server is stopping.";

const stopping: RequestFailure = { kind: "stopping", message: SERVER_STOPPING, retryAfterSeconds: 1 };

const clientDisconnected: RequestFailure = { kind: "stopping", message: "The client disconnected." };
