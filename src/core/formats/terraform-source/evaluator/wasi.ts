import type { WasmImports, WasmMemory } from "./wasm.ts";

/** The module called `proc_exit`. */
export class WasiExit extends Error {}

const SUCCESS = 0;
const BAD_DESCRIPTOR = 8;
const NOT_SUPPORTED = 58;
const SUBSCRIPTION = 48;
const EVENT = 32;

/**
 * Returns the WASI functions that a Go program imports, without arguments, environment and files. `write` receives the output of the program on standard output and standard error. Node's own implementation prints a warning to standard error.
 */
export function wasi(memory: () => WasmMemory, write: (text: string) => void): WasmImports[string] {
  const view = () => new DataView(memory().buffer);
  const noStrings = (count: number, size: number) => {
    view().setUint32(count, 0, true);
    view().setUint32(size, 0, true);
    return SUCCESS;
  };
  const isStandard = (descriptor: number) => descriptor >= 0 && descriptor <= 2;
  const decoder = new TextDecoder();
  return {
    args_get: () => SUCCESS,
    args_sizes_get: noStrings,
    environ_get: () => SUCCESS,
    environ_sizes_get: noStrings,
    clock_time_get(clock: number, _precision: bigint, result: number) {
      const milliseconds = clock === 0 ? Date.now() : performance.now();
      view().setBigUint64(result, BigInt(Math.round(milliseconds * 1e6)), true);
      return SUCCESS;
    },
    random_get(start: number, length: number) {
      // Go seeds its hash tables with these bytes. No result depends on them, and a constant keeps runs reproducible.
      new Uint8Array(memory().buffer, start, length).fill(0x5a);
      return SUCCESS;
    },
    sched_yield: () => SUCCESS,
    proc_exit(code: number) {
      throw new WasiExit(`exit code ${code}`);
    },
    /** Reports every subscription as ready at once: an evaluation never has to wait. */
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
        write(decoder.decode(new Uint8Array(data.buffer, start, length)));
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
