import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { request as httpRequest, type RequestOptions } from "node:http";
import { request as httpsRequest } from "node:https";
import { join } from "node:path";
import { after } from "node:test";
import { until } from "../until.ts";
import { root, scratch } from "./bundle-support.ts";

export { scratch };

/** A server process, started with `keywarden serve`. */
export interface Served {
  url: string;
  process: ChildProcess;
  /** Returns the lines of the log so far. */
  log: () => { [field: string]: unknown }[];
  /** Returns standard output so far. */
  stdout: () => string;
  /** Waits until the log contains a string. Rejects if the server exits first. */
  said: (text: string) => Promise<void>;
  /** Makes the server check its files now instead of at its next interval. */
  look: () => void;
  /** Sends a signal and returns the exit code. */
  end: (signal?: NodeJS.Signals) => Promise<number | null>;
}

const children = new Set<ChildProcess>();
// Not an `after` hook: it would belong to whichever test starts the first server.
process.on("exit", () => {
  for (const child of children) child.kill("SIGKILL");
});
// Node.js emits no `exit` if a signal ends the process, for example because a test exceeded the timeout of the runner.
for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => process.exit(1));

/**
 * Starts `keywarden serve` on a free port of this machine, by default in a directory without a config file. Decisions
 * get ten minutes unless `args` says otherwise, so that a busy machine never turns one into a timeout.
 */
export async function serve(
  args: string[] = [],
  { cwd = scratch(), env = {} }: { cwd?: string; env?: { [name: string]: string } } = {},
): Promise<Served> {
  const defaults = [
    ["--listen", "127.0.0.1:0"],
    ["--decision-timeout", "10m"],
  ].flatMap(([flag = "", value = ""]) => (args.includes(flag) ? [] : [flag, value]));
  const child = spawn(process.execPath, [join(root, "dist/cli.js"), "serve", ...defaults, ...args], {
    cwd,
    stdio: ["ignore", "pipe", "pipe"],
    env: { PATH: process.env["PATH"], ...env },
  });
  children.add(child);
  // A server that a test leaves running must not keep the test process alive.
  for (const held of [child, child.stdout, child.stderr] as { unref(): void }[]) held.unref();
  let [stdout, stderr] = ["", ""];
  child.stdout.on("data", (chunk) => (stdout += chunk));
  child.stderr.on("data", (chunk) => (stderr += chunk));
  const log = () =>
    stderr
      .split("\n")
      .filter((line) => line.startsWith("{"))
      .map((line) => JSON.parse(line));
  const said = (text: string) =>
    until(() => {
      if (stderr.includes(text)) return true;
      if (child.exitCode === null) return false;
      throw new Error(`The server exited before it logged ${text}: ${stderr}`);
    });
  const ended = once(child, "exit").then(([code]) => code as number | null);
  await said('"Listening"');
  return {
    url: String(log().find(({ msg }) => msg === "Listening")?.["url"]),
    process: child,
    log,
    stdout: () => stdout,
    said,
    look: () => void child.kill("SIGHUP"),
    end: (signal = "SIGTERM") => {
      child.ref();
      child.kill(signal);
      return ended;
    },
  };
}

/** Starts a server as `serve` does, and ends it with the current test, so that it takes no processor from the next ones. */
export async function serveInTest(...options: Parameters<typeof serve>): Promise<Served> {
  const served = await serve(...options);
  after(() => void served.process.kill("SIGKILL"));
  return served;
}

/** Runs a server that is expected to refuse to start. Returns its exit code and standard error. */
export async function refused(
  args: string[],
  cwd = scratch(),
): Promise<{ code: number | null; stderr: string }> {
  const child = spawn(process.execPath, [join(root, "dist/cli.js"), "serve", ...args], { cwd });
  let stderr = "";
  child.stderr.on("data", (chunk) => (stderr += chunk));
  const [code] = await once(child, "exit");
  return { code, stderr };
}

/** Returns the value of a series in the metrics of a server; undefined if it does not exist. */
export async function metric(
  url: string,
  series: string,
  options: RequestOptions = {},
): Promise<number | undefined> {
  const { body } = await ask(`${url}/metrics`, options);
  const line = body.split("\n").find((text) => text.startsWith(`${series} `));
  return line === undefined ? undefined : Number(line.slice(series.length));
}

export interface Answered {
  status: number;
  headers: { [name: string]: string | string[] | undefined };
  body: string;
}

/** Sends one request. Rejects if the connection breaks before the response is complete. */
export function ask(
  url: string,
  {
    body,
    ...options
  }: RequestOptions & { body?: string | Buffer; ca?: Buffer; cert?: Buffer; key?: Buffer } = {},
): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const request = (url.startsWith("https:") ? httpsRequest : httpRequest)(
      url,
      { method: body === undefined ? "GET" : "POST", ...options },
      (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk) => chunks.push(chunk));
        response.once("error", reject);
        response.once("end", () =>
          resolve({
            status: response.statusCode as number,
            headers: response.headers,
            body: Buffer.concat(chunks).toString(),
          }),
        );
      },
    );
    request.once("error", reject);
    request.end(body);
  });
}
