/**
 * The growth law: a larger input of the same kind takes proportionally longer. Each input is checked by a process of its
 * own, whose CPU time, memory and output are measured. Build the CLI first.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { families } from "./growth/families.ts";
import type { Family } from "./growth/family.ts";
import type { Broken, Law, Progress } from "./law.ts";

/** CPU seconds that each check may take, and those for each megabyte of input. */
const BASE_SECONDS = 1;
const SECONDS_PER_MEGABYTE = 150;
/** Memory that each check may take, and that for each byte of input. */
const BASE_BYTES = 256 * 1024 ** 2;
const MEMORY_FACTOR = 1000;
/** The report may be this much longer than the input. */
const BASE_OUTPUT = 500_000;
const OUTPUT_FACTOR = 100;
/** CPU seconds for twice the input, as a multiple of those for the input. Shorter times are not compared. */
const DOUBLING = 2.5;
const COMPARED_SECONDS = 1.5;
/** The process of a check is stopped after this many seconds. */
const TIMEOUT_SECONDS = 120;

const cli = new URL("../../dist/cli.js", import.meta.url).pathname;

interface Cost {
  bytes: number;
  seconds: number;
  memory: number;
  output: number;
  failure?: string;
}

/** Returns what it takes to check the files in a new process. */
export function costOf(files: { [path: string]: string }): Cost {
  const directory = mkdtempSync(join(tmpdir(), "keywarden-growth-"));
  try {
    let bytes = 0;
    for (const [path, text] of Object.entries(files)) {
      writeFileSync(join(directory, path), text);
      bytes += Buffer.byteLength(text);
    }
    const inputs = Object.keys(files).filter((path) => !/^(keywarden\.config|ignore)\./.test(path));
    const usage = `process.on("exit", () => require("node:fs").writeFileSync("usage", JSON.stringify(process.resourceUsage())))`;
    writeFileSync(join(directory, "usage.cjs"), usage);
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      ["--require", "./usage.cjs", cli, "test", "-o", "json", ...inputs],
      { cwd: directory, encoding: "utf8", timeout: TIMEOUT_SECONDS * 1000, maxBuffer: 1024 ** 3 },
    );
    const output = stdout.length + stderr.length;
    if (status === null)
      return { bytes, seconds: TIMEOUT_SECONDS, memory: 0, output, failure: "the process was stopped" };
    const { userCPUTime, systemCPUTime, maxRSS } = JSON.parse(readFileSync(join(directory, "usage"), "utf8"));
    return {
      bytes,
      seconds: (userCPUTime + systemCPUTime) / 1e6,
      memory: maxRSS * 1024,
      output,
      ...(/internal error.*/.test(stderr) ? { failure: /internal error.*/.exec(stderr)?.[0] ?? "" } : {}),
    };
  } finally {
    rmSync(directory, { recursive: true });
  }
}

function* run(count: number): Iterable<Progress> {
  const selected = families.slice(0, count);
  for (const family of selected) {
    const [once, twice] = [costOf(family.files(family.n)), costOf(family.files(2 * family.n))];
    yield { checked: 1, broken: [...broken(family, once, twice)] };
  }
}

function* broken(family: Family, once: Cost, twice: Cost): Iterable<Broken> {
  const { bytes, seconds, memory, output, failure } = twice;
  const found = (what: string, detail: string): Broken => ({
    what,
    input: `${family.name} (${bytes} bytes)`,
    detail,
    seed: 1,
    count: families.length,
  });
  const allowed = BASE_SECONDS + (SECONDS_PER_MEGABYTE * bytes) / 1024 ** 2;
  if (failure !== undefined) yield found("the check failed", failure);
  if (seconds > allowed) yield found("too slow", `${seconds} s; ${allowed} s are allowed`);
  // A text in a text doubles its backslashes with each level.
  const growth = Math.max(1, bytes / once.bytes / 2);
  if (seconds > COMPARED_SECONDS && bytes > 1.5 * once.bytes && seconds > DOUBLING * growth * once.seconds)
    yield found("grows too fast", `${once.seconds} s for half the size, and ${seconds} s`);
  if (memory > BASE_BYTES + MEMORY_FACTOR * bytes) yield found("too much memory", `${memory} bytes`);
  if (output > BASE_OUTPUT + OUTPUT_FACTOR * bytes) yield found("too much output", `${output} bytes`);
}

export const growth: Law = { name: "growth", run };
