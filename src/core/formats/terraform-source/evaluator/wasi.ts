import type { Imports, Memory } from "./wasm.ts";

/** The program ended itself. */
export class Exit extends Error {}

const SUCCESS = 0;
const BAD_DESCRIPTOR = 8;
const NOT_SUPPORTED = 58;
const SUBSCRIPTION = 48;
const EVENT = 32;

/**
 * The system that a Go program expects, with nothing in it: no arguments, no environment, no files. What it writes is
 * handed to `said`. Node's own comes with a warning on standard error.
 */
export function wasi(memory: () => Memory, said: (text: string) => void): Imports[string] {
  const view = () => new DataView(memory().buffer);
  const nothing = (count: number, size: number) => {
    view().setUint32(count, 0, true);
    view().setUint32(size, 0, true);
    return SUCCESS;
  };
  const isStandard = (descriptor: number) => descriptor >= 0 && descriptor <= 2;
  const decoder = new TextDecoder();
  return {
    args_get: () => SUCCESS,
    args_sizes_get: nothing,
    environ_get: () => SUCCESS,
    environ_sizes_get: nothing,
    clock_time_get(clock: number, _precision: bigint, result: number) {
      const milliseconds = clock === 0 ? Date.now() : performance.now();
      view().setBigUint64(result, BigInt(Math.round(milliseconds * 1e6)), true);
      return SUCCESS;
    },
    random_get(start: number, length: number) {
      // It seeds hash tables; no result hangs on it, so runs are the same.
      new Uint8Array(memory().buffer, start, length).fill(0x5a);
      return SUCCESS;
    },
    sched_yield: () => SUCCESS,
    proc_exit(code: number) {
      throw new Exit(`exit code ${code}`);
    },
    /** Whatever is waited for has happened: time does not matter to an evaluation. */
    poll_oneoff(subscriptions: number, events: number, count: number, result: number) {
      const data = view();
      for (let i = 0; i < count; i++) {
        data.setBigUint64(
          events + i * EVENT,
          data.getBigUint64(subscriptions + i * SUBSCRIPTION, true),
          true,
        );
        data.setUint16(events + i * EVENT + 8, SUCCESS, true);
        data.setUint8(events + i * EVENT + 10, data.getUint8(subscriptions + i * SUBSCRIPTION + 8));
      }
      data.setUint32(result, count, true);
      return SUCCESS;
    },
    fd_write(descriptor: number, vectors: number, count: number, result: number) {
      if (!isStandard(descriptor)) return BAD_DESCRIPTOR;
      const data = view();
      let total = 0;
      for (let i = 0; i < count; i++) {
        const start = data.getUint32(vectors + i * 8, true);
        const length = data.getUint32(vectors + i * 8 + 4, true);
        said(decoder.decode(new Uint8Array(data.buffer, start, length)));
        total += length;
      }
      data.setUint32(result, total, true);
      return SUCCESS;
    },
    fd_fdstat_get(descriptor: number, result: number) {
      if (!isStandard(descriptor)) return BAD_DESCRIPTOR;
      new Uint8Array(memory().buffer, result, 24).fill(0);
      return SUCCESS;
    },
    fd_fdstat_set_flags: () => SUCCESS,
    fd_close: () => SUCCESS,
    fd_read: () => NOT_SUPPORTED,
    fd_prestat_get: () => BAD_DESCRIPTOR,
    fd_prestat_dir_name: () => BAD_DESCRIPTOR,
  };
}
