import { messageOf } from "../../core/model/message.ts";
import { tooManyRequests } from "../../gate/failure.ts";
import type { ProtocolRequest, ProtocolResponse, RequestFailure } from "../../gate/protocol.ts";
import { FairQueue } from "./fair-queue.ts";
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
  /** Maximum number of decisions at the same time. */
  workers: number;
  /** Maximum number of requests that wait for a worker. */
  maxQueued: number;
  /** Default timeout of a decision. */
  timeoutMs: number;
}

/** Pause before a worker that cannot start, or that keeps crashing, is started again. */
const RESTART_DELAY_MS = 1000;

/** Threads that are ready to replace a worker. Each costs about 25 MiB, and a thread takes 0.1 to 0.5 seconds to start. */
const SPARE_WORKERS = 1;

/**
 * Worker threads that decide requests. A decision that exceeds its timeout costs its worker, because a synchronous
 * evaluation cannot be interrupted in any other way. A spare worker then takes over at once.
 */
export class WorkerPool {
  private readonly options: PoolOptions;
  private readonly telemetry: Telemetry;
  private start: WorkerStart | undefined;
  private slots: WorkerSlot[] = [];
  private readonly queue = new FairQueue();
  private lastTaskId = 0;
  /** Aborts when the pool stops. */
  private readonly stopping = new AbortController();

  constructor(options: PoolOptions, telemetry: Telemetry) {
    this.options = options;
    this.telemetry = telemetry;
  }

  get running(): number {
    return this.slots.filter(({ current }) => current !== undefined).length;
  }

  get queued(): number {
    return this.queue.size;
  }

  get workers(): number {
    return Math.min(this.options.workers, this.slots.filter(({ retired }) => retired !== true).length);
  }

  /** Returns whether the pool accepts another request of a client. */
  accepts(client: string): boolean {
    return !this.full || this.queue.displacedBy(client) !== undefined;
  }

  private get full(): boolean {
    return this.queue.size >= this.options.maxQueued && this.idleSlot() === undefined;
  }

  /**
   * Starts workers with a config. When all are ready, they take over, and the old workers end after their current
   * request. Rejects with an Error if a worker cannot start; the old workers then stay.
   */
  async use(start: WorkerStart): Promise<WorkerReady> {
    const results = await Promise.allSettled(
      Array.from({ length: this.options.workers + SPARE_WORKERS }, () => this.startWorker(start)),
    );
    const started = results.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
    const failed = results.find((result) => result.status === "rejected");
    if (failed !== undefined || this.stopping.signal.aborted) {
      for (const { slot } of started) void slot.worker.terminate();
      throw failed?.reason ?? new Error(SERVER_STOPPING);
    }
    this.start = start;
    for (const slot of this.slots) retire(slot);
    for (const { slot } of started) this.addSlot(slot);
    return (started[0] as { ready: WorkerReady }).ready;
  }

  /**
   * Returns the response of a protocol, or a failure. Never rejects. Requests without a `client` count as those of one
   * client. `signal` aborts when the client has disconnected.
   */
  run(
    protocol: string,
    request: ProtocolRequest,
    { client = "", timeoutMs = this.options.timeoutMs, signal }: PoolRequestOptions = {},
  ): Promise<ProtocolResponse | RequestFailure> {
    if (this.start === undefined)
      return Promise.resolve<RequestFailure>({
        kind: "overloaded",
        message: "The rules are not loaded yet.",
        retryAfterSeconds: 5,
      });
    if (this.stopping.signal.aborted) return Promise.resolve(stopping);
    if (!this.makeRoom(client)) return Promise.resolve(tooManyRequests);
    return new Promise((settle) => {
      const queueTimer = setTimeout(() => this.dequeue(queued, tooManyRequests), 2 * timeoutMs);
      const queued: QueuedRequest = { client, protocol, request, timeoutMs, queueTimer, settle };
      signal?.addEventListener("abort", () => this.dequeue(queued, clientDisconnected), { once: true });
      this.queue.push(queued);
      this.assignQueued();
    });
  }

  /** Terminates all workers. Requests that are not decided yet fail. */
  async stop(): Promise<void> {
    this.stopping.abort();
    for (const queued of this.queue.requests()) this.dequeue(queued, stopping);
    await Promise.all(
      this.slots.map(async (slot) => {
        this.finish(slot, stopping);
        await slot.worker.terminate();
      }),
    );
  }

  /** Makes room for a request of a client, if necessary at the expense of a client that has more requests. */
  private makeRoom(client: string): boolean {
    if (!this.full) return true;
    const displaced = this.queue.displacedBy(client);
    if (displaced === undefined) return false;
    this.telemetry.count("concurrency_limited");
    this.dequeue(displaced, tooManyRequests);
    return true;
  }

  private assignQueued(): void {
    for (let slot = this.idleSlot(); slot !== undefined; slot = this.idleSlot()) {
      const next = this.queue.next((queued) => !this.isLong(queued) || this.mayRunLong());
      if (next === undefined) return;
      this.assign(slot, next);
    }
  }

  /** Returns a worker for another decision. Prefers the same ones, so that the spare worker uses little memory. */
  private idleSlot(): WorkerSlot | undefined {
    const running = this.slots.filter(({ current, retired }) => current !== undefined && retired !== true);
    return running.length < this.options.workers ? this.slots.find(isIdle) : undefined;
  }

  /** Decisions that may take longer than others leave a worker for the others, if there is more than one. */
  private mayRunLong(): boolean {
    const long = this.slots.filter(({ current }) => current !== undefined && this.isLong(current));
    return long.length < Math.max(1, this.options.workers - 1);
  }

  private isLong({ timeoutMs }: QueuedRequest): boolean {
    return timeoutMs > this.options.timeoutMs;
  }

  private assign(slot: WorkerSlot, queued: QueuedRequest): void {
    clearTimeout(queued.queueTimer);
    slot.current = queued;
    slot.startedAt = performance.now();
    this.lastTaskId += 1;
    const { protocol, request, timeoutMs } = queued;
    slot.worker.postMessage({ taskId: this.lastTaskId, protocol, request } satisfies WorkerTask);
    slot.timer = setTimeout(() => {
      this.telemetry.count("worker_stopped");
      const message = `The decision took longer than ${timeoutMs / 1000} s and was stopped.`;
      this.finish(slot, { kind: "timeout", message });
      retire(slot);
      this.assignQueued();
    }, timeoutMs);
  }

  private finish(slot: WorkerSlot, result: ProtocolResponse | RequestFailure): void {
    clearTimeout(slot.timer);
    const { current, startedAt = 0 } = slot;
    if (current === undefined) return;
    delete slot.current;
    this.queue.finished(current, performance.now() - startedAt);
    current.settle(result);
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
      this.assignQueued();
    });
    this.assignQueued();
  }

  /** Replaces a worker that ended, unless workers with another config have taken over. */
  private async replaceWorker(start: WorkerStart): Promise<void> {
    while (!this.stopping.signal.aborted && this.start === start) {
      try {
        const { slot } = await this.startWorker(start);
        if (this.stopping.signal.aborted || this.start !== start) void slot.worker.terminate();
        else this.addSlot(slot);
        return;
      } catch (error) {
        if (this.stopping.signal.aborted) return;
        this.telemetry.log.error({ reason: messageOf(error) }, "Cannot start a worker");
        await new Promise((resolve) => setTimeout(resolve, RESTART_DELAY_MS));
      }
    }
  }

  /** Removes a request from the queue. Does nothing if a worker already has it. */
  private dequeue(queued: QueuedRequest, failure: RequestFailure): void {
    if (!this.queue.remove(queued)) return;
    clearTimeout(queued.queueTimer);
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
      signal: this.stopping.signal,
    });
  }
}

export interface PoolRequestOptions {
  client?: string;
  timeoutMs?: number;
  signal?: AbortSignal;
}

const SERVER_STOPPING = "The server is stopping.";

const stopping: RequestFailure = { kind: "stopping", message: SERVER_STOPPING, retryAfterSeconds: 1 };

const clientDisconnected: RequestFailure = { kind: "disconnected", message: "The client disconnected." };
