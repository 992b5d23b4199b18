import { totalmem } from "node:os";

const MIB = 2 ** 20;
/** What the process takes beside its threads' work: Node, the compiled rules, bodies, logs. */
const OWN = 192 * MIB;
/** Less is not enough to start with, and more no input needs that is decided in time. MiB. */
const [LEAST, MOST] = [64, 1024];

/** How much one thread may take. A request that needs more costs its thread, or is a problem, and not the process. */
export interface ThreadMemory {
  /** Of JavaScript, MiB. */
  heap: number;
  /** Of each WebAssembly module, pages of 64 KiB. */
  pages: number;
}

/** `total`: bytes that the process may have. JavaScript gets two thirds; the modules are seldom at work at once. */
export function threadMemory(workers: number, total: number = available()): ThreadMemory {
  const each = (total - OWN) / workers / MIB;
  const within = (size: number) => Math.round(Math.min(MOST, Math.max(LEAST, size)));
  return { heap: within((each * 2) / 3), pages: within(each / 3) * 16 };
}

/** Of the machine, or of the container where that is less. */
const available = (): number => Math.min(totalmem(), process.constrainedMemory() || Number.POSITIVE_INFINITY);
