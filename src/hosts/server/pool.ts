import { Worker } from "node:worker_threads";
import { messageOf } from "../../core/model/message.ts";
import { tooMany } from "../../gate/failure.ts";
import type { Answer, Failure, Request } from "../../gate/protocol.ts";
import type { ThreadMemory } from "./memory.ts";
import type { FromWorker, Ready, Task, WorkerStart } from "./messages.ts";
import type { Telemetry } from "./telemetry.ts";

export interface PoolSettings {
  workers: number;
  /** Tasks that wait at most. */
  queue: number;
  /** Milliseconds. */
  timeout: number;
  memory: ThreadMemory;
  /** Of the worker's entry. */
  entry: URL;
}

/** A request that waits or is judged. */
interface Job extends Omit<Task, "task"> {
  timeout: number;
  /** Ends the waiting: it may last for two decisions that do not come to an end, and no more. */
  patience: NodeJS.Timeout;
  settle: (result: Answer | Failure) => void;
}

/** A thread and the job that it is at. */
interface Hand {
  worker: Worker;
  start: WorkerStart;
  job?: Job;
  timer?: NodeJS.Timeout;
  /** It gets no other job: younger threads judge by another configuration, or it does not come to an end. */
  retired?: boolean;
  ended?: boolean;
}

/** How long a worker that was configured wrongly, or dies again and again, is left alone before another is started. */
const AGAIN = 1000;
/** Reading a configuration and compiling the rules takes a tenth of a second. */
const START = 30_000;

/**
 * Threads that judge. A decision that takes too long costs its thread, which is replaced: nothing else can stop it.
 */
export class Pool {
  private readonly settings: PoolSettings;
  private readonly telemetry: Telemetry;
  private start: WorkerStart | undefined;
  private hands: Hand[] = [];
  private waiting: Job[] = [];
  private tasks = 0;
  private stopped = false;

  constructor(settings: PoolSettings, telemetry: Telemetry) {
    this.settings = settings;
    this.telemetry = telemetry;
  }

  get running(): number {
    return this.hands.filter(({ job }) => job !== undefined).length;
  }

  get queued(): number {
    return this.waiting.length;
  }

  get workers(): number {
    return this.hands.filter(({ retired }) => retired !== true).length;
  }

  /** Whether one more request would be sent away. */
  get full(): boolean {
    return this.waiting.length >= this.settings.queue && !this.hands.some(isIdle);
  }

  /**
   * Starts threads that judge by `start`; when all are ready they take over, and those of before end with what they are
   * at. Throws an Error, and changes nothing, where one cannot start.
   */
  async use(start: WorkerStart): Promise<Ready> {
    const begun = await Promise.allSettled(
      Array.from({ length: this.settings.workers }, () => this.begin(start)),
    );
    const hands = begun.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
    const failed = begun.find((one) => one.status === "rejected");
    if (failed !== undefined || this.stopped) {
      for (const { hand } of hands) void hand.worker.terminate();
      throw failed?.reason ?? new Error("The server stops.");
    }
    this.start = start;
    for (const hand of this.hands) retire(hand);
    for (const { hand } of hands) this.take(hand);
    return (hands[0] as { ready: Ready }).ready;
  }

  /** The answer of a protocol, or why there is none. Never rejects. `signal`: nobody waits for the answer any more. */
  ask(
    protocol: string,
    request: Request,
    { timeout = this.settings.timeout, signal }: { timeout?: number; signal?: AbortSignal } = {},
  ): Promise<Answer | Failure> {
    if (this.start === undefined)
      return settled({ kind: "overloaded", message: "The rules are not there yet.", retryAfter: 5 });
    if (this.stopped) return settled({ kind: "stopping", message: "The server stops.", retryAfter: 1 });
    if (this.full) return settled(tooMany);
    return new Promise((settle) => {
      const patience = setTimeout(() => this.forget(job, tooMany), 2 * timeout);
      const job: Job = { protocol, request, timeout, patience, settle };
      signal?.addEventListener("abort", () => this.forget(job, gone), { once: true });
      this.waiting.push(job);
      this.work();
    });
  }

  /** Ends all threads; what is not decided yet is not decided any more. */
  async stop(): Promise<void> {
    this.stopped = true;
    const failure: Failure = { kind: "stopping", message: "The server stops.", retryAfter: 1 };
    for (const job of [...this.waiting]) this.forget(job, failure);
    await Promise.all(
      this.hands.map(async (hand) => {
        this.finish(hand, failure);
        await hand.worker.terminate();
      }),
    );
  }

  private work(): void {
    for (const hand of this.hands) {
      if (this.waiting.length === 0) return;
      if (isIdle(hand)) this.give(hand, this.waiting.shift() as Job);
    }
  }

  private give(hand: Hand, job: Job): void {
    clearTimeout(job.patience);
    hand.job = job;
    this.tasks += 1;
    const { protocol, request, timeout } = job;
    hand.worker.postMessage({ task: this.tasks, protocol, request } satisfies Task);
    hand.timer = setTimeout(() => {
      this.telemetry.count("worker_stopped");
      const message = `No decision within ${timeout / 1000} s: the decision was stopped.`;
      this.finish(hand, { kind: "timeout", message });
      retire(hand);
    }, timeout);
  }

  private finish(hand: Hand, result: Answer | Failure): void {
    clearTimeout(hand.timer);
    const { job } = hand;
    delete hand.job;
    job?.settle(result);
  }

  /** A thread that is ready goes to work. */
  private take(hand: Hand): void {
    if (hand.ended) return void this.replace(hand.start);
    this.hands.push(hand);
    hand.worker.once("exit", () => {
      this.hands.splice(this.hands.indexOf(hand), 1);
      if (hand.job !== undefined) {
        this.telemetry.count("worker_crashed");
        this.finish(hand, { kind: "crashed", message: "The worker that decided failed." });
      }
      void this.replace(hand.start);
    });
    this.work();
  }

  /** Puts a thread in the place of one that ended, unless others have taken over. */
  private async replace(start: WorkerStart): Promise<void> {
    while (!this.stopped && this.start === start) {
      try {
        const { hand } = await this.begin(start);
        if (this.stopped || this.start !== start) void hand.worker.terminate();
        else this.take(hand);
        return;
      } catch (error) {
        this.telemetry.log.error({ reason: messageOf(error) }, "A worker cannot be started.");
        await new Promise((resolve) => setTimeout(resolve, AGAIN));
      }
    }
  }

  /** Takes a request out of the queue. */
  private forget(job: Job, failure: Failure): void {
    const at = this.waiting.indexOf(job);
    if (at < 0) return;
    clearTimeout(job.patience);
    this.waiting.splice(at, 1);
    job.settle(failure);
  }

  private begin(start: WorkerStart): Promise<{ hand: Hand; ready: Ready }> {
    return new Promise((resolve, reject) => {
      const { entry, memory } = this.settings;
      const worker = new Worker(entry, {
        workerData: { ...start, pages: memory.pages },
        resourceLimits: { maxOldGenerationSizeMb: memory.heap },
      });
      const hand: Hand = { worker, start };
      const timer = setTimeout(() => fail("It takes too long."), START);
      const fail = (reason: string) => {
        clearTimeout(timer);
        void worker.terminate();
        reject(new Error(reason));
      };
      worker.on("message", (message: FromWorker) => {
        if ("ready" in message) {
          clearTimeout(timer);
          resolve({ hand, ready: message.ready });
        } else if ("refused" in message) fail(message.refused);
        else {
          this.finish(hand, "answer" in message ? message.answer : message.failure);
          if (hand.retired) void worker.terminate();
          else this.work();
        }
      });
      worker.on("error", (error) => {
        this.telemetry.log.error({ reason: messageOf(error) }, "A worker failed.");
        fail(messageOf(error));
      });
      worker.once("exit", () => {
        hand.ended = true;
        fail("It ended.");
      });
    });
  }
}

function retire(hand: Hand): void {
  hand.retired = true;
  if (hand.job === undefined) void hand.worker.terminate();
}

const isIdle = ({ job, retired }: Hand): boolean => job === undefined && retired !== true;

const gone: Failure = { kind: "stopping", message: "Nobody waits for the answer." };

const settled = (failure: Failure): Promise<Failure> => Promise.resolve(failure);
