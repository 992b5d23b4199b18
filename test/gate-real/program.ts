import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, openSync, readFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { root } from "../server/support.ts";

const children = new Set<ChildProcess>();
// Before other listeners, because one that removes a directory throws while a program still writes to it.
process.prependListener("exit", () => {
  for (const child of children) child.kill("SIGKILL");
});

/** A program from `.cache/kube/bin` that runs until it is ended. */
export interface Program {
  /** Throws if the program has exited, with the end of its log. */
  assertRunning(): void;
  end(): Promise<void>;
}

/** Returns the path of a program. These tests are never skipped: without the program, they fail. */
export function programPath(name: string): string {
  const path = join(root, ".cache/kube/bin", name);
  assert.ok(existsSync(path), `${name} is not built: make kube`);
  return path;
}

export function startProgram(name: string, args: string[], folder: string): Program {
  const logPath = join(folder, `${name}.log`);
  const log = openSync(logPath, "w");
  const child = spawn(programPath(name), args, { cwd: folder, stdio: ["ignore", log, log] });
  children.add(child);
  child.unref();
  const exited = once(child, "exit");
  return {
    assertRunning: () => {
      if (child.exitCode === null && child.signalCode === null) return;
      assert.fail(`${name} exited: ${readFileSync(logPath, "utf8").slice(-4000)}`);
    },
    end: async () => {
      child.ref();
      child.kill("SIGKILL");
      await exited;
    },
  };
}

interface Result {
  status: number | null;
  stdout: string;
  stderr: string;
}

/** Runs a program to its end, while this process can answer requests. */
export function runProgram(
  path: string,
  args: string[],
  { cwd = root, input = "" }: { cwd?: string; input?: string } = {},
): Promise<Result> {
  return new Promise((resolve, reject) => {
    const child = spawn(path, args, { cwd });
    let [stdout, stderr] = ["", ""];
    child.stdout.on("data", (chunk) => (stdout += chunk));
    child.stderr.on("data", (chunk) => (stderr += chunk));
    child.once("error", reject);
    child.once("close", (status) => resolve({ status, stdout, stderr }));
    child.stdin.end(input);
  });
}

/** Returns a port that no program uses at the moment. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  assert.ok(typeof address === "object" && address !== null);
  return address.port;
}
