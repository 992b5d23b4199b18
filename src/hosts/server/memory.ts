import { totalmem } from "node:os";

const MIB = 2 ** 20;
/** Memory of the process outside of the workers: Node.js, the compiled rules, bodies and logs. */
const PROCESS_BYTES = 192 * MIB;
/** A worker does not start with less. */
const MIN_MIB = 64;
/** Inputs that need more cannot be decided within the timeout. */
const MAX_MIB = 1024;
const PAGES_PER_MIB = 16;

/** Memory limits of one worker. A request that exceeds them fails, but the process continues. */
export interface WorkerMemory {
  /** Limit of the JavaScript heap in MiB. */
  heapMiB: number;
  /** Limit of each WebAssembly module in pages of 64 KiB. */
  wasmPages: number;
}

/**
 * Divides the memory among the workers. `totalBytes` is the memory of the process. The JavaScript heap gets two thirds,
 * because the WebAssembly modules rarely run at the same time.
 */
export function workerMemory(workers: number, totalBytes: number = availableBytes()): WorkerMemory {
  const perWorkerMiB = (totalBytes - PROCESS_BYTES) / workers / MIB;
  const clamp = (mib: number) => Math.round(Math.min(MAX_MIB, Math.max(MIN_MIB, mib)));
  return { heapMiB: clamp((perWorkerMiB * 2) / 3), wasmPages: clamp(perWorkerMiB / 3) * PAGES_PER_MIB };
}

/** Returns the memory of the machine, or of the container if that is less. */
const availableBytes = (): number =>
  Math.min(totalmem(), process.constrainedMemory() || Number.POSITIVE_INFINITY);
