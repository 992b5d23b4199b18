import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { request as httpRequest, type RequestOptions } from "node:http";
import { request as httpsRequest } from "node:https";
import { join } from "node:path";
import { root, scratch } from "./bundle-support.ts";

export { scratch };

/** A server as a user starts it. */
export interface Served {
  url: string;
  process: ChildProcess;
  /** What its log says so far, a line each. */
  log: () => { [field: string]: unknown }[];
  /** What it wrote on standard output so far. */
  stdout: () => string;
  /** Waits until a line of the log has a text. */
  said: (text: string) => Promise<void>;
  /** Lets it look at its files at once, and not when it next does. */
  look: () => void;
  /** Ends it; the exit code. */
  end: (signal?: NodeJS.Signals) => Promise<number | null>;
}

const children = new Set<ChildProcess>();
// Not a hook of the tests, which would belong to the test or the hook that asks first.
process.on("exit", () => {
  for (const child of children) child.kill("SIGKILL");
});

/** Starts `keywarden serve` on a free port of this machine, in a folder without a configuration unless `cwd` is named. */
export async function serve(
  args: string[] = [],
  { cwd = scratch(), env = {} }: { cwd?: string; env?: { [name: string]: string } } = {},
): Promise<Served> {
  const listen = args.includes("--listen") ? [] : ["--listen", "127.0.0.1:0"];
  const child = spawn(process.execPath, [join(root, "dist/cli.js"), "serve", ...listen, ...args], {
    cwd,
    stdio: ["ignore", "pipe", "pipe"],
    env: { PATH: process.env["PATH"], ...env },
  });
  children.add(child);
  // A server that no test ends keeps the tests from no end.
  for (const held of [child, child.stdout, child.stderr] as { unref(): void }[]) held.unref();
  let [stdout, stderr] = ["", ""];
  child.stdout.on("data", (chunk) => (stdout += chunk));
  child.stderr.on("data", (chunk) => (stderr += chunk));
  const log = () =>
    stderr
      .split("\n")
      .filter((line) => line.startsWith("{"))
      .map((line) => JSON.parse(line));
  const said = async (text: string) => {
    for (let waited = 0; !stderr.includes(text); waited += 10) {
      if (child.exitCode !== null || waited > 30_000) throw new Error(`never said ${text}: ${stderr}`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  };
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

/** Runs a server that is not to start: its exit code and what it says. */
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

export interface Answered {
  status: number;
  headers: { [name: string]: string | string[] | undefined };
  body: string;
}

/** One request. Rejects where the connection breaks before the answer is whole. */
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
