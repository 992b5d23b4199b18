import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../..", import.meta.url));

const children: ChildProcess[] = [];
process.on("exit", () => children.forEach((child) => void child.kill("SIGKILL")));
for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => process.exit(1));

/** Starts a program, and returns its process ID and the port in its log. */
export function started(
  command: string,
  args: string[],
  portPattern: RegExp,
): Promise<{ port: number; pid: number }> {
  const child = spawn(command, args, { cwd: root, stdio: ["ignore", "ignore", "pipe"] });
  children.push(child);
  return new Promise((resolve, reject) => {
    let text = "";
    child.once("exit", () => reject(new Error(`${command} exited: ${text}`)));
    child.stderr.on("data", (chunk) => {
      text = (text + chunk).slice(-10_000);
      const port = portPattern.exec(text)?.[1];
      if (port !== undefined) resolve({ port: Number(port), pid: child.pid as number });
    });
  });
}

/** Starts Keywarden with limits that no load of a benchmark exceeds. */
export const startKeywarden = () =>
  started(
    process.execPath,
    [
      "dist/cli.js",
      "serve",
      "--listen",
      "127.0.0.1:0",
      "--queue",
      "1000",
      "--decision-timeout",
      "10m",
      "--max-body",
      "96MiB",
    ],
    /"url":"http:\/\/127\.0\.0\.1:(\d+)"/,
  );
