/** Runs a target in worker processes, and ends workers that hang or run out of memory. */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { readCurrent } from "./current-input.ts";
import type { Failure } from "./failure.ts";
import { minimizeBytes } from "./minimize.ts";
import type { Message } from "./worker.ts";

/** An input that takes more processor time is a hang. */
const HANG_MS = 10_000;
/** An input that waits, or a worker that does not start, is one after this time: a busy machine is slow. */
const WAIT_MS = 120_000;
const HEAP_MB = 1024;
/** Each attempt may take as long as a hang. */
const MINIMIZE_ATTEMPTS = 12;

export interface Result {
  inputs: number;
  kept: number;
  blocks: number;
  /** Processor time of the slowest input, in milliseconds. */
  slowest: number;
  seconds: number;
}

export interface Found extends Failure {
  input: Uint8Array;
}

/** Runs a target for a time, and calls `found` for each distinct failure. */
export async function supervise(
  target: string,
  seed: number,
  seconds: number,
  found: (failure: Found) => void,
): Promise<Result> {
  const directory = mkdtempSync(join(tmpdir(), "keywarden-fuzz-"));
  const state = join(directory, "current");
  const started = Date.now();
  const total: Result = { inputs: 0, kept: 0, blocks: 0, slowest: 0, seconds: 0 };
  const known = new Set<string>();
  try {
    for (let attempt = 0; ; attempt++) {
      const left = seconds - (Date.now() - started) / 1000;
      if (left <= 0 && attempt > 0) break;
      writeFileSync(state, "");
      const worker = start([target, state, String(seed + attempt), String(Math.max(left, 1))]);
      let last = { inputs: 0, kept: 0, blocks: 0, slowest: 0 };
      worker.on("message", (message: Message) => {
        if (message.kind === "progress") last = message;
        if (message.kind !== "failure" || known.has(message.failure.what)) return;
        known.add(message.failure.what);
        found({ ...message.failure, input: Buffer.from(message.input, "base64") });
      });
      const death = await watch(worker, () => readCurrent(state).count);
      total.inputs += Math.max(last.inputs, readCurrent(state).count);
      total.kept += last.kept;
      total.blocks = Math.max(total.blocks, last.blocks);
      total.slowest = Math.max(total.slowest, last.slowest);
      if (death === undefined) break;
      const { input } = readCurrent(state);
      const what = `${death} (${target})`;
      if (known.has(what)) continue;
      known.add(what);
      const dies = async (candidate: Uint8Array): Promise<boolean> => {
        const file = join(directory, "candidate");
        writeFileSync(file, candidate);
        const run = start([target, state, "0", "0", file]);
        return (await watch(run, () => 1)) === death;
      };
      found({ what, detail: "", input: await minimizeBytes(input, dies, MINIMIZE_ATTEMPTS) });
    }
  } finally {
    rmSync(directory, { recursive: true });
  }
  return { ...total, seconds: (Date.now() - started) / 1000 };
}

function start(parameters: string[]): ChildProcess {
  return fork(fileURLToPath(new URL("./worker.ts", import.meta.url)), parameters, {
    execArgv: ["--import", "tsx", `--max-old-space-size=${HEAP_MB}`],
    stdio: ["ignore", "ignore", "pipe", "ipc"],
    // A target must never find a config, credentials or a CI system of this machine.
    env: { PATH: process.env["PATH"], HOME: tmpdir(), NO_COLOR: "1", TZ: "UTC" },
  });
}

/** Returns the processor time of a process in milliseconds, or 0 if the system does not have /proc. */
function processorTimeOf(pid: number | undefined): number {
  try {
    // The name of the program, in parentheses, can contain blanks. https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html
    const fields = readFileSync(`/proc/${pid}/stat`, "latin1").replace(/.*\) /s, "").split(" ");
    return (Number(fields[11]) + Number(fields[12])) * 10;
  } catch {
    return 0;
  }
}

/** Waits for the end of a worker. Returns how it died, or undefined if it ended by itself. */
async function watch(worker: ChildProcess, count: () => number): Promise<string | undefined> {
  let stderr = "";
  worker.stderr?.on("data", (chunk) => {
    stderr = (stderr + chunk).slice(-20_000);
  });
  let ended = false;
  worker.on("message", ({ kind }: Message) => {
    if (kind !== "end") return;
    ended = true;
    worker.send("end");
  });
  let hung = false;
  let seen = 0;
  let since = Date.now();
  let used = 0;
  const timer = setInterval(() => {
    const now = count();
    const processorTime = processorTimeOf(worker.pid);
    if (now !== seen) [since, used] = [Date.now(), processorTime];
    seen = now;
    if (Date.now() - since < WAIT_MS && (now === 0 || processorTime - used < HANG_MS)) return;
    hung = true;
    worker.kill("SIGKILL");
  }, 500);
  const [code, signal] = (await once(worker, "exit")) as [number | null, string | null];
  clearInterval(timer);
  if (hung) return "hangs";
  if (ended) return undefined;
  if (/heap out of memory|Allocation failed/.test(stderr)) return "runs out of memory";
  const reason = /^\w*Error: .*$/m.exec(stderr)?.[0];
  return `ends the process with ${signal ?? `code ${code}`}${reason === undefined ? "" : `: ${reason}`}`;
}
